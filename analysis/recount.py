"""The figures counted anew from the record, over everybody at once: to check the running counts."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.fact_rows import all_facts, counted_of, per_person
from analysis.person_facts import EDUCATOR, FINISHED, LEARNER, SYNTHETIC, TOOK_PART
from analysis.tallies import EVERYBODY, FigureKey, Place, Tallies, plus

type Table = dict[FigureKey, dict[str, int]]


def recounted(session: Session, study_id: int, context_id: int | None) -> Table:
    """Answer → people of every figure: of learners of a course, or (None) of educators."""
    learner = counted_of(study_id, context_id)
    people = per_person(learner)
    facts = all_facts(learner, people).c
    key = (facts.scenario_id, facts.version, facts.figure)
    out: Table = {}
    query = select(*key, facts.cell, func.count()).group_by(*key, facts.cell)
    for scenario_id, version, figure, cell, count in session.execute(query):
        out.setdefault(FigureKey(scenario_id, version, figure), {})[str(cell)] = int(count)
    person = people.c
    taking = select(
        func.count(),
        func.coalesce(func.sum(person.finished), 0),
        func.coalesce(func.sum(person.synthetic), 0),
    ).select_from(people)
    counts = session.execute(taking).one()
    for figure, count in zip((TOOK_PART, FINISHED, SYNTHETIC), counts, strict=True):
        if count:
            out[FigureKey("", 0, figure)] = {"all": int(count)}
    return out


def running(session: Session, place: Place) -> Table:
    """The same from the running counts."""
    return {
        key: counts
        for key, found in Tallies(session, place).of.items()
        if (counts := plus(found.inside, found.outside).get(EVERYBODY))
    }


def differences(session: Session, study_id: int, context_ids: Iterable[int | None]) -> list[str]:
    """Where running counts and record do not agree, one line each, with no count in it.

    Whatever is marked has to be counted first.
    """
    found = []
    for context_id in context_ids:
        population = EDUCATOR if context_id is None else LEARNER
        ours = running(session, Place(study_id, context_id, population))
        theirs = recounted(session, study_id, context_id)
        where = "educators" if context_id is None else f"course {context_id}"
        found += [
            f"{where}: {key.figure} {key.scenario_id} version {key.version}"
            for key in sorted({*ours, *theirs})
            if ours.get(key) != theirs.get(key)
        ]
    return found
