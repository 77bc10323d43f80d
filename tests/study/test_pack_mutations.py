"""Whatever is done to a file, it loads or it is refused with lines inside it."""

import json
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from study.pack_loading import PackErrors, load_library, parse_scenario
from tests.study.pack_examples import NAME, PACK, PACK_NAME, SCENARIO

YAML_PIECES = [
    *("- ", ": ", "&a ", "*a ", "!!str ", "!x ", "<<: ", "? ", ">-", "[", "{", "}", "]", "#"),
    *('"', "'", "\\", "0x1", "1e9", "2026-99-99", "null", "no", "~", "nlu: ", "{reason}"),
    *('"\\UFFFFFFFF"', '"\\ud800"', "?", "S90_P1: ", "themes: "),
]
CHARACTERS = ["|", "\t", "\r", "\0", "\ud800", "\ufeff", "\u2028", "\x85", "---\n", "...\n"]
CHUNKS = st.text(max_size=8) | st.sampled_from([*YAML_PIECES, *CHARACTERS, "%YAML 1.1\n"])
SPLICES = st.lists(
    st.tuples(st.integers(0, len(SCENARIO)), st.integers(0, 40), CHUNKS), min_size=1, max_size=6
)


def check(text: str) -> None:
    """Read the text alone and as part of a folder; anything but PackErrors fails the test."""
    line_ends = sum(text.count(end) for end in "\n\r\x85\u2028\u2029")
    try:
        parse_scenario(NAME, text)
    except PackErrors as error:
        assert error.problems == tuple(sorted(error.problems)) != ()
        for problem in error.problems:
            assert problem.file == NAME
            assert problem.reason
            assert 1 <= problem.line <= line_ends + 1
    try:
        load_library({NAME: text, PACK_NAME: PACK})
    except PackErrors as error:
        assert str(error)


@given(splices=SPLICES)
@example(splices=[(0, 0, "%YAML 1." + "9" * 5000 + "\n---\n")])
@example(splices=[(0, len(SCENARIO), '"\\UFFFFFFFF"')])
@example(splices=[(0, len(SCENARIO), '{"\\ud800": 1}')])
def test_spliced_text(splices: list[tuple[int, int, str]]) -> None:
    """Pieces of text cut out and put in anywhere."""
    text = SCENARIO
    for start, length, chunk in splices:
        text = text[:start] + chunk + text[start + length :]
    check(text)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all values at any depth."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    inner = [found for key, item in items for found in places(item, (*path, key))]
    return [path, *inner] if path else inner


FIELDS = yaml.safe_load(SCENARIO)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(place=st.sampled_from(places(FIELDS)), value=VALUES)
def test_replaced_value(place: tuple[Any, ...], value: Any) -> None:
    """Any value of any kind in the place of any field."""
    fields = json.loads(json.dumps(FIELDS))
    target = fields
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    check(yaml.safe_dump(fields, allow_unicode=True))
