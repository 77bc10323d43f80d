"""Roster counts as last fetched, and who teaches: hashes and numbers only."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.models.interview import Attempt
from store.models.lti import LtiUser
from store.models.services import RosterSnapshot, TeacherSeen

LIFE = timedelta(hours=24)
"""How old a count may be before the LMS is asked again."""

PATIENCE = timedelta(minutes=15)
"""How long an LMS that could not tell is left alone."""


def note_teacher(session: Session, context_id: int, user_id: int) -> None:
    """Remember that the person opened an activity of the course as a teacher."""
    seen = select(TeacherSeen.id).where(
        TeacherSeen.context_id == context_id, TeacherSeen.lti_user_id == user_id
    )
    if session.scalar(seen) is not None:
        return
    try:
        with session.begin_nested():
            session.add(TeacherSeen(context_id=context_id, lti_user_id=user_id))
    except IntegrityError:
        return  # another launch of the same person was faster


RUNNING = timedelta(days=60)
"""How long after the last answer in it a course counts as running."""


def taught(session: Session, user_id: int, now: datetime) -> frozenset[int]:
    """The running courses in which the person has been as a teacher."""
    query = (
        select(TeacherSeen.context_id)
        .join(Attempt, Attempt.context_id == TeacherSeen.context_id)
        .where(TeacherSeen.lti_user_id == user_id, Attempt.last_turn_at >= now - RUNNING)
    )
    return frozenset(session.scalars(query.distinct()))


def fresh(
    session: Session, context_id: int, link_id: int | None, now: datetime
) -> RosterSnapshot | None:
    """The newest count if it may still be used; None: ask the LMS."""
    row = session.scalars(
        select(RosterSnapshot)
        .where(
            RosterSnapshot.context_id == context_id,
            RosterSnapshot.resource_link_id.is_not_distinct_from(link_id),
        )
        .order_by(RosterSnapshot.fetched_at.desc(), RosterSnapshot.id.desc())
        .limit(1)
    ).first()
    if row is None or now - row.fetched_at >= (LIFE if row.learners is not None else PATIENCE):
        return None
    return row


def keep(
    session: Session,
    context_id: int,
    link_id: int | None,
    now: datetime,
    *,
    hashes: Iterable[str] | None,
    problem: str = "",
) -> RosterSnapshot:
    """Hold what the LMS said in place of what it said before; ``hashes`` None: a problem."""
    session.execute(
        delete(RosterSnapshot).where(
            RosterSnapshot.context_id == context_id,
            RosterSnapshot.resource_link_id.is_not_distinct_from(link_id),
        )
    )
    kept = sorted(hashes) if hashes is not None else []
    row = RosterSnapshot(
        context_id=context_id,
        resource_link_id=link_id,
        fetched_at=now,
        learners=len(kept) if hashes is not None else None,
        hashes=kept,
        problem=problem,
    )
    session.add(row)
    session.flush()
    return row


def without_teachers(session: Session, row: RosterSnapshot) -> int | None:
    """How many learners the count has, less those who came here as teachers."""
    if row.learners is None:
        return None
    teachers = session.scalars(
        select(LtiUser.sub_hash)
        .join(TeacherSeen, TeacherSeen.lti_user_id == LtiUser.id)
        .where(TeacherSeen.context_id == row.context_id)
    )
    return row.learners - len(set(row.hashes) & set(teachers))


def purge_old(session: Session, now: datetime) -> int:
    """Delete what is a day old; how many."""
    old = session.scalars(select(RosterSnapshot).where(RosterSnapshot.fetched_at <= now - LIFE))
    rows = old.all()
    for row in rows:
        session.delete(row)
    return len(rows)
