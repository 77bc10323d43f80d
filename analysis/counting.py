"""Bringing the running counts up to date with the record.

Whatever changes an interview marks it (``Attempt.recount``). Counting takes the marked ones,
works out anew what their people add to the figures, and changes the tallies by the difference:
it costs what has changed, whatever else there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from analysis import tallies
from analysis.class_figures import QUESTIONS
from analysis.person_facts import (
    COUNTED_STEPS,
    LEARNER,
    Counted,
    Heard,
    Interview,
    Point,
    Shown,
    facts_of,
)
from analysis.tallies import FigureKey, Place, Tallies, groups_of
from store.models import Attempt, CountedAttempt, CueShown, Pilot, Response, Study, Turn
from study.moves import Act

BATCH = 400
"""People counted in one go."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many interviews were counted, and in which courses figures have changed."""

    interviews: int = 0
    courses: frozenset[int] = frozenset()


def lock_study(session: Session, study_id: int) -> None:
    """One who counts or releases at a time, for each study.

    The weaker lock (``key_share``) does not stand in the way of a learner who begins.
    """
    query = select(Study.id).where(Study.id == study_id)
    session.execute(query.with_for_update(key_share=True)).one()


def count_due(
    session: Session, study_id: int, context_id: int | None = None, batch: int = BATCH
) -> Taken:
    """Count up to ``batch`` marked interviews' people.

    Call it in a transaction of its own after :func:`lock_study`. With a course only what was
    marked there is taken. Interviews that somebody is in the middle of changing are left for
    the next time.
    """
    query = select(Attempt.id, Attempt.participant_id).where(
        Attempt.study_id == study_id, Attempt.recount
    )
    if context_id is not None:
        query = query.where(Attempt.context_id == context_id)
    due = session.execute(
        query.order_by(Attempt.context_id, Attempt.id)
        .limit(batch)
        .with_for_update(of=Attempt, skip_locked=True, key_share=True)
    ).all()
    gone = session.scalars(
        select(CountedAttempt.participant_id)
        .where(CountedAttempt.study_id == study_id, CountedAttempt.gone)
        .limit(batch)
    ).all()
    people = {row.participant_id for row in due} | set(gone)
    if not people:
        return Taken()
    ids = [row.id for row in due]
    # Before the rows are read: whoever changes one afterwards marks it again.
    session.execute(
        update(Attempt)
        .where(Attempt.id.in_(ids))
        .values(recount=False)
        .execution_options(synchronize_session=False)
    )
    places = _recount(session, study_id, people)
    courses = frozenset(place.context_id for place in places if place.context_id is not None)
    return Taken(len(due) + len(gone), courses)


def _recount(session: Session, study_id: int, people: Iterable[int]) -> Iterable[Place]:
    """Count these people anew; the places whose figures have changed."""
    wanted = sorted(set(people))
    interviews = _interviews(session, study_id, wanted)
    counted = _facts(session, interviews)
    rows = session.scalars(
        select(CountedAttempt).where(CountedAttempt.participant_id.in_(wanted))
    ).all()
    before = {row.attempt_id: row for row in rows}
    new = [
        _entry(study_id, person, interview, counted[interview.id])
        for person, mine in interviews.items()
        for interview in mine
        if interview.id in counted
    ]
    same = {row.attempt_id for row in new if _alike(before.get(row.attempt_id), row)}
    leaving = [row for attempt_id, row in before.items() if attempt_id not in same]
    coming = [row for row in new if row.attempt_id not in same]
    places: dict[Place, Tallies] = {}
    for by, entries in ((-1, leaving), (1, coming)):
        for entry in entries:
            _change(session, places, entry, by)
    for counts in places.values():
        counts.store()
    session.execute(delete(CountedAttempt).where(CountedAttempt.id.in_([r.id for r in leaving])))
    session.add_all(coming)
    session.flush()
    return places


def _change(session: Session, places: dict[Place, Tallies], entry: CountedAttempt, by: int) -> None:
    """Put what an interview adds into the tallies of its place, or take it out."""
    facts = tallies.facts_of(entry)
    if not facts:
        return
    course = entry.context_id if entry.population == LEARNER else None
    place = Place(entry.study_id, course, entry.population)
    if place not in places:
        places[place] = Tallies(session, place)
    for fact in facts:
        running = places[place].running(FigureKey(*fact[:3]))
        groups = groups_of(entry, fact)
        running.change(fact.cell, groups, entry.ended, entry.attempt_id, by)


