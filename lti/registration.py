"""Dynamic registration: an LMS enters this tool by itself, behind a one-time invite.

LTI Dynamic Registration 1.0, with what Moodle 4.5 wants beyond it. The invite says for
which institution; what comes of it stays inactive until the operator approves it.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lti.addresses import ToolAddresses
from lti.fetch import Exchange, FetchError
from lti.messages import (
    DEEP_LINKING_REQUEST,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
)
from lti.openid_configuration import (
    MAX_DOCUMENT,
    PlatformConfiguration,
    fetch_configuration,
    parse_object,
)
from lti.registration_errors import (
    AnswerInvalid,
    InviteInvalid,
    RegistrationRefused,
    RegistrationRequestInvalid,
    RegistrationTaken,
    RegistrationUnanswered,
)
from store import audit
from store.db import Database
from store.lti_enrolment import Enrolment, TakenError, enrol
from store.lti_invites import claim_invite, find_open_invite, release_invite
from store.lti_repository import PlatformUrls, RepositoryError
from store.lti_urls import origin
from store.models.lti import RegistrationInvite

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
TOOL_NAME = "Grey Area"
DESCRIPTION = (
    "Short cases on the use of generative AI in assessment, talked through with an assistant."
)
_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPES = (
    f"{_AGS}score",
    f"{_AGS}result.readonly",
    f"{_AGS}lineitem",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)
HISTORY = {
    "context_id_history": "$Context.id.history",
    "resource_link_id_history": "$ResourceLink.id.history",
}
MAX_TOKEN = 8192
MAX_ID = 255
MAX_SAID = 200


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of a registration. ``origins`` are those of the LMS's pages."""

    key: str
    institution: str
    issuer: str
    client_id: str
    deployment_id: str | None
    origins: tuple[str, ...]
    updated: bool
    active: bool


def register_platform(
    database: Database,
    exchange: Exchange,
    *,
    invite: str,
    configuration_url: str,
    registration_token: str | None,
    public_url: str,
    now: datetime,
) -> Registered:
    """Register the tool with the LMS that follows an invite, and the LMS here.

    The invite is claimed just before the LMS is told, so that two requests cannot both
    register, and opened again if the LMS did not take the registration.

    Raises:
        DynamicRegistrationError: one of its kinds; nothing was stored.
    """
    with database.read() as session:
        found = find_open_invite(session, invite, now)
    if found is None:
        raise InviteInvalid
    if not configuration_url or not _is_header_safe(registration_token):
        raise RegistrationRequestInvalid
    configuration = fetch_configuration(
        exchange,
        configuration_url,
        allow_private=found.allow_private_network,
        issuer_host=found.issuer_host,
        # Canvas shows its configuration to the holder of the token only.
        bearer=registration_token or None,
    )
    key = secrets.token_hex(16)
    request = tool_description(
        public_url,
        key,
        configuration.scopes,
        reviews=SUBMISSION_REVIEW_REQUEST in configuration.messages,
    )
    with database.write() as session:
        if not claim_invite(session, found.id, now):
            raise InviteInvalid
    try:
        body = _send(exchange, configuration, request, registration_token, found)
    except (RegistrationRefused, RegistrationUnanswered):
        with database.write() as session:
            release_invite(session, found.id)
        raise
    client_id, deployment_id = _read_answer(body)
    enrolment = Enrolment(
        key=key,
        issuer=configuration.issuer,
        client_id=client_id,
        deployment_id=deployment_id,
        urls=PlatformUrls(
            auth=configuration.auth_url, token=configuration.token_url, jwks=configuration.jwks_url
        ),
        token_audience=configuration.token_audience,
        product_family=configuration.product_family,
        embed_origins=_origins(configuration.issuer, configuration_url),
        allow_private_network=found.allow_private_network,
        needs_operator=found.allow_private_network or found.issuer_host is not None,
    )
    try:
        with database.write() as session:
            registration, updated = enrol(session, found.institution_id, enrolment, now)
            action = "registration renewed" if updated else "registration added"
            audit.note(session, found.institution_id, audit.LMS, action, key, now)
    except TakenError:
        raise RegistrationTaken from None
    except RepositoryError as error:
        raise AnswerInvalid(str(error)) from None
    return Registered(
        key=key,
        institution=found.institution.name,
        issuer=configuration.issuer,
        client_id=client_id,
        deployment_id=deployment_id,
        origins=enrolment.embed_origins,
        updated=updated,
        active=registration.active,
    )


