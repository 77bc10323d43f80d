"""Every environment variable of Grey Area, in one class.

``docs/configuration.md`` is generated from it, so a field's description is what
an administrator reads. All names carry the prefix ``GREYAREA_``.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Configuration read from the environment; a wrong value names its variable."""

    model_config = SettingsConfigDict(env_prefix="GREYAREA_", extra="ignore")

    env: Literal["development", "production", "test"] = Field(
        "development",
        description="In production the sandbox LMS refuses to start and every secret must be set.",
    )
    var_dir: Path = Field(
        PROJECT_ROOT / "var",
        description="Folder for the embedded database, the master key file and process files.",
    )
    data_dir: Path = Field(
        PROJECT_ROOT / "data",
        description=(
            "Folder with scenario packs, codebook and policies, and with the lists for masking "
            "names, should they be your own (folder redaction)."
        ),
    )
    database_url: str = Field(
        "",
        description=(
            "SQLAlchemy URL of the record. Empty: an SQLite file in the var folder. "
            "Production: postgresql+psycopg://…"
        ),
    )
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="The address under which browsers and the LMS reach the web process.",
    )
    web_host: str = Field("127.0.0.1", description="Address the web process listens on.")
    web_port: int = Field(8080, ge=1, le=65535, description="Port the web process listens on.")
    bot_url: str = Field(
        "http://127.0.0.1:5005", description="Where the web process reaches the bot."
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055", description="Where the bot reaches the action server."
    )
    bot_secret: SecretStr = Field(
        SecretStr(""), description="Shared secret between the web process and the bot's channel."
    )
    actions_secret: SecretStr = Field(
        SecretStr(""), description="Shared secret between the bot and the action server."
    )
    bot_timeout: float = Field(
        5.0, gt=0, le=60, description="Seconds the web process waits for a turn to be answered."
    )
    master_key_file: Path | None = Field(
        None,
        description=(
            "File with the master key (32 bytes as 64 hexadecimal digits). Pseudonyms, stored "
            "LMS identifiers and LTI private keys depend on it: back it up apart from the "
            "database. Empty: master.key in the var folder, made on first use outside production."
        ),
    )

    @property
    def resolved_database_url(self) -> str:
        """The configured URL, or the embedded SQLite file."""
        return self.database_url or f"sqlite:///{self.var_dir / 'greyarea.db'}"

    @property
    def resolved_master_key_file(self) -> Path:
        """The configured key file, or the one in the var folder."""
        return self.master_key_file or self.var_dir / "master.key"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a variable has a wrong value; the message names it.
    """
    return Settings()  # type: ignore[call-arg]
