"""With equal readings, the engine alone gives the record that Rasa and the actions gave."""

import json
from typing import Any

import pytest

from store.models import Response
from study.effects import (
    Effect,
    Erase,
    Finish,
    Flag,
    Record,
    Reopen,
    RestoreConsent,
    Say,
    Withdraw,
)
from study.engine import advance, start
from study.intents import ACT_OF_INTENT
from study.moves import Move, Reading
from study.questions import intent_of
from study.reading import choose_act, read
from study.state import State
from tests.dialogue.conftest import Evening
from tests.dialogue.conversation import Conversation, load_all
from tests.dialogue.stage import Played, Taken
from tests.study.interviews import core_script

CONVERSATIONS = load_all()


@pytest.mark.parametrize(
    "conversation", CONVERSATIONS, ids=[conversation.name for conversation in CONVERSATIONS]
)
def test_the_engine_alone_gives_the_same_record(
    conversation: Conversation, evening: Evening
) -> None:
    played = evening.of(conversation)
    script = core_script()
    state = start(conversation.role, conversation.seed, script, {})
    for taken in played.taken:
        move = _move(taken, state, conversation.locale)
        state, effects = advance(state, move, script)
        gone = any(
            isinstance(effect, Erase) and (effect.everything or move.number in effect.numbers)
            for effect in effects
        )
        assert (move.erased() if gone else move).to_json() == taken.turn.move, taken
        assert state == taken.after, taken
        rows = [_row(effect, move) for effect in effects if isinstance(effect, Record)]
        assert [_response(row, played) for row in taken.recorded] == rows, taken
        events = [event for effect in effects if (event := _event(effect)) is not None]
        assert [(row.kind, _comparable(row.data)) for row in taken.events] == events, taken
        keys = [(e.key, e.question) for e in effects if isinstance(e, Say)]
        assert [(said.key, said.question) for said in taken.said] == keys, taken
    assert state == played.state


def test_rasas_rules_choose_what_the_engine_would(evening: Evening) -> None:
    """What Rasa hands to the action is the intent's own act, and never the words."""
    for conversation in CONVERSATIONS:
        for taken in evening.of(conversation).taken:
            assert taken.chosen is ACT_OF_INTENT[taken.heard["intent"]], taken
            body = taken.words.body if taken.words is not None else None
            assert not body or len(body) < 12 or body not in json.dumps(taken.message), taken


def _move(taken: Taken, state: State, locale: str) -> Move:
    """The move that the bot's reading makes by itself, without Rasa's rules and actions."""
    number = state.number + 1
    if taken.words is None:
        intent = intent_of(taken.line.press or "")
        reading = Reading(source="option", intent=intent, confidence=1.0, thin=False)
        return Move(number, ACT_OF_INTENT[intent], taken.line.press, reading)
    body, step = taken.words.body or "", state.current[1]
    reading = read(
        body,
        step=step,
        locale=locale,
        masked=taken.words.masked,
        heard=taken.heard,
    )
    act = choose_act(ACT_OF_INTENT[taken.heard["intent"]], body, locale, step)
    return Move(number, act, None, reading)


def _response(row: Response, played: Played) -> tuple[Any, ...]:
    number_of = {other.id: other.number for other in played.world.rows(Response)}
    return (
        row.number,
        row.position,
        row.scenario_id,
        row.step,
        row.kind,
        row.value,
        tuple(row.flags),
        row.probe_id,
        row.themes,
        number_of.get(row.supersedes_id or 0),
        row.act,
    )


def _row(record: Record, move: Move) -> tuple[Any, ...]:
    return (
        record.number,
        record.position,
        record.scenario.id if record.scenario else None,
        record.step.value,
        record.kind,
        record.value,
        record.flags,
        record.probe_id,
        dict(record.themes),
        record.supersedes,
        move.act.value,
    )


def _comparable(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an event without what the database alone can know."""
    return {name: value for name, value in data.items() if name not in {"response", "rows"}}


def _event(effect: Effect) -> tuple[str, dict[str, Any]] | None:
    match effect:
        case Record(kind=kind, number=number, step=step):
            return f"recorded_{kind}", {"number": number, "step": step.value}
        case Flag(kind=kind, data=data):
            return f"flag_{kind}", dict(data)
        case Erase(numbers=numbers, everything=everything):
            return "erased", {"numbers": list(numbers), "everything": everything}
        case Withdraw():
            return "withdrawn", {}
        case RestoreConsent():
            return "withdrawal_undone", {}
        case Finish(end=end):
            return "finished", {"end": end.value}
        case Reopen():
            return "reopened", {}
        case _:
            return None
