"""In doubt, the words are an answer.

The classifier was trained on short messages, so a long answer that contains a command word can
look like that command. Taking an answer for a command loses research data and puzzles the learner;
taking a command for an answer costs one more tap on a button that is always there. The gate
therefore lets a command through only when it is short, likely and clearly ahead, and more than
likely when it speaks of the people in the case: "stop her" is about her, "stop this" about the
interview. Distress, withdrawal, deletion and stop need less: there a miss is what costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.intents import CHOICE_STEPS, REFLECTION, URGENT_INTENTS

_WORD = re.compile(r"\w+")
_ABOUT_OTHERS = re.compile(
    r"\b(?:she|he|her|hers|him|his|they|them|their|we|our|us|students?|learners?|people|everyone|"
    r"everybody|nobody|no one|patients?|participants?|nurses?|doctors?|teachers?|markers?|"
    r"one|sam|tools?|rules?|essays?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Thresholds:
    """How sure the reader must be. Confidences are probabilities, lengths are words."""

    confidence: float = 0.5
    """Least confidence of a command while an answer is awaited."""
    margin: float = 0.25
    """Least lead of that command over the next intent."""
    longest: int = 14
    """A longer message is a command only if it is urgent."""
    urgent: float = 0.33
    """Least confidence of an urgent intent."""
    urgent_long: float = 0.7
    """The same for messages longer than ``longest`` (distress excepted) or about others."""
    about_others: float = 0.9
    """Least confidence of a command that speaks of others; urgent ones need ``urgent_long``."""
    elsewhere: float = 0.3
    """Least confidence of a command while no words are awaited."""


def gate(
    ranking: Sequence[Mapping[str, Any]], text: str, open_step: str, limits: Thresholds
) -> str:
    """Return the intent to act on.

    ``ranking`` holds ``name`` and ``confidence``, best first, without the fallback intent. Unknown
    steps count as steps that await words.
    """
    if not ranking or not (_WORD.search(text) or "?" in text):
        return REFLECTION
    urgent = _urgent(ranking, text, limits)
    if urgent is not None:
        return urgent
    best = ranking[0]
    if open_step in CHOICE_STEPS:
        return str(best["name"]) if best["confidence"] >= limits.elsewhere else REFLECTION
    lead = best["confidence"] - (ranking[1]["confidence"] if len(ranking) > 1 else 0.0)
    least = limits.about_others if _ABOUT_OTHERS.search(text) else limits.confidence
    sure = best["confidence"] >= least and lead >= limits.margin
    short = _length(text) <= limits.longest
    return str(best["name"]) if sure and short else REFLECTION


def _urgent(ranking: Sequence[Mapping[str, Any]], text: str, limits: Thresholds) -> str | None:
    for entry in ranking[:2]:
        if entry["name"] not in URGENT_INTENTS:
            continue
        long = _length(text) > limits.longest and entry["name"] != "distress"
        strict = long or _ABOUT_OTHERS.search(text)
        if entry["confidence"] >= (limits.urgent_long if strict else limits.urgent):
            return str(entry["name"])
    return None


def _length(text: str) -> int:
    return len(_WORD.findall(text))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AnswerGate(GraphComponent):
    """Replaces the intent of a message by ``gate``'s; thresholds may be set in the pipeline."""

    def __init__(self, limits: Thresholds) -> None:
        """Judge by ``limits``."""
        self._limits = limits

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the thresholds that hold unless the pipeline sets others."""
        return dict(vars(Thresholds()))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerGate:
        """Build the gate from its pipeline entry."""
        known = cls.get_default_config()
        return cls(Thresholds(**{key: config[key] for key in known}))

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message in the light of its open step; changed in place and returned."""
        for message in messages:
            ranking = [
                entry
                for entry in message.get(INTENT_RANKING_KEY) or []
                if entry["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME
            ]
            step = (message.get(METADATA) or {}).get("open_step", "")
            name = gate(ranking, message.get(TEXT) or "", step, self._limits)
            confidence = next((e["confidence"] for e in ranking if e["name"] == name), 0.0)
            message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
