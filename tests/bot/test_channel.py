"""The channel: who may speak, what counts as a turn, and that it keeps the words to itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Door, RecordingActions, turn_body
from rasa.core.agent import Agent

from bot.channel import InterviewChannel, MissingSecret
from bot.intents import OPTION_INTENTS, TYPED_INTENTS

CANARY = "my registrar Ottilie wept in bay four"


def test_a_turn_is_done(door: Door, actions: RecordingActions) -> None:
    body = turn_body()
    assert door.post(body)[:2] == (200, {"status": "done", "turn": body["turn"]})
    assert len(actions.calls) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "a test secre", "a test secret2", "\xfcber"])
def test_a_wrong_secret_is_refused(
    door: Door, actions: RecordingActions, secret: str | None
) -> None:
    assert door.post(turn_body(), secret)[:2] == (401, {"error": "wrong_secret"})
    assert not actions.calls


def test_without_a_secret_the_channel_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREYAREA_BOT_SECRET", "  ")
    with pytest.raises(MissingSecret, match="GREYAREA_BOT_SECRET is empty"):
        InterviewChannel.from_credentials(None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conversation": None}, "bad_fields"),
        ({"conversation": "abc"}, "bad_conversation"),
        ({"conversation": "A" * 32}, "bad_conversation"),
        ({"conversation": 7}, "bad_conversation"),
        ({"turn": "g" * 32}, "bad_turn"),
        ({"turn": ["a" * 32]}, "bad_turn"),
        ({"open_step": "Open Prompt"}, "bad_open_step"),
        ({"open_step": ""}, "bad_open_step"),
        ({"kind": "voice"}, "bad_kind"),
        ({"kind": None}, "bad_kind"),
        ({"text": None}, "bad_fields"),
        ({"text": 5}, "bad_text"),
        ({"text": "x" * 20_001}, "text_too_long"),
        ({"text": "x" * 140_000}, "body_too_large"),
        ({"locale": "english, please"}, "bad_locale"),
        ({"intent": "skip"}, "bad_fields"),
        ({"metadata": {}}, "bad_fields"),
        ({"parse_data": {"intent": {"name": "skip"}}}, "bad_fields"),
        ({"option": "skip"}, "bad_fields"),
        ({"kind": "option"}, "bad_fields"),
        ({"kind": "option", "option": "restart"}, "bad_option"),
        ({"kind": "option", "option": "/choose"}, "bad_option"),
        ({"kind": "option", "option": ["skip"]}, "bad_option"),
    ],
)
def test_what_is_no_turn_is_refused_with_a_code(
    door: Door, actions: RecordingActions, changes: dict[str, Any], code: str
) -> None:
    assert door.post(turn_body(**changes))[:2] == (400, {"error": code})
    assert not actions.calls


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"kind": "text"'],
)
def test_what_is_no_json_is_refused(door: Door, raw: bytes) -> None:
    assert door.post(raw)[:2] == (400, {"error": "bad_json"})


@pytest.mark.parametrize(
    "body",
    [
        turn_body(text=CANARY, turn="no"),
        turn_body(text=CANARY, extra=CANARY),
        turn_body(text=CANARY + "x" * 20_000),
        turn_body(text=None, kind="option", option=CANARY),
        (json.dumps(turn_body(text=CANARY))[:-1]).encode(),
    ],
)
def test_errors_never_repeat_the_words(
    door: Door, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], body: Any
) -> None:
    status, _, answer = door.post(body)
    assert status == 400
    printed = capfd.readouterr()
    assert "Ottilie" not in answer + caplog.text + printed.out + printed.err


def test_a_failing_turn_is_no_action_and_logs_no_words(
    door: Door,
    agent: Agent,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def choke(message: Any, *_: Any) -> Any:
        raise RuntimeError(f"cannot read {message.text}")

    monkeypatch.setattr(agent.processor, "parse_message", choke)
    status, answer, _ = door.post(turn_body(text=CANARY))
    assert (status, answer) == (502, {"error": "no_action"})
    printed = capfd.readouterr()
    assert "RuntimeError" in caplog.text + printed.out + printed.err
    assert "Ottilie" not in caplog.text + printed.out + printed.err


@pytest.mark.parametrize(
    "responses",
    [
        [],
        [{"text": "done"}],
        [{"custom": {"status": "failed"}}],
        [{"custom": {"status": "done", "turn": "0" * 32}}],
        [{"custom": {"status": "done"}}],
    ],
)
def test_only_this_turn_reported_as_done_counts(
    door: Door, actions: RecordingActions, responses: list[dict[str, Any]]
) -> None:
    actions.responses = responses
    assert door.post(turn_body())[:2] == (502, {"error": "no_action"})
    assert len(actions.calls) == 1


def test_without_an_agent_it_is_not_ready(open_door: Any) -> None:
    closed: Door = open_door(None)
    assert closed.health()[:2] == (503, {"error": "not_ready"})
    assert closed.post(turn_body())[:2] == (503, {"error": "not_ready"})


def test_health_names_the_model(door: Door, model: Any) -> None:
    assert door.health()[:2] == (200, {"status": "ready", "model": model.name})


@pytest.mark.parametrize("option", sorted(OPTION_INTENTS))
def test_an_option_is_its_intent(door: Door, actions: RecordingActions, option: str) -> None:
    door.post(turn_body(kind="option", option=option))
    latest = actions.calls[0]["tracker"]["latest_message"]
    assert latest["intent"] == {"name": option, "confidence": 1.0}
    assert latest["reading"]["source"] == "option"


@pytest.mark.parametrize(
    "name", ["restart", "back", "session_start", "out_of_scope", "nlu_fallback", "forged", None]
)
def test_an_intent_no_learner_may_express_is_an_answer(
    door: Door,
    agent: Agent,
    actions: RecordingActions,
    monkeypatch: pytest.MonkeyPatch,
    name: str | None,
) -> None:
    async def forged(*_: Any) -> dict[str, Any]:
        intent = {"name": name, "confidence": 1.0}
        return {
            "text": "x",
            "intent": intent,
            "entities": [{"entity": "e"}],
            "intent_ranking": [intent],
        }

    monkeypatch.setattr(agent.processor, "parse_message", forged)
    assert door.post(turn_body())[0] == 200
    latest = actions.calls[0]["tracker"]["latest_message"]
    assert latest["intent"] == {"name": "reflection", "confidence": 0.0}
    assert latest["entities"] == []


def test_the_action_receives_reading_and_metadata_and_no_words(
    door: Door, agent: Agent, actions: RecordingActions, loop: Any
) -> None:
    body = turn_body(text=CANARY + ", and it depends on who reads it", open_step="probe")
    door.post(body)
    call = actions.calls[0]
    latest = call["tracker"]["latest_message"]
    assert latest["text"] == ""
    assert latest["message_id"] == body["turn"]
    assert latest["metadata"] == {
        "turn": body["turn"],
        "open_step": "probe",
        "kind": "text",
        "locale": "en",
    }
    reading = latest["reading"]
    assert reading["source"] == "rasa"
    assert set(reading["themes"]) == {"embrace", "rethink", "grey", "fallible"}
    assert set(reading["thin"]) == {"value", "score"}
    assert reading["model"].startswith(agent.model_name.split(".")[0] + "/minilm-")
    assert 1 <= len(latest["intent_ranking"]) <= 3
    assert call["sender_id"] == body["conversation"]
    stored = loop.run(agent.tracker_store.retrieve(body["conversation"]))
    kept = json.dumps([event.as_dict() for event in stored.events])
    assert "Ottilie" not in json.dumps(call) + kept
    assert "depends" not in json.dumps(call) + kept


@pytest.mark.parametrize("locale", ["es", "de-DE", "fr", "enm"])
def test_other_languages_are_answers_without_a_reading(
    door: Door, actions: RecordingActions, locale: str
) -> None:
    door.post(turn_body(text="stop", locale=locale))
    latest = actions.calls[0]["tracker"]["latest_message"]
    assert latest["intent"] == {"name": "reflection", "confidence": 0.0}
    assert latest["reading"]["source"] == "none"
    assert latest["reading"]["themes"] == {}


@pytest.mark.parametrize("locale", ["en", "en-GB", "en_US", "EN"])
def test_english_is_read(door: Door, actions: RecordingActions, locale: str) -> None:
    door.post(turn_body(text="stop", locale=locale))
    assert actions.calls[0]["tracker"]["latest_message"]["intent"]["name"] == "stop"


def test_an_unknown_step_is_accepted_as_generic(door: Door, actions: RecordingActions) -> None:
    assert door.post(turn_body(open_step="something_new"))[0] == 200
    metadata = actions.calls[0]["tracker"]["latest_message"]["metadata"]
    assert metadata["open_step"] == "generic"


def test_there_are_23_intents_in_words_and_two_more_by_choice() -> None:
    assert len(TYPED_INTENTS) == 23
    assert TYPED_INTENTS | {"choose", "undo"} == OPTION_INTENTS
