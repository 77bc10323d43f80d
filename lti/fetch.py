"""Fetching a small document from an LMS, with every limit set."""

import ipaddress
import socket
import time
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


def fetch_document(url: str, *, allow_private: bool) -> bytes:
    """The bytes at ``url``: status 200, at most 1 MB, no redirects, 5 s per wait, 10 s in all.

    Unless ``allow_private``, the address connected to must be a public one. It is checked
    on the open connection before anything is sent, so that a name which resolves
    differently the second time gains nothing. Proxy variables are not used: through a
    proxy the check would see the proxy.

    Raises:
        FetchError: any of this does not hold.
    """
    deadline = time.monotonic() + TOTAL_TIMEOUT
    with guarded_session(allow_private) as session:
        try:
            with session.get(
                url,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                },
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise FetchError(f"status {response.status_code}")
                return read_limited(response, deadline)
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


def read_limited(response: requests.Response, deadline: float) -> bytes:
    """The body of a streamed response, at most 1 MB and until ``deadline`` (monotonic).

    Raises:
        FetchError: it is larger, or slower.
    """
    body = bytearray()
    # read1 returns what has arrived: a server that drips cannot outlast the deadline.
    while chunk := response.raw.read1(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > MAX_BYTES:
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
