"""Purge: what may no longer be kept is deleted, each piece in a short transaction of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti.keys import purge_retired_keys
from store import access_tokens, erasure, rosters
from store.db import Database
from store.lti_attempts import purge_expired
from store.lti_invites import purge_invites
from store.models import (
    Attempt,
    Consent,
    Event,
    MachineReading,
    Response,
    Turn,
    Utterance,
    Words,
)
from store.turns import lock_attempt

SESSION_LIFE = timedelta(hours=24)
"""How long after the last turn a record lives that was not given to research."""


def purge_session_records(database: Database, now: datetime) -> int:
    """Delete the attempts kept for the session only whose last turn is a day old.

    Everything of them goes: words, responses, turns, utterances, readings, events and the
    attempt itself. Returns how many attempts went. A person who withdrew from research
    leaves tombstones, so that a backup from before can be purged again; a record that was
    never given to research needs none, since the backup says itself that it must go.
    """
    count = 0
    for attempt_id in _due(database, now):
        with database.write() as session:
            count += _purge_attempt(session, attempt_id, now)
    return count


def purge_launches(database: Database, now: datetime) -> int:
    """Delete login attempts, tickets and sessions that have expired; how many rows."""
    with database.write() as session:
        return purge_expired(session, now)


def purge_registration(database: Database, now: datetime) -> int:
    """Delete invites whose time is up and signing keys retired long enough; how many rows."""
    with database.write() as session:
        return purge_invites(session, now) + purge_retired_keys(session, now)


def purge_services(database: Database, now: datetime) -> int:
    """Delete roster counts that are a day old and expired access tokens; how many rows."""
    with database.write() as session:
        return rosters.purge_old(session, now) + access_tokens.purge_expired(session, now)


def _due(database: Database, now: datetime) -> Sequence[int]:
    with database.read() as session:
        query = select(Attempt.id).where(
            Attempt.keep == "session", Attempt.last_turn_at <= now - SESSION_LIFE
        )
        return session.scalars(query.order_by(Attempt.id)).all()


def _purge_attempt(session: Session, attempt_id: int, now: datetime) -> int:
    """Delete one attempt if it is still due once its row is locked; 1 or 0."""
    if session.get(Attempt, attempt_id) is None:
        return 0
    attempt = lock_attempt(session, attempt_id)
    # Between the look and the lock the person may have gone on, or consented to research.
    if attempt.keep != "session" or attempt.last_turn_at > now - SESSION_LIFE:
        return 0
    if _withdrew(session, attempt.participant_id):
        erasure.erase_attempt(session, attempt_id, now)
    turns = select(Turn.id).where(Turn.attempt_id == attempt_id)
    # From the rows that refer to those that are referred to.
    for statement in (
        delete(MachineReading).where(MachineReading.turn_id.in_(turns)),
        delete(Utterance).where(Utterance.attempt_id == attempt_id),
        delete(Response).where(Response.attempt_id == attempt_id),
        delete(Event).where(Event.attempt_id == attempt_id),
        delete(Turn).where(Turn.attempt_id == attempt_id),
        delete(Words).where(Words.attempt_id == attempt_id),
        delete(Attempt).where(Attempt.id == attempt_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    return 1


def _withdrew(session: Session, participant_id: int) -> bool:
    query = select(Consent.id).where(
        Consent.participant_id == participant_id, Consent.withdrawal.is_(True)
    )
    return session.scalars(query.limit(1)).first() is not None
