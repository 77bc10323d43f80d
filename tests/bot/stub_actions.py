"""A tiny action server that notes each call and answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class StubActions(ThreadingHTTPServer):
    """Answers every call with "done" for the turn it was given.

    ``calls`` holds the bodies received, ``secrets`` the secret header of each. ``report`` may be
    set to False (no "done" message) and ``status`` to an HTTP error.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.connections = 0
        self.report = True
        self.status = 200

    def process_request(self, *args: Any) -> None:
        self.connections += 1
        super().process_request(*args)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this every small answer waits for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    server: StubActions

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append(body)
        self.server.secrets.append(self.headers.get("X-Greyarea-Secret"))
        turn = body["tracker"]["latest_message"]["metadata"]["turn"]
        done = [{"custom": {"status": "done", "turn": turn}}] if self.server.report else []
        answer = json.dumps({"events": [], "responses": done}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Keep the test output clean."""


@contextmanager
def running_stub() -> Iterator[StubActions]:
    """Serve a stub in a thread until the block ends."""
    stub = StubActions()
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        thread.join()
        stub.server_close()
