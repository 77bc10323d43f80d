"""The educator's page: a course's figures in words, tables and bars."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import render_template

from analysis.beside import institution_beside
from analysis.class_figures import Figure
from analysis.class_view import ClassView, ScenarioView, class_view
from store import activities, completion, notes
from store.models import Study
from study.state import ScenarioRef
from study.suppression import Cell
from web.educator_charts import HIDDEN, Bar, bars
from web.educator_labels import ASKED_LABELS, CLEAR_LABELS, LABELS, THEME_LABELS
from web.mark_codes import Undelivered, explained
from web.moments import day, minute
from web.person import Person
from web.roster import NOT_TOLD, Expected, expected
from web.services import services

TIMES = ("First view", "Changed case", "Final view")
NOTHING: Mapping[ScenarioRef, Figure] = MappingProxyType({})
NO_FIGURE = "too few"
HIDDEN_CELL = "hidden"


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


@dataclass(frozen=True, slots=True)
class Clarity:
    """A figure by itself: how clear the rule was found, or the first view over all courses."""

    column: Column
    rows: tuple[Row, ...]
    some_hidden: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """What the activity that was opened gives, in the words of the page."""

    title: str
    cases: tuple[str, ...]
    number: int
    version: int
    followed: bool
    reported: bool
    by_link: bool


@dataclass(frozen=True, slots=True)
class ClassPage:
    """Everything that the template writes; ``None`` counts are not shown."""

    k: int
    course: str
    took_part: int | None
    expected: Expected
    finished: int | None
    stopped_early: int | None
    stopped_as_of: str
    as_of: str
    cases: tuple[Case, ...]
    waiting: tuple[str, ...]
    synthetic: bool
    undelivered: tuple[Undelivered, ...]
    """Completion marks that the gradebook did not take."""
    activity: Activity | None = None
    asked: tuple[tuple[str, int, str], ...] = ()
    """What learners asked the assistant: in words, how many people, and as of when."""
    note: str = ""
    """What the educator wrote down for themselves."""


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """How keeping a note went; a refused one stays in its field."""

    words: str
    typed: str = ""
    refused: bool = False


def page(person: Person, said: NoteSaid | None = None) -> str:
    """The page for an educator; renews published figures where that is due."""
    return render_template("educator.html", person=person, page=figures_of(person), said=said)


def figures_of(person: Person) -> ClassPage | None:
    """What the pages of a course say; None outside a course. Renews figures that are due."""
    launch = person.launch
    if launch.context is None:
        return None
    here = services()
    with here.database.write() as session:
        study = session.get_one(Study, person.study.id)
        view = class_view(
            session,
            study,
            launch.context.id,
            launch.institution.min_count,
            here.clock(),
            person.locale,
        )
        beside = institution_beside(session, study, view, here.clock())
        note = notes.note_of(session, study.id, launch.context.id, person.pseudonym)
    roster = expected(launch, view.participation.took_part.value, view.k)
    undelivered: tuple[Undelivered, ...] = ()
    if launch.resource_link is not None:
        with here.database.read() as session:
            undelivered = explained(completion.failed(session, launch.resource_link.id))
    page = class_page(view, launch.context.title, roster, undelivered, _activity(person), beside)
    return replace(page, note=note)


def class_page(
    view: ClassView,
    course: str,
    roster: Expected = NOT_TOLD,
    undelivered: tuple[Undelivered, ...] = (),
    activity: Activity | None = None,
    beside: Mapping[ScenarioRef, Figure] = NOTHING,
) -> ClassPage:
    """The view in the words of the page."""
    part = view.participation
    return ClassPage(
        k=view.k,
        course=course,
        took_part=part.took_part.value,
        expected=roster,
        finished=part.finished.value,
        stopped_early=part.stopped_early.people.value,
        stopped_as_of=day(part.stopped_early.as_of),
        as_of=minute(view.now),
        cases=tuple(
            case_of(found, beside.get(ScenarioRef(found.id, found.version)))
            for found in view.scenarios
            if found.shown
        ),
        waiting=tuple(found.title for found in view.scenarios if not found.shown),
        synthetic=view.synthetic,
        undelivered=undelivered,
        activity=activity,
        asked=tuple(
            (ASKED_LABELS[intent], figure.people.value, day(figure.as_of))
            for intent, figure in sorted(
                view.asked.items(), key=lambda item: -(item[1].people.value or 0)
            )
            if figure.people.value is not None
        ),
    )


def _activity(person: Person) -> Activity | None:
    """None where the activity gives no cases."""
    link = person.launch.resource_link
    if link is None:
        return None
    try:
        with services().database.read() as session:
            cases = activities.cases_of(session, link)
    except activities.NotSetUp:
        return None
    scenarios = cases.script.scenarios.values()
    return Activity(
        title=cases.pack.title,
        cases=tuple(item.text(person.locale).texts.title for item in scenarios),
        number=cases.script.cases,
        version=cases.pack.version,
        followed=cases.choice.version is None,
        reported=cases.choice.completion,
        by_link=activities.is_set_by_link(link),
    )


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


def cell_of(figure: Figure, point: str) -> str:
    """A count, or why there is none."""
    value = figure.cells[point].value
    if value is not None:
        return str(value)
    return HIDDEN_CELL if figure.shown else NO_FIGURE


def _moved(cell: Cell) -> str:
    return HIDDEN_CELL if cell.value is None else str(cell.value)


def _bar_text(heading: str, bar: Bar, labels: Mapping[str, str] = LABELS) -> str:
    """The bar in words, for those who do not see it."""
    names = {**labels, HIDDEN: "hidden"}
    told = ", ".join(f"{names[part.point]}: {part.people}" for part in bar.parts)
    return f"{heading}. {told}."


def _people(number: int | None) -> str:
    return "" if number is None else f"{number} people"
