"""What an educator may see of one course: who took part, and where people stood on each case.

Counts are of people, never of answers: learners of this course who gave research consent, each
with their first complete attempt here. Every figure passes :mod:`study.suppression` and is
renewed in steps by :mod:`analysis.releases`.

How many took part and how many finished is shown exactly and at once, above the threshold: a
teacher knows from the course who opened the activity, and it says nothing about a stance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.by_group import Groups, of_case
from analysis.class_figures import (
    CLARITY,
    NAME_LENGTH,
    QUESTIONS,
    THEMES,
    Figure,
    grouped,
    hidden_figure,
)
from analysis.counting import count_due, lock_study
from analysis.fact_rows import MOVES, STEPS, STOPPED_EARLY
from analysis.person_facts import FINISHED, SYNTHETIC, TOOK_PART
from analysis.releasing import Releases
from analysis.rules import rules_of
from analysis.tallies import FigureKey, Place
from store.activities import find_scenario, scenarios_of_course
from store.models import Context, Deployment, Study
from store.scripts import find, script_of
from study.scenarios import Scenario
from study.state import ScenarioRef
from study.steps import Step
from study.suppression import Cell, check_threshold

STOPPED = FigureKey("", 0, STOPPED_EARLY)
ROUNDS = 10
"""Of counting, before a page is shown with what is counted so far; the worker counts the rest."""


class Shows(Protocol):
    """Whatever has figures by their key."""

    def figure(self, key: FigureKey) -> Figure:
        """A figure as it may be shown."""


class NotOfThisStudyError(LookupError):
    """The course does not exist or belongs to another institution than the study."""


class UnknownKindError(ValueError):
    """The course's figures are not told apart by such groups."""


@dataclass(frozen=True, slots=True)
class Participation:
    """People, not attempts. ``took_part`` and ``finished`` are exact; ``stopped_early`` (by
    their own choice or not) moves in steps."""

    took_part: Cell
    finished: Cell
    stopped_early: Figure


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """Where people stood on one case; the three distributions have the same form.

    ``moves`` is about those who chose a point both times: away from acceptable, stayed,
    towards acceptable. ``clarity`` is how clear they found the rule that was shown.
    """

    id: str
    version: int
    title: str
    before: Figure
    changed: Figure
    after: Figure
    moves: Figure
    clarity: Figure = field(default_factory=lambda: hidden_figure("clear_few"))
    themes: Mapping[str, Figure] = field(default_factory=dict)
    """Theme → whether it was voiced freely, after a probe, or not, as a program heard it."""

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        figures = (self.before, self.changed, self.after, self.moves, self.clarity)
        return any(figure.shown for figure in figures)


@dataclass(frozen=True, slots=True)
class ClassView:
    """The whole page. ``synthetic``: some of the people counted are made up."""

    k: int
    now: datetime
    participation: Participation
    scenarios: tuple[ScenarioView, ...]
    synthetic: bool
    asked: Mapping[str, Figure] = field(default_factory=dict)
    """By intent: how many people asked the assistant such a question."""
    kinds: tuple[str, ...] = ()
    """By which groups the cases can be looked at here."""
    by_group: Mapping[ScenarioRef, Mapping[Step, Groups]] = field(default_factory=dict)
    """Of the kind that was asked for, as far as it may be shown."""


def class_view(
    session: Session,
    study: Study,
    context_id: int,
    k: int,
    now: datetime,
    locale: str = "en",
    by: str = "",
) -> ClassView:
    """The figures of one course for its educators; renews releases where that is due.

    Call it inside ``Database.write()``: what is shown is what the next call compares with.
    ``by`` is a kind of group to look by, or empty.

    Raises:
        NotOfThisStudyError: see the class.
        UnknownKindError: see the class.
        ValueError: ``k`` is below the lowest threshold.
    """
    check_threshold(k)
    _check_course(session, study, context_id)
    kinds = rules_of(session, study.id).course
    if by and by not in kinds.plain:
        raise UnknownKindError(by)
    lock_study(session, study.id)
    for _ in range(ROUNDS):
        if not count_due(session, study.id, context_id).interviews:
            break
    page = Releases(session, Place(study.id, context_id), k, now, kinds)
    page.renew()
    took_part = page.tallies.people(FigureKey("", 0, TOOK_PART))
    scenarios = _scenarios(session, study, context_id, page, locale)
    refs = [ScenarioRef(case.id, case.version) for case in scenarios] if by else []
    return ClassView(
        k=k,
        now=now,
        participation=_participation(page),
        scenarios=scenarios,
        synthetic=page.tallies.people(FigureKey("", 0, SYNTHETIC)) > 0,
        asked=_asked(page, took_part, k),
        kinds=tuple(kinds.plain),
        by_group={ref: of_case(page, ref, by) for ref in refs},
    )


