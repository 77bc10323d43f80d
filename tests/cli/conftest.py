"""The command line, run in this process with settings of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import app
from store.settings import get_settings


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def var_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("GREYAREA_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("GREYAREA_DATABASE_URL", "")
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    get_settings.cache_clear()
    yield tmp_path / "var"
    get_settings.cache_clear()


@pytest.fixture
def run(var_dir: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str) -> Done:
        code = 0
        try:
            app(list(arguments))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        caught = capsys.readouterr()
        return Done(code, caught.out, caught.err)

    return command


PLATFORM = (
    "platform", "add", "--institution", "north", "--name", "North University",
    "--issuer", "https://lms.north.example.edu", "--client-id", "abc",
    "--auth-url", "https://lms.north.example.edu/auth",
    "--token-url", "https://lms.north.example.edu/token",
    "--jwks-url", "https://lms.north.example.edu/jwks", "--deployment", "1",
)  # fmt: skip


@pytest.fixture
def ready(run: Command) -> Command:
    """A command line on a database with the core pack and one institution."""
    for arguments in (("db", "upgrade"), ("packs", "publish", "core"), PLATFORM):
        assert run(*arguments).code == 0
    return run
