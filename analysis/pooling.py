"""The figures of a whole study: what its courses have released, added up.

An institution's figure holds exactly the people of its courses' released figures, so that nobody
can subtract the one from the other and be left with a few. Where a course hides answers, the sum
shows only as much as leaves them hidden (:mod:`study.suppression_totals`). Courses of which
nothing is released are not in it.

It is renewed once a day when a course has renewed its own, and at once when a course has had to
take somebody out. Each step of a course is about at least the threshold of people, and so is
each step of the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.class_figures import COARSER, FORMS, SPLIT_POINTS_FROM, fold, form_of, in_form
from analysis.person_facts import LEARNER
from analysis.release_rows import ReleaseRows
from analysis.releasing import NEVER
from analysis.rules import Rules
from analysis.splits import Made, renewed
from analysis.tallies import EVERYBODY, Counts, FigureKey, Place, plus
from store.models import Release, Tally
from study.suppression import Cell, Reason
from study.suppression_totals import PublishedRow, publish_totals

EVERY = timedelta(hours=24)
POOL = "pool"
"""In the place of a population: learners of all courses."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the courses have released of a figure now."""

    people: int
    stamp: int
    courses: int


class Pool(ReleaseRows):
    """The pooled figures of one study. The caller has locked it."""

    def __init__(self, session: Session, study_id: int, rules: Rules, now: datetime) -> None:
        super().__init__(session, Place(study_id, None, POOL), rules.k, now)
        self._study_id, self._rules = study_id, rules

    def renew(self, most: int) -> int:
        """Bring up to ``most`` figures to what may be shown now; how many were changed."""
        standings, changed = self._standings(), 0
        for key in sorted({*self.rows, *standings}):
            if changed >= most:
                break
            if self._due(key, standings):
                changed += self._renew(key, standings.get(key, Standing(0, 0, 0)))
        self._session.flush()
        return changed

    def taking(self, figure: str) -> Cell:
        """Of how many it is told that they took part or finished, over all courses; somebody in
        two courses counts in each."""
        query = select(func.coalesce(func.sum(Release.people), 0)).where(
            Release.study_id == self._study_id,
            Release.context_id.is_not(None),
            Release.figure == figure,
            Release.shown,
        )
        people = int(self._session.scalar(query) or 0)
        return Cell(people) if people >= self._k else Cell(reason=Reason.TOTAL_TOO_FEW)

    def any_of(self, figure: str) -> bool:
        """Whether anybody at all stands in a figure that is never shown."""
        query = select(Tally.id).where(
            Tally.study_id == self._study_id, Tally.figure == figure, Tally.outside != {}
        )
        return self._session.scalars(query.limit(1)).first() is not None

    def _standings(self) -> dict[FigureKey, Standing]:
        query = (
            select(
                Release.scenario_id,
                Release.scenario_version,
                Release.figure,
                func.sum(Release.people),
                func.sum(Release.stamp),
                func.count(),
            )
            .where(
                Release.study_id == self._study_id,
                Release.context_id.is_not(None),
                Release.shown,
                Release.figure.not_in(NEVER),
                Release.k >= self._k,
            )
            .group_by(Release.scenario_id, Release.scenario_version, Release.figure)
        )
        return {
            FigureKey(row[0], row[1], row[2]): Standing(int(row[3]), int(row[4]), int(row[5]))
            for row in self._session.execute(query)
        }

    def _due(self, key: FigureKey, standings: dict[FigureKey, Standing]) -> bool:
        row, now = self.rows.get(key), standings.get(key, Standing(0, 0, 0))
        if row is None or not row.shown:
            return now.people >= self._k
        if row.k < self._k:
            return True
        if (row.people, row.stamp) == (now.people, now.stamp):
            return False
        return now.people < row.people or self._now - row.as_of >= EVERY

    def _renew(self, key: FigureKey, now: Standing) -> bool:
        """Whether anything was changed."""
        if now.people < self._k:
            row = self.rows.get(key)
            if row is None or not row.shown:
                return False
            self.hide(row)
            return True
        courses = self._released(key)
        counts: Counts = {}
        for tally, _ in courses:
            counts = plus(counts, tally.released)
        people = sum(counts.get(EVERYBODY, {}).values())
        if people != now.people:
            # A release from before there were running counts: the next one will have them.
            return False
        form = form_of(key.figure, people, self._k)
        few = people < SPLIT_POINTS_FROM * self._k
        if few or any(release.form == COARSER.get(form) for _, release in courses):
            form = COARSER.get(form, form)
        row = self.row(key)
        left = row.shown and (now.people < row.people or self._left(key, row.as_of))
        row.shown, row.k, row.people, row.form, row.stamp = True, self._k, people, form, now.stamp
        row.as_of = row.checked_at = self._now
        cells = self._cells(form, counts, courses)
        row.cells = {point: cell.value for point, cell in cells.items()}
        if form != "total":
            hidden = frozenset(point for point, cell in cells.items() if not cell.shown)
            kinds, made = self._rules.everywhere(key.figure), Made(form, hidden, left, self._now)
            row.splits = renewed(row.splits or {}, counts, kinds, made)
        return True

    def _left(self, key: FigureKey, since: datetime) -> bool:
        """Whether a course has had to take somebody out since."""
        query = select(Release.id).where(
            Release.study_id == self._study_id,
            Release.context_id.is_not(None),
            Release.scenario_id == key.scenario_id,
            Release.scenario_version == key.version,
            Release.figure == key.figure,
            Release.left_at >= since,
        )
        return self._session.scalars(query.limit(1)).first() is not None

    def _cells(
        self, form: str, counts: Counts, courses: Sequence[tuple[Tally, Release]]
    ) -> dict[str, Cell]:
        if form == "total":
            return {}
        rows = [_hidden_part(form, tally, release) for tally, release in courses]
        totals = fold(form, counts.get(EVERYBODY, {}))
        return dict(publish_totals(totals, [row for row in rows if row.hidden], self._k))

    def _released(self, key: FigureKey) -> list[tuple[Tally, Release]]:
        query = (
            select(Tally, Release)
            .join(
                Release,
                (Release.study_id == Tally.study_id)
                & (Release.context_id == Tally.context_id)
                & (Release.population == Tally.population)
                & (Release.scenario_id == Tally.scenario_id)
                & (Release.scenario_version == Tally.version)
                & (Release.figure == Tally.figure),
            )
            .where(
                Tally.study_id == self._study_id,
                Tally.population == LEARNER,
                Tally.scenario_id == key.scenario_id,
                Tally.version == key.version,
                Tally.figure == key.figure,
                Release.shown,
                Release.k >= self._k,
            )
            .order_by(Tally.context_id)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]


def _hidden_part(form: str, tally: Tally, release: Release) -> PublishedRow[str]:
    """What a course's own page hides, by the points of the sum's form."""
    hidden_points = {point for point in FORMS[release.form] if release.cells.get(point) is None}
    true = fold(release.form, tally.released.get(EVERYBODY, {}))
    hidden: dict[str, int] = {}
    for point in hidden_points:
        target = point if release.form == form else in_form(form, point)
        hidden[target] = hidden.get(target, 0) + true[point]
    return PublishedRow(hidden)
