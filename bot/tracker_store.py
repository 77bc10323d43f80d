"""A small memory of the dialogue: the last few turns of the most recent conversations.

Nothing here is needed to carry on: where a learner stands is a row in the study database. So the
memory may be short (a turn costs the same at the start and at the end of a conversation), bounded
(the least recently used conversation goes first) and lost with the process.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

MAX_CONVERSATIONS_VARIABLE = "GREYAREA_BOT_MAX_CONVERSATIONS"
DEFAULT_MAX_CONVERSATIONS = 2000
MAX_TURNS = 4


class BadStoreSettings(RasaException):
    """The bounds of the store make no sense."""


class BoundedTrackerStore(TrackerStore):
    """Keeps at most ``turns`` turns of at most ``max_conversations`` conversations, in memory."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        turns: int = 2,
        max_conversations: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Create an empty store; ``max_conversations`` defaults to the environment's value."""
        super().__init__(domain, event_broker, **kwargs)
        if max_conversations is None:
            max_conversations = _max_conversations_from_environment()
        if not 1 <= turns <= MAX_TURNS:
            raise BadStoreSettings(f"The tracker store keeps 1 to {MAX_TURNS} turns, not {turns}.")
        if max_conversations < 1:
            raise BadStoreSettings(f"{MAX_CONVERSATIONS_VARIABLE} must be 1 or more.")
        self._turns = turns
        self._max_conversations = max_conversations
        self._conversations: OrderedDict[str, list[Event]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker's last turns; drop the least recently used conversation if full."""
        await self.stream_events(tracker)
        self._conversations[tracker.sender_id] = _last_turns(list(tracker.events), self._turns)
        self._conversations.move_to_end(tracker.sender_id)
        while len(self._conversations) > self._max_conversations:
            self._conversations.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """Return the tracker of a conversation with its last turns.

        For one that is not held it is a new tracker that listens, not None: Rasa runs its session
        start, one more action, for any tracker without events.
        """
        events = self._conversations.get(sender_id)
        if events is None:
            events = [ActionExecuted(ACTION_LISTEN_NAME)]
        else:
            self._conversations.move_to_end(sender_id)
        return DialogueStateTracker.from_events(
            sender_id, events, self.domain.slots, domain=self.domain
        )

    async def keys(self) -> Iterable[str]:
        """Return the conversations held, least recently used first."""
        return list(self._conversations)


def _last_turns(events: list[Event], turns: int) -> list[Event]:
    """Return the events from the ``action_listen`` before the last ``turns`` messages on."""
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= turns:
        return events
    return [ActionExecuted(ACTION_LISTEN_NAME), *events[starts[-turns] :]]


def _max_conversations_from_environment() -> int:
    value = os.environ.get(MAX_CONVERSATIONS_VARIABLE) or str(DEFAULT_MAX_CONVERSATIONS)
    if not value.isdecimal():
        raise BadStoreSettings(f"{MAX_CONVERSATIONS_VARIABLE} must be a whole number.")
    return int(value)
