"""The stored releases of one place, whoever decides on them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.class_figures import Figure, form_of, hidden_figure, stored_figure
from analysis.splits import taken_back
from analysis.tallies import FigureKey, Place
from store.models import Release
from study.suppression import Cell, Reason

_HIDDEN = Cell(reason=Reason.TOO_FEW)


class ReleaseRows:
    """What was released of a place: ``rows`` by figure. The caller has locked the study."""

    def __init__(self, session: Session, place: Place, k: int, now: datetime) -> None:
        self._session, self._k, self._now = session, k, now
        self.place = place
        query = select(Release).where(
            Release.study_id == place.study_id,
            Release.context_id.is_not_distinct_from(place.context_id),
            Release.population == place.population,
        )
        self.rows = {
            FigureKey(row.scenario_id, row.scenario_version, row.figure): row
            for row in session.scalars(query)
        }

    def figure(self, key: FigureKey) -> Figure:
        """A figure as it may be shown."""
        row = self.rows.get(key)
        return hidden_figure(form_of(key.figure, 0, self._k)) if row is None else stored_figure(row)

    def split(self, key: FigureKey, kind: str) -> dict[str, Figure]:
        """The figure by group; empty while that may not be shown."""
        row = self.rows.get(key)
        part = (row.splits or {}).get(kind) if row is not None and row.shown else None
        if not part or not part["table"]:
            return {}
        as_of = datetime.fromisoformat(part["as_of"])
        return {
            group: Figure(
                part["form"],
                _HIDDEN if found["people"] is None else Cell(found["people"]),
                as_of,
                {p: _HIDDEN if n is None else Cell(n) for p, n in found["cells"].items()},
            )
            for group, found in part["table"].items()
        }

    def hide(self, row: Release) -> None:
        """Nothing of a figure is shown any more."""
        row.shown, row.cells, row.splits = False, {}, taken_back(row.splits or {})

    def row(self, key: FigureKey) -> Release:
        """The row of a figure; a new one shows nothing yet."""
        row = self.rows.get(key)
        if row is None:
            row = Release(
                study_id=self.place.study_id,
                context_id=self.place.context_id,
                population=self.place.population,
                scenario_id=key.scenario_id,
                scenario_version=key.version,
                figure=key.figure,
                shown=False,
                people=0,
                cells={},
                sizes=[],
                splits={},
                until_at=self._now,
                until_attempt=0,
                stamp=0,
                as_of=self._now,
                checked_at=self._now,
            )
            self._session.add(row)
            self.rows[key] = row
        return row
