"""The record of changes to an institution and its connections."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models.audit import AuditEvent

OPERATOR = "operator"
LMS = "lms"
MAX_SUBJECT = 600


def note(
    session: Session,
    institution_id: int,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
) -> None:
    """Write down a change, in the transaction of the change itself.

    ``actor`` is a person's code in the institution's study, ``OPERATOR`` or ``LMS``.
    """
    session.add(
        AuditEvent(
            institution_id=institution_id,
            actor=actor,
            action=action,
            subject=subject[:MAX_SUBJECT],
            created_at=now,
        )
    )


def note_once(
    session: Session,
    institution_id: int,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    within: timedelta,
) -> None:
    """Write down something that a person does again and again, once in such a time."""
    same = select(AuditEvent.id).where(
        AuditEvent.institution_id == institution_id,
        AuditEvent.actor == actor,
        AuditEvent.action == action,
        AuditEvent.subject == subject[:MAX_SUBJECT],
        AuditEvent.created_at > now - within,
    )
    if session.scalars(same.limit(1)).first() is None:
        note(session, institution_id, actor, action, subject, now)


def latest(session: Session, institution_id: int, limit: int) -> Sequence[AuditEvent]:
    """The newest changes to one institution, the newest first."""
    query = select(AuditEvent).where(AuditEvent.institution_id == institution_id)
    return session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)).all()
