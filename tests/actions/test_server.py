"""The real action server: who may call it, and what it tells when something is wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from cli.ports import free_ports
from cli.processes import Child, Processes
from store.db import Database
from store.inbox import Message, receive
from store.models import Response, Turn
from tests.worlds import NOW, World, make_world

SECRET = "s" * 40
CANARY = "heliotrope canary"


@dataclass
class Server:
    """The running server and the world behind it."""

    url: str
    world: World
    processes: Processes

    def call(self, body: Any = None, secret: str = SECRET, **more: Any) -> requests.Response:
        """Post to the webhook."""
        return requests.post(
            f"{self.url}/webhook",
            headers={"X-Greyarea-Secret": secret},
            timeout=10,
            **({"json": body} if body is not None else {}),
            **more,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``python -m actions.server`` on a free port and an SQLite file."""
    folder: Path = tmp_path_factory.mktemp("actions")
    address = f"sqlite:///{folder / 'test.db'}"
    database = Database.from_url(address)
    world = make_world(database)
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GREYAREA_DATABASE_URL": address,
        "GREYAREA_ACTIONS_URL": url,
        "GREYAREA_ACTIONS_SECRET": SECRET,
    }
    child = Child(
        "actions",
        [sys.executable, "-m", "actions.server"],
        environment,
        port,
        f"{url}/health",
        folder=Path(__file__).resolve().parents[2],
    )
    with Processes([child], folder) as processes:
        processes.start_all()
        yield Server(url, world, processes)
    database.engine.dispose()


def call_for(turn: str, action: str = "action_answer") -> dict[str, Any]:
    """What Rasa sends for a turn."""
    message = {
        "intent": {"name": "reflection", "confidence": 0.9},
        "entities": [],
        "metadata": {"turn": turn, "open_step": "open_prompt", "kind": "text", "locale": "en"},
        "reading": {"source": "rasa", "themes": {"grey": 0.8}, "model": "m"},
    }
    tracker = {
        "sender_id": "c",
        "slots": {},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
        "latest_event_time": 0.0,
    }
    return {"next_action": action, "sender_id": "c", "tracker": tracker, "version": "3.6.21"}


def test_a_turn_is_carried_out_once_however_often_it_is_called(server: Server) -> None:
    attempt = server.world.attempt(server.world.person())
    server.world.send(attempt, option="2")
    message = Message("12345678", server.world.step_id(attempt), text=CANARY)
    turn = receive(server.world.database, attempt.id, message, NOW)
    for _ in range(3):
        answer = server.call(call_for(turn.public_id))
        assert answer.status_code == 200
        assert answer.json()["responses"][0]["custom"] == {"status": "done", "turn": turn.public_id}
        assert CANARY not in answer.text
    assert len([r for r in server.world.rows(Response) if r.turn_id == turn.id]) == 1
    assert {t.status for t in server.world.rows(Turn)} == {"done"}


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "s"])
def test_without_the_secret_nothing_is_done(server: Server, secret: str) -> None:
    answer = server.call(call_for("0" * 32), secret=secret)
    assert (answer.status_code, answer.json()) == (401, {"error": "forbidden"})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json " + CANARY.encode(), 400),
        (b'["' + CANARY.encode() + b'"]', 400),
        (b'{"next_action": 7}', 400),
        (b'{"x": "' + b"y" * 1_100_000 + b'"}', 413),
    ],
)
def test_a_malformed_call_is_refused_without_an_echo(
    server: Server, body: bytes, status: int
) -> None:
    answer = server.call(data=body)
    assert answer.status_code == status
    assert CANARY not in answer.text and len(answer.text) < 200


def test_an_error_tells_neither_its_text_nor_the_request(server: Server) -> None:
    broken = call_for(CANARY)
    answer = server.call(broken)
    assert (answer.status_code, answer.json()) == (500, {"error": "action_failed"})
    log = server.processes.log("actions").read_text()
    assert "UnknownTurn" in log and CANARY not in log
    assert server.call(call_for("0" * 32, action="action_nothing")).status_code == 404


def test_it_does_not_start_without_a_secret() -> None:
    environment = os.environ | {"GREYAREA_ACTIONS_SECRET": ""}
    done = subprocess.run(
        [sys.executable, "-m", "actions.server"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "GREYAREA_ACTIONS_SECRET is not set" in done.stderr
