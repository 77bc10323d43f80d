"""The claims of an id_token, as Moodle 4.5 sends them.

Left out on purpose: the LTI 1.1 basic outcomes claim, whose service the sandbox
does not have. Names of claims and scopes: LTI 1.3 Core §5, AGS 2.0, NRPS 2.0.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from sandbox.people import Person, Role
from sandbox.site import DEFAULT_SITE, Site

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

_AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPE_LINEITEM = f"{_AGS_SCOPE}lineitem"
SCOPE_LINEITEM_READ = f"{_AGS_SCOPE}lineitem.readonly"
SCOPE_RESULT = f"{_AGS_SCOPE}result.readonly"
SCOPE_SCORE = f"{_AGS_SCOPE}score"
SCOPE_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

AGS_SCOPES = (SCOPE_LINEITEM, SCOPE_LINEITEM_READ, SCOPE_RESULT, SCOPE_SCORE)
ALL_SCOPES = (*AGS_SCOPES, SCOPE_NRPS)
GRADE_SYNC_ONLY = (SCOPE_LINEITEM_READ, SCOPE_RESULT, SCOPE_SCORE, SCOPE_NRPS)
"""What a site permits whose administrator does not let the tool create columns."""

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
LEARNER = f"{_LIS}membership#Learner"
INSTRUCTOR = f"{_LIS}membership#Instructor"
SITE_ADMINISTRATOR = [
    f"{_LIS}institution/person#Administrator",
    INSTRUCTOR,
    f"{_LIS}system/person#Administrator",
]

TOKEN_LIFE = 60
"""Seconds an id_token is valid."""

ACTIVITY_COLUMN = 1
"""Id of the grade column that the activity has from the start."""

OWN_COLUMN = "own"
"""Stands for the address of that column, whatever the site."""

_TARGET = {"same": "frame", "iframe": "iframe", "window": "window"}
_CONTAINER_NUMBER = {"same": 5, "iframe": 2, "window": 4}


def roles_of(person: Person, *, as_learner: bool = False) -> list[str]:
    """The roles claim; ``as_learner`` is the LMS's "switch role to student"."""
    if as_learner or person.role is Role.LEARNER:
        return [LEARNER]
    if person.role is Role.ADMINISTRATOR:
        return list(SITE_ADMINISTRATOR)
    return [INSTRUCTOR]


def build_claims(
    person: Person,
    container: str,
    nonce: str,
    now: float,
    *,
    site: Site = DEFAULT_SITE,
    names: bool = False,
    locale: str = "en",
    as_learner: bool = False,
    scopes: Iterable[str] = ALL_SCOPES,
    lineitem: str | None = OWN_COLUMN,
    sesskey: str = "sandbox",
    custom: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
) -> dict[str, Any]:
    """All claims of one resource link launch.

    ``now`` is in seconds since 1970; ``container`` one of ``same``, ``iframe``,
    ``window``. ``scopes`` are those the site permits: without AGS or NRPS scopes
    the claim of that service is absent. ``lineitem`` None leaves that entry out,
    the empty string is sent as such. ``custom`` adds custom parameters. Last,
    ``overrides`` replaces whole claims and ``without`` removes them, for forging.
    """
    permitted = tuple(scopes)
    claims: dict[str, Any] = {
        "nonce": nonce,
        "iat": int(now),
        "exp": int(now) + TOKEN_LIFE,
        "iss": site.issuer,
        "aud": site.client_id,
        "sub": person.sub,
        f"{LTI}deployment_id": site.deployment_id,
        f"{LTI}target_link_uri": site.target_link_uri,
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}lis": {"person_sourcedid": person.sourcedid, "course_section_sourcedid": ""},
        f"{LTI}roles": roles_of(person, as_learner=as_learner),
        f"{LTI}context": {
            "id": site.course_id,
            "label": site.course_label,
            "title": site.course_title,
            "type": ["CourseSection"],
        },
        f"{LTI}resource_link": {
            "id": site.resource_link_id,
            "title": site.activity_title,
            "description": "",
        },
        f"{LTI}ext": {"lms": "moodle-2"},
        f"{LTI}launch_presentation": {
            "locale": locale,
            "document_target": _TARGET[container],
            "return_url": _return_url(site, container, sesskey),
        },
        f"{LTI}tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100706",
            "guid": "greyarea-sandbox",
            "name": "sandbox",
            "description": "Grey Area sandbox",
        },
        f"{LTI}custom": {
            # As if the activity had been made by choosing content.
            "pack": "core",
            # Moodle sends an empty string for what it knows and has not got,
            # and leaves a variable that it does not know as it stands.
            "context_id_history": "",
            "resource_link_id_history": "$ResourceLink.id.history",
            **(custom or {}),
        },
    }
    if names:
        claims |= _names(person)
        claims[f"{LTI}ext"]["user_username"] = person.id
    ags_scopes = [scope for scope in AGS_SCOPES if scope in permitted]
    if ags_scopes:
        claims[AGS] = {"scope": ags_scopes, "lineitems": site.lineitems_url}
        if lineitem is not None:
            own = site.lineitem_url(ACTIVITY_COLUMN)
            claims[AGS]["lineitem"] = own if lineitem == OWN_COLUMN else lineitem
    if SCOPE_NRPS in permitted:
        claims[NRPS] = {
            "context_memberships_url": site.memberships_url,
            "service_versions": ["1.0", "2.0"],
        }
        claims[f"{LTI}custom"]["context_memberships_url"] = site.memberships_url
    claims |= overrides or {}
    for name in without:
        claims.pop(name, None)
    return claims


def _names(person: Person) -> dict[str, str]:
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        "email": person.email,
    }


def _return_url(site: Site, container: str, sesskey: str) -> str:
    query = {
        "course": site.course_id,
        "launch_container": _CONTAINER_NUMBER[container],
        "instanceid": site.resource_link_id,
        "sesskey": sesskey,
    }
    return f"{site.issuer}/return?{urlencode(query)}"
