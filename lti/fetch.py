"""Fetching a small document from an LMS, with every limit set."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

TIMEOUT = 5.0
TOTAL_TIMEOUT = 10.0
MAX_BYTES = 1024 * 1024
# Some firewalls in front of LMSs answer 403 to a request that names no agent.
USER_AGENT = "GreyArea-LTI/1.3"


class FetchError(Exception):
    """The document could not be had; the message names the reason, not the content."""


class Fetch(Protocol):
    """Gets the bytes of a document; raises FetchError."""

    def __call__(self, url: str, *, allow_private: bool) -> bytes:
        """The document at ``url``."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status and the whole body."""

    status: int
    body: bytes


class Exchange(Protocol):
    """Sends one request and reads its answer; raises FetchError."""

    def __call__(
        self,
        url: str,
        *,
        allow_private: bool,
        body: bytes | None = None,
        bearer: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The answer of ``url``."""
        ...


def fetch_document(url: str, *, allow_private: bool) -> bytes:
    """The bytes at ``url``: status 200, at most 1 MB, and the limits of ``exchange``.

    Raises:
        FetchError: any of this does not hold.
    """
    answer = exchange(url, allow_private=allow_private)
    if answer.status != 200:
        raise FetchError(f"status {answer.status}")
    return answer.body


def exchange(
    url: str,
    *,
    allow_private: bool,
    body: bytes | None = None,
    bearer: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Answer:
    """GET ``url``, or POST ``body`` (JSON) to it: no redirects, 5 s per wait, 10 s in all.

    Unless ``allow_private``, the address connected to must be a public one. It is checked
    on the open connection before anything is sent, so that a name which resolves
    differently the second time gains nothing. Proxy variables are not used: through a
    proxy the check would see the proxy.

    Raises:
        FetchError: no answer within these limits, or one of more than ``max_bytes``.
    """
    deadline = time.monotonic() + TOTAL_TIMEOUT
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    with guarded_session(allow_private) as session:
        try:
            with session.request(
                "GET" if body is None else "POST",
                url,
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, read_limited(response, deadline, max_bytes))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise FetchError(type(error).__name__) from None


def guarded_session(allow_private: bool) -> requests.Session:
    """A session that uses no proxy and, unless ``allow_private``, reaches public hosts only."""
    session = requests.Session()
    session.trust_env = False
    adapter = HTTPAdapter() if allow_private else _PublicAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def read_limited(response: requests.Response, deadline: float, max_bytes: int = MAX_BYTES) -> bytes:
    """The body of a streamed response, of a bounded size and until ``deadline`` (monotonic).

    Raises:
        FetchError: it is larger, or slower.
    """
    body = bytearray()
    # read1 returns what has arrived: a server that drips cannot outlast the deadline.
    while chunk := response.raw.read1(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            raise FetchError("too large")
        if time.monotonic() > deadline:
            raise FetchError("too slow")
    return bytes(body)


class _PrivateAddress(OSError):
    """The connection leads into a private network."""


def _require_public(connection: socket.socket) -> socket.socket:
    address = ipaddress.ip_address(connection.getpeername()[0].split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global or (mapped or address).is_multicast:
        connection.close()
        raise _PrivateAddress
    return connection


class _PublicHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public(super()._new_conn())


class _PublicHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public(super()._new_conn())


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTPConnection


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _PublicHTTPPool,
            "https": _PublicHTTPSPool,
        }
