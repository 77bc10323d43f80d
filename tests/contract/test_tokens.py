"""The token itself: its form, its header, its signature, and its times."""

import json
from typing import Any

import pytest

from lti import token as id_tokens
from lti.token import LEEWAY, MAX_AGE, MAX_LIFETIME
from sandbox.signing import sign
from tests.contract.rows import Row, variant
from tests.lti.forge import MISSING, World
from tests.lti.key_server import public_jwk, signing_key


@pytest.mark.parametrize(
    "headers",
    [
        variant("N01", {"kid": MISSING}),
        variant("N02", {"kid": "key-9"}),
        variant("S49b", {"crit": ["exp"]}),
        variant("S49b", {"crit": []}),
        variant("S49b", {"b64": False}),
        variant("S49b", {"kid": 7}),
        variant("S49b", {"kid": ["key-1"]}),
        variant("S49b", {"kid": ""}),
        variant("S49b", {"kid": "k" * 300}),
        variant("S49b", {"kid": "k\0"}),
    ],
)
def test_headers(world: World, row: Row, headers: dict[str, Any]) -> None:
    row.refuses(world, world.run(headers=headers))


@pytest.mark.case("N02")
def test_an_unknown_key_is_asked_for_once(world: World) -> None:
    world.run(headers={"kid": "key-9"})
    assert world.keys.calls == 1


@pytest.mark.case("N05")
def test_a_good_token_that_is_no_message(world: World, row: Row) -> None:
    begun = world.begin()
    plain = {k: v for k, v in world.claims(begun).items() if not k.startswith("https:")}
    row.refuses(world, world.launch(world.forge(begun, body=json.dumps(plain)), begun.state))


@pytest.mark.case("S01")
def test_signed_with_another_key(world: World, row: Row) -> None:
    row.refuses(world, world.run(key="intruder"))


@pytest.mark.case("S01")
@pytest.mark.parametrize("part", [1, 2], ids=["claims", "signature"])
def test_altered_after_signing(world: World, row: Row, part: int) -> None:
    begun, other = world.begin(), world.begin()
    parts = world.forge(begun).split(".")
    parts[part] = world.forge(other).split(".")[part]
    row.refuses(world, world.launch(".".join(parts), begun.state))


@pytest.mark.case("S02")
@pytest.mark.parametrize(
    ("alg", "headers", "code"),
    [
        ("none", {}, "token_malformed"),
        ("RS256", {"alg": "none"}, "token_header"),
        ("RS256", {"alg": "NONE"}, "token_header"),
        ("RS256", {"alg": MISSING}, "token_header"),
    ],
)
def test_not_signed(world: World, row: Row, alg: str, headers: dict[str, Any], code: str) -> None:
    row.refuses(world, world.run(alg=alg, headers=headers), code)


@pytest.mark.case("S03")
def test_the_public_key_as_a_secret(world: World, row: Row) -> None:
    row.refuses(world, world.run(alg="HS256"))


@pytest.mark.case("S03")
def test_the_public_key_as_a_secret_under_the_right_name(world: World) -> None:
    response = world.run(alg="HS256", headers={"alg": "RS256"})
    world.assert_refused(response, "signature_invalid")


@pytest.mark.case("S04")
@pytest.mark.parametrize(
    "token",
    ["nonsense", "a.b.c.d.e", "a.b", "..", "é.b.c", "e30.e30.==", "bm8.e30.e30", "e30 .e30.e30"],
)
def test_no_signed_token(world: World, row: Row, token: str) -> None:
    row.refuses(world, world.launch(token, world.begin().state))


@pytest.mark.case("S39")
@pytest.mark.parametrize(
    "body",
    [b'["list"]', b'"text"', b"null", b"not json", b"\xff\xfe", b'{"a": NaN}', b"[" * 20000, b""],
    ids=["list", "text", "null", "words", "bytes", "nan", "deep", "empty"],
)
def test_the_payload_is_no_object(world: World, row: Row, body: bytes) -> None:
    begun = world.begin()
    row.refuses(world, world.launch(world.forge(begun, body=body), begun.state))


