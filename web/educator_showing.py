"""Two further looks at the same figures: one case to discuss in class, and a page to print.

Nothing is counted here: both are made from the class page, so nothing shows that it hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from store.activities import find_scenario
from study.scenarios import ScenarioTexts
from study.state import ScenarioRef
from web.educator import ClassPage
from web.educator_case import Case, Row
from web.educator_labels import LABELS
from web.splits import HIDDEN_CELL, NO_FIGURE

GROUPS = (
    ("Unacceptable", ("1", "2", "unacceptable")),
    ("Neither", ("3",)),
    ("It depends", ("depends",)),
    ("Acceptable", ("4", "5", "acceptable")),
    ("Can’t say", ("cant_say",)),
)


@dataclass(frozen=True, slots=True)
class Discussion:
    """One case for everybody to look at; ``before`` and ``after`` are the ids of its neighbours."""

    case: Case
    legend: tuple[tuple[str, str], ...]
    number: int
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the summary: its groups at the first view, and who moved."""

    title: str
    people: str
    groups: tuple[str, ...]
    changed: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]


def discussion(page: ClassPage, wanted: str) -> Discussion | None:
    """The case with that id, else the first that has a chart; None if none has."""
    shown = [case for case in page.cases if case.anything]
    if not shown:
        return None
    at = next((n for n, case in enumerate(shown) if case.id == wanted), 0)
    case = shown[at]
    return Discussion(
        case=case,
        legend=tuple((row.point, LABELS[row.point]) for row in case.rows),
        number=at + 1,
        total=len(shown),
        before=shown[at - 1].id if at else "",
        after=shown[at + 1].id if at + 1 < len(shown) else "",
    )


def summary(page: ClassPage) -> tuple[Line, ...]:
    """The cases with a figure, one line each, in the order of the page."""
    return tuple(
        Line(
            title=case.title,
            people=case.columns[0].people,
            groups=tuple(_together(case.rows, points, 0) for _, points in GROUPS),
            changed=tuple(_together(case.rows, points, 1) for _, points in GROUPS),
            moves=case.moves,
        )
        for case in page.cases
        if case.anything
    )


def _together(rows: Sequence[Row], points: Sequence[str], column: int) -> str:
    """The sum of what may be shown; hidden as soon as a part of it is."""
    cells = [row.cells[column] for row in rows if row.point in points]
    for word in (NO_FIGURE, HIDDEN_CELL):
        if word in cells:
            return word
    return str(sum(map(int, cells)))


def texts_of(session: Session, case_id: str) -> ScenarioTexts | None:
    """The words of a case, for an id of the class page; None for a case of no published pack."""
    scenario_id, _, version = case_id.partition("-")
    found = find_scenario(session, ScenarioRef(scenario_id, int(version)))
    return found.text("en").texts if found is not None else None
