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

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.class_facts import (
    ClassFacts,
    FigureKey,
    Standings,
    Table,
    Taking,
    unanimous,
)
from analysis.class_figures import (
    CLARITY,
    NAME_LENGTH,
    QUESTIONS,
    Figure,
    form_of,
    grouped,
    hidden_figure,
    published_cells,
    stored_figure,
)
from analysis.fact_rows import MOVES, STEPS, STOPPED_EARLY
from analysis.releases import Action, Decision, Last, Standing, decide, held_count
from store.activities import find_scenario, scenarios_of_course
from store.models import Context, Deployment, Release, Study
from store.scripts import find, script_of
from study.scenarios import Scenario
from study.state import ScenarioRef
from study.suppression import Cell, Reason, check_threshold

TOOK_PART = FigureKey("", 0, "took_part")
FINISHED = FigureKey("", 0, "finished")
STOPPED = FigureKey("", 0, STOPPED_EARLY)
_TOO_FEW = Cell(reason=Reason.TOTAL_TOO_FEW)
_NOBODY = Standings(0, 0, 0)


class NotOfThisStudyError(LookupError):
    """The course does not exist or belongs to another institution than the study."""


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


def class_view(
    session: Session, study: Study, context_id: int, k: int, now: datetime, locale: str = "en"
) -> ClassView:
    """The figures of one course for its educators; renews releases where that is due.

    Call it inside ``Database.write()``: what is shown is what the next call compares with.

    Raises:
        NotOfThisStudyError: see the class.
        ValueError: ``k`` is below the lowest threshold.
    """
    check_threshold(k)
    _lock_course(session, study, context_id)
    page = _Releases(session, study.id, context_id, k, now)
    taking = page.facts.taking_part()
    page.renew()
    return ClassView(
        k=k,
        now=now,
        participation=_participation(page, taking),
        scenarios=_scenarios(session, study, context_id, page, locale),
        synthetic=taking.synthetic > 0,
        asked=_asked(page, taking.took_part, k),
    )


class _Releases:
    """The releases of one course, read, decided on and written."""

    def __init__(
        self, session: Session, study_id: int, context_id: int, k: int, now: datetime
    ) -> None:
        self._session, self._k, self._now = session, k, now
        self._place = {"study_id": study_id, "context_id": context_id}
        self.facts = ClassFacts(session, study_id, context_id)
        query = select(Release).where(
            Release.study_id == study_id, Release.context_id == context_id
        )
        self.rows = {
            FigureKey(row.scenario_id, row.scenario_version, row.figure): row
            for row in session.scalars(query)
        }

    def renew(self) -> None:
        """Bring all figures of stances, and of who stopped early, to what may be shown now."""
        standings = self.facts.standings()
        known = {key for key in self.rows if key not in (TOOK_PART, FINISHED)}
        decisions: dict[FigureKey, Decision] = {}
        for key in sorted(known | set(standings)):
            decision = self._decide(key, standings.get(key, _NOBODY))
            if decision.action in (Action.GROW, Action.REPLACE):
                decisions[key] = decision
            elif key in self.rows:
                self._keep_or_hide(self.rows[key], decision)
        tables = self.facts.tables({key: made.people for key, made in decisions.items()})
        for key, decision in decisions.items():
            self._publish(key, decision, tables[key])
        self._session.flush()

    def figure(self, key: FigureKey) -> Figure:
        """A figure as it may be shown."""
        row = self.rows.get(key)
        return hidden_figure(form_of(key.figure, 0, self._k)) if row is None else stored_figure(row)

    def exact(self, key: FigureKey, people: int) -> Cell:
        """A count of who took part or finished, shown exactly."""
        row = self.rows.get(key)
        decision = held_count(self._now, people, _last(row), self._k)
        if decision.action is Action.HIDE:
            if row is not None:
                row.shown = False
            return _TOO_FEW
        if decision.action is Action.REPLACE:
            if row is None or not row.shown or row.people != people or row.k != self._k:
                row = self._row(key)
                row.people, row.k, row.form, row.shown = people, self._k, "total", True
                row.as_of = self._now
            row.checked_at = self._now
            self._session.flush()
        return Cell(decision.people)

    def _decide(self, key: FigureKey, now: Standings) -> Decision:
        row = self.rows.get(key)
        same = row is not None and (now.still_in, now.stamp) == (row.people, row.stamp)
        standing = Standing(now.people, now.still_in, same)
        return decide(self._now, standing, _last(row), self._k)

    def _keep_or_hide(self, row: Release, decision: Decision) -> None:
        if decision.action is Action.HIDE:
            row.shown, row.cells = False, {}
        elif decision.checked:
            row.checked_at = self._now

    def _publish(self, key: FigureKey, decision: Decision, table: Table) -> None:
        people = sum(table.cells.values())
        answers = form_of(key.figure, people, self._k) != "total"
        if decision.action is Action.GROW and answers and unanimous(table.fresh.values()):
            # Subtracting the last release from this one would tell what all newcomers said.
            return
        if table.until is None or people != decision.people:
            # Someone left between two queries: nothing is published now, the next look decides.
            if decision.action is Action.REPLACE and key in self.rows:
                self._keep_or_hide(self.rows[key], Decision(Action.HIDE))
            return
        form = form_of(key.figure, people, self._k)
        row = self._row(key)
        row.shown, row.k, row.people, row.form = True, self._k, people, form
        row.cells = dict(published_cells(form, table.cells, self._k))
        row.sizes = [*row.sizes, people]
        row.until_at, row.until_attempt = table.until
        row.stamp = table.stamp
        row.as_of = row.checked_at = self._now

    def _row(self, key: FigureKey) -> Release:
        row = self.rows.get(key)
        if row is None:
            row = Release(
                **self._place,
                scenario_id=key.scenario_id,
                scenario_version=key.version,
                figure=key.figure,
                cells={},
                sizes=[],
                until_at=self._now,
                until_attempt=0,
                stamp=0,
                as_of=self._now,
                checked_at=self._now,
            )
            self._session.add(row)
            self.rows[key] = row
        return row


