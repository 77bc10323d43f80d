"""The choice of an activity: what is written into custom parameters is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.activity import Choice, ChoiceError, reports_completion

PACKS = st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True)
IDS = st.from_regex(r"S[0-9]{2,3}", fullmatch=True)
CHOICES = st.builds(
    Choice,
    pack_id=PACKS,
    version=st.none() | st.integers(1, 9999),
    scenarios=st.lists(IDS, max_size=12, unique=True).map(lambda ids: tuple(sorted(ids))),
    cases=st.none() | st.integers(1, 12),
    completion=st.booleans(),
)


@given(CHOICES)
def test_read_back(choice: Choice) -> None:
    assert Choice.read(choice.to_custom(), None) == choice
    assert Choice.read({}, choice.to_custom()) == choice


@given(CHOICES, CHOICES)
def test_the_links_own_cases_come_first(link: Choice, here: Choice) -> None:
    found = Choice.read(link.to_custom(), here.to_custom())
    assert found is not None
    assert (found.pack_id, found.version, found.scenarios, found.cases) == (
        link.pack_id,
        link.version,
        link.scenarios,
        link.cases,
    )


@given(st.dictionaries(st.sampled_from(["pack", "pack_version", "scenarios", "cases"]), st.text()))
def test_any_words_are_read_or_refused(custom: dict[str, str]) -> None:
    try:
        choice = Choice.read(custom, None)
    except ChoiceError as error:
        assert error.name in custom
    else:
        assert choice is None or Choice.read(choice.to_custom(), None) == choice


def test_written_by_hand() -> None:
    custom = {"pack": " Core ", "scenarios": "s01, S04;S04 ", "cases": "2", "completion": "On"}
    assert Choice.read(custom, None) == Choice("core", None, ("S01", "S04"), 2, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pack", "../etc"),
        ("pack", "x" * 50),
        ("pack_version", "1.5"),
        ("pack_version", "latest"),
        ("pack_version", "0"),
        ("scenarios", "S01,case two"),
        ("scenarios", ",".join(f"S{n:03}" for n in range(61))),
        ("cases", "all"),
        ("cases", "13"),
        ("cases", "-1"),
    ],
)
def test_not_understood(name: str, value: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        Choice.read({"pack": "core", name: value}, None)
    assert caught.value.name == name


def test_nothing_chosen() -> None:
    assert Choice.read({}, None) is None
    assert Choice.read({"pack": " ", "cases": "2"}, {}) is None


@pytest.mark.parametrize(
    ("custom", "chosen", "reported"),
    [
        ({}, None, False),
        ({"completion": "on"}, None, True),
        ({}, {"completion": "on"}, True),
        ({"completion": "off"}, {"completion": "on"}, False),
        ({"completion": "true"}, None, False),
    ],
)
def test_completion(custom: dict[str, str], chosen: dict[str, str] | None, reported: bool) -> None:
    assert reports_completion(custom, chosen) is reported
