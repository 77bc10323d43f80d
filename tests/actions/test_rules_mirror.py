"""Rasa's rules and the study's own table say the same of every intent."""

from pathlib import Path

import yaml

from actions.interview import actions
from study.intents import ACT_OF_INTENT
from study.moves import Act

ROOT = Path(__file__).resolve().parents[2]


def test_each_intent_has_one_rule_with_the_action_of_its_act() -> None:
    rules = yaml.safe_load((ROOT / "data" / "rules" / "turns.yml").read_text())["rules"]
    said: dict[str, str] = {}
    for rule in rules:
        intent, action = rule["steps"]
        assert intent["intent"] not in said
        said[intent["intent"]] = action["action"]
    assert said == {intent: f"action_{act.value}" for intent, act in ACT_OF_INTENT.items()}


def test_the_domain_knows_exactly_these_intents_and_actions() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    names = {i if isinstance(i, str) else next(iter(i)) for i in domain["intents"]}
    assert names == set(ACT_OF_INTENT)
    assert set(domain["actions"]) == {f"action_{act.value}" for act in Act}
    assert not domain.get("responses"), "texts are in the catalogue, not with Rasa"


def test_the_action_server_has_one_action_for_each_act() -> None:
    assert sorted(action.name() for action in actions()) == sorted(
        f"action_{act.value}" for act in Act
    )
