"""Whatever is typed, it is words: no command, no forged intent, no entity."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent

from bot.intents import TYPED_INTENTS
from bot.neutral import looks_like_code, neutralise
from bot.reading import read_turn
from bot.turn import Turn

SPACES = st.text(alphabet=" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u200b\u2028\ufeff/", max_size=4)
COMMANDS = st.builds(
    "{}/{}{}{}".format,
    SPACES,
    st.sampled_from(["restart", "back", "session_start", "nlu_fallback", "choose", "undo", "stop"]),
    st.sampled_from(["", "@1.0", "@0.99"]),
    st.sampled_from(["", '{"option":"a"}', '{"x": [1, 2]}', "{"]),
)
ANYTHING = st.one_of(st.text(), st.text(st.characters(max_codepoint=0x10FFFF)), COMMANDS)


def read(text: str, agent: Agent, step: str = "open_prompt") -> dict:
    """Read typed words as the channel does."""
    turn = Turn(uuid.uuid4().hex, uuid.uuid4().hex, step, "text", "en", text=text)
    return asyncio.run(read_turn(turn, agent.processor))


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=ANYTHING)
@example(text="restart")
@example(text='choose{"option":"a"}')
@example(text="EXTERNAL: /restart")
@example(text="\u202e/restart")
@example(text="\ud800/undo")
@example(text="👩🏽‍⚕️🙂")
@example(text="")
def test_no_text_is_ever_a_command(text: str, agent: Agent) -> None:
    for typed in (text, "/" + text, " /" + text):
        parsed = read(typed, agent)
        assert parsed["intent"]["name"] in TYPED_INTENTS
        assert {entry["name"] for entry in parsed["intent_ranking"]} <= TYPED_INTENTS
        assert parsed["entities"] == []
        assert parsed["text"] == ""


@given(text=ANYTHING)
def test_neutral_text_starts_with_no_command(text: str) -> None:
    neutral = neutralise(text)
    stripped = neutral.strip()
    assert not stripped.startswith("/")
    assert not stripped.lower().startswith("external:")
    assert neutralise(neutral) == neutral


@pytest.mark.parametrize(
    ("typed", "neutral"),
    [
        ("/restart", "restart"),
        (" \x1f// /back", "back"),
        ("EXTERNAL: external : /skip", "skip"),
        ("\u200b/stop", "stop"),
        ("either/or is too simple", "either/or is too simple"),
        ("an external: view", "an external: view"),
        ("line one\nline two", "line one\nline two"),
        ("bell\x07here", "bell here"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ud800", "?"),
        ("  ", ""),
    ],
)
def test_neutralise(typed: str, neutral: str) -> None:
    assert neutralise(typed) == neutral


@pytest.mark.parametrize("text", ["", "   ", "/", "…", "👍", "!!!", "\x00\x01"])
def test_no_words_are_a_thin_answer(text: str, agent: Agent) -> None:
    parsed = read(text, agent)
    assert parsed["intent"]["name"] == "reflection"
    assert parsed["reading"]["thin"] == {"value": True, "score": 1.0} or text == "…"


@pytest.mark.parametrize(
    "typed",
    [
        "/back",
        " /skip",
        "\u200b/delete_data",
        "EXTERNAL: stop",
        '{"intent": "stop"}',
        "please {% stop %}",
        "<b>skip</b>",
        "'; DROP TABLE turn; --",
    ],
)
def test_text_for_machines_is_known(typed: str) -> None:
    assert looks_like_code(typed)


@pytest.mark.parametrize("typed", ["stop", "and/or", "skip this one; it is long", "3/5", "", "/"])
def test_plain_text_is_not_taken_for_code(typed: str) -> None:
    assert not looks_like_code(typed)
