"""A platform with a clock that stands still, and real servers where a test needs them."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from sandbox.app import create_app
from sandbox.claims import ALL_SCOPES
from sandbox.keys import Keys, SigningKey
from sandbox.people import LEARNERS
from sandbox.platform import Platform

NOON = 1_795_435_200.0


class Clock:
    """Seconds since 1970 that move only when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Form(HTMLParser):
    """Action, target, hidden fields and scripts of a page with one form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.target = ""
        self.fields: dict[str, str] = {}
        self.buttons = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
            self.target = given.get("target", "")
        elif tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]
        elif tag == "button":
            self.buttons += 1


@pytest.fixture(autouse=True)
def _not_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREYAREA_ENV", raising=False)


@pytest.fixture(scope="session")
def platform_key() -> SigningKey:
    """Made once: a key takes a moment."""
    return SigningKey.generate()


@pytest.fixture(scope="session")
def tool_key() -> SigningKey:
    """The tool's own key."""
    return SigningKey.generate()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(platform_key: SigningKey, tool_key: SigningKey, clock: Clock) -> Platform:
    def fetch(url: str) -> object:
        assert url == "http://127.0.0.1:8080/lti/jwks/sandbox.json"
        return {"keys": [tool_key.public_jwk()]}

    return Platform(keys=Keys([platform_key]), clock=clock, fetch=fetch)


@pytest.fixture
def client(platform: Platform) -> FlaskClient:
    return create_app(platform).test_client()


@pytest.fixture
def form() -> type[Form]:
    return Form


@pytest.fixture
def free_port() -> Callable[[], int]:
    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture
def serve() -> Iterator[Callable[[Flask, int], None]]:
    """Serve an app on a loopback port until the test ends."""
    running = []

    def start(app: Flask, port: int) -> None:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def call(client: FlaskClient, platform: Platform) -> Callable[..., TestResponse]:
    """Call a service with a bearer token for all scopes."""

    def send(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        token = platform.tokens.issue(list(ALL_SCOPES))
        return client.open(
            path,
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {token}", **headers},
            content_type=headers.get("content_type"),
        )

    return send


@pytest.fixture
def score() -> Callable[..., dict[str, Any]]:
    """A score as a tool sends it; an entry of None is left out."""

    def build(sub: str = LEARNERS[0].sub, **changes: Any) -> dict[str, Any]:
        sent = {
            "userId": sub,
            "scoreGiven": 1,
            "scoreMaximum": 1,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-11-23T12:00:00Z",
            **changes,
        }
        return {name: value for name, value in sent.items() if value is not None}

    return build
