"""The figures counted anew from the record, over everybody at once: to check the running counts."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.class_figures import THEMES
from analysis.fact_rows import MOVES, all_facts, counted_of, per_person
from analysis.person_facts import EDUCATOR, FINISHED, LEARNER, SYNTHETIC, TOOK_PART
from analysis.tallies import EVERYBODY, FigureKey, Place, Tallies, plus
from store.models import Response

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
    return out | _themes(session, study_id, context_id)


def _themes(session: Session, study_id: int, context_id: int | None) -> Table:
    """Who voiced which theme, answer by answer, of the people that the cases are about."""
    whose = counted_of(study_id, context_id)
    facts = all_facts(whose, per_person(whose)).c
    cases = select(facts.scenario_id, facts.version, facts.attempt_id).where(
        facts.scenario_id != "", facts.figure != MOVES
    )
    found: dict[tuple[str, int, int], dict[str, set[str]]] = {}
    counted = {(row[0], row[1], row[2]) for row in session.execute(cases.distinct())}
    query = select(
        Response.scenario_id,
        func.coalesce(Response.scenario_version, 0),
        Response.attempt_id,
        Response.themes,
    ).where(
        Response.attempt_id.in_({row[2] for row in counted}),
        Response.kind == "text",
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
        Response.model_version != "",
    )
    for scenario_id, version, attempt_id, themes in session.execute(query):
        place = scenario_id, version, attempt_id
        if place in counted:
            heard = found.setdefault(place, {})
            for theme, where in themes.items():
                heard.setdefault(theme, set()).add(str(where).split(":")[0])
    out: Table = {}
    for (scenario_id, version, _), heard in found.items():
        for figure, theme in THEMES.items():
            where = heard.get(theme, set())
            cell = "unvoiced" if not where else "probed" if where == {"after_probe"} else "freely"
            counts = out.setdefault(FigureKey(scenario_id, version, figure), {})
            counts[cell] = counts.get(cell, 0) + 1
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
