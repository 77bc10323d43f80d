"""The evaluation split: well formed, broad enough, and apart from the training examples."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from study.intents import ACT_OF_INTENT
from study.packs import Role
from study.reading import THEMES
from study.steps import OpenStep

DATA = Path(__file__).resolve().parents[2] / "data"
INTENTS = set(ACT_OF_INTENT) - {"choose", "undo"}
"""What can be typed; the other two are chosen with a control."""
STEPS = {step.value for step in OpenStep}
SCENARIOS = {f"S{number:02}" for number in range(1, 13)}

MIN_ROWS = {"turns": 1000, "themes": 500}
MIN_REFLECTIONS = 450
MIN_OF_EACH_OTHER_INTENT = 25
MIN_OF_EACH_THEME = 90
MIN_OF_EACH_SCENARIO_AND_ROLE = 15

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The rows of one file of the split."""
    text = (DATA / "evaluation" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def turns() -> list[Row]:
    """Messages with the intent meant."""
    return rows("turns")


@pytest.fixture(scope="module")
def themes() -> list[Row]:
    """Answers with the themes voiced."""
    return rows("themes")


def folded(text: str) -> str:
    """A text without what makes no other text of it: case and the amount of space."""
    return " ".join(text.split()).casefold()


def training_texts() -> Iterator[str]:
    """Every training example, its entity marks ("[word](entity)") removed."""
    for path in sorted((DATA / "nlu").rglob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            listed = part.get("examples", "")
            lines = (
                listed.splitlines()
                if isinstance(listed, str)
                else [example["text"] for example in listed]
            )
            for line in lines:
                example = re.sub(r"\[([^\]]+)\][({][^)}]*[)}]", r"\1", line.removeprefix("- "))
                yield folded(example)


@pytest.mark.parametrize("name", ["turns", "themes"])
def test_rows_are_many_and_ids_are_unique(name: str) -> None:
    found = rows(name)
    assert len(found) >= MIN_ROWS[name]
    assert len({row["id"] for row in found}) == len(found)


def test_turns_are_well_formed(turns: list[Row]) -> None:
    for row in turns:
        assert list(row) == ["id", "text", "intent", "context", "also_ok"], row
        assert row["text"] and row["text"] == row["text"].strip(), row
        assert row["intent"] in INTENTS, row
        assert row["context"] in STEPS, row
        assert set(row["also_ok"]) <= INTENTS - {row["intent"]}, row


def test_themes_are_well_formed(themes: list[Row]) -> None:
    for row in themes:
        assert list(row) == ["id", "text", "role", "scenario", "themes", "thin"], row
        assert row["text"] and row["text"] == row["text"].strip(), row
        assert row["role"] in {role.value for role in Role}, row
        assert row["scenario"] in SCENARIOS, row
        assert row["themes"] == [theme for theme in THEMES if theme in row["themes"]], row
        assert isinstance(row["thin"], bool), row


def test_every_intent_has_enough_turns_and_every_step_reflections(turns: list[Row]) -> None:
    count = Counter(row["intent"] for row in turns)
    assert count["reflection"] >= MIN_REFLECTIONS
    assert min(count[intent] for intent in INTENTS) >= MIN_OF_EACH_OTHER_INTENT
    assert {row["context"] for row in turns if row["intent"] == "reflection"} == STEPS


def test_themes_thinness_scenarios_and_roles_are_balanced(themes: list[Row]) -> None:
    voiced = Counter(theme for row in themes for theme in row["themes"])
    assert min(voiced[theme] for theme in THEMES) >= MIN_OF_EACH_THEME
    places = Counter((row["scenario"], row["role"]) for row in themes)
    assert min(places[s, r.value] for s in SCENARIOS for r in Role) >= (
        MIN_OF_EACH_SCENARIO_AND_ROLE
    )
    of_each_size = Counter(len(row["themes"]) for row in themes)
    assert 0.25 <= of_each_size[0] / len(themes) <= 0.35
    assert all(of_each_size[size] for size in (1, 2, 3))
    assert 0.25 <= sum(row["thin"] for row in themes) / len(themes) <= 0.35


def test_no_text_occurs_twice(turns: list[Row], themes: list[Row]) -> None:
    texts = sorted(folded(row["text"]) for row in turns + themes)
    assert [one for one, other in pairwise(texts) if one == other] == []


def test_no_text_is_a_training_example(turns: list[Row], themes: list[Row]) -> None:
    # Where this fails, the training example goes: a row here was written first.
    trained = set(training_texts())
    assert len(trained) > 100
    both = {row["id"]: row["text"] for row in turns + themes if folded(row["text"]) in trained}
    assert both == {}
