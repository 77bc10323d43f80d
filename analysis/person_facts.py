"""What one person adds to the figures: pure, from their rows in the record.

A **fact** is one person in one figure with one answer. Learners count in their course; educators,
who can take part too, count in the study as a whole, and apart from learners: no course shows
them. In a course, and among educators, everybody is in a figure once:

- Of each activity the first complete interview counts, and of a case that was met in several
  activities the answers from the first of them.
- Who took part, finished, stopped early or asked something counts by the person, whatever
  interview it was in; the fact hangs on their newest one.

:mod:`analysis.fact_rows` says the same in SQL, over everybody at once; tests compare the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from analysis.class_figures import NAME_LENGTH, THEMES, VOICED
from analysis.fact_rows import ASKED, MOVES, STOPPED_EARLY
from study.steps import Step

LEARNER, EDUCATOR = "learner", "educator"
POPULATION_OF = {"learner": LEARNER, "educator": EDUCATOR, "assistant": EDUCATOR}
TOOK_PART, FINISHED, SYNTHETIC = "took_part", "finished", "synthetic"
COUNTED_STEPS = frozenset(step.value for step in ASKED)
BY_STATEMENT = frozenset({Step.STANCE.value, Step.FINAL_STANCE.value, Step.CLARITY.value})
"""Steps that are counted by the statement that was shown as well: before it was read, and after."""
FREELY, PROBED, UNVOICED = VOICED
EXAMPLE = "example"
"""In the place of a statement: the institution had none, and the case's example was shown."""


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview that may count: kept for the study and not erased."""

    id: int
    context_id: int | None
    resource_link_id: int | None
    ordinal: int
    status: str
    lms_role: str
    role_view: str
    profession: str | None
    ended: datetime
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A current answer at one of the counted steps."""

    attempt_id: int
    scenario_id: str
    version: int
    step: str
    kind: str
    value: int | None
    flags: tuple[str, ...]
    order: tuple[int, int]
    """Number of the turn and of the revision: the highest counts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which statement an interview showed for a case, and as which wording of which pilot."""

    attempt_id: int
    scenario_id: str
    version: int
    statement_id: int
    pilot_id: int | None
    wording: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a program heard in one answer in words: theme → where it was first heard."""

    attempt_id: int
    scenario_id: str
    version: int
    themes: Mapping[str, str]


class Fact(NamedTuple):
    """One person in one figure with one answer; ``shown`` is which statement they were shown."""

    scenario_id: str
    version: int
    figure: str
    cell: str
    shown: str = ""


@dataclass(slots=True)
class Counted:
    """What one interview adds: a learner's in its course, an educator's in the study."""

    population: str
    facts: list[Fact] = field(default_factory=list)


def in_force(statement_id: int) -> str:
    """Names those who were shown a statement that was in force."""
    return f"S{statement_id}"


def in_pilot(pilot_id: int, wording: int) -> str:
    """Names those who were shown a wording of a pilot."""
    return f"P{pilot_id}.{wording}"


def facts_of(
    interviews: Sequence[Interview],
    points: Iterable[Point],
    asked: Mapping[int, Iterable[str]],
    shown: Iterable[Shown],
    heard: Iterable[Heard] = (),
) -> dict[int, Counted]:
    """What each interview of one person adds, by the interview's id.

    ``asked`` maps an interview to the kinds of question that were asked in it. ``heard`` holds
    the answers that a program could read; a case without one says nothing of themes.
    """
    by_attempt: dict[int, list[Point]] = {}
    for point in points:
        by_attempt.setdefault(point.attempt_id, []).append(point)
    cues = {(item.attempt_id, item.scenario_id, item.version): item for item in shown}
    voiced: dict[tuple[int, str, int], dict[str, str]] = {}
    for answer in heard:
        place = answer.attempt_id, answer.scenario_id, answer.version
        themes = voiced.setdefault(place, {})
        for theme, where in answer.themes.items():
            themes[theme] = _freer(themes.get(theme), where)
    out = {
        interview.id: Counted(POPULATION_OF[interview.lms_role])
        for interview in interviews
        if interview.lms_role in POPULATION_OF
    }
    for population in (LEARNER, EDUCATOR):
        mine = [item for item in interviews if POPULATION_OF.get(item.lms_role) == population]
        if population == EDUCATOR:
            _add(out, mine, by_attempt, asked, cues, voiced)
            continue
        for context_id in {item.context_id for item in mine} - {None}:
            here = [item for item in mine if item.context_id == context_id]
            _add(out, here, by_attempt, asked, cues, voiced)
    return out


def _add(
    out: dict[int, Counted],
    interviews: Sequence[Interview],
    points: Mapping[int, list[Point]],
    asked: Mapping[int, Iterable[str]],
    cues: Mapping[tuple[int, str, int], Shown],
    voiced: Mapping[tuple[int, str, int], Mapping[str, str]],
) -> None:
    if not interviews:
        return
    newest = max(interviews, key=lambda item: item.id)
    out[newest.id].facts += [Fact("", 0, name, "all") for name in _of_person(interviews, asked)]
    met: set[tuple[str, int]] = set()
    for interview in sorted(_first_complete(interviews), key=lambda item: item.id):
        answers = _latest(points.get(interview.id, ()))
        cases = {(point.scenario_id, point.version) for point in answers}
        new = [point for point in answers if (point.scenario_id, point.version) not in met]
        met |= cases
        out[interview.id].facts += _of_cases(new, interview.id, cues)
        for place in sorted({(point.scenario_id, point.version) for point in new}):
            themes = voiced.get((interview.id, *place))
            if themes is not None:
                out[interview.id].facts += [
                    Fact(*place, figure, themes.get(theme, UNVOICED))
                    for figure, theme in THEMES.items()
                ]


def _of_person(
    interviews: Sequence[Interview], asked: Mapping[int, Iterable[str]]
) -> Iterable[str]:
    statuses = {item.status for item in interviews}
    yield TOOK_PART
    if "completed" in statuses:
        yield FINISHED
    if any(item.synthetic for item in interviews):
        yield SYNTHETIC
    if not statuses & {"completed", "open"}:
        yield STOPPED_EARLY
    if "open" not in statuses:
        kinds = {kind for item in interviews for kind in asked.get(item.id, ())}
        yield from sorted(kind[:NAME_LENGTH] for kind in kinds)


def _first_complete(interviews: Sequence[Interview]) -> Iterable[Interview]:
    """Of each activity the first complete one."""
    first: dict[int | None, Interview] = {}
    for item in sorted(interviews, key=lambda item: (item.ordinal, item.id)):
        if item.status == "completed":
            first.setdefault(item.resource_link_id, item)
    return first.values()


def _latest(points: Iterable[Point]) -> list[Point]:
    """The newest answer to each question."""
    found: dict[tuple[str, int, str], Point] = {}
    for point in sorted(points, key=lambda point: point.order):
        found[point.scenario_id, point.version, point.step] = point
    return list(found.values())


def _of_cases(
    points: Iterable[Point], attempt_id: int, cues: Mapping[tuple[int, str, int], Shown]
) -> Iterable[Fact]:
    chosen: dict[tuple[str, int], dict[str, int]] = {}
    for point in points:
        cell = cell_of(point)
        if cell is None:
            continue
        place = point.scenario_id, point.version
        shown = _shown(cues.get((attempt_id, *place))) if point.step in BY_STATEMENT else ""
        yield Fact(*place, point.step, cell, shown)
        if point.value is not None:
            chosen.setdefault(place, {})[point.step] = point.value
    for place, values in chosen.items():
        before, after = values.get(Step.STANCE), values.get(Step.TWIST)
        if before is not None and after is not None:
            way = "towards" if after > before else "away" if after < before else "stayed"
            yield Fact(*place, MOVES, way)


def _freer(known: str | None, where: str) -> str:
    """What counts of a theme that was heard twice: what was said without being asked."""
    said = PROBED if where.startswith("after_probe") else FREELY
    return FREELY if FREELY in (known, said) else said


def _shown(cue: Shown | None) -> str:
    if cue is None:
        return EXAMPLE
    if cue.pilot_id is None or cue.wording is None:
        return in_force(cue.statement_id)
    return in_pilot(cue.pilot_id, cue.wording)


def cell_of(point: Point) -> str | None:
    """Which point of the scale an answer counts for; None for none."""
    if point.value is not None:
        depends = point.kind != "clarity" and "depends" in point.flags
        return "depends" if depends else str(point.value)
    return "cant_say" if "cant_say" in point.flags else None
