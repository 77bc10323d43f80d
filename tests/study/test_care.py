"""What an institution sets for its learners' care, in and out of storage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.care import Care, CareError, SupportLine, read_line, read_lines

WORD = st.text("abc XYZ0ü", min_size=1, max_size=20).filter(str.strip)
LINES = st.builds(
    SupportLine, WORD, st.sampled_from(["116 123", "+44 1 (23)", "https://a.b/c"]), WORD
)


@given(st.lists(LINES, max_size=8), st.booleans())
def test_it_survives_storage(lines: list[SupportLine], agreed: bool) -> None:
    care = Care(tuple(lines), agreed)
    assert Care.from_json(care.to_json()) == care


@pytest.mark.parametrize(
    "stored",
    [None, [], {}, {"lines": 3}, {"lines": [[]]}, {"lines": [["a", "b"]]}, {"lines": [["a"] * 4]}],
)
def test_what_is_not_understood_promises_nothing(stored: object) -> None:
    assert Care.from_json(stored) == Care()


def test_a_line_is_read() -> None:
    line = read_line(" Campus | 01234 567 | always ")
    assert (line.name, line.contact, line.when, line.href) == (
        "Campus",
        "01234 567",
        "always",
        "tel:01234567",
    )
    assert read_line("Page | https://care.example.edu/x").href == "https://care.example.edu/x"
    assert read_lines("\n\n") == ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        lines = read_lines(text)
    except CareError:
        return
    assert all(line.is_phone or line.is_web for line in lines)
