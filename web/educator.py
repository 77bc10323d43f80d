"""The educator's page: a course's figures in words, tables and bars."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template

from analysis.class_figures import Figure
from analysis.class_view import ClassView, ScenarioView, class_view
from store import activities, completion
from store.models import Study
from study.suppression import Cell
from study.wording import WORDING
from web.educator_charts import HIDDEN, Bar, bars
from web.mark_codes import Undelivered, explained
from web.moments import day, minute
from web.person import Person
from web.roster import NOT_TOLD, Expected, expected
from web.services import services

LABELS = {
    **{point: WORDING[f"stance.{point}"] for point in ("1", "2", "3", "4", "5")},
    "unacceptable": "Unacceptable (completely or somewhat)",
    "depends": "It depends",
    "acceptable": "Acceptable (completely or somewhat)",
    "cant_say": "Can’t say, or rather not say",
    "towards": "moved towards acceptable",
    "stayed": "stayed where they were",
    "away": "moved away from acceptable",
}
CLEAR_LABELS = {
    **{point: WORDING[f"clarity.{point}"] for point in ("1", "2", "3", "4", "5")},
    "unclear": "Unclear (very or rather)",
    "clear": "Clear (rather or very)",
    "cant_say": LABELS["cant_say"],
}
ASKED_LABELS = {
    "ask_policy": "whether something is allowed in their own work",
    "ask_data_visibility": "who sees their answers",
    "ask_graded": "whether it is marked",
    "ask_definition": "what a word means",
    "ask_example": "for an example answer",
    "ask_duration": "how long it takes",
    "ask_bot_opinion": "what the assistant thinks itself",
    "ask_are_you_ai": "whether they talk with a person",
    "accessibility_language": "about language, length or reading aids",
}
TIMES = ("First view", "Changed case", "Final view")
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


@dataclass(frozen=True, slots=True)
class Clarity:
    """How clear the rule was found that the case shows."""

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


def page(person: Person) -> str:
    """The page for an educator; renews published figures where that is due."""
    return render_template("educator.html", person=person, page=figures_of(person))


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
    roster = expected(launch, view.participation.took_part.value, view.k)
    undelivered: tuple[Undelivered, ...] = ()
    if launch.resource_link is not None:
        with here.database.read() as session:
            undelivered = explained(completion.failed(session, launch.resource_link.id))
    return class_page(view, launch.context.title, roster, undelivered, _activity(person))


def class_page(
    view: ClassView,
    course: str,
    roster: Expected = NOT_TOLD,
    undelivered: tuple[Undelivered, ...] = (),
    activity: Activity | None = None,
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
        cases=tuple(case_of(found) for found in view.scenarios if found.shown),
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


def case_of(found: ScenarioView) -> Case:
    """A case in the words of a page."""
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
    )


def clarity_of(figure: Figure) -> Clarity | None:
    """None while too few have answered, or all of their answers are hidden."""
    if not figure.any_cell:
        return None
    (bar,) = bars([figure])
    heading = "How clear the rule is"
    text = _bar_text(heading, bar, CLEAR_LABELS)
    rows = tuple(
        Row(point, CLEAR_LABELS[point], (cell_of(figure, point),)) for point in figure.cells
    )
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
