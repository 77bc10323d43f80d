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
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.class_figures import FORMS, Figure, fold, form_of
from analysis.person_facts import LEARNER
from analysis.release_rows import ReleaseRows
from analysis.releasing import NEVER
from analysis.splitting import KINDS, Blocks, blocks_of, first_split, next_split, published
from analysis.tallies import EVERYBODY, Counts, FigureKey, Place, plus
from store.models import Release, Tally
from study.suppression import Cell, Reason
from study.suppression_totals import PublishedRow, publish_totals

EVERY = timedelta(hours=24)
POINTS_FROM = 40
"""Times the threshold: with fewer people the two points of each side are shown as one, so that
there is something left to show when a figure is split by group."""
POOL = "pool"
"""In the place of a population: learners of all courses."""
_HIDDEN = Cell(reason=Reason.TOO_FEW)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the courses have released of a figure now."""

    people: int
    stamp: int
    courses: int


class Pool(ReleaseRows):
    """The pooled figures of one study. The caller has locked it."""

    def __init__(
        self, session: Session, study_id: int, k: int, k_cross: int, now: datetime
    ) -> None:
        super().__init__(session, Place(study_id, None, POOL), k, now)
        self._study_id, self._k_cross = study_id, k_cross

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

    def split(self, key: FigureKey, kind: str) -> dict[str, Figure]:
        """The figure by group; empty while that may not be shown."""
        row = self.rows.get(key)
        made = (row.splits or {}).get(kind) if row is not None and row.shown else None
        if not made or not made["table"]:
            return {}
        as_of = datetime.fromisoformat(made["as_of"])
        return {
            group: Figure(
                made["form"],
                Cell(part["people"]) if part["people"] is not None else _HIDDEN,
                as_of,
                {p: _HIDDEN if n is None else Cell(n) for p, n in part["cells"].items()},
            )
            for group, part in made["table"].items()
        }

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
            self._hide(row)
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
        few = people < POINTS_FROM * self._k
        if few or any(release.form == _COARSE.get(form) for _, release in courses):
            form = _COARSE.get(form, form)
        row = self.row(key)
        left = row.shown and now.people < row.people
        row.shown, row.k, row.people, row.form, row.stamp = True, self._k, people, form, now.stamp
        row.as_of = row.checked_at = self._now
        cells = self._cells(form, counts, courses)
        row.cells = {point: cell.value for point, cell in cells.items()}
        hidden = {point for point, cell in cells.items() if not cell.shown}
        row.splits = self._splits(row, form, counts, hidden, left) if form != "total" else {}
        return True

    def _cells(
        self, form: str, counts: Counts, courses: Sequence[tuple[Tally, Release]]
    ) -> dict[str, Cell]:
        if form == "total":
            return {}
        rows = [_hidden_part(form, tally, release) for tally, release in courses]
        totals = fold(form, counts.get(EVERYBODY, {}))
        return dict(publish_totals(totals, [row for row in rows if row.hidden], self._k))

    def _splits(
        self, row: Release, form: str, counts: Counts, hidden: set[str], left: bool
    ) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for kind in KINDS:
            k = self._k_cross if kind == "profession" else self._k
            before = (row.splits or {}).get(kind)
            groups = blocks_of(counts, kind)
            blocks: Blocks | None
            if before is None:
                blocks = first_split(groups, k)
            else:
                blocks = next_split(groups, before["blocks"], k)
            if blocks is None:
                if before is not None:
                    # Somebody has left: what was shown of them goes, and the split waits.
                    out[kind] = {**before, "table": {}} if left else before
                continue
            out[kind] = {
                "table": published(blocks, form, k, hidden),
                "blocks": blocks,
                "form": form,
                "as_of": self._now.isoformat(),
            }
        return out

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

    def _hide(self, row: Release) -> None:
        row.shown, row.cells = False, {}
        row.splits = {kind: {**made, "table": {}} for kind, made in (row.splits or {}).items()}


_COARSE = {"points": "grouped", "clear": "clear_few"}


def _hidden_part(form: str, tally: Tally, release: Release) -> PublishedRow[str]:
    """What a course's own page hides, by the points of the sum's form."""
    hidden_points = {point for point in FORMS[release.form] if release.cells.get(point) is None}
    true = fold(release.form, tally.released.get(EVERYBODY, {}))
    hidden: dict[str, int] = {}
    for point in hidden_points:
        target = point if release.form == form else _up(form, point)
        hidden[target] = hidden.get(target, 0) + true[point]
    return PublishedRow(hidden)


def _up(form: str, point: str) -> str:
    """Where a point stands in a coarser form."""
    (found,) = [target for target, n in fold(form, {point: 1}).items() if n]
    return found
