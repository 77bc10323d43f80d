"""Where an interview stands. The database keeps it as JSON on the attempt."""

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from study.moves import Reading
from study.steps import Step

ROLE_VIEWS = ("learner", "educator")


class End(StrEnum):
    """Why an interview ended. All but COMPLETED and ERASED can be taken up again."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    DISTRESS = "distress"
    ABUSE = "abuse"
    ERASED = "erased"

    @property
    def can_resume(self) -> bool:
        """Whether the learner may carry on from where they left."""
        return self in (End.STOPPED, End.DISTRESS, End.ABUSE)


@dataclass(frozen=True, slots=True)
class ScenarioRef:
    """A scenario at a version, e.g. S01 version 1."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Case:
    """What the engine needs to know of the case that is open."""

    stance_1: int | None = None
    stance_2: int | None = None
    probes: int = 0
    voiced: tuple[str, ...] = ()
    grey_due: bool = False
    quiet: bool = False
    """No more probes in this case: the learner has disclosed something."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer given: the number of its turn, and the question that it answers."""

    number: int
    position: int
    step: Step
    probe_id: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A typed message that may have been an answer; kept until the learner says."""

    number: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class State:
    """The whole state of one interview (one attempt).

    ``position`` is the index of the open case in ``order``. ``number`` is that of
    the last turn taken. ``held`` with ``choosing`` is a typed deletion that waits for
    the learner's choice; without, a message that was taken as a question.
    """

    role_view: str
    seed: int
    order: tuple[ScenarioRef, ...]
    position: int = 0
    step: Step = Step.STANCE
    number: int = 0
    case: Case = field(default_factory=Case)
    probe_id: str | None = None
    entries: tuple[Entry, ...] = ()
    comments: tuple[Entry, ...] = ()
    """Words kept without answering a question: they can be deleted like an answer."""
    probes: int = 0
    asked_themes: tuple[str, ...] = ()
    worded: tuple[str, ...] = ()
    """The wordings of neutral probes put to this person, earlier attempts first."""
    thin_replies: int = 0
    probing_stopped: bool = False
    paused: bool = False
    supporting: bool = False
    choosing: bool = False
    held: Held | None = None
    revising: Entry | None = None
    undo: str | None = None
    end: End | None = None
    withdrawn: bool = False
    abuse: int = 0
    confused: int = 0
    tries: int = 0

    @property
    def current(self) -> tuple[int, Step]:
        """Position and step of the question that is open (a revision comes first)."""
        if self.revising is not None:
            return self.revising.position, self.revising.step
        return self.position, Step.ENDED if self.end else self.step

    @property
    def step_id(self) -> str:
        """Names the open question for the page, e.g. ``"1.twist"`` or ``"0.stance.r12"``."""
        position, step = self.current
        suffix = f".r{self.revising.number}" if self.revising else ""
        return f"{position}.{step.value}{suffix}"

    @property
    def scenario(self) -> ScenarioRef:
        """The scenario of the question that is open."""
        return self.order[min(self.current[0], len(self.order) - 1)]

    def to_json(self) -> dict[str, Any]:
        """A JSON object without the fields that hold their default."""
        out: dict[str, Any] = {
            "role_view": self.role_view,
            "seed": self.seed,
            "order": [[ref.id, ref.version] for ref in self.order],
            "entries": [_entry_json(entry) for entry in self.entries],
            "case": _changed(self.case),
        }
        if self.comments:
            out["comments"] = [_entry_json(entry) for entry in self.comments]
        for name in _PLAIN:
            value = getattr(self, name)
            if value != _DEFAULTS[name]:
                out[name] = value
        out["step"] = self.step.value
        if self.held is not None:
            out["held"] = [self.held.number, self.held.reading.to_json()]
        if self.revising is not None:
            out["revising"] = _entry_json(self.revising)
        if self.end is not None:
            out["end"] = self.end.value
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "State":
        """The inverse of :meth:`to_json`; raises KeyError or ValueError for other JSON."""
        case = dict(data.get("case", {}))
        case["voiced"] = tuple(case.get("voiced", ()))
        state = cls(
            role_view=data["role_view"],
            seed=data["seed"],
            order=tuple(ScenarioRef(str(i), int(v)) for i, v in data["order"]),
            step=Step(data["step"]),
            case=Case(**case),
            entries=tuple(_entry(raw) for raw in data["entries"]),
            comments=tuple(_entry(raw) for raw in data.get("comments", ())),
            held=Held(data["held"][0], Reading.from_json(data["held"][1]))
            if "held" in data
            else None,
            revising=_entry(data["revising"]) if "revising" in data else None,
            end=End(data["end"]) if "end" in data else None,
        )
        plain = {name: data[name] for name in _PLAIN if name in data}
        for name in ("asked_themes", "worded"):
            if name in plain:
                plain[name] = tuple(plain[name])
        return replace(state, **plain)


_PLAIN = (
    "position",
    "number",
    "probe_id",
    "probes",
    "asked_themes",
    "worded",
    "thin_replies",
    "probing_stopped",
    "paused",
    "supporting",
    "choosing",
    "undo",
    "withdrawn",
    "abuse",
    "confused",
    "tries",
)
_DEFAULTS = {f.name: f.default for f in fields(State)}


def _changed(case: Case) -> dict[str, Any]:
    return {
        f.name: getattr(case, f.name) for f in fields(Case) if getattr(case, f.name) != f.default
    }


def _entry_json(entry: Entry) -> list[Any]:
    return [entry.number, entry.position, entry.step.value, entry.probe_id]


def _entry(raw: list[Any]) -> Entry:
    return Entry(int(raw[0]), int(raw[1]), Step(raw[2]), raw[3])
