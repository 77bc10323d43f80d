"""A service's answer in pages: ``Link`` headers (RFC 8288) followed within limits."""

import re
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from lti.services.door import Door
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from store.lti_urls import origin, split_web_url
from store.models.lti import Registration

MAX_PAGES = 20
MAX_HEADER = 8192
PATIENCE = 20.0
"""Seconds for all pages together: an educator may be waiting for them."""

_PARAMETER = r"\s*;\s*[\w!#$&*+.^`|~-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s,;\"]*))?"
_LINK = re.compile(rf"<([^<>]*)>((?:{_PARAMETER})*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)


def read_pages(
    door: Door,
    registration: Registration,
    scopes: Iterable[str],
    url: str,
    media_type: str,
    *,
    first: Answer | None = None,
) -> Iterator[Answer]:
    """The answer of ``url`` and of each page after it; ``first`` is that of ``url`` if had.

    The token goes to no other origin than that of ``url``, whatever a page says.

    Raises:
        ServiceUnavailable: it may work later; "too_slow" for all pages together.
        ServiceRefused: the LMS refuses; "too_many_pages", "foreign_page", "page_loop".
    """
    wanted = list(scopes)
    here, answer = url, first
    seen = {url}
    until = time.monotonic() + PATIENCE
    for _ in range(MAX_PAGES):
        if answer is None:
            headers = {"Accept": media_type}
            answer = door.call(registration, wanted, "GET", here, headers=headers)
        yield answer
        following = next_page(answer, here)
        if following is None:
            return
        if not same_origin(following, url):
            raise ServiceRefused("foreign_page")
        if following in seen:
            raise ServiceRefused("page_loop")
        if time.monotonic() > until:
            raise ServiceUnavailable("too_slow")
        seen.add(following)
        here, answer = following, None
    raise ServiceRefused("too_many_pages")


def next_page(answer: Answer, url: str) -> str | None:
    """The address of the next page, relative ones made whole; None on the last page."""
    header = answer.headers.get("link", "")[:MAX_HEADER]
    for match in _LINK.finditer(header):
        target, parameters = str(match[1]), str(match[2])
        relations = _REL.search(parameters)
        if relations is None:
            continue
        if "next" in (relations[1] or relations[2] or "").lower().split():
            return urljoin(url, target.strip())
    return None


def same_origin(url: str, known: str) -> bool:
    """Whether a web address that an LMS gave is at the origin of one that we know."""
    return split_web_url(url) is not None and origin(url) == origin(known)
