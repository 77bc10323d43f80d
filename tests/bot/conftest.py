"""Fixtures of the Rasa room: the trained model, an agent, and the channel behind a real socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import environment

environment.prepare("ERROR")

import pytest  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.core.run import configure_app  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

from bot import train  # noqa: E402
from bot.channel import InterviewChannel  # noqa: E402
from bot.lock_store import ConversationLockStore  # noqa: E402
from bot.model_file import verified_model  # noqa: E402
from bot.tracker_store import BoundedTrackerStore  # noqa: E402

environment.configure_logs()

SECRET = "a test secret"


class RecordingActions(EndpointConfig):
    """Stands in for the action server: notes each call and reports the turn as done."""

    def __init__(self) -> None:
        super().__init__("http://actions.invalid/webhook")
        self.calls: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        body = kwargs["json"]
        self.calls.append(body)
        turn = body["tracker"]["latest_message"]["metadata"].get("turn")
        done = [{"custom": {"status": "done", "turn": turn}}]
        return {"events": [], "responses": done if self.responses is None else self.responses}


class Loop:
    """An event loop in a thread of its own, for everything asynchronous in these tests."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@dataclass
class Door:
    """The channel on a free port of this machine."""

    port: int

    def post(self, body: Any, secret: str | None = SECRET) -> tuple[int, dict[str, Any], str]:
        """Send a turn; ``body`` may be bytes. Return status, JSON and raw answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Greyarea-Secret"] = secret
        return self._ask("POST", "/webhooks/interview/turn", raw, headers)

    def health(self) -> tuple[int, dict[str, Any], str]:
        return self._ask("GET", "/webhooks/interview/health", None, {})

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text), text
        finally:
            connection.close()


def turn_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a good turn, with ``changes``; None removes a field."""
    body = {
        "conversation": uuid.uuid4().hex,
        "turn": uuid.uuid4().hex,
        "open_step": "open_prompt",
        "kind": "text",
        "text": "it depends on what the task is for",
        "locale": "en",
    }
    if changes.get("kind") == "option":
        del body["text"]
    body.update(changes)
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the current inputs, trained if need be."""
    assert train.main(["--if-changed"]) == 0
    return verified_model()


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    own = Loop()
    yield own
    own.close()


@pytest.fixture(scope="session")
def loaded(model: Path) -> Agent:
    """An agent with the real model; loaded once, as it takes seconds."""
    agent = Agent(
        tracker_store=BoundedTrackerStore(max_conversations=50),
        lock_store=ConversationLockStore(),
        action_endpoint=RecordingActions(),
    )
    agent.load_model(model)
    return agent


@pytest.fixture
def agent(loaded: Agent) -> Agent:
    """The agent with a fresh list of action calls."""
    actions: RecordingActions = loaded.action_endpoint
    actions.calls.clear()
    actions.responses = None
    return loaded


@pytest.fixture
def actions(agent: Agent) -> RecordingActions:
    return agent.action_endpoint


@pytest.fixture(scope="session")
def open_door(loop: Loop) -> Iterator[Callable[[Agent | None], Door]]:
    """Serve the channel; call it with the agent to answer with, or None for "not ready"."""
    app = configure_app([InterviewChannel(SECRET)], enable_api=False, use_uvloop=False)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

        async def start() -> Any:
            server = await app.create_server(
                sock=listener, return_asyncio_server=True, access_log=False
            )
            await server.startup()
            await server.start_serving()
            return server

        server = loop.run(start())

        def door(answering: Agent | None) -> Door:
            app.ctx.agent = answering
            return Door(port)

        yield door

        async def stop() -> None:
            server.close()
            await server.wait_closed()

        loop.run(stop())


@pytest.fixture
def door(open_door: Callable[[Agent | None], Door], agent: Agent) -> Door:
    return open_door(agent)


@pytest.fixture
def bot_environment() -> dict[str, str]:
    """The environment for a bot process, without any of the tool's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GREYAREA_")}
    return {**kept, "LOG_LEVEL": "WARNING"}
