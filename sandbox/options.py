"""What the settings form of the course page can switch, carried in each launch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

STORAGE = ("off", "parent", "frame")
SWITCH = ("off", "on")
LOCALES = ("en", "es", "de", "ar")
ROLES = ("own", "learner")

STORAGE_FRAME = "lti_storage_frame"


@dataclass(frozen=True)
class LaunchOptions:
    """Choices of one launch; the defaults are Moodle's behaviour with names kept back."""

    storage: str = "off"
    names: str = "off"
    locale: str = "en"
    role: str = "own"

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "LaunchOptions":
        """From a query or form; a value that is not offered falls back to its default."""

        def choose(name: str, offered: tuple[str, ...]) -> str:
            value = values.get(name, offered[0])
            return value if value in offered else offered[0]

        return cls(
            storage=choose("storage", STORAGE),
            names=choose("names", SWITCH),
            locale=choose("locale", LOCALES),
            role=choose("role", ROLES),
        )

    def fields(self) -> dict[str, str]:
        """As form fields or a query."""
        return asdict(self)

    def storage_target(self, container: str) -> str | None:
        """Value of ``lti_storage_target``, or None where nothing could answer.

        In the same window the launch has neither a parent nor an opener.
        """
        if self.storage == "off" or container == "same":
            return None
        return "_parent" if self.storage == "parent" else STORAGE_FRAME
