"""Cleaning a text for storage."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from study.redaction import clean


def test_clean_keeps_the_words_and_drops_what_disguises_them() -> None:
    assert clean("a\r\nb\rc\u2028d  \n\n") == "a\nb\nc\nd"
    assert clean("a\tb\x00c\x1b[31m") == "a\tbc[31m"
    assert clean("abc\u202etxt.exe\u202c\u2066x\u2069") == "abctxt.exex"
    assert clean("\u0645\u200f(\u200e1)") == "\u0645\u200f(\u200e1)"
    assert clean("e\u0301") == "\u00e9"
    assert clean("\ud83d\ude42 \ud83d") == "\U0001f642 \ufffd"
    assert clean("  indented") == "  indented"
    assert clean("\U0001f469\u200d\u2695\ufe0f") == "\U0001f469\u200d\u2695\ufe0f"


ANY_TEXT = st.text(alphabet=st.characters(), max_size=80) | st.text(
    alphabet="a \t\n\r\x0b\x0c\x85\u2028\u202e\u2066\u0301\u0645\ud83d\ude42\x00\xa0", max_size=30
)


@settings(derandomize=True, max_examples=500)
@given(ANY_TEXT)
def test_clean_takes_any_string_and_gives_one_that_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.rstrip()
    assert not {unicodedata.category(c) for c in cleaned if c not in "\n\t"} & {"Cc", "Cs"}
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_heap_of_combining_marks_is_cut() -> None:
    assert clean("a" + "\u0316\u0301" * 5_000) == clean("a" + "\u0316\u0301" * 15)
