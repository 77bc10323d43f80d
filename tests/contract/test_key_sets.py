"""The LMS's key set: away, slow, spoilt or changed."""

import threading
from typing import Any

import pytest

from lti import fetch
from lti.platform_keys import PlatformKeys
from sandbox.faults import Canned
from sandbox.forging import elliptic_key, key_set
from store.lti_repository import find_registration
from store.models.lti import PlatformKey
from tests.contract.rows import Row
from tests.contract.serving import Served
from tests.lti.forge import Begun, World
from tests.lti.key_server import public_jwk
from tests.lti.pages import THREADS, post_at_once

KEYS = "/jwks.json"
GOOD = public_jwk("key-1")


@pytest.mark.case("S47")
@pytest.mark.parametrize(
    "answer",
    [
        Canned(500),
        Canned(404),
        Canned(302, headers=(("Location", "/elsewhere.json"),)),
        Canned(body=b""),
        Canned(body=b"<html>Back soon</html>"),
        Canned(body=b"[]"),
        Canned(body=b"{}"),
        Canned(body=b'{"keys": {}}'),
        Canned(body=b"[" * 50_000),
        Canned(body=b"\xff"),
        Canned(body=key_set(GOOD) + b" " * fetch.MAX_BYTES),
        Canned(silent=True),
        Canned(dripping=True),
        Canned(dripping=True, body=b"x" * 100_000),
    ],
    ids=lambda answer: str(answer)[7:60],
)
def test_no_key_set(
    served: Served, row: Row, answer: Canned, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A silent server says nothing until this test is over: only our own limits end the waiting.
    monkeypatch.setattr(fetch, "TIMEOUT", 0.3)
    monkeypatch.setattr(fetch, "TOTAL_TIMEOUT", 0.6)
    served.faults.always(KEYS, answer)
    row.refuses(served.world, served.world.run(), "keys_unavailable")
    # It is not asked again at once, however many launches arrive.
    row.refuses(served.world, served.world.run(), "key_unknown")
    assert len(served.faults.calls) == 1


@pytest.mark.case("S47")
def test_the_limits_are_five_and_ten_seconds() -> None:
    assert (fetch.TIMEOUT, fetch.TOTAL_TIMEOUT, fetch.MAX_BYTES) == (5, 10, 1024 * 1024)


@pytest.mark.case("S47")
def test_cached_keys_carry_on_while_the_lms_is_down(served: Served) -> None:
    world = served.world
    assert world.run().status_code == 200
    served.faults.always(KEYS, Canned(503))
    assert world.run().status_code == 200
    assert len(served.faults.calls) == 1
    # A day later a fresh set is wanted, once; the old one still serves.
    world.clock.pass_time(hours=25)
    for _ in range(3):
        assert world.run().status_code == 200
    assert len(served.faults.calls) == 2


@pytest.mark.case("S47")
@pytest.mark.parametrize(
    ("keys", "usable"),
    [
        ([elliptic_key("key-1")], False),
        ([public_jwk("key-1", use="enc")], False),
        ([public_jwk("key-1", alg="RS512")], False),
        ([public_jwk("key-1", alg="HS256")], False),
        ([public_jwk("key-1"), public_jwk("key-2", kid="key-1")], False),
        ([public_jwk("key-1", kid=7)], False),
        ([public_jwk("key-1", kid="")], False),
        ([public_jwk("key-1", kid="a\0")], False),
        ([public_jwk("key-1", n="!")], False),
        ([public_jwk("key-1", n=5)], False),
        ([public_jwk("key-1", n="AQAB")], False),
        ([public_jwk("key-1", e="AA")], False),
        ([{"kty": "oct", "k": "c2VjcmV0", "kid": "key-1"}], False),
        ([], False),
        ([{k: v for k, v in GOOD.items() if k != "alg"}], True),
        ([{k: v for k, v in GOOD.items() if k != "use"}], True),
        ([GOOD, GOOD], True),
        (["no object", None, 3, elliptic_key("key-2"), GOOD], True),
    ],
    ids=str,
)
def test_odd_keys(world: World, row: Row, keys: list[Any], usable: bool) -> None:
    world.keys.serve(*keys)
    if usable:
        row.enters(world.run())
    else:
        row.refuses(world, world.run(), "key_unknown")


@pytest.mark.case("S47")
def test_private_halves_are_not_kept(world: World) -> None:
    world.keys.serve(public_jwk("key-1", d="secret", x5c=["x"]))
    world.run()
    assert set(world.only(PlatformKey).jwk) == {"kty", "kid", "n", "e"}


@pytest.mark.case("S48")
def test_a_new_key(served: Served, row: Row) -> None:
    world = served.world
    row.enters(world.run())
    old = world.platform.keys.current
    world.platform.keys.rotate()
    row.enters(world.run())
    # What was signed before the change is good as long as the LMS publishes that key.
    row.enters(world.run(key=old.kid, headers={"kid": old.kid}))
    assert len(served.faults.calls) == 2


@pytest.mark.case("S48")
def test_a_key_that_is_gone(world: World, row: Row) -> None:
    world.run()
    world.entered.clear()
    world.keys.serve(public_jwk("key-2"))
    world.clock.pass_time(hours=24)
    refused = world.run()
    assert (refused.status_code, "<code>key_unknown " in refused.text) == (400, True)
    assert world.entered == []
    assert world.only(PlatformKey).kid == "key-2"


@pytest.mark.case("S48")
def test_unknown_keys_ask_once_in_half_a_minute(world: World, row: Row) -> None:
    for number in range(5):
        row.refuses(world, world.run(headers={"kid": f"no-{number}"}), "key_unknown")
    assert world.keys.calls == 1
    world.clock.pass_time(seconds=31)
    row.refuses(world, world.run(headers={"kid": "no"}), "key_unknown")
    assert world.keys.calls == 2
    # A known key is not kept waiting by any of this.
    row.enters(world.run())
    assert world.keys.calls == 2


@pytest.mark.case("S48")
@pytest.mark.parametrize("known", [True, False])
def test_launches_at_once_share_one_fetch(each_world: World, row: Row, known: bool) -> None:
    world = each_world
    header = {} if known else {"kid": "no"}
    begun: list[Begun] = [world.begin() for _ in range(THREADS)]
    posts = [(world.forge(one, headers=header), one) for one in begun]
    results = post_at_once(world, posts)
    assert [status for status, _ in results] == [200 if known else 400] * THREADS
    assert world.keys.calls == 1


@pytest.mark.case("S48")
def test_processes_may_fetch_side_by_side(each_world: World) -> None:
    """Two processes share no lock: both may fetch, and neither fails."""
    world = each_world
    with world.database.read() as session:
        registration = find_registration(session, "campus")
    assert registration is not None
    together = threading.Barrier(4)
    found: list[str] = []

    def fetch_together(url: str, *, allow_private: bool) -> bytes:
        together.wait()
        return world.keys(url, allow_private=allow_private)

    def find() -> None:
        keys = PlatformKeys(fetch_together)
        found.append(keys.find(world.database, registration, "key-1", world.clock())["kid"])

    threads = [threading.Thread(target=find) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["key-1"] * 4 and world.count(PlatformKey) == 1
