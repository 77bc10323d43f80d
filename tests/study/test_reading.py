"""The reading of an answer, with and without the bot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.moves import Act, Reading
from study.reading import choose_act, find_term, read
from study.steps import Step

HEARD = {
    "source": "rasa",
    "intent": "reflection",
    "confidence": 0.8,
    "model": "abc/keywords-1",
    "themes": {"grey": 0.7, "embrace": 0.4, "nonsense": 0.9},
    "thin": {"value": False, "score": 0.2},
}


def test_the_bots_reading_is_joined_with_our_own() -> None:
    reading = read("fine by me", step=Step.OPEN, heard=HEARD)
    assert reading.themes == (("grey", 0.7),)
    assert (reading.thin, reading.words, reading.echo_end) == (False, 3, 10)
    assert (reading.source, reading.model) == ("rasa", "abc/keywords-1")


def test_without_the_bot_thinness_is_by_rule_and_no_theme_is_heard() -> None:
    reading = read("fine by me", step=Step.OPEN)
    assert (reading.source, reading.themes, reading.thin) == ("none", (), True)
    assert not read("fine, because nobody was harmed by it", step=Step.OPEN).thin


def test_points_are_read_only_where_a_scale_is_open() -> None:
    assert read("4", step=Step.STANCE).stance == 4
    assert read("4", step=Step.OPEN).stance is None
    assert read("4", step=Step.CLARITY).clarity == 4
    depends = read("it depends", step=Step.TWIST)
    assert (depends.stance, depends.depends, depends.cant_say) == (3, True, False)
    assert read("can't say", step=Step.STANCE).cant_say
    assert read("between 2 and 3", step=Step.STANCE).between == (2, 3)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("stop", Act.STOP),
        ("please withdraw me from the study", Act.WITHDRAW),
        ("delete everything i said", Act.DELETE),
        ("I am completely overwhelmed and can't cope any more", Act.SUPPORT),
        ("stop calling it cheating, it's a tool", Act.ANSWER),
        ("delete the essay format altogether", Act.ANSWER),
        ("I would ask the tutor first", Act.ANSWER),
    ],
)
def test_the_lexicon_runs_on_every_path(text: str, act: Act) -> None:
    assert choose_act(Act.ANSWER, text) is act


def test_a_wish_that_the_bot_heard_stands() -> None:
    assert choose_act(Act.SKIP, "nxt pls") is Act.SKIP


@pytest.mark.parametrize(
    ("text", "step", "act"),
    [
        ("rather clear", Step.CLARITY, Act.ANSWER),
        ("confusing", Step.CLARITY, Act.ANSWER),
        ("4", Step.STANCE, Act.ANSWER),
        ("it depends", Step.TWIST, Act.ANSWER),
        ("between 2 and 3", Step.FINAL_STANCE, Act.ANSWER),
        ("rather clear", Step.OPEN, Act.DELETE),
        ("rather clear", Step.STANCE, Act.DELETE),
        ("clear my answers", Step.CLARITY, Act.DELETE),
        ("rather not say", Step.STANCE, Act.DELETE),
        ("4, I am crying", Step.STANCE, Act.DELETE),
    ],
)
def test_a_named_point_of_the_open_scale_is_an_answer_whatever_was_heard(
    text: str, step: Step, act: Act
) -> None:
    assert choose_act(Act.DELETE, text, step=step) is act


def test_terms_are_found_as_whole_words() -> None:
    assert find_term("what is a viva?") == "viva"
    assert find_term("survival") is None


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.text(max_size=400),
    st.sampled_from(list(Step)),
    st.none()
    | st.dictionaries(
        st.sampled_from(["source", "intent", "confidence", "themes", "thin", "model"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just({"grey": 2}),
    ),
)
def test_any_text_and_any_reading_of_the_bot_gives_a_reading(
    text: str, step: Step, heard: dict[str, object] | None
) -> None:
    reading = read(text, step=step, heard=heard)
    assert Reading.from_json(reading.to_json()) == reading
    assert 0 <= reading.confidence <= 1 and all(0 <= s <= 1 for _, s in reading.themes)
