"""The releases of one place: read, decided on by the rules of :mod:`analysis.releases`, written.

A place is a course, or a study as a whole; what may be shown of it is what was released.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from analysis.class_figures import (
    COARSER,
    SPLIT_POINTS_FROM,
    form_of,
    in_form,
    published_cells,
)
from analysis.person_facts import FINISHED, SYNTHETIC, TOOK_PART
from analysis.release_rows import ReleaseRows
from analysis.releases import Action, Decision, Last, Standing, decide, held_count
from analysis.splits import NO_KINDS, Kinds, Made, renewed
from analysis.tallies import EVERYBODY, FigureKey, Place, Running, Slice, Tallies
from store.models import Release
from study.suppression import Cell, Reason

EXACT = (TOOK_PART, FINISHED)
"""Counts that are shown exactly; a release of them only remembers what was shown."""
NEVER = (*EXACT, SYNTHETIC)
"""Figures that are not released in steps."""
_TOO_FEW = Cell(reason=Reason.TOTAL_TOO_FEW)


class Releases(ReleaseRows):
    """The releases of a place. The caller has locked the study, and has counted."""

    def __init__(
        self, session: Session, place: Place, k: int, now: datetime, kinds: Kinds = NO_KINDS
    ) -> None:
        super().__init__(session, place, k, now)
        self._kinds = kinds
        self.tallies = Tallies(session, place)

    def renew(self) -> None:
        """Bring all figures to what may be shown now."""
        keys = {*self.rows, *self.tallies.of}
        for key in sorted(key for key in keys if key.figure not in NEVER):
            self._renew(key)
        self._session.flush()

    def exact(self, figure: str) -> Cell:
        """A count of who took part or finished, shown exactly."""
        key = FigureKey("", 0, figure)
        row, people = self.rows.get(key), self.tallies.people(key)
        decision = held_count(self._now, people, _last(row), self._k)
        if decision.action is Action.HIDE:
            if row is not None:
                row.shown = False
            return _TOO_FEW
        if decision.action is Action.REPLACE:
            if row is None or not row.shown or row.people != people or row.k != self._k:
                row = self.row(key)
                row.people, row.k, row.form, row.shown = people, self._k, "total", True
                row.as_of = self._now
            row.checked_at = self._now
            self._session.flush()
        return Cell(decision.people)

    def _renew(self, key: FigureKey) -> None:
        row, running = self.rows.get(key), self.tallies.of.get(key)
        standing = Standing(0)
        if running is not None:
            people = running.still_in
            same = row is not None and (people, running.row.stamp_inside) == (row.people, row.stamp)
            standing = Standing(running.people, people, same)
        decision = decide(self._now, standing, _last(row), self._k)
        if decision.action in (Action.GROW, Action.REPLACE):
            made = self.tallies.first(key, decision.people)
            if running is not None and made is not None:
                self._publish(key, decision, running, made, left=not standing.same)
                return
            decision = Decision(Action.HIDE)
        if row is not None:
            self._keep_or_hide(row, decision, running)

    def _keep_or_hide(self, row: Release, decision: Decision, running: Running | None) -> None:
        if decision.action is Action.HIDE:
            if row.shown:
                row.left_at = self._now
            self.hide(row)
            if running is not None:
                running.take_back()
                running.store()
        elif decision.checked:
            row.checked_at = self._now

    def _publish(
        self, key: FigureKey, decision: Decision, running: Running, made: Slice, *, left: bool
    ) -> None:
        people = decision.people
        form = form_of(key.figure, people, self._k)
        if decision.action is Action.GROW and form != "total" and unanimous(made.fresh):
            # Subtracting the last release from this one would tell what all newcomers said.
            return
        row = self.row(key)
        left = row.shown and left
        if left:
            row.left_at = self._now
        row.shown, row.k, row.people, row.form = True, self._k, people, form
        row.cells = dict(published_cells(form, made.counts.get(EVERYBODY, {}), self._k))
        if form != "total":
            few = people < SPLIT_POINTS_FROM * self._k
            split = COARSER.get(form, form) if few else form
            hidden = frozenset(in_form(split, p) for p, n in row.cells.items() if n is None)
            about = Made(split, hidden, left, self._now)
            row.splits = renewed(row.splits or {}, made.counts, self._kinds, about)
        row.sizes = [*row.sizes, people]
        if made.until is not None:
            row.until_at, row.until_attempt = made.until
        row.stamp = made.stamp
        row.as_of = row.checked_at = self._now
        running.release(made)
        running.store()


def unanimous(counts: dict[str, int]) -> bool:
    """Whether all of some people gave the same answer."""
    return sum(1 for n in counts.values() if n) == 1


def _last(row: Release | None) -> Last | None:
    if row is None:
        return None
    return Last(row.people, row.k, row.shown, [int(n) for n in row.sizes], row.checked_at)
