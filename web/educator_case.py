"""A case of a course or of the institution, in words, tables and bars."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.class_figures import Figure
from analysis.class_view import ScenarioView
from study.suppression import Cell
from web.educator_charts import HIDDEN, Bar, bars
from web.educator_labels import CLEAR_LABELS, LABELS, THEME_LABELS
from web.moments import day, minute
from web.splits import HIDDEN_CELL, Split, cell_of

TIMES = ("First view", "Changed case", "Final view")


@dataclass(frozen=True, slots=True)
class Column:
    """One of the three times of a case: its heading, whom it is about, its bar."""

    heading: str
    people: str
    as_of: str
    bar: Bar | None
    bar_text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its point, its label, and the cells of the columns."""

    point: str
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case with at least one figure, ready to be written down."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    moves_about: str
    moves: tuple[tuple[str, str], ...]
    some_hidden: bool
    anything: bool
    """Whether any answer's count is shown: else a sentence takes the table's place."""
    clarity: "Clarity | None" = None
    themes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each theme in words, with how many voiced it freely, after a probe, and not."""
    themes_about: str = ""
    beside: "Clarity | None" = None
    """The first view over all courses of the institution."""
    asked_by: str = ""
    """By which groups the page looks at the case, in words; empty for everybody together."""
    by_group: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarity:
    """A figure by itself: how clear the rule was found, or the first view over all courses."""

    column: Column
    rows: tuple[Row, ...]
    some_hidden: bool


def case_of(found: ScenarioView, everywhere: Figure | None = None) -> Case:
    """A case in the words of a page; ``everywhere`` is its first view over all courses."""
    # The last question is optional: its column appears once enough people have answered it.
    figures = [found.before, found.changed, *([found.after] if found.after.shown else [])]
    columns = tuple(
        Column(
            heading,
            "fewer than are needed" if not figure.shown else _people(figure.people.value),
            minute(figure.as_of),
            bar if figure.shown else None,
            _bar_text(heading, bar),
        )
        for heading, figure, bar in zip(TIMES, figures, bars(figures), strict=False)
    )
    rows = tuple(
        Row(point, LABELS[point], tuple(cell_of(figure, point) for figure in figures))
        for point in found.before.cells
    )
    return Case(
        id=f"{found.id}-{found.version}",
        title=found.title,
        columns=columns,
        rows=rows,
        moves_about=_people(found.moves.people.value) if found.moves.shown else "",
        moves=tuple(
            (LABELS[point], _moved(cell))
            for point, cell in reversed(list(found.moves.cells.items()))
            if found.moves.shown
        ),
        some_hidden=any(HIDDEN_CELL in row.cells for row in rows),
        anything=any(figure.any_cell for figure in figures),
        clarity=clarity_of(found.clarity),
        themes=tuple(
            (THEME_LABELS[theme], tuple(cell_of(figure, point) for point in figure.cells))
            for theme, figure in found.themes.items()
            if figure.any_cell
        ),
        themes_about=next(
            (
                f"{_people(figure.people.value)}, as of {day(figure.as_of)}"
                for figure in found.themes.values()
                if figure.any_cell
            ),
            "",
        ),
        beside=_alone("All courses", everywhere, LABELS) if everywhere is not None else None,
    )


def clarity_of(figure: Figure) -> Clarity | None:
    """None while too few have answered, or all of their answers are hidden."""
    return _alone("How clear the rule is", figure, CLEAR_LABELS)


def _alone(heading: str, figure: Figure, labels: Mapping[str, str]) -> Clarity | None:
    """A figure by itself, with its bar and its rows; None where no answer is shown."""
    if not figure.any_cell:
        return None
    (bar,) = bars([figure])
    text = _bar_text(heading, bar, labels)
    rows = tuple(Row(point, labels[point], (cell_of(figure, point),)) for point in figure.cells)
    return Clarity(
        Column(heading, _people(figure.people.value), minute(figure.as_of), bar, text),
        rows,
        any(HIDDEN_CELL in row.cells for row in rows),
    )


def _moved(cell: Cell) -> str:
    return HIDDEN_CELL if cell.value is None else str(cell.value)


def _bar_text(heading: str, bar: Bar, labels: Mapping[str, str] = LABELS) -> str:
    """The bar in words, for those who do not see it."""
    names = {**labels, HIDDEN: "hidden"}
    told = ", ".join(f"{names[part.point]}: {part.people}" for part in bar.parts)
    return f"{heading}. {told}."


def _people(number: int | None) -> str:
    return "" if number is None else f"{number} people"
