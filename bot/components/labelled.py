"""Training examples with what was labelled by hand: intent, themes voiced, thin or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.themes import THEMES


@dataclass(frozen=True)
class Example:
    """One message. ``themes`` and ``thin`` are None where nobody labelled them."""

    text: str
    intent: str
    themes: frozenset[str] | None = None
    thin: bool | None = None


def examples_of(messages: Iterable[Message]) -> list[Example]:
    """Return the examples of Rasa's training messages, each text once, in order.

    Raises ``ValueError`` for a theme that the study does not have.
    """
    found: dict[str, Example] = {}
    for message in messages:
        text, intent = message.get(TEXT), message.get(INTENT)
        if not text or not intent:
            continue
        labels = (message.get("metadata") or {}).get("example") or {}
        themes = labels.get("themes")
        if themes is not None and not set(themes) <= set(THEMES):
            raise ValueError(f"unknown theme in {sorted(themes)}: {text[:60]!r}")
        example = Example(
            text.strip(),
            intent,
            None if themes is None else frozenset(themes),
            labels.get("thin"),
        )
        found.setdefault(example.text.lower(), example)
    return list(found.values())
