"""One request to a service of an LMS, with every limit set."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import requests
from urllib3.exceptions import HTTPError

from lti.fetch import TIMEOUT, TOTAL_TIMEOUT, USER_AGENT, FetchError, guarded_session, read_limited
from store.lti_urls import is_secure_url, split_web_url
from store.models.lti import Registration


class ServiceError(Exception):
    """A service did not do what it was asked; ``code`` is short and names no person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ServiceUnavailable(ServiceError):
    """It may work later: no connection, too slow, too many requests, a server's error."""


class ServiceRefused(ServiceError):
    """Asking again will not help."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back. Names of ``headers`` are in lower case; repeated ones are joined."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Send(Protocol):
    """Carries one request out; raises ServiceUnavailable."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        allow_private: bool,
    ) -> Answer:
        """The answer, whatever its status."""
        ...


def send_request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    allow_private: bool,
) -> Answer:
    """The answer of ``url``: no redirect followed, at most 1 MB, 5 s per wait, 10 s in all.

    The address guard is that of :func:`lti.fetch.fetch_document`. A user agent is always
    named: some firewalls in front of LMSs answer 403 without.

    Raises:
        ServiceUnavailable: "network" (no connection, or a guard refused it), "too_slow",
            "too_large".
    """
    deadline = time.monotonic() + TOTAL_TIMEOUT
    sent = {**headers, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    with guarded_session(allow_private) as session:
        try:
            with session.request(
                method,
                url,
                headers=sent,
                data=body,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, found, read_limited(response, deadline))
        except FetchError as error:
            raise ServiceUnavailable(str(error).replace(" ", "_")) from None
        except requests.Timeout:
            raise ServiceUnavailable("too_slow") from None
        except (requests.RequestException, HTTPError, OSError):
            raise ServiceUnavailable("network") from None


def require_success(answer: Answer, prefix: str = "http") -> Answer:
    """The answer if its status is 2xx.

    Raises:
        ServiceUnavailable: 429 or 5xx.
        ServiceRefused: any other status; a redirect too, which is not followed.
    """
    status = answer.status
    if 200 <= status < 300:
        return answer
    if status == 429 or status >= 500:
        raise ServiceUnavailable(f"{prefix}_{status}")
    raise ServiceRefused(f"{prefix}_{status}", status)


def require_usable(registration: Registration, url: str) -> str:
    """``url`` if a bearer token may be sent there.

    Raises:
        ServiceRefused: it is not https; http is only for this machine and, where the
            registration allows private networks, for those.
    """
    plain_allowed = registration.allow_private_network and split_web_url(url) is not None
    if not plain_allowed and not is_secure_url(url):
        raise ServiceRefused("bad_address")
    return url
