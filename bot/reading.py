"""What a turn means, in the shape that Rasa keeps as the latest message.

The words themselves are left out on purpose: they were written to the study database before this
room was asked, and nothing here may hold a second copy.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.components.reader import READING
from bot.components.themes import NOTHING_READ, ThemeReading
from bot.intents import REFLECTION, TYPED_INTENTS
from bot.neutral import looks_like_code, neutralise
from bot.turn import Turn

RANKING_LENGTH = 3
NO_WORDS = "…"
"""Read in place of an empty text: the featurisers of the pipeline need at least one token."""


async def read_turn(turn: Turn, processor: MessageProcessor) -> dict[str, Any]:
    """Return the parse data of ``turn``: intent, no entities, ranking and ``reading``.

    A choice is certain and needs no reading. Words in a language the reader does not know are an
    answer of confidence 0. Otherwise the trained pipeline reads the neutralised words.
    """
    if turn.option is not None:
        return _parse_data(turn.option, 1.0, [], _reading("option", NOTHING_READ, processor))
    if not turn.reads_english:
        return _parse_data(REFLECTION, 0.0, [], _reading("none", NOTHING_READ, processor))
    return await _read_words(turn, processor)


async def _read_words(turn: Turn, processor: MessageProcessor) -> dict[str, Any]:
    words = neutralise(turn.text or "") or NO_WORDS
    message = UserMessage(words, sender_id=turn.conversation, metadata=turn.metadata)
    parsed = await processor.parse_message(message)
    intent = parsed["intent"].get("name")
    confidence = float(parsed["intent"].get("confidence") or 0.0)
    if intent not in TYPED_INTENTS or looks_like_code(turn.text or ""):
        intent, confidence = REFLECTION, 0.0
    ranking = [
        {"name": entry["name"], "confidence": round(float(entry["confidence"]), 4)}
        for entry in parsed.get("intent_ranking", [])
        if entry["name"] in TYPED_INTENTS
    ]
    themes = ThemeReading.from_dict(parsed[READING]) if READING in parsed else NOTHING_READ
    reading = _reading("rasa", themes, processor)
    return _parse_data(intent, round(confidence, 4), ranking[:RANKING_LENGTH], reading)


def _reading(source: str, themes: ThemeReading, processor: MessageProcessor) -> dict[str, Any]:
    model = PurePath(processor.model_filename).name.split(".")[0]
    return {
        "source": source,
        "themes": dict(themes.themes),
        "thin": {"value": themes.thin, "score": themes.thin_score},
        "model": f"{model}/{themes.reader}",
    }


def _parse_data(
    intent: str, confidence: float, ranking: list[dict[str, Any]], reading: dict[str, Any]
) -> dict[str, Any]:
    chosen = {"name": intent, "confidence": confidence}
    return {
        "text": "",
        "intent": chosen,
        "entities": [],
        "intent_ranking": ranking or [chosen],
        "reading": reading,
    }
