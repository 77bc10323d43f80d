"""The inbox and the applying of turns, on both databases."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.inbox import Message, receive
from store.models import Attempt, Event, Response, Turn, Utterance, Words
from store.scripts import script_of
from store.turns import UnknownTurn, apply_turn
from study.engine import replay
from study.moves import Act, Move
from study.state import State
from tests.study.interviews import core_script
from tests.worlds import NOW, World

LONG = "I would ask what the mark is for, because the reasoning is what the course wants to see."


def test_a_turn_moves_the_interview_and_leaves_a_whole_record(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    turn = world.send(attempt, text=LONG)
    response = world.rows(Response)[-1]
    assert turn.status == "done"
    assert (response.kind, response.step, response.number) == ("text", "open", 2)
    assert response.prompt_text and response.prompt_key.startswith("case.open_prompt")
    assert len(response.scenario_hash or "") == 64
    assert response.shown_at is not None
    stance = world.rows(Response)[0]
    assert stance.value == 2 and stance.options[0] == "Completely unacceptable"
    assert world.rows(Words)[0].body == LONG
    assert [e.seq for e in world.rows(Event)] == list(range(1, len(world.rows(Event)) + 1))
    said = [u.seq for u in world.rows(Utterance)]
    assert said == list(range(1, len(said) + 1))


def test_the_same_message_twice_is_one_message(world: World) -> None:
    attempt = world.attempt(world.person())
    message = Message(str(uuid.uuid4()), world.step_id(attempt), option="4")
    first = receive(world.database, attempt.id, message, NOW)
    for _ in range(3):
        again = receive(world.database, attempt.id, message, NOW)
        assert again.id == first.id
        with world.database.write() as session:
            apply_turn(session, first.public_id, Act.ANSWER, None, NOW)
    assert len(world.rows(Turn)) == 1
    assert len(world.rows(Response)) == 1


def test_a_message_posted_by_many_at_once_counts_once(world: World) -> None:
    attempt = world.attempt(world.person())
    message = Message(str(uuid.uuid4()), world.step_id(attempt), option="4")

    def post(_: int) -> str:
        turn = receive(world.database, attempt.id, message, NOW)
        with world.database.write() as session:
            return apply_turn(session, turn.public_id, Act.ANSWER, None, NOW).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(8))) == {"done"}
    assert len(world.rows(Turn)) == 1
    assert len(world.rows(Response)) == 1


def test_two_answers_to_one_question_at_once_one_is_kept_apart(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    step = world.step_id(attempt)

    def post(text: str) -> str:
        return world.send(attempt, text=text, step_id=step).status

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(post, ["first " + LONG, "second " + LONG]))
    assert statuses == ["done", "stale"]
    kept = [r for r in world.rows(Response) if "stale" in r.flags]
    assert len(kept) == 1 and kept[0].words_id is not None
    assert kept[0].step == "open" and kept[0].scenario_id is not None
    assert any(u.key == "turn.stale_words" for u in world.rows(Utterance))


def test_an_old_page_can_still_stop_and_withdraw(world: World) -> None:
    attempt = world.attempt(world.person())
    old = world.step_id(attempt)
    world.send(attempt, option="2")
    assert world.send(attempt, option="withdraw_consent", step_id=old).status == "done"
    assert world.send(attempt, option="stop", step_id=old).status == "done"
    assert world.rows(Attempt)[0].status == "stopped"


def test_replaying_the_stored_moves_gives_the_stored_state(world: World) -> None:
    attempt = world.attempt(world.person(), seed=5)
    world.send(attempt, text="it depends")
    world.send(attempt, text="fine by me")
    world.send(attempt, text=LONG, heard={"source": "rasa", "themes": {"grey": 0.9}})
    world.send(attempt, option="skip")
    world.send(attempt, text="brb", act=Act.PAUSE)
    world.send(attempt, text=LONG)
    world.send(attempt, option="change_answer")
    world.send(attempt, text="Changed: " + LONG)
    row = world.rows(Attempt)[0]
    turns = sorted((t for t in world.rows(Turn) if t.move), key=lambda t: t.number or 0)
    log = [Move.from_json(json.loads(json.dumps(t.move))) for t in turns]
    assert replay(State.from_json(row.start_state), log, core_script()) == State.from_json(
        row.state
    )


def test_a_published_pack_is_read_back_unchanged(world: World) -> None:
    attempt = world.attempt(world.person())
    with world.database.read() as session:
        from store.models import PackVersion

        stored = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    assert stored.pack_hash == core_script().pack_hash


def test_an_unknown_turn_is_an_error(world: World) -> None:
    with pytest.raises(UnknownTurn), world.database.write() as session:
        apply_turn(session, "0" * 32, Act.ANSWER, None, NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": None, "option": None},
        {"text": "a", "option": "b"},
        {"text": "x" * 5001, "option": None},
        {"client_msg_id": "short", "text": "a"},
        {"option": ""},
        {"option": "x" * 41},
        {"step_id": "s" * 41, "text": "a"},
    ],
)
def test_a_message_that_no_page_posts_is_refused(wrong: dict[str, str | None]) -> None:
    given = {"client_msg_id": "12345678", "step_id": "0.stance", "text": None, "option": None}
    with pytest.raises(ValueError):
        Message(**{**given, **wrong})  # type: ignore[arg-type]


def test_the_same_id_with_other_words_is_another_message(world: World) -> None:
    """A page that kept its id while the words were edited must not lose the edit."""
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    step, client_id = world.step_id(attempt), str(uuid.uuid4())
    first = receive(world.database, attempt.id, Message(client_id, step, text=LONG), NOW)
    again = receive(world.database, attempt.id, Message(client_id, step, text=LONG), NOW)
    other = receive(world.database, attempt.id, Message(client_id, step, text="Edited."), NOW)
    twice = receive(world.database, attempt.id, Message(client_id, step, text="Edited."), NOW)
    assert first.id == again.id and other.id == twice.id and first.id != other.id


def test_high_distress_is_never_late(world: World) -> None:
    attempt = world.attempt(world.person())
    old = world.step_id(attempt)
    world.send(attempt, option="2")
    turn = world.send(attempt, text="I want to kill myself", step_id=old)
    assert turn.status == "done"
    assert any(u.key == "support.high" for u in world.rows(Utterance))
    assert world.rows(Attempt)[0].status == "distress"
