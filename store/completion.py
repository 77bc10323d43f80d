"""Completion marks: whether an activity reports them, and the outbox they wait in.

A mark says that somebody has come to an end here, and nothing else: declining, stopping
and deleting everything are endings like any other. It is written in the transaction of the
ending, so that neither can be without the other, and sent later by the worker.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from store.models.interview import Attempt
from store.models.lti import Deployment, LtiUser, Registration, ResourceLink
from store.models.services import GradeOutbox
from study import activity

KIND = "completion"
PAYLOAD = {
    "scoreGiven": 1,
    "scoreMaximum": 1,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
}
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 18
"""About three days of trying."""

CLAIM = timedelta(minutes=5)
"""How long one worker has a row for itself; longer than any one sending takes."""


def reports_completion(link: ResourceLink | None) -> bool:
    """Whether the activity is set to report completion; off unless it says "on"."""
    return link is not None and activity.reports_completion(link.custom, link.chosen)


def report_ending(session: Session, attempt: Attempt, now: datetime) -> None:
    """Put the mark of an attempt's person into the outbox; the attempt forgets the person."""
    user_id, attempt.lti_user_id = attempt.lti_user_id, None
    if user_id is not None and attempt.resource_link_id is not None:
        report(session, attempt.resource_link_id, user_id, now)


def report(session: Session, link_id: int, user_id: int, now: datetime) -> bool:
    """Put a mark into the outbox if the activity reports completion; whether one was added.

    A person has one mark in an activity, however often they come to an end.
    """
    if not reports_completion(session.get(ResourceLink, link_id)):
        return False
    if has_mark(session, link_id, user_id):
        return False
    row = GradeOutbox(
        resource_link_id=link_id,
        lti_user_id=user_id,
        kind=KIND,
        payload=dict(PAYLOAD),
        scored_at=now.replace(microsecond=0),
        next_try_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False  # another process was faster; there is one, which is what was wanted
    return True


def has_mark(session: Session, link_id: int, user_id: int) -> bool:
    """Whether the person's mark in the activity is in the outbox, sent or not."""
    return bool(session.scalar(select(exists().where(*_of(link_id, user_id)))))


def has_ended(session: Session, link: ResourceLink | None, user: LtiUser | None) -> bool | None:
    """Whether a person has come to an end in an activity, for those who teach them.

    None where nothing is known: they have never been here, or the activity does not report
    completion, in which case nobody was told that it is shown to anybody.
    """
    if link is None or user is None or not reports_completion(link):
        return None
    return has_mark(session, link.id, user.id)


def follow_up(session: Session, attempt: Attempt, user_id: int, now: datetime) -> None:
    """Bring an attempt up to an activity that reports completion only since it began.

    An open one will be marked at its end, one that is over is marked now.
    """
    link_id = attempt.resource_link_id
    if link_id is None or has_mark(session, link_id, user_id):
        return
    if attempt.status == "open":
        attempt.lti_user_id = user_id
    else:
        report(session, link_id, user_id, now)


def due(session: Session, now: datetime, limit: int) -> Sequence[GradeOutbox]:
    """Marks to be sent now, oldest first, of deployments and registrations in use."""
    return session.scalars(
        select(GradeOutbox)
        .join(LtiUser, LtiUser.id == GradeOutbox.lti_user_id)
        .join(Deployment, Deployment.id == LtiUser.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(
            GradeOutbox.state == "waiting",
            GradeOutbox.next_try_at <= now,
            Deployment.active,
            Registration.active,
        )
        .order_by(GradeOutbox.next_try_at, GradeOutbox.id)
        .limit(limit)
    ).all()


def claim(session: Session, row: GradeOutbox, now: datetime) -> bool:
    """Take a mark for sending, so that no other worker does; false if one was faster.

    A worker that dies with it leaves it to be tried again after ``CLAIM``.
    """
    return _changed_one(
        session,
        update(GradeOutbox)
        .where(
            GradeOutbox.id == row.id,
            GradeOutbox.state == "waiting",
            GradeOutbox.attempts == row.attempts,
            GradeOutbox.next_try_at <= now,
        )
        .values(attempts=GradeOutbox.attempts + 1, next_try_at=now + CLAIM),
    )


def person_of(session: Session, row: GradeOutbox) -> tuple[LtiUser, Registration, ResourceLink]:
    """Whom a mark is about, and where; institution of the registration loaded."""
    user = session.get_one(LtiUser, row.lti_user_id)
    deployment = session.get_one(Deployment, user.deployment_id)
    registration = session.scalars(
        select(Registration)
        .where(Registration.id == deployment.registration_id)
        .options(joinedload(Registration.institution))
    ).one()
    return user, registration, session.get_one(ResourceLink, row.resource_link_id)


def mark_sent(session: Session, row_id: int, now: datetime) -> None:
    """The gradebook has it."""
    _set(session, row_id, state="sent", sent_at=now, last_error="")


def mark_failed(session: Session, row_id: int, code: str) -> None:
    """The LMS refuses it for good: it is not tried again."""
    _set(session, row_id, state="failed", last_error=code)


def postpone(
    session: Session, row_id: int, code: str, now: datetime, *, scored_at: datetime | None = None
) -> None:
    """Try again later: after 1, 2, 4 … minutes, at most 6 hours; in the end not any more."""
    row = session.get_one(GradeOutbox, row_id)
    row.last_error = code
    row.scored_at = scored_at or row.scored_at
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "failed"
    # The exponent is bounded: a timedelta is not.
    row.next_try_at = now + min(FIRST_WAIT * 2 ** min(row.attempts - 1, 12), LONGEST_WAIT)


def failed(session: Session, link_id: int) -> dict[str, int]:
    """How many marks of an activity the LMS did not take, by code."""
    query = (
        select(GradeOutbox.last_error, func.count())
        .where(GradeOutbox.resource_link_id == link_id, GradeOutbox.state == "failed")
        .group_by(GradeOutbox.last_error)
        .order_by(GradeOutbox.last_error)
    )
    return {code: count for code, count in session.execute(query)}


def retry_failed(session: Session, link_id: int, now: datetime) -> int:
    """Let the failed marks of an activity be tried once more from the start; how many."""
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(GradeOutbox)
            .where(GradeOutbox.resource_link_id == link_id, GradeOutbox.state == "failed")
            .values(state="waiting", attempts=0, next_try_at=now)
        ),
    )
    return done.rowcount


def _of(link_id: int, user_id: int) -> tuple[Any, ...]:
    return (
        GradeOutbox.resource_link_id == link_id,
        GradeOutbox.lti_user_id == user_id,
        GradeOutbox.kind == KIND,
    )


def _set(session: Session, row_id: int, **values: Any) -> None:
    session.execute(update(GradeOutbox).where(GradeOutbox.id == row_id).values(**values))


def _changed_one(session: Session, statement: Update) -> bool:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount == 1