def tool_description(
    public_url: str, key: str, offered: frozenset[str] | None, *, reviews: bool = False
) -> dict[str, Any]:
    """The registration request: what the LMS is to know of this tool.

    It asks for no name and no e-mail, and for those of our scopes that are ``offered``
    (all of them if the LMS does not say), and for submission reviews only if the LMS has
    ``reviews``. The custom parameters tell of which course a course is a copy. ``domain`` is
    host and port of the target link, as Moodle checks.
    """
    addresses = ToolAddresses(public_url, key)
    launch = addresses.launch
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": addresses.login,
        "redirect_uris": [launch],
        "client_name": TOOL_NAME,
        "jwks_uri": addresses.key_set,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in SCOPES if offered is None or scope in offered),
        TOOL: {
            "domain": urlsplit(launch).netloc,
            "target_link_uri": launch,
            "description": DESCRIPTION,
            "claims": ["iss", "sub"],
            "custom_parameters": dict(HISTORY),
            "messages": [
                {"type": RESOURCE_LINK_REQUEST, "target_link_uri": launch, "label": TOOL_NAME},
                {
                    "type": DEEP_LINKING_REQUEST,
                    "target_link_uri": launch,
                    "label": TOOL_NAME,
                    "placements": ["ContentArea"],
                },
                *(
                    [{"type": SUBMISSION_REVIEW_REQUEST, "target_link_uri": launch}]
                    if reviews
                    else []
                ),
            ],
        },
    }


def _send(
    exchange: Exchange,
    configuration: PlatformConfiguration,
    request: dict[str, Any],
    token: str | None,
    invite: RegistrationInvite,
) -> bytes:
    """The body of the LMS's answer, 200 (Moodle) or 201 (the specification)."""
    try:
        answer = exchange(
            configuration.registration_url,
            allow_private=invite.allow_private_network,
            body=json.dumps(request).encode(),
            bearer=token or None,
            max_bytes=MAX_DOCUMENT,
        )
    except FetchError as error:
        raise RegistrationUnanswered(str(error)) from None
    if answer.status not in (200, 201):
        raise RegistrationRefused(f"status {answer.status}", _reason(answer.body, token))
    return answer.body


def _read_answer(body: bytes) -> tuple[str, str | None]:
    """Client id, and the deployment id if one came."""
    answer = parse_object(body)
    client_id = _identifier(answer.get("client_id")) if answer is not None else None
    if answer is None or client_id is None:
        raise AnswerInvalid("no client id")
    tool = answer.get(TOOL)
    deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
    return client_id, _identifier(deployment)


def _identifier(value: object) -> str | None:
    """An id of the LMS; some send theirs as a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID or not value.isprintable():
        return None
    return value


def _is_header_safe(token: str | None) -> bool:
    """Whether the token can stand in a header: printable ASCII, no spaces, up to 8 KB."""
    if token is None:
        return True
    return len(token) <= MAX_TOKEN and all("!" <= character <= "~" for character in token)


def _reason(body: bytes, token: str | None) -> str:
    """The LMS's reason if it is one short line of text; Moodle's are."""
    said = body[: MAX_SAID + 1].decode("utf-8", "replace").strip()
    if len(said) > MAX_SAID or not said.isprintable() or "<" in said:
        return ""
    return "" if token and token in said else said


def _origins(issuer: str, configuration_url: str) -> tuple[str, ...]:
    """The origins that show the LMS's pages: the issuer's, and where the configuration lies."""
    found = (origin(issuer), origin(configuration_url))
    return tuple(dict.fromkeys(value for value in found if value is not None))
