"""One Rasa action per act: each applies the turn in one transaction and says "done".

The words never travel through Rasa's tracker: the action finds them in the inbox by
the turn's public id, which is all that the message carries.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from store.db import Database
from store.settings import get_settings
from store.turns import apply_turn
from study.moves import Act

log = logging.getLogger("greyarea.actions")

_database: Database | None = None


def database() -> Database:
    """The database of this process, opened on first use."""
    global _database
    if _database is None:
        _database = Database.from_url(get_settings().resolved_database_url)
    return _database


def take(act: Act, message: dict[str, Any]) -> dict[str, str]:
    """Apply the turn that a message of Rasa's tracker names.

    ``message`` is ``tracker.latest_message``: intent, reading and metadata, no words.
    Returns what the channel waits for. Raises for an unknown turn or a failing
    database; the message then stays in the inbox and is taken again later.
    """
    turn = str(message["metadata"]["turn"])
    intent = message.get("intent") or {}
    reading = message.get("reading") or {}
    heard = {
        "intent": intent.get("name", "reflection"),
        "confidence": intent.get("confidence", 0.0),
        **reading,
    }
    with database().write() as session:
        row = apply_turn(session, turn, act, heard, datetime.now(UTC))
        status = row.status
    log.debug("turn %s: %s", turn, status)
    return {"status": "done", "turn": turn}


class InterviewAction(Action):  # type: ignore[misc]
    """Shared by all actions; a subclass names its act."""

    act: Act

    def name(self) -> str:
        """The action's name in the domain."""
        return f"action_{self.act.value}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Apply the turn; no events go back, as the database holds the state."""
        done = await asyncio.to_thread(take, self.act, tracker.latest_message)
        dispatcher.utter_message(json_message=done)
        return []


def actions() -> list[InterviewAction]:
    """One action for each act."""
    return [
        type(f"Action{act.name.title().replace('_', '')}", (InterviewAction,), {"act": act})()
        for act in Act
    ]
