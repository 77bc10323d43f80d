"""The third-party-initiated login, in two steps.

The first records the attempt and sets a cookie; the second sees whether the browser kept
it, and only then uses up the hint of the LMS, which may be valid once only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti._pylti1p3 import STATE_PREFIX, authentication_url
from lti.binding import ATTEMPT_LIFETIME, cookie_name, has_cookie, new_secret, storage_key
from lti.errors import (
    AttemptUnknown,
    CookiesBlocked,
    LoginInvalid,
    LtiError,
    RegistrationInactive,
    RegistrationUnknown,
)
from store.db import Database
from store.keyring import Keyring
from store.lti_attempts import find_attempt, token_hash
from store.lti_repository import find_registration
from store.lti_urls import origin, split_web_url
from store.models.lti import LaunchAttempt, Registration

PURPOSE = "launch-attempt"
MAX_HINT = 16 * 1024
MAX_ID = 255
# Set by our own page when it repeats the login in a new tab.
NEW_TAB = "new_tab"
_REPEATED = (
    "iss",
    "login_hint",
    "target_link_uri",
    "client_id",
    "lti_deployment_id",
    "lti_message_hint",
)


@dataclass(frozen=True)
class BegunLogin:
    """The attempt to go on with, and the cookie to set first."""

    registration: Registration
    attempt_id: str
    cookie_name: str
    cookie_value: str


@dataclass(frozen=True)
class GoToPlatform:
    """The browser is bound: send it to the LMS."""

    registration: Registration
    url: str


@dataclass(frozen=True)
class NewTab:
    """No cookie: offer a form that repeats the login in a tab of its own."""

    registration: Registration
    fields: Mapping[str, str]


@dataclass(frozen=True)
class UseStorage:
    """No cookie, but the LMS keeps a secret: put it there, then go to ``url``."""

    registration: Registration
    target: str
    target_origin: str
    key: str
    value: str
    url: str
    fallback: NewTab


def begin_login(
    database: Database,
    keyring: Keyring,
    key: str,
    parameters: Mapping[str, str],
    now: datetime,
) -> BegunLogin:
    """Record a login that the LMS has asked for at the address of registration ``key``.

    Raises:
        RegistrationUnknown: no such key, or another issuer or client id.
        RegistrationInactive: it is switched off.
        LoginInvalid: a required parameter is missing, or one is too long.
    """
    with database.read() as session:
        registration = find_registration(session, key)
    if registration is None:
        raise RegistrationUnknown("key")
    try:
        _check_parameters(registration, parameters)
    except LtiError as error:
        error.registration = registration
        raise
    binding, state, nonce = new_secret(), STATE_PREFIX + new_secret(), new_secret()
    sealed = {
        "state": state,
        "nonce": nonce,
        "binding": binding,
        "fields": {name: parameters[name] for name in _REPEATED if name in parameters},
        NEW_TAB: NEW_TAB in parameters,
    }
    attempt = LaunchAttempt(
        registration_id=registration.id,
        state_hash=token_hash(state),
        nonce_hash=token_hash(nonce),
        binding_hash=token_hash(binding),
        lti_deployment_id=parameters.get("lti_deployment_id") or None,
        target_link_uri=parameters["target_link_uri"],
        storage_target=_storage_target(parameters),
        sealed=keyring.encrypt(PURPOSE, json.dumps(sealed).encode("ascii")),
        created_at=now,
        expires_at=now + ATTEMPT_LIFETIME,
    )
    with database.write() as session:
        session.add(attempt)
    return BegunLogin(registration, attempt.public_id, cookie_name(attempt.public_id), binding)


def continue_login(
    database: Database,
    keyring: Keyring,
    key: str,
    attempt_id: str,
    cookies: Mapping[str, str],
    *,
    launch_url: str,
    now: datetime,
) -> GoToPlatform | UseStorage | NewTab:
    """What to do next, now that it shows whether the browser sends our cookie back.

    Raises:
        AttemptUnknown: no such attempt under ``key``, or it is over.
        CookiesBlocked: there is no cookie even in a tab of its own.
    """
    with database.read() as session:
        attempt = find_attempt(session, attempt_id) if attempt_id.isalnum() else None
    if attempt is None or attempt.registration.key != key:
        raise AttemptUnknown
    registration = attempt.registration
    try:
        if attempt.consumed_at is not None or attempt.expires_at <= now or attempt.sealed is None:
            raise AttemptUnknown
        if not registration.active:
            raise RegistrationInactive
        sealed: dict[str, Any] = json.loads(keyring.decrypt(PURPOSE, attempt.sealed))
        fields: dict[str, str] = sealed["fields"]
        url = authentication_url(
            registration,
            launch_url=launch_url,
            state=sealed["state"],
            nonce=sealed["nonce"],
            login_hint=fields["login_hint"],
            message_hint=fields.get("lti_message_hint"),
        )
        if has_cookie(attempt, cookies) or registration.allow_unbound_launch:
            return GoToPlatform(registration, url)
        if sealed[NEW_TAB]:
            raise CookiesBlocked
    except LtiError as error:
        error.registration = registration
        raise
    new_tab = NewTab(registration, {**fields, NEW_TAB: "1"})
    target_origin = origin(registration.auth_url)
    if attempt.storage_target is None or target_origin is None:
        return new_tab
    return UseStorage(
        registration,
        target=attempt.storage_target,
        target_origin=target_origin,
        key=storage_key(attempt.public_id),
        value=sealed["binding"],
        url=url,
        fallback=new_tab,
    )


def _check_parameters(registration: Registration, parameters: Mapping[str, str]) -> None:
    if not registration.active:
        raise RegistrationInactive
    if not parameters.get("iss"):
        raise LoginInvalid("iss")
    if parameters["iss"] != registration.issuer:
        raise RegistrationUnknown("iss")
    # Several clients of one issuer are told apart by the address; the parameter is optional.
    if parameters.get("client_id", registration.client_id) != registration.client_id:
        raise RegistrationUnknown("client_id")
    if not 0 < len(parameters.get("login_hint", "")) <= MAX_HINT:
        raise LoginInvalid("login_hint")
    if len(parameters.get("lti_message_hint", "")) > MAX_HINT:
        raise LoginInvalid("lti_message_hint")
    # It may name another host: the signed token's link is the one that counts.
    if split_web_url(parameters.get("target_link_uri", "")) is None:
        raise LoginInvalid("target_link_uri")
    deployment_id = parameters.get("lti_deployment_id", "")
    if len(deployment_id) > MAX_ID or not deployment_id.isprintable():
        raise LoginInvalid("lti_deployment_id")


def _storage_target(parameters: Mapping[str, str]) -> str | None:
    target = parameters.get("lti_storage_target", "")
    return target if 0 < len(target) <= MAX_ID and target.isprintable() else None
