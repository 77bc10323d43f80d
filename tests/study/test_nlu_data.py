"""The answers that train the reader: labelled, distinct, and of enough breadth."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from study.packs import Role, Theme

ROOT = Path(__file__).resolve().parents[2]
STEPS = {"stance_question", "open_prompt", "probe", "twist", "policy_cue", "closing"}
SCENARIOS = {f"S{number:02}" for number in range(1, 13)}
KEYS = {"scenario", "role", "step", "themes", "thin", "looks_like"}
REQUIRED = {"step", "themes", "thin"}


class Example(NamedTuple):
    """One training message; ``labels`` is empty where the intent needs none."""

    file: str
    intent: str
    text: str
    labels: dict[str, Any]


def parse(file: str, intent: str, examples: Any) -> list[Example]:
    """Read both of Rasa's forms: a text of ``- `` lines, or a list with metadata."""
    if isinstance(examples, str):
        lines = [line.strip() for line in examples.splitlines() if line.strip()]
        return [Example(file, intent, line.removeprefix("- "), {}) for line in lines]
    return [Example(file, intent, e["text"].strip(), e.get("metadata", {})) for e in examples]


def key(text: str) -> str:
    """What two examples may not share: the words, without case and punctuation."""
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip() or text


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Every training message, from all files."""
    found: list[Example] = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for block in content["nlu"]:
            found += parse(path.name, block["intent"], block["examples"])
    return found


@pytest.fixture(scope="module")
def answers(examples: list[Example]) -> list[Example]:
    """The reflections."""
    return [example for example in examples if example.intent == "reflection"]


def test_labels_are_complete_and_known(answers: list[Example]) -> None:
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    themes = [theme.value for theme in Theme]
    roles = {role.value for role in Role}
    for answer in answers:
        labels = answer.labels
        assert set(labels) >= REQUIRED and set(labels) <= KEYS, answer
        assert labels["step"] in STEPS, answer
        assert labels["thin"] in (True, False), answer
        assert labels["themes"] == [t for t in themes if t in labels["themes"]], answer
        assert labels.get("scenario", "S01") in SCENARIOS, answer
        assert labels.get("role", "learner") in roles, answer
        assert labels.get("looks_like", "stop") in intents - {"reflection"}, answer


def test_no_answer_is_given_twice_or_means_something_else(examples: list[Example]) -> None:
    intents: dict[str, list[str]] = {}
    for example in examples:
        intents.setdefault(key(example.text), []).append(example.intent)
    assert [t for t, found in intents.items() if "reflection" in found and len(found) > 1] == []


def test_no_answer_reads_as_an_entity_annotation(answers: list[Example]) -> None:
    assert [a.text for a in answers if re.search(r"\[[^]]*\]\s*[({]", a.text)] == []


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_every_scenario_is_answered_by_both_roles_in_every_way(
    answers: list[Example], scenario: str
) -> None:
    here = [a for a in answers if a.file == f"reflection_{scenario.lower()}.yml"]
    assert len(here) >= 100
    assert {a.labels["scenario"] for a in here} == {scenario}
    for role in Role:
        theirs = [a.labels for a in here if a.labels["role"] == role.value]
        assert len(theirs) >= 40
        assert {labels["step"] for labels in theirs} >= STEPS - {"stance_question"}
        assert {t for labels in theirs for t in labels["themes"]} == {t.value for t in Theme}
        assert {labels["thin"] for labels in theirs} == {True, False}
        assert any(not labels["themes"] and not labels["thin"] for labels in theirs)
    lengths = [len(a.text.split()) for a in here]
    assert min(lengths) <= 2 and max(lengths) >= 60


def test_every_other_typed_intent_has_its_look_alikes(answers: list[Example]) -> None:
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    typed = intents - {"reflection", "choose", "undo"}
    counts = Counter(a.labels["looks_like"] for a in answers if "looks_like" in a.labels)
    assert set(counts) == typed
    assert min(counts.values()) >= 15
