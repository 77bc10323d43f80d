"""The answer gate: in doubt, the words are an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.answer_gate import Thresholds, gate
from bot.intents import FREE_TEXT_STEPS, TYPED_INTENTS

LIMITS = Thresholds()
STEPS = [*sorted(FREE_TEXT_STEPS), "stance_question", "generic", ""]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("text", "intents", "expected"),
    [
        ("skip", {"skip": 0.9, "reflection": 0.05}, "skip"),
        ("skip perhaps", {"skip": 0.5, "reflection": 0.3}, "reflection"),
        ("skip her essay", {"skip": 0.7, "reflection": 0.2}, "reflection"),
        ("skip this one", {"skip": 0.8, "reflection": 0.1}, "skip"),
        ("no more", {"reflection": 0.6, "stop": 0.34}, "stop"),
        ("no more", {"reflection": 0.6, "stop": 0.2}, "reflection"),
        ("stop calling her a cheat", {"stop": 0.5, "reflection": 0.4}, "reflection"),
        ("I cannot go on like this", {"reflection": 0.5, "distress": 0.4}, "distress"),
        ("later", {"pause": 0.6, "stop": 0.35}, "stop"),
        ("later", {"pause": 0.6, "stop": 0.2}, "pause"),
        ("wipe it, I quit", {"stop": 0.3, "delete_data": 0.6}, "delete_data"),
        ("👍", {"stop": 0.9, "reflection": 0.05}, "reflection"),
        ("??", {"confused": 0.9, "reflection": 0.05}, "confused"),
        ("anything", {}, "reflection"),
    ],
)
def test_while_an_answer_is_awaited(
    text: str, intents: dict[str, float], expected: str, step: str
) -> None:
    assert gate(intents, text, step, LIMITS) == expected


def test_before_the_interview_words_are_mostly_questions() -> None:
    found = {"ask_duration": 0.5, "reflection": 0.4}
    assert gate(found, "how long", "consent", LIMITS) == "ask_duration"
    assert gate(found, "how long", "probe", LIMITS) == "reflection"


@pytest.mark.parametrize("step", [*STEPS, "consent"])
@pytest.mark.parametrize(
    "text", ["4", " 2 ", "It depends.", "depends", "yes", "No!", "none", "can\u2019t say", "agree"]
)
def test_bare_words_are_meant_for_the_open_question(text: str, step: str) -> None:
    assert gate({"stop": 0.9, "reflection": 0.01}, text, step, LIMITS) == "reflection"


@pytest.mark.parametrize("text", ["4 more?", "yes stop", "none of your business", "no more"])
def test_more_than_that_is_read(text: str) -> None:
    assert gate({"stop": 0.9, "reflection": 0.01}, text, "probe", LIMITS) == "stop"


@given(
    st.dictionaries(st.sampled_from(sorted(TYPED_INTENTS)), st.floats(0, 1), max_size=23),
    st.text(max_size=40),
    st.sampled_from([*STEPS, "consent"]),
)
def test_it_names_an_intent_of_the_ranking_or_an_answer(
    intents: dict[str, float], text: str, step: str
) -> None:
    assert gate(intents, text, step, LIMITS) in {*intents, "reflection"}