def _entry(
    study_id: int, participant_id: int, interview: Interview, counted: Counted
) -> CountedAttempt:
    groups = {"role": interview.role_view}
    if interview.profession:
        groups["profession"] = interview.profession
    return CountedAttempt(
        attempt_id=interview.id,
        study_id=study_id,
        participant_id=participant_id,
        context_id=interview.context_id,
        population=counted.population,
        groups=groups,
        ended=interview.ended,
        facts=[list(fact) for fact in counted.facts],
    )


def _alike(before: CountedAttempt | None, now: CountedAttempt) -> bool:
    return (
        before is not None
        and not before.gone
        and all(
            getattr(before, name) == getattr(now, name)
            for name in ("population", "context_id", "groups", "ended", "facts")
        )
    )


def _interviews(
    session: Session, study_id: int, people: Sequence[int]
) -> dict[int, list[Interview]]:
    """What may count, by person: given to research, and not erased."""
    query = select(
        Attempt.participant_id,
        Attempt.id,
        Attempt.context_id,
        Attempt.resource_link_id,
        Attempt.ordinal,
        Attempt.status,
        Attempt.lms_role,
        Attempt.role_view,
        Attempt.profession,
        func.coalesce(Attempt.ended_at, Attempt.last_turn_at),
        Attempt.synthetic,
    ).where(
        Attempt.study_id == study_id,
        Attempt.participant_id.in_(people),
        Attempt.keep == "study",
        Attempt.status != "erased",
    )
    out: dict[int, list[Interview]] = defaultdict(list)
    for row in session.execute(query):
        out[row[0]].append(Interview(*row[1:]))
    return out


def _facts(session: Session, interviews: Mapping[int, list[Interview]]) -> dict[int, Counted]:
    ids = [item.id for mine in interviews.values() for item in mine]
    points: dict[int, list[Point]] = defaultdict(list)
    for point in _points(session, ids):
        points[point.attempt_id].append(point)
    asked: dict[int, set[str]] = defaultdict(set)
    intent = Turn.move["reading"]["intent"].as_string()
    questions = select(Turn.attempt_id, intent).where(
        Turn.attempt_id.in_(ids),
        Turn.move["act"].as_string() == Act.INFORM.value,
        intent.in_(QUESTIONS),
    )
    for attempt_id, kind in session.execute(questions):
        asked[attempt_id].add(str(kind))
    shown: dict[int, list[Shown]] = defaultdict(list)
    for item in _shown(session, ids):
        shown[item.attempt_id].append(item)
    heard: dict[int, list[Heard]] = defaultdict(list)
    for answer in heard_in(session, ids):
        heard[answer.attempt_id].append(answer)
    out: dict[int, Counted] = {}
    for mine in interviews.values():
        out |= facts_of(
            mine,
            (point for item in mine for point in points.get(item.id, ())),
            asked,
            (cue for item in mine for cue in shown.get(item.id, ())),
            (answer for item in mine for answer in heard.get(item.id, ())),
        )
    return out


def _points(session: Session, ids: Sequence[int]) -> Iterable[Point]:
    query = select(
        Response.attempt_id,
        Response.scenario_id,
        func.coalesce(Response.scenario_version, 0),
        Response.step,
        Response.kind,
        Response.value,
        Response.flags,
        Response.number,
        Response.revision_no,
    ).where(
        Response.attempt_id.in_(ids),
        Response.kind.in_(("stance", "clarity")),
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
        Response.scenario_id.is_not(None),
        Response.step.in_(sorted(COUNTED_STEPS)),
    )
    for row in session.execute(query):
        yield Point(
            attempt_id=row[0],
            scenario_id=row[1],
            version=row[2],
            step=row[3],
            kind=row[4],
            value=row[5],
            flags=tuple(row[6]),
            order=(row[7], row[8]),
        )


def heard_in(session: Session, ids: Sequence[int]) -> Iterable[Heard]:
    """The answers in words of these interviews that a program has read."""
    query = select(
        Response.attempt_id,
        Response.scenario_id,
        func.coalesce(Response.scenario_version, 0),
        Response.themes,
    ).where(
        Response.attempt_id.in_(ids),
        Response.kind == "text",
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
        Response.scenario_id.is_not(None),
        Response.model_version != "",
    )
    for row in session.execute(query):
        yield Heard(row[0], row[1], row[2], row[3])


def _shown(session: Session, ids: Sequence[int]) -> Iterable[Shown]:
    query = (
        select(CueShown, Pilot.wordings)
        .outerjoin(Pilot, Pilot.id == CueShown.pilot_id)
        .where(CueShown.attempt_id.in_(ids))
    )
    for cue, wordings in session.execute(query):
        wording = wordings.index(cue.statement_id) if wordings is not None else None
        yield Shown(
            cue.attempt_id,
            cue.scenario_id,
            cue.scenario_version,
            cue.statement_id,
            cue.pilot_id,
            wording,
        )
