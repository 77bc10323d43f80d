"""The pipeline step that reads a message: intent, themes and thinness."""

from __future__ import annotations

from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import message_reader
from bot.components.answer_gate import Thresholds, gate
from bot.components.encoder import encoder
from bot.components.labelled import examples_of
from bot.components.message_reader import MessageReader

READING = "theme_reading"
"""Where themes and thinness sit in the parse data, as ``ThemeReading.as_dict``."""
FILE = "reader.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Reader(GraphComponent):
    """Sets intent, ranking and ``READING`` of each message, in the light of its open step."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, reader: MessageReader | None = None
    ) -> None:
        """Keep what was trained in ``storage``; without ``reader`` messages are left alone."""
        self._storage, self._resource, self._reader = storage, resource, reader
        self._limits = Thresholds()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Reader:
        """Build the component to be trained; it has no configuration."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Reader:
        """Load what was trained. The model's file has been checked against its record before."""
        with model_storage.read_from(resource) as folder:
            reader = joblib.load(folder / FILE)
        encoder()  # now, not in somebody's first turn
        return cls(model_storage, resource, reader)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the labelled examples and keep the result."""
        self._reader = message_reader.train(examples_of(training_data.training_examples))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._reader, folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message; they are changed in place and returned."""
        for message in messages:
            if self._reader is not None:
                self._read(message, self._reader)
        return messages

    def _read(self, message: Message, reader: MessageReader) -> None:
        text = message.get(TEXT) or ""
        understood = reader.read(text)
        step = (message.get(METADATA) or {}).get("open_step", "")
        name = gate(understood.intents, text, step, self._limits)
        ranking = [
            {"name": intent, "confidence": confidence}
            for intent, confidence in understood.intents.items()
        ]
        chosen = {"name": name, "confidence": understood.intents.get(name, 0.0)}
        message.set(INTENT, chosen, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(READING, understood.themes.as_dict(), add_to_output=True)
