"""Login attempts and one-time tickets: written once, consumed once.

Each is consumed by one conditional UPDATE; the number of rows it changed is the
answer. So two processes that get the same launch agree without any lock of ours.
"""

import hashlib
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Update, delete, select, update
from sqlalchemy.orm import Session, joinedload

from store.models.lti import AppSession, LaunchAttempt, OneTimeTicket, Registration


def token_hash(token: str) -> str:
    """SHA-256 of a random token as 64 hexadecimal digits: what is stored in its place."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def find_attempt(session: Session, public_id: str) -> LaunchAttempt | None:
    """The attempt with that public id; registration and institution loaded."""
    return session.scalar(_attempts().where(LaunchAttempt.public_id == public_id))


def find_attempt_by_state(session: Session, state: str) -> LaunchAttempt | None:
    """The attempt that sent this state; registration and institution loaded."""
    return session.scalar(_attempts().where(LaunchAttempt.state_hash == token_hash(state)))


def consume_attempt(
    session: Session, *, state: str, nonce: str, registration_id: int, now: datetime
) -> bool:
    """Use up the attempt that holds exactly this state, nonce and registration.

    True for one caller only; false if it is used, expired or differs in any of the three.
    """
    return _changed_one(
        session,
        update(LaunchAttempt)
        .where(
            LaunchAttempt.state_hash == token_hash(state),
            LaunchAttempt.nonce_hash == token_hash(nonce),
            LaunchAttempt.registration_id == registration_id,
            LaunchAttempt.consumed_at.is_(None),
            LaunchAttempt.expires_at > now,
        )
        .values(consumed_at=now, sealed=None),
    )


def find_ticket(session: Session, token: str, purpose: str) -> OneTimeTicket | None:
    """The ticket of that token and purpose, used or not."""
    return session.scalar(
        select(OneTimeTicket).where(
            OneTimeTicket.token_hash == token_hash(token), OneTimeTicket.purpose == purpose
        )
    )


def use_ticket(session: Session, ticket_id: int, now: datetime) -> bool:
    """Use up a ticket. True for one caller only; false if it is used or expired."""
    return _changed_one(
        session,
        update(OneTimeTicket)
        .where(
            OneTimeTicket.id == ticket_id,
            OneTimeTicket.used_at.is_(None),
            OneTimeTicket.expires_at > now,
        )
        .values(used_at=now, sealed=None),
    )


def purge_expired(session: Session, now: datetime) -> int:
    """Delete attempts, tickets and sessions that can no longer be used; how many.

    Revoked sessions go as soon as their time is up, not before: until then they are
    told apart from unknown ones.
    """
    count = 0
    for statement in (
        delete(OneTimeTicket).where(OneTimeTicket.expires_at <= now),
        delete(LaunchAttempt).where(
            LaunchAttempt.expires_at <= now,
            ~select(OneTimeTicket.id).where(OneTimeTicket.attempt_id == LaunchAttempt.id).exists(),
        ),
        delete(AppSession).where(
            (AppSession.idle_expires_at <= now) | (AppSession.expires_at <= now)
        ),
    ):
        done = session.execute(statement, execution_options={"synchronize_session": False})
        count += cast(CursorResult[Any], done).rowcount
    return count


def _attempts() -> Select[LaunchAttempt]:
    return select(LaunchAttempt).options(
        joinedload(LaunchAttempt.registration).joinedload(Registration.institution)
    )


def _changed_one(session: Session, statement: Update) -> bool:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount == 1
