"""The pipeline step that adds the theme reading to a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.keyword_reader import KeywordReader
from bot.components.themes import ThemeReader

READING = "theme_reading"
"""Where the reading sits in the parse data, as ``ThemeReading.as_dict``."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KeywordThemes(GraphComponent):
    """Adds ``READING`` to each message by a reader of words and phrases."""

    def __init__(self, reader: ThemeReader) -> None:
        """Use ``reader`` for every message."""
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KeywordThemes:
        """Build the component; it has no configuration."""
        return cls(KeywordReader())

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message's text; the messages are changed in place and returned."""
        for message in messages:
            reading = self._reader.read(message.get(TEXT) or "")
            message.set(READING, reading.as_dict(), add_to_output=True)
        return messages
