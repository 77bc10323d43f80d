"""The keyword reader: themes by phrases, thinness by length and reasons."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.keyword_reader import KeywordReader, thinness
from bot.components.themes import THEMES, VOICED, ThemeReading

READER = KeywordReader()


@pytest.mark.parametrize(
    ("text", "voiced"),
    [
        ("We should teach people how to use it well.", {"embrace"}),
        ("It is already part of everyday practice on the wards.", {"embrace"}),
        ("Banning it only hurts the honest ones.", {"embrace"}),
        ("The essay should be replaced by a viva.", {"rethink"}),
        ("What is the assignment supposed to measure?", {"rethink"}),
        ("I would redesign the whole task.", {"rethink"}),
        ("It depends.", {"grey"}),
        ("Nobody knows where the line is.", {"grey"}),
        ("Acceptable if she declares it, I'd say.", {"grey"}),
        ("It made up three references.", {"fallible"}),
        ("The detector is wrong too often.", {"fallible"}),
        ("You have to check every reference it gives.", {"fallible"}),
        ("Teach them to use it, and check everything it says.", {"embrace", "fallible"}),
        ("It saves time.", set()),
        ("No.", set()),
        ("She was tired and I feel for her.", set()),
        ("", set()),
    ],
)
def test_themes(text: str, voiced: set[str]) -> None:
    scores = READER.read(text).themes
    assert {theme for theme, score in scores.items() if score >= VOICED} == voiced


@pytest.mark.parametrize(
    ("text", "thin"),
    [
        ("", True),
        ("fine by me", True),
        ("one two three four five six seven eight nine ten eleven", True),
        ("one two three four five six seven eight nine ten eleven twelve", False),
        ("no, because it's hidden", False),
        ("if declared", False),
        ("soft words", True),
        ("only when asked", False),
        ("But why", False),
        ("?!", True),
    ],
)
def test_thin(text: str, thin: bool) -> None:
    reading = READER.read(text)
    assert reading.thin is thin
    assert reading.thin == (reading.thin_score > VOICED)


def test_no_words_are_as_thin_as_can_be() -> None:
    assert thinness("") == 1.0


@given(st.text())
def test_every_text_has_a_complete_reading(text: str) -> None:
    reading = READER.read(text)
    assert set(reading.themes) == set(THEMES)
    assert all(0 <= score <= 1 for score in [*reading.themes.values(), reading.thin_score])
    assert ThemeReading.from_dict(reading.as_dict()) == reading


@pytest.mark.parametrize("piece", ["teach ", "a ", "the line ", "wrong ", "it it it ", "not "])
def test_the_longest_text_is_read_at_once(piece: str) -> None:
    started = time.perf_counter()
    READER.read((piece * 20_000)[:20_000])
    assert time.perf_counter() - started < 5  # a runaway pattern would take minutes
