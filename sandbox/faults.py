"""Servers of an LMS that misbehave: for testing what a tool makes of it.

``Faults`` is put around a sandbox by a test and is never part of a running one.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

PATIENCE = 30.0
"""Seconds after which a silent server gives up, should a test not release it."""


@dataclass(frozen=True)
class Canned:
    """An answer in place of the honest one. ``headers`` may name one header several times.

    ``silent`` says nothing until released; ``dripping`` sends the body byte by byte, over
    and over, until then.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    silent: bool = False
    dripping: bool = False


@dataclass(frozen=True)
class Call:
    """A request that came in. Names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Faults:
    """What goes wrong, by the end of the path; ``calls`` is all that was asked.

    With ``wants_agent`` a request that names no agent of its own is answered 403, as some
    firewalls in front of LMSs do.
    """

    wants_agent: bool = False
    calls: list[Call] = field(default_factory=list)
    _once: defaultdict[str, list[Canned]] = field(default_factory=lambda: defaultdict(list))
    _always: dict[str, Canned] = field(default_factory=dict)
    _changes: dict[str, Callable[[Response], Any]] = field(default_factory=dict)
    _released: threading.Event = field(default_factory=threading.Event)

    def install(self, app: Flask) -> None:
        """Come between ``app`` and those who ask it."""
        app.before_request(self._before)
        app.after_request(self._after)

    def once(self, ending: str, *answers: Canned) -> None:
        """Answer the next requests to paths with this ending so, one each; then honestly."""
        self._once[ending] += answers

    def always(self, ending: str, answer: Canned) -> None:
        """Answer every request to paths with this ending so."""
        self._always[ending] = answer

    def change(self, ending: str, change: Callable[[Response], Any]) -> None:
        """Let ``change`` alter every response of paths with this ending."""
        self._changes[ending] = change

    def release(self) -> None:
        """Let those go who wait for a silent or dripping answer."""
        self._released.set()

    def asked(self, ending: str) -> list[Call]:
        """The requests to paths with this ending."""
        return [call for call in self.calls if call.path.endswith(ending)]

    def _before(self) -> Response | None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.query_string.decode()
        self.calls.append(Call(request.method, request.path, query, headers, request.get_data()))
        if self.wants_agent and headers.get("user-agent", "").split("/")[0] in _NO_AGENTS:
            return Response(status=403)
        for ending, waiting in self._once.items():
            if waiting and request.path.endswith(ending):
                return self._give(waiting.pop(0))
        for ending, answer in self._always.items():
            if request.path.endswith(ending):
                return self._give(answer)
        return None

    def _after(self, response: Response) -> Response:
        for ending, change in self._changes.items():
            if request.path.endswith(ending):
                change(response)
        return response

    def _give(self, answer: Canned) -> Response:
        if answer.silent:
            self._released.wait(PATIENCE)
        body = self._drip(answer.body or b" ") if answer.dripping else answer.body
        response = Response(body, answer.status, content_type="application/json")
        for name, value in answer.headers:
            response.headers.add(name, value)
        return response

    def _drip(self, body: bytes) -> Iterator[bytes]:
        while not self._released.wait(0.02):
            yield body


_NO_AGENTS = frozenset({"", "python-requests", "python-urllib3", "Python-urllib"})
