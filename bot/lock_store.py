"""One turn of a conversation at a time, without waiting longer than needed.

Rasa's own store polls once a second, so the second of two messages of a conversation always loses
a second. These locks are woken when the first is through. They only keep this process's memory of
the dialogue in order; turns of an attempt are serialised in the study database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError


class ConversationLockStore(InMemoryLockStore):
    """A lock for each conversation that has a turn under way; none is kept afterwards."""

    def __init__(self, endpoint_config: Any = None) -> None:
        """Create the store; it has no settings."""
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock; raise ``LockError`` after ``lock_lifetime`` seconds."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            try:
                await asyncio.wait_for(lock.acquire(), lock_lifetime)
            except asyncio.TimeoutError:
                raise LockError("The conversation stayed locked for too long.") from None
            try:
                yield TicketLock(conversation_id)
            finally:
                lock.release()
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]
