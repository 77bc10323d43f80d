"""What a turn means: the act that Rasa's rules chose, and the reading of its words.

A :class:`Move` holds structure only, never words, so that the log of moves can be
replayed after a learner has erased what they said.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What happens in a turn. Each has one Rasa action of the same name (``action_…``)."""

    ANSWER = "answer"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    UNDO = "undo"
    CHANGE_ANSWER = "change_answer"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    SUPPORT = "support"
    DISCLOSURE = "disclosure"
    DEESCALATE = "deescalate"
    REPHRASE = "rephrase"
    INFORM = "inform"


INFORM_TOPICS = (
    "ask_data_visibility",
    "ask_definition",
    "ask_policy",
    "ask_graded",
    "ask_bot_opinion",
    "ask_are_you_ai",
    "ask_example",
    "ask_duration",
    "accessibility_language",
    "off_topic",
    "thanks",
)

DISTRESS_LEVELS = ("none", "moderate", "high")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a message; numbers and labels only.

    ``source`` is "rasa", "option" (a button) or "none" (no reading could be had).
    ``themes`` are the study themes heard, each with a score in 0..1.
    ``stance`` and ``clarity`` are 1..5; ``cant_say`` marks "can't say", ``depends``
    a typed "it depends" (then ``stance`` is 3), ``between`` two neighbouring points.
    ``masked`` counts what was masked in the words, ``masked_kinds`` says of which kinds.
    """

    source: str = "none"
    intent: str = "reflection"
    confidence: float = 0.0
    model: str = ""
    themes: tuple[tuple[str, float], ...] = ()
    thin: bool = True
    empty: bool = False
    words: int = 0
    masked: int = 0
    masked_kinds: tuple[str, ...] = ()
    distress: str = "none"
    stance: int | None = None
    clarity: int | None = None
    cant_say: bool = False
    depends: bool = False
    between: tuple[int, int] | None = None
    delete_choice: str | None = None
    term: str | None = None
    echo_end: int = 0
    echo_whole: bool = True

    def to_json(self) -> dict[str, Any]:
        """A JSON object without the fields that hold their default."""
        out: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value != self.__dataclass_fields__[name].default:
                out[name] = [list(t) for t in value] if name == "themes" else value
        if self.between is not None:
            out["between"] = list(self.between)
        if self.masked_kinds:
            out["masked_kinds"] = list(self.masked_kinds)
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Reading":
        """The inverse of :meth:`to_json`."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        known["themes"] = tuple((str(t), float(s)) for t, s in known.get("themes", ()))
        known["masked_kinds"] = tuple(map(str, known.get("masked_kinds", ())))
        if known.get("between"):
            low, high = known["between"]
            known["between"] = (int(low), int(high))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Move:
    """One turn as the engine takes it.

    ``number`` counts the turns of an attempt from 1; records refer to it.
    ``option`` is the value of the button, None for typed words.
    """

    number: int
    act: Act
    option: str | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def typed(self) -> bool:
        """Whether the turn was words rather than a button."""
        return self.option is None and self.reading.source != "option"

    def erased(self) -> "Move":
        """The same turn without what it said: its value is gone, its place stays."""
        option = "cant_say" if self.option in {"1", "2", "3", "4", "5"} else self.option
        reading = self.reading
        if reading.stance is not None or reading.clarity is not None:
            reading = replace(reading, stance=None, clarity=None, cant_say=True)
        if reading.between is not None:
            reading = replace(reading, between=(3, 3))
        # Which themes were heard decided which probe came next: that stays, as the
        # assistant's own question shows it anyway; how strongly does not.
        themes = tuple((theme, 1.0) for theme, _ in reading.themes)
        reading = replace(reading, themes=themes, term=None, masked_kinds=())
        return replace(self, option=option, reading=reading)

    def to_json(self) -> dict[str, Any]:
        """A JSON object for the log."""
        return {
            "number": self.number,
            "act": self.act.value,
            "option": self.option,
            "reading": self.reading.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Move":
        """The inverse of :meth:`to_json`."""
        return cls(
            number=int(data["number"]),
            act=Act(data["act"]),
            option=data.get("option"),
            reading=Reading.from_json(data.get("reading", {})),
        )
