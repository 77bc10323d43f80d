"""Neutral probes: kinds and wordings that vary, and the phrase that is quoted before them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.echo import LONGEST, phrase_end
from study.engine import start
from study.probes import KINDS, WORDINGS, choose_wording
from study.reading import read
from study.state import State
from study.steps import Step
from study.wording import WORDING
from tests.study.interviews import core_script

ALL = {f"{kind}.{number}" for kind in KINDS for number in range(1, WORDINGS + 1)}
SEEDS = st.integers(0, 2**31 - 1)


def fresh(seed: int, worded: tuple[str, ...] = ()) -> State:
    return start("learner", seed, core_script(), {}, worded)


def asked(seed: int, count: int, worded: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The wordings that one person gets one after another."""
    state = fresh(seed, worded)
    for _ in range(count):
        state = replace(state, worded=(*state.worded, choose_wording(state)))
    return state.worded[len(worded) :]


def test_every_wording_is_one_neutral_question() -> None:
    assert {key.removeprefix("probe.") for key in WORDING if key.startswith("probe.")} == {
        *ALL,
        "echo",
        "echo_part",
    }
    for wording in ALL:
        text = WORDING[f"probe.{wording}"]
        assert text.count("?") == 1 and len(text.split()) <= 35, wording
        assert "don't you" not in text.lower() and "why" not in text.lower().split()[0], wording


@given(SEEDS)
def test_kinds_alternate_and_no_wording_comes_twice_before_all_have(seed: int) -> None:
    order = asked(seed, 16)
    assert set(order) == ALL
    for start_ in range(0, 16, 4):
        kinds = [wording.partition(".")[0] for wording in order[start_ : start_ + 4]]
        assert set(kinds) == set(KINDS)
        assert kinds[-1] == "explanatory"


@given(SEEDS, SEEDS, st.integers(1, 6))
def test_another_attempt_brings_other_wordings(first: int, second: int, count: int) -> None:
    before = asked(first, count)
    assert not set(before) & set(asked(second, count, before))


@given(SEEDS)
def test_the_same_seed_gives_the_same_wordings(seed: int) -> None:
    assert asked(seed, 6) == asked(seed, 6)


def test_seeds_vary_them() -> None:
    assert len({asked(seed, 1) for seed in range(60)}) >= 8


@given(SEEDS)
def test_they_survive_storage(seed: int) -> None:
    state = fresh(seed, asked(seed, 3))
    assert State.from_json(state.to_json()) == state


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("fine by me", "fine by me"),
        ("no", "no"),
        (
            "It depends on the tutor, because some of them allow it and others never would",
            "It depends on the tutor",
        ),
        ("No, " + "and on it goes " * 10, ""),
        ("a line\nthat breaks", ""),
        (
            "Three words here\nand then a great deal more that goes on for a while yet",
            "Three words here",
        ),
        ("one word after another without any stop at all until the limit has long been passed", ""),
        ('She said "it is fine, really" and so I believed her and went on with my day', ""),
        ("what a stupid rule", ""),
        (
            "I would ask her first — and then decide together what the form ought to say",
            "I would ask her first",
        ),
        (
            "well-meant help from a friend - or from a tool, who can tell these days anyway",
            "well-meant help from a friend",
        ),
        ("", ""),
    ],
)
def test_the_phrase(text: str, phrase: str) -> None:
    assert text[: phrase_end(text)] == phrase


@given(st.text(max_size=200))
def test_a_phrase_is_a_short_beginning(text: str) -> None:
    end = phrase_end(text)
    assert 0 <= end <= min(LONGEST, len(text))
    assert "\n" not in text[:end]
    assert not (0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum())


def test_nothing_masked_and_no_distress_is_quoted() -> None:
    plain = read("fine by me", step=Step.OPEN)
    assert (plain.echo_end, plain.echo_whole) == (10, True)
    assert read("ask [name] first", step=Step.OPEN, masked={"name": 1}).echo_end == 0
    assert read("I can't cope any more", step=Step.OPEN).echo_end == 0
