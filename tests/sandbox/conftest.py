"""A platform with a clock that stands still, and real servers where a test needs them."""

import socket
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sandbox.app import create_app
from sandbox.keys import Keys, SigningKey
from sandbox.platform import Platform
from werkzeug.serving import make_server

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
        assert url == "http://127.0.0.1:8080/lti/jwks.json"
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
