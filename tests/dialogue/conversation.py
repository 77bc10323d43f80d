"""A conversation as a file that a person can read.

::

    title: A thin answer, then a reason
    role: learner            # or educator: the view of the case
    seed: 8                  # decides cases, order and wording
    locale: en               # optional
    say:
      - press: "2"           # a button or control of the page
        open: open_prompt    # optional: the open step expected after it
      - learner: fine by me  # typed words
        act: answer          # optional: the act that they should bring about
        open: probe
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from study.moves import Act
from study.state import ROLE_VIEWS
from study.steps import OpenStep

FOLDER = Path(__file__).with_name("conversations")


@dataclass(frozen=True, slots=True)
class Line:
    """What the learner does in one turn (words or a button), and what is expected of it."""

    words: str | None
    press: str | None
    open: OpenStep | None
    act: Act | None

    def __str__(self) -> str:
        return f"[{self.press}]" if self.press else f"“{self.words}”"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One file."""

    name: str
    title: str
    role: str
    seed: int
    locale: str
    say: tuple[Line, ...]


def load(path: Path) -> Conversation:
    """Read one file; raises ValueError for a key or value that the format does not have."""
    raw = yaml.safe_load(path.read_text("utf-8"))
    _only(path, raw, {"title", "role", "seed", "locale", "say"})
    if raw["role"] not in ROLE_VIEWS or not isinstance(raw["seed"], int) or not raw["say"]:
        raise ValueError(f"{path.name}: role, seed or say")
    lines = tuple(_line(path, line) for line in raw["say"])
    locale = raw.get("locale", "en")
    return Conversation(path.stem, raw["title"], raw["role"], raw["seed"], locale, lines)


def load_all() -> list[Conversation]:
    """Every conversation of the folder, by name."""
    return [load(path) for path in sorted(FOLDER.glob("*.yml"))]


def _line(path: Path, raw: dict[str, Any]) -> Line:
    _only(path, raw, {"learner", "press", "open", "act"})
    words, press = raw.get("learner"), raw.get("press")
    if (words is None) == (press is None) or not isinstance(words or press, str):
        raise ValueError(f"{path.name}: a line is either learner or press, in quotes: {raw}")
    return Line(
        words,
        press,
        OpenStep(raw["open"]) if "open" in raw else None,
        Act(raw["act"]) if "act" in raw else None,
    )


def _only(path: Path, raw: dict[str, Any], known: set[str]) -> None:
    if unknown := set(raw) - known:
        raise ValueError(f"{path.name}: unknown {sorted(unknown)}")
