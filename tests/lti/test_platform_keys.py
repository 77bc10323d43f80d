"""The key cache: rotation, bad key sets, an LMS that is down, and how often it is asked."""

import json
import threading
from typing import Any

import pytest

from lti.fetch import FetchError
from lti.platform_keys import PlatformKeys, usable_keys
from store.lti_repository import find_registration
from store.models.lti import PlatformKey, Registration
from tests.lti.forge import World, public_jwk


def test_the_keys_are_fetched_once(world: World) -> None:
    for _ in range(3):
        assert world.run().status_code == 200
    assert world.keys.calls == 1


def test_s48_rotation(world: World) -> None:
    world.run()
    world.keys.serve(public_jwk("key-1"), public_jwk("key-2"))
    assert world.run(header={"kid": "key-2"}, key="key-2").status_code == 200
    assert world.run().status_code == 200
    assert world.keys.calls == 2


def test_s48_unknown_keys_ask_twice_a_minute_at_most(world: World) -> None:
    for _ in range(5):
        world.assert_refused(world.run(header={"kid": "no"}), "key_unknown")
    assert world.keys.calls == 1
    world.clock.pass_time(seconds=31)
    world.run(header={"kid": "no"})
    assert world.keys.calls == 2


def test_s47_down_at_the_first_launch(world: World) -> None:
    world.keys.answer = FetchError("ConnectTimeout")
    world.assert_refused(world.run(), "keys_unavailable", 503)


@pytest.mark.parametrize(
    "document",
    [b"", b"<html>", b"[]", b"{}", b'{"keys": {}}', b'"keys"', b"[" * 50_000, b"\xff"],
)
def test_s47_no_key_set(world: World, document: bytes) -> None:
    world.keys.answer = document
    world.assert_refused(world.run(), "keys_unavailable", 503)


def test_s47_cached_keys_work_while_the_platform_is_down(world: World) -> None:
    world.run()
    world.keys.answer = FetchError("ConnectTimeout")
    assert world.run().status_code == 200
    world.clock.pass_time(hours=25)
    assert world.run().status_code == 200
    assert world.run().status_code == 200
    assert world.keys.calls == 2


def test_withdrawn_keys_stop_working_within_a_day(world: World) -> None:
    world.run()
    world.entered.clear()
    world.keys.serve(public_jwk("key-2"))
    world.clock.pass_time(hours=24)
    assert "<code>key_unknown " in world.run().text
    assert world.entered == []
    with world.database.read() as session:
        assert [row.kid for row in session.query(PlatformKey)] == ["key-2"]


EC = {"kty": "EC", "crv": "P-256", "kid": "key-1", "x": "AA", "y": "AA"}


@pytest.mark.parametrize(
    ("keys", "usable"),
    [
        ([EC], []),
        ([public_jwk("key-1", use="enc")], []),
        ([public_jwk("key-1", use="sig")], ["key-1"]),
        ([public_jwk("key-1", alg="RS512")], []),
        ([{k: v for k, v in public_jwk("key-1").items() if k != "alg"}], ["key-1"]),
        ([public_jwk("key-1"), public_jwk("key-1")], ["key-1"]),
        ([public_jwk("key-1"), public_jwk("key-2", kid="key-1")], []),
        ([public_jwk("key-1", kid=7)], []),
        ([public_jwk("key-1", kid="")], []),
        ([public_jwk("key-1", kid="a\0")], []),
        ([public_jwk("key-1", n="!")], []),
        ([public_jwk("key-1", n=5)], []),
        ([public_jwk("key-1", n="AQAB")], []),
        ([public_jwk("key-1", e="AA")], []),
        (["no object", None, 3, public_jwk("key-1")], ["key-1"]),
    ],
)
def test_s47_which_keys_are_usable(keys: list[Any], usable: list[str]) -> None:
    assert list(usable_keys(json.dumps({"keys": keys}).encode())) == usable


def test_private_parts_are_not_kept() -> None:
    found = usable_keys(json.dumps({"keys": [public_jwk("key-1", d="secret", x5c=["x"])]}).encode())
    assert set(found["key-1"]) == {"kty", "kid", "n", "e"}


def test_threads_share_one_fetch(each_world: World) -> None:
    world = each_world
    with world.database.read() as session:
        registration = find_registration(session, "campus")
    assert isinstance(registration, Registration)
    together = threading.Barrier(8)
    keys, found = PlatformKeys(world.keys), []

    def find() -> None:
        together.wait()
        found.append(keys.find(world.database, registration, "key-1", world.clock())["kid"])

    threads = [threading.Thread(target=find) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, world.keys.calls) == (["key-1"] * 8, 1)


def test_processes_may_fetch_side_by_side(each_world: World) -> None:
    """Two processes share no lock: both may fetch, and neither fails."""
    world = each_world
    with world.database.read() as session:
        registration = find_registration(session, "campus")
    assert isinstance(registration, Registration)
    together = threading.Barrier(4)
    found: list[str] = []

    def fetch(url: str, *, allow_private: bool) -> bytes:
        together.wait()
        return world.keys(url, allow_private=allow_private)

    def find() -> None:
        keys = PlatformKeys(fetch)
        found.append(keys.find(world.database, registration, "key-1", world.clock())["kid"])

    threads = [threading.Thread(target=find) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["key-1"] * 4 and world.count(PlatformKey) == 1
