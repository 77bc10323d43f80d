"""How many learners a course has: Names and Role Provisioning Services 2.0.

Of a member only the id, the status and the roles are looked at; what is given back are
keyed hashes. Names and addresses, where an LMS sends them, go no further than the parser.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from lti.roles import Role, read_roles
from lti.services.door import Door
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.pages import read_pages
from store.lti_urls import add_query
from store.models.lti import Registration

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
CONTAINER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MAX_ID = 255


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
    for answer in _pages(door, registration, memberships_url, link_id):
        for member in _members(answer):
            user_id = _learner(member)
            if user_id is not None:
                found.add(hash_of(user_id))
    return found


def _pages(
    door: Door, registration: Registration, memberships_url: str, link_id: str | None
) -> Iterator[Answer]:
    url, first = memberships_url, None
    if link_id is not None:
        with_link = add_query(memberships_url, {"rlid": link_id})
        headers = {"Accept": CONTAINER_TYPE}
        try:
            first = door.call(registration, [SCOPE], "GET", with_link, headers=headers)
            url = with_link
        except ServiceRefused as refused:
            if refused.status not in (400, 404):
                raise
    return read_pages(door, registration, [SCOPE], url, CONTAINER_TYPE, first=first)


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
