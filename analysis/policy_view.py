"""What was made of an institution's statements, and of the wordings in its pilots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy.orm import Session

from analysis.by_course import ByCourse, compare_courses
from analysis.by_group import Groups, by_statement, of_statement
from analysis.class_figures import Figure, hidden_figure
from analysis.compare import THREE, Comparison, compare, levels_of, share, together
from analysis.person_facts import in_force, in_pilot
from analysis.pooling import Pool
from store import statements
from store.models import Pilot, StatementVersion, Study
from study.policies import PolicyStatus
from study.state import ScenarioRef
from study.steps import Step

AGREES: Mapping[str, int] = {
    PolicyStatus.PROHIBITED.value: 0,
    PolicyStatus.MISCONDUCT.value: 0,
    PolicyStatus.PERMITTED_WITH_DECLARATION.value: 2,
    PolicyStatus.PERMITTED_WITHOUT_DECLARATION.value: 2,
}
"""Which of the three levels (unacceptable, in between, acceptable) agrees with a status."""

type Cases = Mapping[str, Sequence[ScenarioRef]]
"""Use → the cases about it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A version of a statement, and how clear those found it who read it.

    ``by_group`` is that by "role" and by "profession"; a kind is missing while not shown.
    """

    row: StatementVersion
    clarity: Figure
    by_group: Mapping[str, Groups]


@dataclass(frozen=True, slots=True)
class StatementView:
    """What was made of one version of a statement, by learners who read it.

    ``agree_before`` and ``agree_after`` are shares from 0 to 1 of those who chose a point that
    stood on the side of its status; None where hidden, or where the status takes no side.
    """

    read: Read
    before: Figure
    after: Figure
    agree_before: float | None
    agree_after: float | None


@dataclass(frozen=True, slots=True)
class PilotView:
    """A pilot: how clear each wording was found, and each pair compared.

    ``compared`` is empty where courses were drawn; then ``by_course`` has them.
    """

    row: Pilot
    wordings: tuple[Read, ...]
    compared: Mapping[tuple[int, int], Comparison]
    by_course: Mapping[tuple[int, int], ByCourse]


def statement_views(
    session: Session, study: Study, page: Pool, cases: Cases
) -> tuple[StatementView, ...]:
    """All versions of which anything may be shown."""
    out = []
    for row in statements.all_of(session, study.institution_id):
        shown, refs = in_force(row.id), cases.get(row.use, ())
        read = _read(page, refs, row, shown)
        before, after = (
            _largest(page, refs, step, shown)[1] for step in (Step.STANCE, Step.FINAL_STANCE)
        )
        if not any(figure.shown for figure in (read.clarity, before, after)):
            continue
        side = AGREES.get(row.status)
        agree = [
            None if side is None else share(levels_of(figure, THREE), side)
            for figure in (before, after)
        ]
        out.append(StatementView(read, before, after, *agree))
    return tuple(out)


def pilot_views(
    session: Session, study: Study, page: Pool, cases: Cases, margin: float
) -> tuple[PilotView, ...]:
    """All pilots, the newest first."""
    rows = {row.id: row for row in statements.all_of(session, study.institution_id)}
    out = []
    for pilot in statements.pilots_of(session, study.institution_id):
        refs = cases.get(pilot.use, ())
        wordings = tuple(
            _read(page, refs, rows[statement_id], in_pilot(pilot.id, place))
            for place, statement_id in enumerate(pilot.wordings)
        )
        compared: dict[tuple[int, int], Comparison] = {}
        if pilot.unit == "person":
            pairs = list(combinations(range(len(wordings)), 2))
            made = together(
                {
                    f"{one}-{other}": compare(
                        wordings[one].clarity, wordings[other].clarity, margin
                    )
                    for one, other in pairs
                }
            )
            compared = {pair: made[f"{pair[0]}-{pair[1]}"] for pair in pairs}
        by_course = compare_courses(session, study, pilot, refs) if pilot.unit == "course" else {}
        out.append(PilotView(pilot, wordings, compared, by_course))
    return tuple(out)


def _read(page: Pool, refs: Sequence[ScenarioRef], row: StatementVersion, shown: str) -> Read:
    ref, clarity = _largest(page, refs, Step.CLARITY, shown)
    return Read(row, clarity, {} if ref is None else of_statement(page, ref, shown))


def _largest(
    page: Pool, refs: Sequence[ScenarioRef], step: Step, shown: str
) -> tuple[ScenarioRef | None, Figure]:
    """What those say who were shown something: of the version of a case with most people."""
    found = [
        (ref, figure)
        for ref in refs
        if (figure := by_statement(page, ref, step).get(shown)) is not None
    ]
    hidden = hidden_figure("clear_few" if step is Step.CLARITY else "grouped")
    return max(found, key=lambda one: one[1].people.value or 0, default=(None, hidden))
