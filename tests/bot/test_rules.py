"""Every intent ends in exactly one action, and a turn calls the action server once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Door, RecordingActions, turn_body
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.intents import OPTION_INTENTS
from bot.model_file import ROOT

ACTIONS = {
    "action_answer": ["reflection", "choose"],
    "action_skip": ["skip"],
    "action_pause": ["pause"],
    "action_resume": ["resume"],
    "action_stop": ["stop"],
    "action_undo": ["undo"],
    "action_change_answer": ["change_answer"],
    "action_delete": ["delete_data"],
    "action_withdraw": ["withdraw_consent"],
    "action_support": ["distress"],
    "action_disclosure": ["disclose_ai_use"],
    "action_deescalate": ["abuse"],
    "action_rephrase": ["confused"],
    "action_inform": [
        "ask_data_visibility",
        "ask_definition",
        "ask_policy",
        "ask_graded",
        "ask_bot_opinion",
        "ask_are_you_ai",
        "ask_example",
        "ask_duration",
        "accessibility_language",
        "off_topic",
        "thanks",
    ],
}
PAIRS = [(intent, action) for action, intents in ACTIONS.items() for intent in intents]


def test_the_table_covers_every_intent() -> None:
    assert {intent for intent, _ in PAIRS} == OPTION_INTENTS
    assert len(PAIRS) == len(OPTION_INTENTS)


@pytest.mark.parametrize(("intent", "action"), PAIRS)
def test_an_intent_calls_its_one_action(
    door: Door, actions: RecordingActions, intent: str, action: str
) -> None:
    conversation = "c" * 32
    for _ in range(2):  # the same from the middle of a conversation as at its start
        actions.calls.clear()
        body = turn_body(kind="option", option=intent, conversation=conversation)
        assert door.post(body)[0] == 200
        assert [call["next_action"] for call in actions.calls] == [action]


def test_a_state_no_rule_knows_is_an_answer(
    agent: Agent, actions: RecordingActions, loop: Any
) -> None:
    output = CollectingOutputChannel()
    parse_data = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
    loop.run(
        agent.handle_message(
            UserMessage("", output, "d" * 32, parse_data=parse_data, metadata={"turn": "t"})
        )
    )
    assert {call["next_action"] for call in actions.calls} == {"action_answer"}


def test_the_domain_holds_names_only() -> None:
    domain = yaml.safe_load(Path(ROOT / "domain.yml").read_text("utf-8"))
    assert set(domain) == {"version", "session_config", "intents", "actions"}
    assert set(domain["intents"]) == OPTION_INTENTS
    assert set(domain["actions"]) == set(ACTIONS)


def test_no_session_start_is_run(
    door: Door, agent: Agent, loop: Any, actions: RecordingActions
) -> None:
    body = turn_body(kind="option", option="skip")
    door.post(body)
    tracker = loop.run(agent.tracker_store.retrieve(body["conversation"]))
    names = [event.as_dict().get("name") for event in tracker.events]
    assert [name for name in names if name] == ["action_listen", "action_skip", "action_listen"]
