"""Forged tokens are forged only where they are meant to be; servers misbehave as told."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
import requests
from flask import Flask

from sandbox.app import create_app
from sandbox.faults import Canned, Faults
from sandbox.forging import ABSENT, changed, elliptic_key, forge, key_set, read_part
from sandbox.keys import Keys, SigningKey
from sandbox.platform import Platform
from sandbox.signing import sign

CLAIMS = {"sub": "a", "nonce": "n"}


def test_nothing_changed_is_the_honest_token(platform_key: SigningKey) -> None:
    honest = sign(CLAIMS, platform_key)
    assert forge(honest, platform_key) == honest
    assert (read_part(honest, 0)["kid"], read_part(honest, 1)) == (platform_key.kid, CLAIMS)


def test_claims_and_headers_are_replaced_and_left_out(platform_key: SigningKey) -> None:
    forged = forge(
        sign(CLAIMS, platform_key),
        platform_key,
        {"sub": ABSENT, "aud": None},
        headers={"kid": ABSENT, "typ": "x"},
    )
    assert read_part(forged, 1) == {"nonce": "n", "aud": None}
    assert read_part(forged, 0) == {"alg": "RS256", "typ": "x"}
    jwt.api_jws.decode(forged, platform_key.private.public_key(), algorithms=["RS256"])
    assert CLAIMS == {"sub": "a", "nonce": "n"}
    assert changed(CLAIMS, {}) == CLAIMS


def test_another_key_under_the_honest_name(platform_key: SigningKey, tool_key: SigningKey) -> None:
    forged = forge(sign(CLAIMS, platform_key), tool_key)
    assert read_part(forged, 0)["kid"] == platform_key.kid
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged, jwt.PyJWKSet.from_dict(Keys([platform_key]).jwks()).keys[0])


def test_a_body_is_signed_as_it_stands(platform_key: SigningKey) -> None:
    body = '{"sub": 1, "sub": 2}'
    forged = forge(sign(CLAIMS, platform_key), platform_key, {"sub": "x"}, body=body)
    public = platform_key.private.public_key()
    assert jwt.api_jws.decode(forged, public, algorithms=["RS256"]) == body.encode()


def test_an_elliptic_key_is_a_good_key() -> None:
    listed = json.loads(key_set(elliptic_key("k"), None))["keys"]
    assert jwt.PyJWK(listed[0]).key_type == "EC" and listed[0]["kid"] == "k"
    assert listed[1] is None


@dataclass
class Server:
    """A served sandbox that misbehaves as told."""

    url: str
    faults: Faults

    def get(self, **options: Any) -> requests.Response:
        return requests.get(self.url, **({"timeout": 5} | options))


@pytest.fixture
def server(
    platform: Platform, free_port: Callable[[], int], serve: Callable[[Flask, int], None]
) -> Iterator[Server]:
    port, app, faults = free_port(), create_app(platform), Faults()
    faults.install(app)
    serve(app, port)
    yield Server(f"http://127.0.0.1:{port}/jwks.json", faults)
    faults.release()


def test_faults(server: Server) -> None:
    faults = server.faults
    faults.once(".json", Canned(429, b"slower"), Canned(headers=(("Link", "a"), ("Link", "b"))))
    assert (server.get().status_code, server.get().headers["Link"]) == (429, "a, b")
    assert "keys" in server.get().json()
    faults.always("/other", Canned(500))
    faults.change("/jwks.json", lambda response: response.set_data(b"[]"))
    assert server.get().json() == []
    faults.always("/jwks.json", Canned(500))
    assert server.get().status_code == 500
    assert len(faults.asked("/jwks.json")) == len(faults.calls) == 5
    assert faults.calls[0].method == "GET" and "user-agent" in faults.calls[0].headers


def test_a_firewall(server: Server) -> None:
    server.faults.wants_agent = True
    assert server.get().status_code == 403
    assert server.get(headers={"User-Agent": None}).status_code == 403
    assert server.get(headers={"User-Agent": "Tool/1"}).status_code == 200


def test_a_silent_server(server: Server) -> None:
    server.faults.once("/jwks.json", Canned(silent=True))
    with pytest.raises(requests.Timeout):
        server.get(timeout=0.3)
    server.faults.release()
    assert server.get().status_code == 200


def test_a_dripping_server(server: Server) -> None:
    server.faults.once("/jwks.json", Canned(dripping=True, body=b"x"))
    with server.get(stream=True) as response:
        drops = response.iter_content(1)
        assert [next(drops) for _ in range(5)] == [b"x"] * 5
