"""The answer gate: in doubt, the words are an answer."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.answer_gate import AnswerGate, Thresholds, gate
from bot.intents import FREE_TEXT_STEPS

LIMITS = Thresholds()


def ranking(*pairs: tuple[str, float]) -> list[dict]:
    return [{"name": name, "confidence": confidence} for name, confidence in pairs]


@pytest.mark.parametrize("step", [*sorted(FREE_TEXT_STEPS), "generic", ""])
@pytest.mark.parametrize(
    ("text", "ranked", "expected"),
    [
        ("skip", ranking(("skip", 0.9), ("stop", 0.05)), "skip"),
        ("skip perhaps", ranking(("skip", 0.45), ("stop", 0.1)), "reflection"),
        ("skip perhaps", ranking(("skip", 0.52), ("pause", 0.4)), "reflection"),
        ("skip " + "and more " * 8, ranking(("skip", 0.99), ("stop", 0.01)), "reflection"),
        ("skip her essay", ranking(("skip", 0.8), ("stop", 0.01)), "reflection"),
        ("stop", ranking(("stop", 0.35), ("skip", 0.3)), "stop"),
        ("no more", ranking(("reflection", 0.6), ("stop", 0.34)), "stop"),
        ("no more", ranking(("reflection", 0.6), ("stop", 0.2)), "reflection"),
        ("stop calling her a cheat", ranking(("stop", 0.5), ("reflection", 0.4)), "reflection"),
        ("stop " + "and more " * 8, ranking(("stop", 0.5), ("reflection", 0.4)), "reflection"),
        ("I cannot go on " * 6, ranking(("distress", 0.4), ("reflection", 0.3)), "distress"),
        ("👍", ranking(("stop", 0.9), ("skip", 0.05)), "reflection"),
        ("??", ranking(("confused", 0.9), ("skip", 0.05)), "confused"),
        ("anything", [], "reflection"),
    ],
)
def test_while_words_are_awaited(text: str, ranked: list[dict], expected: str, step: str) -> None:
    assert gate(ranked, text, step, LIMITS) == expected


@pytest.mark.parametrize("step", ["consent", "stance_question"])
def test_while_a_choice_is_awaited_less_is_enough(step: str) -> None:
    assert gate(ranking(("confused", 0.35), ("skip", 0.3)), "what", step, LIMITS) == "confused"
    assert gate(ranking(("confused", 0.2), ("skip", 0.1)), "what", step, LIMITS) == "reflection"


def test_the_component_takes_the_step_from_the_message_and_drops_the_fallback() -> None:
    message = Message(
        {
            "text": "what now",
            "metadata": {"open_step": "consent"},
            "intent": {"name": "nlu_fallback", "confidence": 0.3},
            "intent_ranking": ranking(("nlu_fallback", 0.3), ("confused", 0.4), ("skip", 0.38)),
        }
    )
    AnswerGate(LIMITS).process([message])
    assert message.get("intent") == {"name": "confused", "confidence": 0.4}
    assert [entry["name"] for entry in message.get("intent_ranking")] == ["confused", "skip"]


def test_thresholds_come_from_the_pipeline() -> None:
    config = {**AnswerGate.get_default_config(), "confidence": 0.1, "margin": 0.0}
    own = AnswerGate.create(config, None, None, None)
    message = Message({"text": "skip", "intent_ranking": ranking(("skip", 0.2), ("stop", 0.1))})
    own.process([message])
    assert message.get("intent")["name"] == "skip"
