"""What a turn brings about: typed values that the store carries out in one transaction."""

from dataclasses import dataclass, field

from study.state import End, ScenarioRef
from study.steps import Step

Params = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Say:
    """One utterance of the assistant.

    ``key`` names a text: ``case.…`` stands in the scenario, everything else in the
    catalogue (``study/wording.py``). A parameter that starts with "@" is itself a key.
    ``echo`` quotes words of the learner as (turn number, end offset), from 0; the store
    keeps the offsets and never a copy of the words. ``question`` marks the prompt that
    is now open.
    """

    key: str
    params: Params = ()
    scenario: ScenarioRef | None = None
    echo: tuple[int, int] | None = None
    question: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the response log.

    ``number`` is the turn whose words or option it holds. ``kind`` is "stance",
    "clarity", "text", "skip" or "comment" (words kept at a step without answering it).
    ``value`` is 1..5 or None ("can't say", skipped, unstated). ``supersedes`` is the
    number of the entry that this one revises. ``themes`` are those heard, each with
    where it was first seen ("open", "after_probe:ID", "after_twist", "after_policy").
    """

    number: int
    position: int
    scenario: ScenarioRef | None
    step: Step
    kind: str
    value: int | None = None
    flags: tuple[str, ...] = ()
    supersedes: int | None = None
    probe_id: str | None = None
    themes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to be noticed later: a kind, never words."""

    kind: str
    data: Params = ()


@dataclass(frozen=True, slots=True)
class Erase:
    """Remove what was said: the given turns, or with ``everything`` all of the person's."""

    numbers: tuple[int, ...]
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The person's research consent ends now."""


@dataclass(frozen=True, slots=True)
class RestoreConsent:
    """The withdrawal of the turn before is undone."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The interview has ended."""

    end: End


@dataclass(frozen=True, slots=True)
class Reopen:
    """An interview that had ended goes on."""


Effect = Say | Record | Flag | Erase | Withdraw | RestoreConsent | Finish | Reopen


@dataclass(frozen=True, slots=True)
class Option:
    """A button: the value that it posts and the key of its label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is open: the step, its full and its short wording, and its buttons.

    ``options`` answer the question; ``extra`` are other ways on (carry on, undo, "that
    was my answer"). Typed words are always taken as well.
    """

    step: Step
    step_id: str
    full: tuple[Say, ...]
    brief: tuple[Say, ...]
    options: tuple[Option, ...] = ()
    extra: tuple[Option, ...] = field(default=())
