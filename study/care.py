"""What an institution has set for the care of its learners, and what is shown without it.

Nothing is promised here that the institution has not set: no line that it does not name, no
agreement that it has not recorded.
"""

import re
from dataclasses import dataclass, field
from typing import Any

MAX_LINES = 8
MAX_TEXT = 120
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{1,30}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class CareError(ValueError):
    """A setting that cannot hold; the message says which and why."""


@dataclass(frozen=True, slots=True)
class SupportLine:
    """Whom somebody in distress can turn to.

    ``contact`` is a telephone number or an https address; ``when`` says when it is answered.
    """

    name: str
    contact: str
    when: str = ""

    def __post_init__(self) -> None:
        """Refuse what could not be shown or called (CareError)."""
        for value, what in ((self.name, "name"), (self.contact, "contact")):
            if not value.strip():
                raise CareError(f"a support line needs a {what}")
        for value in (self.name, self.contact, self.when):
            if len(value) > MAX_TEXT or _CONTROL.search(value):
                raise CareError(f"at most {MAX_TEXT} characters of one line: {value[:40]!r}")
        if not (self.is_phone or self.is_web):
            raise CareError(f"not a telephone number or https address: {self.contact[:40]!r}")

    @property
    def is_phone(self) -> bool:
        """Whether the contact can be called."""
        return _PHONE.fullmatch(self.contact) is not None

    @property
    def is_web(self) -> bool:
        """Whether the contact is an https address."""
        return re.fullmatch(r"https://[^\s/@]+\.[^\s@]+", self.contact) is not None

    @property
    def href(self) -> str:
        """Where a link on the contact leads."""
        return f"tel:{re.sub(r'[^0-9+]', '', self.contact)}" if self.is_phone else self.contact


@dataclass(frozen=True, slots=True)
class Care:
    """``lines`` in the order to show them.

    ``integrity_agreement`` says that the institution has agreed in writing that teams for
    academic integrity do not receive answers.
    """

    lines: tuple[SupportLine, ...] = field(default=())
    integrity_agreement: bool = False

    def __post_init__(self) -> None:
        """Refuse more lines than somebody in distress can choose from (CareError)."""
        if len(self.lines) > MAX_LINES:
            raise CareError(f"at most {MAX_LINES} support lines")

    def to_json(self) -> dict[str, Any]:
        """A JSON object."""
        lines = [[line.name, line.contact, line.when] for line in self.lines]
        return {"lines": lines, "integrity_agreement": self.integrity_agreement}

    @classmethod
    def from_json(cls, data: Any) -> "Care":
        """The inverse of :meth:`to_json`; anything else is as if nothing were set."""
        if not isinstance(data, dict):
            return cls()
        try:
            lines = tuple(SupportLine(*map(str, line)) for line in data.get("lines", ()))
            return cls(lines, data.get("integrity_agreement") is True)
        except (TypeError, ValueError):
            return cls()


def read_line(text: str) -> SupportLine:
    """A line written as "name | contact" or "name | contact | when".

    Raises:
        CareError: it is not.
    """
    parts = [part.strip() for part in text.split("|")]
    if len(parts) not in (2, 3):
        raise CareError(f"write it as: name | contact | when: {text[:60]!r}")
    return SupportLine(*parts)


def read_lines(text: str) -> tuple[SupportLine, ...]:
    """Several of them, one a line; empty lines are left out (CareError as in read_line)."""
    return tuple(read_line(line) for line in text.splitlines() if line.strip())
