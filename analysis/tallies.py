"""Running counts of figures: add and remove people, and tell what a release is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from analysis.class_figures import CLARITY
from analysis.person_facts import LEARNER, Fact
from store.models import CountedAttempt, Release, Tally

EVERYBODY = ""
CHUNK = 200

type Counts = dict[str, dict[str, int]]
"""Group → answer → people."""


class FigureKey(NamedTuple):
    """Which figure; the scenario is empty (version 0) for the course as a whole."""

    scenario_id: str
    version: int
    figure: str


class Place(NamedTuple):
    """Whose figures: learners of a course, or (None) the educators of a study."""

    study_id: int
    context_id: int | None
    population: str = LEARNER


@dataclass(slots=True)
class Slice:
    """The people of a release: their counts, who of them is new, where it ends."""

    counts: Counts
    rest: Counts
    """Everybody who is not in it."""
    fresh: dict[str, int]
    """Answers of those who were not in the last release."""
    stamp: int
    rest_stamp: int
    until: tuple[datetime, int] | None


@dataclass(slots=True)
class Running:
    """The tally of one figure while it is worked on; :meth:`store` puts it back."""

    row: Tally
    inside: Counts = field(default_factory=dict)
    outside: Counts = field(default_factory=dict)

    @classmethod
    def of(cls, row: Tally) -> "Running":
        """From the stored row."""
        return cls(row, _copy(row.inside), _copy(row.outside))

    @property
    def people(self) -> int:
        """Everybody who could be in the figure."""
        return self.still_in + total(self.outside)

    @property
    def still_in(self) -> int:
        """How many of the last release still are."""
        return total(self.inside)

    def change(
        self,
        cell: str,
        groups: Iterable[str],
        ended: datetime,
        attempt_id: int,
        by: int,
    ) -> None:
        """Put a person in (``by`` 1) or take them out (-1)."""
        until = self.row.until_at
        within = until is not None and (ended, attempt_id) <= (until, self.row.until_attempt)
        counts = self.inside if within else self.outside
        for group in (EVERYBODY, *groups):
            cells = counts.setdefault(group, {})
            cells[cell] = cells.get(cell, 0) + by
            if cells[cell] < 0:
                raise ArithmeticError(f"{self.row.figure}: more people left than came")
            if not cells[cell]:
                del cells[cell]
                if not cells:
                    del counts[group]
        if within:
            self.row.stamp_inside += by * attempt_id
        else:
            self.row.stamp_outside += by * attempt_id

    def release(self, made: Slice) -> None:
        """The people of ``made`` are those of the last release from now on."""
        self.inside, self.outside, self.row.released = made.counts, made.rest, made.counts
        self.row.stamp_inside, self.row.stamp_outside = made.stamp, made.rest_stamp
        self.row.until_at, self.row.until_attempt = made.until or (None, 0)

    def take_back(self) -> None:
        """Nothing is released any more."""
        if self.row.until_at is not None:
            self.outside = plus(self.inside, self.outside)
            self.inside, self.row.released = {}, {}
            self.row.stamp_outside += self.row.stamp_inside
            self.row.stamp_inside = 0
            self.row.until_at, self.row.until_attempt = None, 0

    def store(self) -> None:
        """Write the counts back to the row."""
        self.row.inside, self.row.outside = self.inside, self.outside


class Tallies:
    """The tallies of one place, read once and kept for the transaction."""

    def __init__(self, session: Session, place: Place) -> None:
        self._session, self.place = session, place
        self._tail: list[tuple[CountedAttempt, Sequence[Fact]]] = []
        query = select(Tally).where(
            Tally.study_id == place.study_id,
            Tally.context_id.is_not_distinct_from(place.context_id),
            Tally.population == place.population,
        )
        self.of: dict[FigureKey, Running] = {
            FigureKey(row.scenario_id, row.version, row.figure): Running.of(row)
            for row in session.scalars(query)
        }

    def running(self, key: FigureKey) -> Running:
        """The tally of a figure, new if nobody has been in it so far."""
        found = self.of.get(key)
        if found is None:
            row = Tally(
                study_id=self.place.study_id,
                context_id=self.place.context_id,
                population=self.place.population,
                scenario_id=key.scenario_id,
                version=key.version,
                figure=key.figure,
                stamp_inside=0,
                stamp_outside=0,
                until_attempt=0,
            )
            row.until_at, row.until_attempt = self._released.get(key, (None, 0))
            self._session.add(row)
            found = self.of[key] = Running(row)
        return found

    @cached_property
    def _released(self) -> dict[FigureKey, tuple[datetime, int]]:
        """Where releases end that were made before there were running counts."""
        place = self.place
        query = select(
            Release.scenario_id,
            Release.scenario_version,
            Release.figure,
            Release.until_at,
            Release.until_attempt,
        ).where(
            Release.study_id == place.study_id,
            Release.context_id.is_not_distinct_from(place.context_id),
            Release.population == place.population,
            Release.shown,
        )
        return {
            FigureKey(row[0], row[1], row[2]): (row[3], row[4])
            for row in self._session.execute(query)
        }

    def people(self, key: FigureKey) -> int:
        """How many are in a figure."""
        found = self.of.get(key)
        return found.people if found is not None else 0

    def store(self) -> None:
        """Write all of them back."""
        for running in self.of.values():
            running.store()

    def first(self, key: FigureKey, size: int) -> Slice | None:
        """The first ``size`` people of a figure by the end of their interview, and the rest.

        None if there are not so many. Only the rest is looked at one by one, from the end.
        """
        running = self.of.get(key)
        if running is None or running.people < size or not size:
            return None
        counts = plus(running.inside, running.outside)
        stamp = running.row.stamp_inside + running.row.stamp_outside
        rest: Counts = {}
        fresh = dict(running.outside.get(EVERYBODY, {}))
        rest_stamp, missing = 0, running.people - size
        until_before = running.row.until_at
        for entry, fact in self._from_the_end(key):
            if not missing:
                return Slice(
                    counts, rest, fresh, stamp, rest_stamp, (entry.ended, entry.attempt_id)
                )
            missing -= 1
            one = {group: {fact.cell: 1} for group in (EVERYBODY, *groups_of(entry, fact))}
            counts, rest = minus(counts, one), plus(rest, one)
            stamp, rest_stamp = stamp - entry.attempt_id, rest_stamp + entry.attempt_id
            place = entry.ended, entry.attempt_id
            if until_before is None or place > (until_before, running.row.until_attempt):
                fresh[fact.cell] -= 1
        return None

    def _from_the_end(self, key: FigureKey) -> Iterable[tuple[CountedAttempt, Fact]]:
        """The people of a figure, the last first, with their answer."""
        place = 0
        while place < len(self._tail) or self._read_on():
            for entry, facts in self._tail[place:]:
                for fact in facts:
                    if fact[:3] == key:
                        yield entry, fact
            place = len(self._tail)

    def _read_on(self) -> bool:
        """Read a further chunk of what has been counted, from the end; whether there was any.

        Kept for all figures of the place: most of them want the same few.
        """
        query = select(CountedAttempt).where(*entries_at(self.place))
        if self._tail:
            last = self._tail[-1][0]
            query = query.where(
                (CountedAttempt.ended < last.ended)
                | and_(
                    CountedAttempt.ended == last.ended,
                    CountedAttempt.attempt_id < last.attempt_id,
                )
            )
        query = query.order_by(CountedAttempt.ended.desc(), CountedAttempt.attempt_id.desc())
        rows = self._session.scalars(query.limit(CHUNK)).all()
        self._tail += [(row, facts_of(row)) for row in rows]
        return bool(rows)


def entries_at(place: Place) -> tuple[ColumnElement[bool], ...]:
    """The condition for what has been counted at a place."""
    conditions = [
        CountedAttempt.study_id == place.study_id,
        CountedAttempt.population == place.population,
    ]
    if place.context_id is not None:
        conditions.append(CountedAttempt.context_id == place.context_id)
    return tuple(conditions)


def facts_of(entry: CountedAttempt) -> Sequence[Fact]:
    """What an interview adds."""
    return [Fact(*raw) for raw in entry.facts]


def groups_of(entry: CountedAttempt, fact: Fact) -> list[str]:
    """The groups of a person in a figure, such as "role:learner"; "role@S3:learner" are those
    of them who were shown statement 3."""
    own = sorted(entry.groups.items())
    groups = [f"{kind}:{value}" for kind, value in own] + [f"month:{entry.ended:%Y-%m}"]
    if fact.shown:
        groups.append(f"shown:{fact.shown}")
        if fact.figure == CLARITY:
            groups += [f"{kind}@{fact.shown}:{value}" for kind, value in own]
    return groups


def total(counts: Mapping[str, Mapping[str, int]]) -> int:
    """How many people."""
    return sum(counts.get(EVERYBODY, {}).values())


def plus(one: Counts, other: Counts, by: int = 1) -> Counts:
    """The sum, cell by cell, without zeros."""
    out = _copy(one)
    for group, cells in other.items():
        mine = out.setdefault(group, {})
        for cell, people in cells.items():
            mine[cell] = mine.get(cell, 0) + by * people
            if not mine[cell]:
                del mine[cell]
        if not mine:
            del out[group]
    return out


def minus(one: Counts, other: Counts) -> Counts:
    """The difference, cell by cell, without zeros."""
    return plus(one, other, -1)


def _copy(counts: Mapping[str, Any]) -> Counts:
    return {group: dict(cells) for group, cells in counts.items()}
