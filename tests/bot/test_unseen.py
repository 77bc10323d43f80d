"""How well the trained reader does on messages it has never seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent
from test_words_are_words import read

from bot.intents import TYPED_INTENTS
from bot.model_file import ROOT

UNSEEN: dict[str, list[str]] = {
    intent: lines.splitlines()
    for intent, lines in yaml.safe_load(
        Path(__file__).with_name("unseen.yml").read_text("utf-8")
    ).items()
}
FLOORS = {
    "reflection": 0.85,
    "distress": 0.6,
    "withdraw_consent": 0.8,
    "delete_data": 0.8,
    "stop": 0.8,
}


def training_messages() -> Iterator[str]:
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            examples = block["examples"]
            if isinstance(examples, str):  # the form without metadata
                yield from (line.removeprefix("- ") for line in examples.splitlines())
            else:
                yield from (example["text"] for example in examples)


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_there_are_enough_and_none_was_trained_on() -> None:
    assert set(UNSEEN) == TYPED_INTENTS
    assert len(UNSEEN["reflection"]) >= 60
    assert min(len(lines) for lines in UNSEEN.values()) >= 6
    trained = {plain(text) for text in training_messages()}
    assert not [line for lines in UNSEEN.values() for line in lines if plain(line) in trained]


def test_recall_on_unseen_messages(agent: Agent, capsys: pytest.CaptureFixture[str]) -> None:
    read_as = {
        intent: [read(line, agent)["intent"]["name"] for line in lines]
        for intent, lines in UNSEEN.items()
    }
    recall = {
        intent: round(found.count(intent) / len(found), 2) for intent, found in read_as.items()
    }
    misses = {
        intent: {
            line: name for line, name in zip(UNSEEN[intent], found, strict=True) if name != intent
        }
        for intent, found in read_as.items()
    }
    with capsys.disabled():
        print("\n" + json.dumps({"recall": recall, "misses": misses}, ensure_ascii=False, indent=1))
    for intent, floor in FLOORS.items():
        assert recall[intent] >= floor, intent
