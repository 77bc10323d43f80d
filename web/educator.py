"""The educator's page: a course's figures in words, tables and bars."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import render_template

from analysis.beside import institution_beside
from analysis.class_figures import Figure
from analysis.class_view import ClassView, class_view
from store import activities, completion, notes
from store.models import Study
from study.state import ScenarioRef
from web.educator_case import Case, case_of
from web.educator_labels import ASKED_LABELS
from web.mark_codes import Undelivered, explained
from web.moments import day, minute
from web.person import Person
from web.roster import NOT_TOLD, Expected, expected
from web.services import services
from web.splits import HEADINGS, split_of

NOTHING: Mapping[ScenarioRef, Figure] = MappingProxyType({})


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
    kinds: tuple[tuple[str, str], ...] = ()
    """By which groups the cases can be looked at: its value in the form, and in words."""
    by: str = ""
    """By which they are looked at now."""


@dataclass(frozen=True, slots=True)
class NoteSaid:
    """How keeping a note went; a refused one stays in its field."""

    words: str
    typed: str = ""
    refused: bool = False


def page(person: Person, said: NoteSaid | None = None, by: str = "") -> str:
    """The page for an educator; renews published figures where that is due."""
    found = figures_of(person, by)
    return render_template("educator.html", person=person, page=found, said=said)


def figures_of(person: Person, by: str = "") -> ClassPage | None:
    """What the pages of a course say; None outside a course. Renews figures that are due.

    Raises:
        UnknownKindError: the figures are not told apart by ``by``.
    """
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
            by,
        )
        beside = institution_beside(session, study, view, here.clock())
        note = notes.note_of(session, study.id, launch.context.id, person.pseudonym)
    roster = expected(launch, view.participation.took_part.value, view.k)
    undelivered: tuple[Undelivered, ...] = ()
    if launch.resource_link is not None:
        with here.database.read() as session:
            undelivered = explained(completion.failed(session, launch.resource_link.id))
    page = class_page(
        view, launch.context.title, roster, undelivered, _activity(person), beside, by
    )
    return replace(page, note=note)


def class_page(
    view: ClassView,
    course: str,
    roster: Expected = NOT_TOLD,
    undelivered: tuple[Undelivered, ...] = (),
    activity: Activity | None = None,
    beside: Mapping[ScenarioRef, Figure] = NOTHING,
    by: str = "",
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
            replace(
                case_of(found, beside.get(ref)),
                asked_by=HEADINGS.get(by, ""),
                by_group=tuple(
                    split_of(by, step, groups)
                    for step, groups in view.by_group.get(ref, {}).items()
                ),
            )
            for found in view.scenarios
            if found.shown
            for ref in (ScenarioRef(found.id, found.version),)
        ),
        waiting=tuple(found.title for found in view.scenarios if not found.shown),
        synthetic=view.synthetic,
        undelivered=undelivered,
        activity=activity,
        kinds=tuple((kind, HEADINGS[kind]) for kind in view.kinds),
        by=by,
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
