"""A figure by groups of its people, in the words of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_date

from analysis.by_group import Groups
from analysis.class_figures import Figure
from analysis.splitting import OTHERS
from study.steps import Step
from study.suppression import Cell
from web.educator_labels import CLEAR_LABELS, LABELS
from web.moments import day

HEADINGS: Mapping[str, str] = {
    "role": "By the view they chose",
    "profession": "By profession",
    "month": "By the month in which they finished",
}
"""Kind of group → how a page says it."""
STEP_LABELS: Mapping[Step, str] = {
    Step.STANCE: "First view",
    Step.TWIST: "Changed case",
    Step.FINAL_STANCE: "Final view",
    Step.CLARITY: "How clear the rule is",
}
HIDDEN_CELL, NO_FIGURE = "hidden", "too few"


@dataclass(frozen=True, slots=True)
class Split:
    """A figure by group: the answers' labels, and a row for each group."""

    heading: str
    step: str
    people: str
    as_of: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(group, people, cells)."""


def split_of(kind: str, step: Step, groups: Groups) -> Split:
    """The groups in words; there is at least one."""
    first = next(iter(groups.values()))
    labels = CLEAR_LABELS if step is Step.CLARITY else LABELS
    told = [figure.people.value for figure in groups.values()]
    return Split(
        heading=HEADINGS[kind],
        step=STEP_LABELS[step],
        people=str(sum(n for n in told if n is not None)),
        as_of=day(first.as_of),
        labels=tuple(labels[point] for point in first.cells),
        rows=tuple(
            (
                _name(kind, group),
                count(figure.people),
                tuple(cell_of(figure, point) for point in figure.cells),
            )
            for group, figure in groups.items()
        ),
    )


def count(cell: Cell) -> str:
    """A number of people, or that it is not told."""
    return "too few to say" if cell.value is None else str(cell.value)


def cell_of(figure: Figure, point: str) -> str:
    """A count, or why there is none."""
    value = figure.cells[point].value
    if value is not None:
        return str(value)
    return HIDDEN_CELL if figure.shown else NO_FIGURE


def _name(kind: str, group: str) -> str:
    if group == OTHERS:
        return "Other months" if kind == "month" else "Others"
    if kind == "month":
        first = datetime.strptime(group, "%Y-%m").replace(tzinfo=UTC)
        return str(format_date(first, "MMMM y", locale="en"))
    return group.replace("_", " ").capitalize()