@pytest.mark.case("S39")
@pytest.mark.parametrize("inside", [False, True], ids=["claim", "inside a claim"])
def test_a_name_twice(world: World, row: Row, inside: bool) -> None:
    begun = world.begin()
    text = json.dumps(world.claims(begun))
    if inside:
        body = text.replace('{"id": "link-1"', '{"id": "link-2", "id": "link-1"')
    else:
        body = '{"sub": "first", ' + text[1:]
    assert body != text
    row.refuses(world, world.launch(world.forge(begun, body=body), begun.state))


@pytest.mark.case("S49")
def test_a_key_that_the_token_brings_along(world: World, row: Row) -> None:
    theirs = {
        "jku": "https://evil.example/keys",
        "jwk": public_jwk("intruder"),
        "x5u": "https://evil.example/chain",
    }
    row.enters(world.run(headers=theirs))
    world.entered.clear()
    refused = world.run(headers=theirs, key="intruder")
    assert "<code>signature_invalid " in refused.text and world.entered == []
    # Nothing is fetched but the LMS's own set.
    assert world.keys.calls == 1


@pytest.mark.case("S49b")
def test_rs512(world: World, row: Row) -> None:
    row.refuses(world, world.run(alg="RS512", headers={"alg": "RS512"}))


SECOND, DAY = 1, 86_400


@pytest.mark.parametrize(
    ("times", "accepted"),
    [
        variant("N07", {"iat": 11111 - 1_772_452_800, "exp": 22222 - 1_772_452_800}, False),
        variant("S22", {"iat": -61, "exp": -1}, True),
        variant("S22", {"iat": -119, "exp": -LEEWAY + SECOND}, True),
        variant("S22", {"iat": -120, "exp": -LEEWAY}, False),
        variant("S23", {"iat": 30, "exp": 90}, True),
        variant("S23", {"iat": LEEWAY, "exp": 120}, True),
        variant("S24", {"iat": 600, "exp": 660}, False),
        variant("S24", {"iat": LEEWAY + SECOND, "exp": 120}, False),
        variant("S25", {"iat": -MAX_AGE - LEEWAY - SECOND, "exp": 60}, False),
        variant("S25", {"iat": -DAY, "exp": 60}, False),
        variant("S25", {"iat": -MAX_AGE, "exp": 60}, True),
        variant("S26", {"iat": 0, "exp": 10 * 365 * DAY}, False),
        variant("S26", {"iat": 0, "exp": MAX_LIFETIME + SECOND}, False),
        variant("S26", {"iat": 0, "exp": MAX_LIFETIME}, True),
        variant("S26", {"iat": 10, "exp": 5}, False),
        variant("S29", {"nbf": 600}, False),
        variant("S29", {"nbf": LEEWAY + SECOND}, False),
        variant("S29", {"nbf": LEEWAY}, True),
        variant("S30b", {"exp": 60.5}, True),
    ],
)
def test_times(world: World, row: Row, times: dict[str, float], accepted: bool) -> None:
    moment = world.clock.now.timestamp()
    assert int(moment) == 1_772_452_800
    response = world.run({name: int(moment) + seconds for name, seconds in times.items()})
    if accepted:
        row.enters(response)
    else:
        row.refuses(world, response)


@pytest.mark.case("S30")
@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e308", "99999999999999999999999"])
def test_numbers_beyond_all_bounds(world: World, row: Row, number: str) -> None:
    begun = world.begin()
    body = json.dumps(world.claims(begun, {"exp": "HERE"})).replace('"HERE"', number)
    row.refuses(world, world.launch(world.forge(begun, body=body), begun.state))


def test_the_limits_are_those_of_the_list() -> None:
    assert (LEEWAY, MAX_AGE, MAX_LIFETIME) == (60, 600, DAY)
    assert id_tokens.MAX_TOKEN == 64 * 1024


def test_the_forger_can_be_trusted(world: World) -> None:
    """Guards all of the above: what nothing was done to enters."""
    begun = world.begin()
    honest = world.answer(begun)["id_token"]
    assert world.forge(begun) == honest == sign(world.claims(begun), signing_key("key-1"))
    assert world.run().text == "entered as learner"