def _check_course(session: Session, study: Study, context_id: int) -> None:
    query = (
        select(Context.id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Context.id == context_id, Deployment.institution_id == study.institution_id)
    )
    if session.scalars(query).first() is None:
        raise NotOfThisStudyError(context_id)


def _participation(page: Releases) -> Participation:
    return Participation(page.exact(TOOK_PART), page.exact(FINISHED), page.figure(STOPPED))


def _asked(page: Releases, took_part: int, k: int) -> dict[str, Figure]:
    """Who asked what; hidden also where the few who did not could be had by subtraction."""
    found: dict[str, Figure] = {}
    for intent in QUESTIONS:
        figure = page.figure(FigureKey("", 0, intent[:NAME_LENGTH]))
        people = figure.people.value
        if people is not None and took_part - people >= k:
            found[intent] = figure
    return found


def _scenarios(
    session: Session, study: Study, context_id: int, page: Releases, locale: str
) -> tuple[ScenarioView, ...]:
    """The cases that the course's activities give, then earlier ones that have figures."""
    titles = {
        (ref.id, ref.version): scenario.text(locale).texts.title
        for ref, scenario in _given(session, study, context_id).items()
    }
    views = [scenario_view(page, *ref, title) for ref, title in titles.items()]
    others = {
        (key.scenario_id, key.version)
        for key in page.rows
        if key.scenario_id and (key.scenario_id, key.version) not in titles
    }
    earlier = (scenario_view(page, *ref, _title(session, ref, locale)) for ref in sorted(others))
    return (*views, *(view for view in earlier if view.shown))


def scenario_view(page: Shows, scenario_id: str, version: int, title: str) -> ScenarioView:
    """One case, from the releases of a place."""
    steps = [page.figure(FigureKey(scenario_id, version, step.value)) for step in STEPS]
    before, changed, after = _alike(steps)
    moves = page.figure(FigureKey(scenario_id, version, MOVES))
    if not (before.any_cell and changed.any_cell):
        # Where all answers at one time are hidden, movement from or to them would tell them.
        moves = hidden_figure("moves")
    clarity = page.figure(FigureKey(scenario_id, version, CLARITY))
    themes = {
        theme: page.figure(FigureKey(scenario_id, version, figure))
        for figure, theme in THEMES.items()
    }
    return ScenarioView(scenario_id, version, title, before, changed, after, moves, clarity, themes)


def _alike(figures: list[Figure]) -> list[Figure]:
    """The same figures in one form, so that they can stand in one table."""
    forms = {figure.form for figure in figures if figure.shown}
    if len(forms) > 1:
        figures = [grouped(figure) for figure in figures]
    form = forms.pop() if len(forms) == 1 else "grouped"
    return [figure if figure.shown else hidden_figure(form) for figure in figures]


def _given(session: Session, study: Study, context_id: int) -> Mapping[ScenarioRef, Scenario]:
    """The course's cases; those of the study's pack where no activity is set up yet."""
    found = scenarios_of_course(session, context_id)
    if found:
        return found
    pack = find(session, study.pack_id, study.pack_version)
    return {} if pack is None else script_of(pack).scenarios


def _title(session: Session, ref: tuple[str, int], locale: str) -> str:
    """The title of a case that is given no more."""
    scenario = find_scenario(session, ScenarioRef(*ref))
    if scenario is None:
        return f"{ref[0]}, version {ref[1]}"
    return f"{scenario.text(locale).texts.title} (version {ref[1]}, given earlier)"
