"""Fetching from an LMS: a real server on this machine that behaves badly."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lti import fetch
from lti.fetch import FetchError, fetch_document


class Misbehaving(BaseHTTPRequestHandler):
    seen: list[tuple[str, str]]

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        type(self).seen.append((self.path, self.headers["User-Agent"]))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/keys")
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * (fetch.MAX_BYTES + 1))
        elif self.path == "/drip":
            try:
                while True:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    released.wait(0.05)
            except OSError:
                return
        elif self.path == "/silent":
            released.wait(5)
        else:
            self.wfile.write(b'{"keys": []}')


released = threading.Event()


@pytest.fixture
def server() -> Iterator[str]:
    released.clear()
    Misbehaving.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    released.set()
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_document_and_agent(server: str) -> None:
    assert fetch_document(server + "/keys", allow_private=True) == b'{"keys": []}'
    assert Misbehaving.seen == [("/keys", fetch.USER_AGENT)]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/moved", "status 302"), ("/broken", "status 500"), ("/large", "too large")],
)
def test_refused(server: str, path: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        fetch_document(server + path, allow_private=True)
    assert len(Misbehaving.seen) == 1


def test_slow_bodies(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TOTAL_TIMEOUT", 0.2)
    with pytest.raises(FetchError, match="too slow"):
        fetch_document(server + "/drip", allow_private=True)
    monkeypatch.setattr(fetch, "TIMEOUT", 0.2)
    with pytest.raises(FetchError):
        fetch_document(server + "/silent", allow_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_not_spoken_to(server: str, host: str) -> None:
    url = server.replace("127.0.0.1", host) + "/keys"
    with pytest.raises(FetchError):
        fetch_document(url, allow_private=False)
    assert Misbehaving.seen == []


@pytest.mark.parametrize("url", ["ftp://lms/keys", "nonsense", "http://127.0.0.1:1/", "http://[::"])
def test_unreachable(url: str) -> None:
    with pytest.raises(FetchError):
        fetch_document(url, allow_private=True)
