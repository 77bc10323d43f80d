"""Who counts in a course's figures, and with which answer: three grouped queries.

People who learn there and gave research consent count, each with their first complete attempt
in the course.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from analysis.fact_rows import all_facts, learners_of, per_person
from store.models import Release


class FigureKey(NamedTuple):
    """Which figure; the scenario is empty (version 0) for the course as a whole."""

    scenario_id: str
    version: int
    figure: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Distinct people of the course: how many began, finished, are made up."""

    took_part: int
    finished: int
    synthetic: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Of one figure: people now; of the last release's span: how many, and their stamp."""

    people: int
    still_in: int
    stamp: int


@dataclass(slots=True)
class Table:
    """The answers of the first people of a figure: ``cells`` of all, ``fresh`` of those who
    were not in the last release; where its span ends, and its stamp."""

    cells: dict[str, int] = field(default_factory=dict)
    fresh: dict[str, int] = field(default_factory=dict)
    stamp: int = 0
    until: tuple[datetime, int] | None = None


class ClassFacts:
    """The facts of one course in one study. Reads only."""

    def __init__(self, session: Session, study_id: int, context_id: int) -> None:
        self._session = session
        self._release = and_(
            Release.study_id == study_id, Release.context_id == context_id, Release.shown
        )
        learner = learners_of(study_id, context_id)
        self._people = per_person(learner)
        self._facts = all_facts(learner, self._people)

    def taking_part(self) -> Taking:
        """Counts of people, exact."""
        people = self._people.c
        row = self._session.execute(
            select(
                func.count(),
                func.coalesce(func.sum(people.finished), 0),
                func.coalesce(func.sum(people.synthetic), 0),
            ).select_from(self._people)
        ).one()
        return Taking(int(row[0]), int(row[1]), int(row[2]))

    def standings(self) -> dict[FigureKey, Standings]:
        """How every figure stands that anyone is in."""
        fact, within = self._facts.c, self._in_release()
        key = (fact.scenario_id, fact.version, fact.figure)
        query = (
            select(
                *key,
                func.count(),
                func.coalesce(func.sum(case((within, 1), else_=0)), 0),
                func.coalesce(func.sum(case((within, fact.attempt_id), else_=0)), 0),
            )
            .select_from(self._facts)
            .outerjoin(Release, self._same_figure())
            .group_by(*key)
        )
        return {
            FigureKey(row[0], row[1], row[2]): Standings(int(row[3]), int(row[4]), int(row[5]))
            for row in self._session.execute(query)
        }

    def tables(self, sizes: Mapping[FigureKey, int]) -> dict[FigureKey, Table]:
        """The answers of the first so many people of each of these figures.

        "First" by the end of their interview. A table can hold fewer people than asked for
        when someone leaves at this very moment.
        """
        if not sizes:
            return {}
        fact = self._facts.c
        ranked = select(
            self._facts,
            func.row_number()
            .over(
                partition_by=(fact.scenario_id, fact.version, fact.figure),
                order_by=(fact.ended, fact.attempt_id),
            )
            .label("place"),
        ).subquery()
        row_of = ranked.c
        size = case(
            *((_is(row_of, key), literal(wanted)) for key, wanted in sizes.items()), else_=0
        )
        fresh = case((self._in_release(row_of), 0), else_=1)
        last = row_of.place == size
        query = (
            select(
                row_of.scenario_id,
                row_of.version,
                row_of.figure,
                row_of.cell,
                fresh.label("fresh"),
                func.count(),
                func.sum(row_of.attempt_id),
                func.max(case((last, row_of.ended))),
                func.max(case((last, row_of.attempt_id))),
            )
            .select_from(ranked)
            .outerjoin(Release, self._same_figure(row_of))
            .where(row_of.place <= size)
            .group_by(row_of.scenario_id, row_of.version, row_of.figure, row_of.cell, "fresh")
        )
        tables: dict[FigureKey, Table] = {key: Table() for key in sizes}
        for row in self._session.execute(query):
            table = tables[FigureKey(row[0], row[1], row[2])]
            cell, is_fresh, people = str(row[3]), bool(row[4]), int(row[5])
            table.cells[cell] = table.cells.get(cell, 0) + people
            if is_fresh:
                table.fresh[cell] = table.fresh.get(cell, 0) + people
            table.stamp += int(row[6])
            if row[7] is not None:
                table.until = (row[7], int(row[8]))
        return tables

    def _same_figure(self, columns: Any = None) -> ColumnElement[bool]:
        fact = self._facts.c if columns is None else columns
        return and_(
            self._release,
            Release.scenario_id == fact.scenario_id,
            Release.scenario_version == fact.version,
            Release.figure == fact.figure,
        )

    def _in_release(self, columns: Any = None) -> ColumnElement[bool]:
        fact = self._facts.c if columns is None else columns
        return or_(
            fact.ended < Release.until_at,
            and_(
                fact.ended == Release.until_at,
                fact.attempt_id <= Release.until_attempt,
            ),
        )


def _is(columns: Any, key: FigureKey) -> ColumnElement[bool]:
    return and_(
        columns.scenario_id == key.scenario_id,
        columns.version == key.version,
        columns.figure == key.figure,
    )


def unanimous(counts: Iterable[int]) -> bool:
    """Whether all of some people gave the same answer."""
    return sum(1 for n in counts if n) == 1
