"""The room as it really runs: a process of its own, over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import turn_body
from stub_actions import StubActions, running_stub

from bot.model_file import ROOT

START_SECONDS = 120


@dataclass
class Room:
    process: subprocess.Popen[str]
    port: int
    actions: StubActions

    def post(self, **changes: Any) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                "POST",
                "/webhooks/interview/turn",
                json.dumps(turn_body(**changes)),
                {"X-Greyarea-Secret": "bot secret"},
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def room(model: Any) -> Iterator[Room]:
    with running_stub() as stub, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.run", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "LOG_LEVEL": "WARNING",
                "GREYAREA_BOT_SECRET": "bot secret",
                "GREYAREA_ACTIONS_SECRET": "actions secret",
                "GREYAREA_ACTIONS_URL": stub.url,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until_ready(process, port)
            yield Room(process, port, stub)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/webhooks/interview/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the bot did not become ready")


def test_sixty_turns_of_one_conversation(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    text = "It depends on how much of the thinking was hers, because that is what we mark."
    milliseconds = []
    for _ in range(60):
        started = time.perf_counter()
        assert room.post(conversation="a" * 32, text=text)[0] == 200
        milliseconds.append((time.perf_counter() - started) * 1000)
    early, late = statistics.median(milliseconds[4:15]), statistics.median(milliseconds[49:60])
    with capsys.disabled():
        print(f"\nms a turn, median of turns 5-15: {early:.1f}, of turns 50-60: {late:.1f}")
    assert [call["next_action"] for call in room.actions.calls] == ["action_answer"] * 60
    assert set(room.actions.secrets) == {"actions secret"}
    sizes = [len(json.dumps(call)) for call in room.actions.calls]
    assert sizes[59] <= sizes[4] * 1.02  # what a turn costs does not grow with the conversation


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_a_failing_action_is_called_once_and_reported(room: Room, status: int) -> None:
    room.actions.calls.clear()
    room.actions.status = status
    try:
        assert room.post(kind="option", option="skip") == (502, {"error": "no_action"})
    finally:
        room.actions.status = 200
    assert [call["next_action"] for call in room.actions.calls] == ["action_skip"]
    assert room.post()[0] == 200


def test_no_other_door_is_open(room: Room) -> None:
    for path in ("/webhooks/rest/webhook", "/model", "/conversations/a/tracker", "/status"):
        connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
        connection.request("GET", path)
        assert connection.getresponse().status == 404, path
        connection.close()


def test_it_ends_cleanly_and_has_logged_no_words(room: Room) -> None:
    assert room.post(text="a canary named Ottilie /restart")[0] == 200
    room.process.send_signal(signal.SIGTERM)
    output, _ = room.process.communicate(timeout=30)
    assert room.process.returncode == 0
    assert "Bot: ready on" in output and "Bot: stopped." in output
    assert "Ottilie" not in output
