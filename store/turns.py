"""Applying a turn: one transaction that alone moves an interview on.

The attempt's row is locked, so turns of one attempt are taken one after the other
whatever process takes them. A turn that was applied before is left as it is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.carrying_out import CarryOut
from store.cues import script_for
from store.models import Attempt, MachineReading, Turn, Words
from study.effects import Record, Say
from study.engine import advance
from study.intents import ACT_OF_INTENT
from study.moves import Act, Move, Reading
from study.outcome import ask
from study.questions import intent_of
from study.reading import choose_act, read
from study.state import State
from study.steps import Step

ANSWERING = frozenset({Act.ANSWER, Act.SKIP, Act.REPHRASE})
"""Acts that belong to the question shown; the others are taken whenever they come."""


class UnknownTurn(LookupError):
    """No such turn."""


def apply_turn(
    session: Session,
    public_id: str,
    act: Act | None,
    heard: Mapping[str, Any] | None,
    now: datetime,
) -> Turn:
    """Carry out a turn of the inbox inside the session's transaction.

    Args:
        session: of ``Database.write()``.
        public_id: of the turn.
        act: what Rasa's rules chose; None where the bot was not asked.
        heard: the bot's reading, see :func:`study.reading.read`.
        now: the present moment, UTC.

    Raises:
        UnknownTurn: there is no such turn.
    """
    turn = session.scalars(select(Turn).where(Turn.public_id == public_id)).first()
    if turn is None:
        raise UnknownTurn(public_id)
    attempt = lock_attempt(session, turn.attempt_id)
    session.refresh(turn)
    if turn.status != "received":
        return turn
    script = script_for(session, attempt)
    state = State.from_json(attempt.state)
    words = session.get(Words, turn.words_id) if turn.words_id is not None else None
    move = _move(attempt, state, turn, words, act, heard)
    hand = CarryOut(session, attempt, turn, script, now)
    if _is_late(turn, state, move):
        _stale(hand, state, move)
    else:
        attempt.turns = move.number
        turn.number, turn.move, turn.status = move.number, move.to_json(), "done"
        session.flush()
        after, effects = advance(state, move, script)
        hand.state = after
        hand.carry_out(effects, move)
        attempt.state = hand.state.to_json()
        attempt.open_step = after.current[1].open_step.value
    _note_reading(session, turn, move.reading)
    turn.done_at = attempt.last_turn_at = now
    attempt.recount = True
    session.flush()
    return turn


def say_in(session: Session, attempt_id: int, locale: str, now: datetime) -> None:
    """Go on in another language: the open question is asked again in it."""
    attempt = lock_attempt(session, attempt_id)
    if attempt.locale == locale:
        return
    attempt.locale = locale
    script = script_for(session, attempt)
    hand = CarryOut(session, attempt, None, script, now)
    hand.event("language_changed", {"locale": locale})
    hand.carry_out(ask(hand.state, script))
    session.flush()


def lock_attempt(session: Session, attempt_id: int) -> Attempt:
    """The attempt's row, locked to the end of the transaction, as it stands now."""
    query = select(Attempt).where(Attempt.id == attempt_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _move(
    attempt: Attempt,
    state: State,
    turn: Turn,
    words: Words | None,
    act: Act | None,
    heard: Mapping[str, Any] | None,
) -> Move:
    number = attempt.turns + 1
    if words is None:
        intent = intent_of(turn.option or "")
        chosen = act if act is not None else ACT_OF_INTENT[intent]
        reading = Reading(source="option", intent=intent, confidence=1.0, thin=False)
        return Move(number, chosen, turn.option, reading)
    text, step = words.body or "", state.current[1]
    reading = read(
        text,
        step=step,
        locale=attempt.locale,
        masked=words.masked,
        heard=heard,
    )
    chosen = choose_act(act or Act.ANSWER, text, attempt.locale, step)
    return Move(number, chosen, None, reading)


def _is_late(turn: Turn, state: State, move: Move) -> bool:
    """Whether the turn answers a question that is not open any more.

    Words of high distress are never late, nor are those that answer what to delete.
    """
    if move.act not in ANSWERING or turn.step_id == state.step_id:
        return False
    return move.reading.distress != "high" and not _settles(state, move)


def _settles(state: State, move: Move) -> bool:
    """Words that answer the choice of what to delete are not late."""
    return state.choosing and move.reading.delete_choice is not None


def _stale(hand: CarryOut, state: State, move: Move) -> None:
    """Keep the words under the question that the page showed, and say where we stand."""
    hand.turn.status = "stale"
    hand.state = state
    if hand.turn.words_id is not None:
        number = hand.attempt.turns = move.number
        hand.turn.number = number
        position, step = _shown(hand.turn.step_id, state)
        scenario = state.order[position] if step.in_case else None
        kept = Record(number, position, scenario, step, "comment", flags=("stale",))
        hand.carry_out((kept,), move)
        hand.carry_out((Say("turn.stale_words"),), move)
    else:
        hand.carry_out((Say("turn.stale"),), move)
    hand.carry_out(ask(state, hand.script), move)


def _shown(step_id: str, state: State) -> tuple[int, Step]:
    """Position and step that a page's step id names; where the interview stands if none."""
    position, _, step = step_id.partition(".")
    name = step.split(".")[0]
    known = position.isascii() and position.isdigit() and int(position) < len(state.order)
    if known and name in {step.value for step in Step}:
        return int(position), Step(name)
    return state.current


def _note_reading(session: Session, turn: Turn, reading: Reading) -> None:
    session.add(
        MachineReading(
            turn_id=turn.id,
            source=reading.source,
            intent=reading.intent,
            confidence=reading.confidence,
            themes=dict(reading.themes),
            thin=reading.thin,
            model_version=reading.model,
        )
    )
