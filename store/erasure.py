"""Erasure: words and values become null, a tombstone stays.

Replay uses structure, not words, so an erased answer leaves the log of moves usable.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store import completion
from store.models import (
    Attempt,
    MachineReading,
    Memo,
    Participant,
    Response,
    Tombstone,
    Turn,
    Utterance,
    Words,
)
from study.controls import forget
from study.moves import Move
from study.state import End, State
from study.steps import Step

TELLING = ("twist.moved", "twist.stayed", "scale.between")
"""Utterances that repeat a stance: they go when a stance goes."""

REMOVED = "[removed]"


def erase_numbers(session: Session, attempt_id: int, numbers: Iterable[int], now: datetime) -> int:
    """Erase what was said in these turns of an attempt; the number of rows concerned.

    All revisions of an answer go, not only the newest.
    """
    wanted = set(numbers)
    if not wanted:
        return 0
    responses = _with_revisions(session, attempt_id, wanted)
    turn_numbers = wanted | {row.number for row in responses}
    query = select(Turn).where(Turn.attempt_id == attempt_id, Turn.number.in_(turn_numbers))
    turns = list(session.scalars(query))
    return _erase(session, attempt_id, responses, turns, now)


def erase_attempt(session: Session, attempt_id: int, now: datetime) -> int:
    """Erase everything said in one attempt, applied or not."""
    responses = list(session.scalars(select(Response).where(Response.attempt_id == attempt_id)))
    turns = list(session.scalars(select(Turn).where(Turn.attempt_id == attempt_id)))
    return _erase(session, attempt_id, responses, turns, now)


def erase_everything(
    session: Session, participant_id: int, now: datetime, *, but: int | None = None
) -> int:
    """Erase all of a participant's attempts and end them.

    ``but`` names the attempt whose state the caller keeps up itself.
    """
    count = 0
    query = select(Attempt).where(Attempt.participant_id == participant_id)
    for attempt in session.scalars(query):
        count += erase_attempt(session, attempt.id, now)
        if attempt.id == but:
            continue
        state = State.from_json(attempt.state)
        numbers = tuple(entry.number for entry in state.entries)
        state = forget(state, numbers)
        ended = State.from_json({**state.to_json(), "end": End.ERASED.value})
        attempt.state = {**ended.to_json(), "step": Step.ENDED.value}
        attempt.status, attempt.recount = End.ERASED.value, True
        attempt.ended_at = attempt.ended_at or now
        completion.report_ending(session, attempt, now)
    return count


def _with_revisions(session: Session, attempt_id: int, numbers: set[int]) -> list[Response]:
    """The responses of these turns, with the rows that they supersede or that supersede them."""
    rows = list(session.scalars(select(Response).where(Response.attempt_id == attempt_id)))
    chosen = {row.id for row in rows if row.number in numbers}
    while True:
        more = {
            row.id
            for row in rows
            if row.supersedes_id in chosen
            or row.id in {r.supersedes_id for r in rows if r.id in chosen}
        }
        if more <= chosen:
            return [row for row in rows if row.id in chosen]
        chosen |= more


def _erase(
    session: Session,
    attempt_id: int,
    responses: list[Response],
    turns: list[Turn],
    now: datetime,
) -> int:
    attempt = session.get_one(Attempt, attempt_id)
    attempt.recount = True
    person = session.get_one(Participant, attempt.participant_id).public_id
    words_ids = {row.words_id for row in responses} | {turn.words_id for turn in turns}
    words_ids.discard(None)
    stance_gone = False
    for row in responses:
        stance_gone = stance_gone or row.kind == "stance"
        if row.erased_at is None:
            session.add(
                Tombstone(participant_public_id=person, response_public_id=row.public_id, at=now)
            )
        row.value, row.erased_at, row.themes = None, now, {}
        row.flags = [flag for flag in row.flags if flag in ("typed", "thin", "stale")]
    for turn in turns:
        if turn.move is not None:
            turn.move = Move.from_json(turn.move).erased().to_json()
        if turn.option is not None and turn.option.isdigit():
            turn.option = "cant_say"
        if turn.status == "received":
            # It waited for the bot; there is nothing left in it to be applied.
            turn.status, turn.done_at = "stale", now
    # A researcher's memo about an answer may quote it; of codings only places are left.
    session.execute(delete(Memo).where(Memo.response_id.in_([row.id for row in responses])))
    for words_id in words_ids:
        words = session.get_one(Words, words_id)
        if words.erased_at is None:
            session.add(Tombstone(participant_public_id=person, words_id=words.id, at=now))
        words.body, words.erased_at, words.masked = None, now, {}
    for reading in session.scalars(
        select(MachineReading).where(MachineReading.turn_id.in_([turn.id for turn in turns]))
    ):
        reading.themes, reading.intent, reading.confidence = {}, "erased", 0.0
    telling = select(Utterance).where(
        Utterance.attempt_id == attempt_id, Utterance.key.in_(TELLING)
    )
    if not stance_gone:
        telling = telling.where(Utterance.turn_id.in_([turn.id for turn in turns]))
    for said in session.scalars(telling):
        said.text, said.params = REMOVED, {}
    if stance_gone:
        for row in session.scalars(
            select(Response).where(
                Response.attempt_id == attempt_id, Response.prompt_key.in_(TELLING)
            )
        ):
            row.prompt_text = REMOVED
    session.flush()
    return len(responses) + len(words_ids)
