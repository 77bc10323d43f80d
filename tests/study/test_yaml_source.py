"""Hostile and careless YAML: refused with a line, quickly, and never by half."""

import time

import pytest

from study.pack_loading import parse_scenario
from study.yaml_source import MAX_BYTES, MAX_PROBLEMS, read_yaml
from tests.study.pack_examples import NAME, SCENARIO, put, scenario_problems

BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = {
    "empty": ("", 1, "the file is empty"),
    "only a comment": ("# nothing yet\n", 1, "the file is empty"),
    "empty document": ("---\n", 2, "must hold fields"),
    "a list at the top": ("# list\n- a\n- b\n", 2, "must hold fields"),
    "one value": ("hello\n", 1, "must hold fields"),
    "tab as indentation": ("id: S90\nprobes:\n\t- a\n", 3, "a tab"),
    "unclosed quote": ("id: S90\nkey: 'open\n", 3, "not readable as YAML"),
    "anchor": ("id: S90\nkey: &k note\n", 2, "anchors"),
    "alias": ("id: &k S90\nkey: *k\n", 2, "aliases"),
    "merge key": ("id: S90\n<<: {key: a}\n", 2, "field name"),
    "custom tag": ("id: S90\nkey: !secret x\n", 2, "tags"),
    "python tag": ("id: S90\nkey: !!python/object/apply:os.getcwd []\n", 2, "tags"),
    "standard tag": ("id: S90\nkey: !!str x\n", 2, "tags"),
    "tag on a field name": ("id: S90\n!!str key: x\n", 2, "no anchor or tag"),
    "second document": ("id: S90\n---\nid: S91\n", 2, "second document"),
    "key given twice": ("id: S90\nkey: a\nid: S91\n", 3, "given twice; first on line 1"),
    "inner key given twice": ("a:\n  b: {c: 1,\n   c: 2}\n", 3, "first on line 2"),
    "list as key": ("id: S90\n? [a, b]\n: c\n", 2, "field name"),
    "odd key": ("id: S90\n'a b': c\n", 2, "field name"),
    "control character": ("id: S90\nkey: a\x07b\n", 2, "character that is not text"),
    "lone surrogate": ('id: S90\nkey: "\\ud800"\n', 2, "half a character"),
    "impossible escape": ('id: S90\nkey: "\\UFFFFFFFF"\n', 1, "not readable as YAML"),
    "deep nesting": ("id: S90\nkey: " + "[" * 5_000, 2, "levels deep"),
    "too many values": ("a: [" + "1," * 6_000 + "]\n", 1, "more than 5000 values"),
    "too large": ("# " + "é" * (MAX_BYTES // 2) + "\n", 1, "bytes"),
    "billion laughs": (BILLION_LAUGHS, 1, "anchors"),
}


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_with_its_line(text: str, line: int, reason: str) -> None:
    """The reader names the line and the reason, and takes no long time over it."""
    began = time.monotonic()
    source = read_yaml("file.yml", text)
    assert time.monotonic() - began < 5
    assert any(p.line == line and reason in p.reason for p in source.problems), source.problems


@pytest.mark.parametrize("key", ["nlu", "responses", "stories", "rules"])
@pytest.mark.parametrize("place", ["top", "language", "probe"])
def test_rasas_keys_are_refused_anywhere(key: str, place: str) -> None:
    """A name that would make Rasa take the file for training data never gets in."""
    text, line = {
        "top": (f"{key}: []\n{SCENARIO}", 1),
        "language": (f"{SCENARIO}  {key}: {{}}\n", 31),
        "probe": (put(SCENARIO, "theme: grey}", f"theme: grey, {key}: []}}"), 9),
    }[place]
    (problem,) = scenario_problems(text)
    assert problem.line == line
    assert "training data" in problem.reason


def test_an_alias_is_reported_once() -> None:
    """The value that an alias stands for is not complained about as well."""
    (problem,) = scenario_problems(put(SCENARIO, "key: note_taking", "key: *k"))
    assert (problem.line, problem.field) == (3, "key")


def test_no_surprises_of_yaml() -> None:
    """Words and numbers stay what an author sees."""
    source = read_yaml(
        "file.yml", "no: yes\na: 010\nb: 1:30\nc: 2026-01-02\nd: 0x1F\ne: 12\nf: null\ng: '7'\n"
    )
    assert source.problems == []
    assert source.data == {
        "no": "yes", "a": "010", "b": "1:30", "c": "2026-01-02", "d": "0x1F", "e": 12,
        "f": None, "g": "7",
    }  # fmt: skip


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    """Files saved on Windows load, and keep their content hash."""
    windows = "\ufeff" + SCENARIO.replace("\n", "\r\n")
    unix = parse_scenario(NAME, SCENARIO)
    assert parse_scenario(NAME, windows).content_hash == unix.content_hash


def test_problems_are_bounded() -> None:
    """A file of faults does not become a page without end."""
    text = put(SCENARIO, "themes: [grey, rethink]", f"themes: [{'x, ' * 300}grey]")
    wide = "".join(f"extra{number}: 1\n" for number in range(300))
    assert len(scenario_problems(text + wide)) == MAX_PROBLEMS
