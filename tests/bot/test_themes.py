"""Themes and thinness as the trained reader has them, and their form."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.message import Message
from test_words_are_words import read

from bot.components.labelled import examples_of
from bot.components.message_reader import NAME
from bot.components.themes import THEMES, VOICED, ThemeReading


@pytest.mark.parametrize(
    ("text", "voiced"),
    [
        ("Banning it fails them, everyone on the wards uses it already", {"embrace"}),
        ("Replace the essay with a viva, then we see how she reasons", {"rethink"}),
        ("it invents references, so every single one must be checked", {"fallible"}),
        (
            "hard to say where the line is, it depends on how much she used and if she said so",
            {"grey"},
        ),
        ("She was tired and I feel for her.", set()),
        ("no", set()),
    ],
)
def test_plain_cases(agent: Agent, text: str, voiced: set[str]) -> None:
    scores = read(text, agent)["reading"]["themes"]
    assert {theme for theme, score in scores.items() if score >= VOICED} == voiced


@pytest.mark.parametrize(
    ("text", "thin"),
    [
        ("fine by me", True),
        ("I don't really know, it's just what I think I suppose, nothing more to say on it", True),
        ("fine if the tutor knew, otherwise not", False),
        (
            "Her argument is her own, and the polish only takes away what markers would have "
            "held against her because English is her third language.",
            False,
        ),
    ],
)
def test_thin_is_not_short(agent: Agent, text: str, thin: bool) -> None:
    assert read(text, agent)["reading"]["thin"]["value"] is thin


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=300))
def test_any_words_get_a_reading(agent: Agent, text: str) -> None:
    reading = read(text, agent)["reading"]
    assert set(reading["themes"]) == set(THEMES)
    assert all(0.0 <= score <= 1.0 for score in reading["themes"].values())
    assert 0.0 <= reading["thin"]["score"] <= 1.0
    assert reading["model"].endswith(f"/{NAME}")
    assert read(text, agent)["reading"] == reading


def test_a_reading_survives_json() -> None:
    reading = ThemeReading({"grey": 0.7}, True, 0.8, "x-1")
    assert ThemeReading.from_dict(reading.as_dict()) == reading


def labelled(text: str, **labels: object) -> Message:
    return Message({"text": text, "intent": "reflection", "metadata": {"example": labels}})


def test_labels_come_from_the_training_data() -> None:
    one, two, three = examples_of(
        [
            labelled("A line", themes=["grey"], thin=False),
            labelled("a LINE", themes=[], thin=True),
            labelled("none", themes=[], thin=True),
            Message({"text": "stop", "intent": "stop"}),
            Message({"text": "", "intent": "stop"}),
            Message({"text": "no intent"}),
        ]
    )
    assert (one.text, one.themes, one.thin) == ("A line", frozenset({"grey"}), False)
    assert (two.themes, two.thin) == (frozenset(), True)
    assert (three.intent, three.themes, three.thin) == ("stop", None, None)


def test_an_unknown_theme_is_told() -> None:
    with pytest.raises(ValueError, match="unknown theme"):
        examples_of([labelled("A line", themes=["gray"], thin=False)])
