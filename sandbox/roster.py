"""The members of the course as the Names and Role Provisioning Service tells them."""

from collections.abc import Iterable
from typing import Any

from sandbox.claims import INSTRUCTOR, LEARNER, LTI
from sandbox.people import Person, Role
from sandbox.site import Site

_MEMBERSHIP = LEARNER.partition("#")[0] + "#"


def service_role(person: Person) -> str:
    """The short role name. A teacher without editing rights counts as a learner here,
    although the launch says Instructor: Moodle asks for a different permission."""
    return "Instructor" if person.role is Role.EDUCATOR else "Learner"


def select(people: Iterable[Person], role: str | None = None) -> list[Person]:
    """Who is enrolled, in roster order; ``role`` is a short name or a full URI."""
    enrolled = [person for person in people if person.enrolled]
    if not role:
        return enrolled
    wanted = role if role.startswith("http") else f"{_MEMBERSHIP}{role}"
    # As in Moodle, a role other than these two does not narrow the list.
    if wanted not in {LEARNER, INSTRUCTOR}:
        return enrolled
    return [person for person in enrolled if f"{_MEMBERSHIP}{service_role(person)}" == wanted]


def page(people: list[Person], start: int, limit: int) -> tuple[list[Person], int | None]:
    """One page, and where the next one starts (None after the last).

    A ``limit`` of 0 means everything.
    """
    if limit <= 0:
        return people, None
    end = start + limit
    return people[start:end], end if end < len(people) else None


def container(
    members: Iterable[Person], site: Site, *, names: bool, link_id: str | None
) -> dict[str, Any]:
    """The membership container. With a resource link the message of that link is added."""
    return {
        "id": site.memberships_url,
        "context": {
            "id": site.course_id,
            "label": site.course_label,
            "title": site.course_title,
        },
        "members": [_member(person, names=names, link_id=link_id) for person in members],
    }


def _member(person: Person, *, names: bool, link_id: str | None) -> dict[str, Any]:
    member: dict[str, Any] = {
        "status": "Active",
        "roles": [service_role(person)],
        "user_id": person.sub,
        "lis_person_sourcedid": person.sourcedid,
    }
    if names:
        member |= {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "ext_user_username": person.id,
        }
    if link_id is not None:
        member["message"] = [{f"{LTI}message_type": "LtiResourceLinkRequest"}]
    return member
