"""The answer to an LMS that lets somebody choose activities: Deep Linking 2.0 §4.5.

An answer is signed with the institution's key and sent by the person's own browser. Each
choice is answered once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lti._pylti1p3 import deep_linking_message
from lti.binding import new_secret
from lti.deep_link_settings import DeepLinkSettings, is_returnable, settings_of
from lti.embedding import frame_ancestors
from lti.keys import ensure_tool_keys, sign
from lti.message_errors import ChoiceError, ChoiceSent, OneActivityOnly
from lti.session import LaunchResult
from store.db import Database
from store.keyring import Keyring
from store.lti_repository import find_deployment
from store.lti_sessions import spend_choice
from store.models.lti import Institution, Registration

__all__ = [
    "ContentItem",
    "DeepLinkResponse",
    "DeepLinkSettings",
    "LineItem",
    "answer_refusal",
    "respond",
]

_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DATA = _CLAIM + "data"
MESSAGE = _CLAIM + "msg"
ERROR_MESSAGE = _CLAIM + "errormsg"
LIFETIME = timedelta(minutes=5)
SKEW = timedelta(seconds=5)
"""How far the LMS's clock may be behind ours."""


@dataclass(frozen=True)
class LineItem:
    """A gradebook column for an activity; ``resource_id`` and ``tag`` let it be found again."""

    label: str
    score_maximum: int
    resource_id: str
    tag: str


@dataclass(frozen=True)
class ContentItem:
    """An activity to be made in the course; ``custom`` comes back with each of its launches."""

    title: str
    text: str
    custom: Mapping[str, str] = field(default_factory=dict)
    line_item: LineItem | None = None


@dataclass(frozen=True)
class DeepLinkResponse:
    """Post ``jwt`` in the form field ``JWT`` to ``return_url``."""

    return_url: str
    jwt: str


def respond(
    database: Database,
    keyring: Keyring,
    launch: LaunchResult,
    items: Sequence[ContentItem],
    message: str,
    now: datetime,
) -> DeepLinkResponse:
    """The answer with these activities; none means that the person chose none (cancelled).

    Uses up the choice. Line items are left out where the LMS says that it takes none; one
    that says nothing may take them. ``message`` is shown by some LMSs; "" sends none.

    Raises:
        OneActivityOnly: more than one where the LMS takes one; the choice stays open.
        ChoiceSent: the choice has been sent, or the session is of another kind.
    """
    settings = launch.deep_link
    if settings is None:
        raise ChoiceSent
    if len(items) > 1 and not settings.accept_multiple:
        raise OneActivityOnly
    said = {MESSAGE: message} if message else {}
    with_columns = settings.accept_lineitem is not False
    content = [_item(item, settings.launch_url, with_columns=with_columns) for item in items]
    with database.write() as session:
        if not spend_choice(session, launch.session_id):
            raise ChoiceSent
        signed = _signed(
            session,
            keyring,
            launch.registration,
            launch.deployment.deployment_id,
            settings,
            content,
            said,
            now,
        )
    return DeepLinkResponse(settings.return_url, signed)


def answer_refusal(
    database: Database, keyring: Keyring, error: ChoiceError, now: datetime
) -> DeepLinkResponse | None:
    """The answer that takes a person back whose choice was refused at the launch.

    None where the LMS's message was not verified, names no place to send it to, or its
    deployment is not in use.
    """
    registration, claims = error.registration, error.claims
    if not error.verified or registration is None or claims is None or claims.deep_linking is None:
        return None
    settings = settings_of(claims)
    if settings is None or not is_returnable(settings.return_url, frame_ancestors(registration)):
        return None
    said = {ERROR_MESSAGE: f"{error.message} ({error.code})"}
    with database.write() as session:
        deployment = find_deployment(session, registration.id, claims.deployment_id)
        if deployment is None or not deployment.active:
            return None
        signed = _signed(
            session,
            keyring,
            registration,
            deployment.deployment_id,
            settings,
            [],
            said,
            now,
        )
    return DeepLinkResponse(settings.return_url, signed)


def _item(item: ContentItem, launch_url: str, *, with_columns: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": item.title,
        "text": item.text,
        "url": launch_url,
        "custom": dict(item.custom),
    }
    if item.line_item is not None and with_columns:
        described["line_item"] = {
            "label": item.line_item.label,
            "scoreMaximum": item.line_item.score_maximum,
            "resourceId": item.line_item.resource_id,
            "tag": item.line_item.tag,
        }
    return described


def _signed(
    session: Session,
    keyring: Keyring,
    registration: Registration,
    deployment_id: str,
    settings: DeepLinkSettings,
    content: Sequence[Mapping[str, Any]],
    said: Mapping[str, str],
    now: datetime,
) -> str:
    payload = deep_linking_message(registration, deployment_id, content) | dict(said)
    # The library's own times come from the machine's clock, and its nonce tells the machine.
    payload |= {
        "aud": registration.issuer,
        "nonce": new_secret(),
        "iat": int((now - SKEW).timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    # It sends a null where the LMS sent nothing; nothing has to stay nothing.
    payload.pop(DATA, None)
    if settings.data is not None:
        payload[DATA] = settings.data
    # The LMS knows the keys of the registration's institution, whomever the deployment is for.
    institution = session.get_one(Institution, registration.institution_id)
    key = ensure_tool_keys(session, keyring, institution, now)
    return sign(keyring, key, payload)
