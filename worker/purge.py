"""Purge: what may no longer be kept is deleted, each piece in a short transaction of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from lti.keys import purge_retired_keys
from store import access_tokens, erasure, rosters
from store.db import Database
from store.lti_attempts import purge_expired
from store.lti_invites import purge_invites
from store.models import (
    Attempt,
    Coding,
    Consent,
    CountedAttempt,
    CueShown,
    Event,
    MachineReading,
    Memo,
    ReleasedLine,
    Response,
    Study,
    SuggestionAnswer,
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
    since = now - SESSION_LIFE
    due = select(Attempt.id).where(Attempt.keep == "session", Attempt.last_turn_at <= since)
    return _purge(
        database, due, lambda _, row: row.keep == "session" and row.last_turn_at <= since, now
    )


def purge_outlived_records(database: Database, now: datetime) -> int:
    """Delete the attempts whose study keeps answers for less time than has passed.

    The time counts from a person's last turn in the study, as the consent text says: nothing
    of theirs goes before. Returns how many attempts went.
    """
    count = 0
    with database.read() as session:
        studies = session.execute(select(Study.id, Study.retention_days)).all()
    for study_id, days in studies:
        since = now - timedelta(days=days)
        of_study = select(Attempt.participant_id).where(Attempt.study_id == study_id)
        outlived = of_study.group_by(Attempt.participant_id).having(
            func.max(Attempt.last_turn_at) <= since
        )
        due = select(Attempt.id).where(
            Attempt.study_id == study_id, Attempt.participant_id.in_(outlived)
        )
        count += _purge(database, due, partial(_outlived, since=since), now)
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


def _outlived(session: Session, attempt: Attempt, *, since: datetime) -> bool:
    newest = select(func.max(Attempt.last_turn_at)).where(
        Attempt.participant_id == attempt.participant_id
    )
    found = session.scalar(newest)
    return found is not None and found <= since


def _purge(
    database: Database,
    due: Select[int],
    still: Callable[[Session, Attempt], bool],
    now: datetime,
) -> int:
    """Delete attempts, those that are still due once their row is locked; how many went."""
    with database.read() as session:
        ids = session.scalars(due.order_by(Attempt.id)).all()
    count = 0
    for attempt_id in ids:
        with database.write() as session:
            if session.get(Attempt, attempt_id) is None:
                continue
            # Between the look and the lock the person may have gone on, or consented to research.
            attempt = lock_attempt(session, attempt_id)
            if still(session, attempt):
                _delete(session, attempt, now)
                count += 1
    return count


def _delete(session: Session, attempt: Attempt, now: datetime) -> None:
    attempt_id = attempt.id
    if _withdrew(session, attempt.participant_id):
        erasure.erase_attempt(session, attempt_id, now)
    turns = select(Turn.id).where(Turn.attempt_id == attempt_id)
    responses = select(Response.id).where(Response.attempt_id == attempt_id)
    session.execute(
        update(CountedAttempt).where(CountedAttempt.attempt_id == attempt_id).values(gone=True)
    )
    # From the rows that refer to those that are referred to.
    for statement in (
        delete(MachineReading).where(MachineReading.turn_id.in_(turns)),
        delete(Utterance).where(Utterance.attempt_id == attempt_id),
        delete(Coding).where(Coding.response_id.in_(responses)),
        delete(Memo).where(Memo.response_id.in_(responses)),
        delete(SuggestionAnswer).where(SuggestionAnswer.response_id.in_(responses)),
        delete(ReleasedLine).where(ReleasedLine.response_id.in_(responses)),
        delete(Response).where(Response.attempt_id == attempt_id),
        delete(Event).where(Event.attempt_id == attempt_id),
        delete(CueShown).where(CueShown.attempt_id == attempt_id),
        delete(Turn).where(Turn.attempt_id == attempt_id),
        delete(Words).where(Words.attempt_id == attempt_id),
        delete(Attempt).where(Attempt.id == attempt_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _withdrew(session: Session, participant_id: int) -> bool:
    query = select(Consent.id).where(
        Consent.participant_id == participant_id, Consent.withdrawal.is_(True)
    )
    return session.scalars(query.limit(1)).first() is not None