def _last(row: Release | None) -> Last | None:
    if row is None:
        return None
    return Last(row.people, row.k, row.shown, [int(n) for n in row.sizes], row.checked_at)


def _lock_course(session: Session, study: Study, context_id: int) -> None:
    """Two educators who look at once must not publish two sizes: one waits for the other.

    The weaker lock (``key_share``) does not stand in the way of a learner who begins.
    """
    query = (
        select(Context.id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Context.id == context_id, Deployment.institution_id == study.institution_id)
        .with_for_update(of=Context, key_share=True)
    )
    if session.scalars(query).first() is None:
        raise NotOfThisStudyError(context_id)


def _participation(page: _Releases, taking: Taking) -> Participation:
    took_part = page.exact(TOOK_PART, taking.took_part)
    finished = page.exact(FINISHED, taking.finished)
    return Participation(took_part, finished, page.figure(STOPPED))


def _asked(page: _Releases, took_part: int, k: int) -> dict[str, Figure]:
    """Who asked what; hidden also where the few who did not could be had by subtraction."""
    found: dict[str, Figure] = {}
    for intent in QUESTIONS:
        figure = page.figure(FigureKey("", 0, intent[:NAME_LENGTH]))
        people = figure.people.value
        if people is not None and took_part - people >= k:
            found[intent] = figure
    return found


def _scenarios(
    session: Session, study: Study, context_id: int, page: _Releases, locale: str
) -> tuple[ScenarioView, ...]:
    """The cases that the course's activities give, then earlier ones that have figures."""
    titles = {
        (ref.id, ref.version): scenario.text(locale).texts.title
        for ref, scenario in _given(session, study, context_id).items()
    }
    views = [_scenario(page, *ref, title) for ref, title in titles.items()]
    others = {
        (key.scenario_id, key.version)
        for key in page.rows
        if key.scenario_id and (key.scenario_id, key.version) not in titles
    }
    earlier = (_scenario(page, *ref, _title(session, ref, locale)) for ref in sorted(others))
    return (*views, *(view for view in earlier if view.shown))


def _scenario(page: _Releases, scenario_id: str, version: int, title: str) -> ScenarioView:
    steps = [page.figure(FigureKey(scenario_id, version, step.value)) for step in STEPS]
    before, changed, after = _alike(steps)
    moves = page.figure(FigureKey(scenario_id, version, MOVES))
    if not (before.any_cell and changed.any_cell):
        # Where all answers at one time are hidden, movement from or to them would tell them.
        moves = hidden_figure("moves")
    clarity = page.figure(FigureKey(scenario_id, version, CLARITY))
    return ScenarioView(scenario_id, version, title, before, changed, after, moves, clarity)


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
