"""How many learners a course has: Names and Role Provisioning Services 2.0.

Of a member only the id, the status and the roles are looked at; what is given back are
keyed hashes. Names and addresses, where an LMS sends them, go no further than the parser.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from lti.roles import Role, read_roles
from lti.services.door import Door
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from store.lti_urls import add_query, origin, split_web_url
from store.models.lti import Registration

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
CONTAINER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MAX_PAGES = 20
MAX_ID = 255
MAX_HEADER = 8192
PATIENCE = 20.0
"""Seconds for all pages together: an educator waits for them."""

_PARAMETER = r"\s*;\s*[\w!#$&*+.^`|~-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s,;\"]*))?"
_LINK = re.compile(rf"<([^<>]*)>((?:{_PARAMETER})*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)


def fetch_learners(
    door: Door,
    registration: Registration,
    memberships_url: str,
    hash_of: Callable[[str], str],
    *,
    link_id: str | None = None,
) -> set[str]:
    """The hashes of the active learners, as ``hash_of`` makes them from an id.

    With ``link_id`` the LMS is asked about that activity (``rlid``); one that does not know
    the parameter is asked about the course.

    Raises:
        ServiceUnavailable: it may work later, or an answer could not be read.
        ServiceRefused: the LMS refuses; "too_many_pages", "foreign_page", "page_loop".
    """
    found: set[str] = set()
    for members in _pages(door, registration, memberships_url, link_id):
        for member in members:
            user_id = _learner(member)
            if user_id is not None:
                found.add(hash_of(user_id))
    return found


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


def _pages(
    door: Door, registration: Registration, memberships_url: str, link_id: str | None
) -> Iterator[list[Any]]:
    url = memberships_url
    answer: Answer | None = None
    if link_id is not None:
        with_link = add_query(memberships_url, {"rlid": link_id})
        try:
            answer, url = _get(door, registration, with_link), with_link
        except ServiceRefused as refused:
            if refused.status not in (400, 404):
                raise
    seen = {url}
    until = time.monotonic() + PATIENCE
    for _ in range(MAX_PAGES):
        answer = answer or _get(door, registration, url)
        yield _members(answer)
        following = next_page(answer, url)
        if following is None:
            return
        if split_web_url(following) is None or origin(following) != origin(memberships_url):
            raise ServiceRefused("foreign_page")
        if following in seen:
            raise ServiceRefused("page_loop")
        if time.monotonic() > until:
            raise ServiceUnavailable("too_slow")
        seen.add(following)
        url, answer = following, None
    raise ServiceRefused("too_many_pages")


def _get(door: Door, registration: Registration, url: str) -> Answer:
    return door.call(registration, [SCOPE], "GET", url, headers={"Accept": CONTAINER_TYPE})


def _members(answer: Answer) -> list[Any]:
    try:
        container = json.loads(answer.body)
    except (ValueError, RecursionError):
        container = None
    members = container.get("members") if isinstance(container, dict) else None
    if not isinstance(members, list):
        raise ServiceUnavailable("unreadable")
    return members


def _learner(member: object) -> str | None:
    """The id of an active learner; None for anybody else, and for what is no member.

    A status that is absent means active (NRPS §2.2). Without roles nobody is counted:
    who is no known learner would make the course look larger than it is.
    """
    if not isinstance(member, dict):
        return None
    user_id, status, roles = member.get("user_id"), member.get("status"), member.get("roles")
    if not isinstance(user_id, str) or not 0 < len(user_id) <= MAX_ID:
        return None
    if status is not None and str(status).rpartition("/")[2].lower() != "active":
        return None
    if not isinstance(roles, list):
        return None
    reading = read_roles(role for role in roles if isinstance(role, str))
    return user_id if reading.recognised and reading.role is Role.LEARNER else None
