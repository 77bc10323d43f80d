"""The dialogue's memory is small and bounded, and its locks do not dawdle."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from rasa.core.lock_store import LockError
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered

from bot.lock_store import ConversationLockStore
from bot.tracker_store import BadStoreSettings, BoundedTrackerStore


async def speak(store: BoundedTrackerStore, conversation: str, turns: int = 1) -> None:
    """Go through ``turns`` turns as Rasa does: retrieve, add events, save."""
    for number in range(turns):
        tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
        tracker.update(UserUttered("", {"name": "skip"}, message_id=f"m{number}"))
        tracker.update(ActionExecuted("action_skip"))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)


def test_only_the_last_turns_are_kept() -> None:
    async def scene() -> None:
        store = BoundedTrackerStore(Domain.empty(), turns=3)
        await speak(store, "a", turns=60)
        tracker = await store.retrieve("a")
        said = [event.message_id for event in tracker.events if isinstance(event, UserUttered)]
        assert said == ["m57", "m58", "m59"]
        assert tracker.events[0].action_name == "action_listen"
        assert len(tracker.events) == 1 + 3 * 3

    asyncio.run(scene())


def test_the_least_recently_used_conversation_goes_first() -> None:
    async def scene() -> None:
        store = BoundedTrackerStore(Domain.empty(), max_conversations=3)
        for conversation in "abc":
            await speak(store, conversation)
        await store.retrieve("a")
        await speak(store, "d")
        assert await store.keys() == ["c", "a", "d"]

    asyncio.run(scene())


def test_memory_is_flat() -> None:
    async def scene() -> None:
        store = BoundedTrackerStore(Domain.empty(), turns=2, max_conversations=20)
        for number in range(500):
            await speak(store, f"c{number}", turns=3)
        kept = [await store.retrieve(name) for name in await store.keys()]
        assert len(kept) == 20
        assert max(len(json.dumps([e.as_dict() for e in t.events])) for t in kept) < 4000

    asyncio.run(scene())


def test_an_unknown_conversation_listens_and_takes_no_room() -> None:
    async def scene() -> None:
        store = BoundedTrackerStore(Domain.empty())
        tracker = await store.get_or_create_tracker("new", append_action_listen=False)
        assert [event.action_name for event in tracker.events] == ["action_listen"]
        assert await store.keys() == []

    asyncio.run(scene())


def test_bounds_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREYAREA_BOT_MAX_CONVERSATIONS", "1")
    store = BoundedTrackerStore(Domain.empty())
    asyncio.run(speak(store, "a"))
    asyncio.run(speak(store, "b"))
    assert asyncio.run(store.keys()) == ["b"]


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_senseless_bounds_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GREYAREA_BOT_MAX_CONVERSATIONS", value)
    with pytest.raises(BadStoreSettings):
        BoundedTrackerStore(Domain.empty())


@pytest.mark.parametrize("turns", [0, 5])
def test_more_than_a_few_turns_are_refused(turns: int) -> None:
    with pytest.raises(BadStoreSettings):
        BoundedTrackerStore(Domain.empty(), turns=turns)


def test_turns_of_a_conversation_take_their_turn_without_delay() -> None:
    async def scene() -> list[str]:
        locks, order = ConversationLockStore(), []

        async def turn(name: str, conversation: str) -> None:
            async with locks.lock(conversation):
                order.append(f"{name} in")
                await asyncio.sleep(0.01)
                order.append(f"{name} out")

        await asyncio.gather(turn("1", "a"), turn("2", "a"), turn("3", "a"), turn("x", "b"))
        assert not locks._locks and not locks._users
        return order

    started = time.perf_counter()
    order = asyncio.run(scene())
    assert time.perf_counter() - started < 0.9  # Rasa's own store would take two seconds
    assert order.index("x in") < order.index("1 out")
    mine = [entry for entry in order if entry[0] != "x"]
    assert mine == ["1 in", "1 out", "2 in", "2 out", "3 in", "3 out"]


def test_a_lock_is_given_up_after_its_lifetime_and_freed_after_an_error() -> None:
    async def scene() -> None:
        locks = ConversationLockStore()
        async with locks.lock("a"):
            with pytest.raises(LockError):
                async with locks.lock("a", lock_lifetime=0.01):
                    raise AssertionError("the lock was held twice")
        with pytest.raises(ValueError, match="inside"):
            async with locks.lock("a"):
                raise ValueError("inside")
        async with locks.lock("a", lock_lifetime=0.1):
            pass
        assert not locks._locks

    asyncio.run(scene())
