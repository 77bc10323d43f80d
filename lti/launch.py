"""The launch: from an id_token and a state to a session.

``verify_launch`` reads and decides, ``complete_launch`` writes. What is verified before
it is used: form, signature, parties, times and nonce of the token, against the state's
own row; then the LTI claims; then, in one transaction, the row is consumed and the
session opened. A refused launch leaves nothing, save an unknown deployment's record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lti import token as id_tokens
from lti._pylti1p3 import validate_message
from lti.binding import TICKET_LIFETIME, has_cookie, is_bound, new_secret, storage_key
from lti.claims import LaunchClaims, return_url_of
from lti.errors import (
    BindingMissing,
    DeploymentPending,
    LtiError,
    NonceMismatch,
    RegistrationInactive,
    RoleRefused,
    StateExpired,
    StateUnknown,
    StateUsed,
    TicketInvalid,
    TokenMissing,
)
from lti.messages import read_message, session_kind
from lti.platform_keys import PlatformKeys
from lti.roles import read_roles
from lti.session import open_session
from store.db import Database
from store.keyring import Keyring
from store.lti_attempts import (
    consume_attempt,
    find_attempt_by_state,
    find_ticket,
    token_hash,
    use_ticket,
)
from store.lti_repository import record_deployment
from store.lti_urls import origin
from store.models.lti import LaunchAttempt, OneTimeTicket, Registration

MAX_STATE = 255
TICKET_PURPOSE = "launch"
SEAL = "ticket"


@dataclass(frozen=True)
class VerifiedLaunch:
    """A launch whose token and claims hold; the browser is yet to be checked."""

    attempt: LaunchAttempt
    state: str
    nonce: str
    claims: LaunchClaims

    @property
    def registration(self) -> Registration:
        """The registration that began the login."""
        return self.attempt.registration


@dataclass(frozen=True)
class AskStorage:
    """The browser sent no cookie: ask the LMS's storage for the secret, then confirm."""

    registration: Registration
    target: str
    target_origin: str
    key: str
    ticket: str


def verify_launch(
    database: Database,
    keys: PlatformKeys,
    *,
    public_url: str,
    id_token: str,
    state: str,
    now: datetime,
) -> VerifiedLaunch:
    """Check everything about a launch that can be checked without writing.

    Raises:
        LtiError: one of its kinds; ``verified`` tells whether signature, parties, times and
            nonce of the token held when it was raised.
    """
    if not id_token or not state:
        raise TokenMissing
    kid = id_tokens.read_key_id(id_token)
    with database.read() as session:
        attempt = find_attempt_by_state(session, state) if len(state) <= MAX_STATE else None
    if attempt is None:
        raise StateUnknown
    registration = attempt.registration
    verified: dict[str, Any] = {}
    try:
        _check_attempt(attempt, now)
        key = keys.find(database, registration, kid, now)
        payload = id_tokens.verified_payload(id_token, key)
        id_tokens.check_parties(payload, registration.issuer, registration.client_id)
        id_tokens.check_times(payload, now)
        nonce = id_tokens.read_nonce(payload)
        if token_hash(nonce) != attempt.nonce_hash:
            raise NonceMismatch
        verified = payload
        claims = read_message(payload, attempt, public_url)
        validate_message(registration, claims.deployment_id, id_token=id_token, key=key)
    except LtiError as error:
        error.registration = registration
        error.verified = bool(verified)
        error.return_url = return_url_of(verified)
        raise
    return VerifiedLaunch(attempt, state, nonce, claims)


def complete_launch(
    database: Database,
    keyring: Keyring,
    launch: VerifiedLaunch,
    cookies: Mapping[str, str],
    now: datetime,
) -> str | AskStorage:
    """Use up the attempt and open a session: its token, or the storage to ask first.

    Raises:
        BindingMissing: neither cookie nor storage; nothing is written.
        StateUsed: another request was faster.
        DeploymentPending: the deployment is not active; it is recorded.
        RoleRefused: the institution lets in known roles only; nothing is written.
        ChoiceRefused, ReviewRefused: the role may not do what the message is for; likewise.
    """
    attempt, registration = launch.attempt, launch.registration
    try:
        if has_cookie(attempt, cookies) or registration.allow_unbound_launch:
            return _enter(database, keyring, registration, launch.claims, now, launch)
        target_origin = origin(registration.auth_url)
        if attempt.storage_target is None or target_origin is None:
            raise BindingMissing("no cookie, no storage")
        return AskStorage(
            registration,
            target=attempt.storage_target,
            target_origin=target_origin,
            key=storage_key(attempt.public_id),
            ticket=_issue_ticket(database, keyring, launch, now),
        )
    except LtiError as error:
        raise _verified(error, registration, launch.claims) from None


def confirm_launch(
    database: Database, keyring: Keyring, ticket: str, secret: str, now: datetime
) -> str:
    """Open the session of a launch that waited for the secret from the LMS's storage.

    Raises:
        TicketInvalid: unknown, used, or more than 60 s old.
        BindingMissing: the secret is another one; the ticket is used up all the same.
        DeploymentPending, RoleRefused, ChoiceRefused, ReviewRefused: as in ``complete_launch``.
    """
    with database.write() as session:
        row = find_ticket(session, ticket, TICKET_PURPOSE)
        sealed = row.sealed if row is not None else None
        if row is None or sealed is None or not use_ticket(session, row.id, now):
            raise TicketInvalid
        attempt = session.get_one(LaunchAttempt, row.attempt_id)
        registration = attempt.registration
    claims = LaunchClaims.model_validate_json(keyring.decrypt(SEAL, sealed))
    try:
        if not is_bound(attempt, secret):
            raise BindingMissing("storage")
        if not registration.active:
            raise RegistrationInactive
        return _enter(database, keyring, registration, claims, now)
    except LtiError as error:
        raise _verified(error, registration, claims) from None


def _check_attempt(attempt: LaunchAttempt, now: datetime) -> None:
    if not attempt.registration.active:
        raise RegistrationInactive
    if attempt.consumed_at is not None:
        raise StateUsed
    if attempt.expires_at <= now:
        raise StateExpired


def _enter(
    database: Database,
    keyring: Keyring,
    registration: Registration,
    claims: LaunchClaims,
    now: datetime,
    launch: VerifiedLaunch | None = None,
) -> str:
    """Consume the attempt (a confirmed one is consumed already) and open the session."""
    token = None
    with database.write() as session:
        if launch is not None:
            _consume(session, launch, now)
        deployment = record_deployment(session, registration, claims.deployment_id, now)
        if deployment.active:
            rules = deployment.institution.settings
            reading = read_roles(
                claims.roles, assistants_limited=rules.get("assistants_limited") is True
            )
            if not reading.recognised and rules.get("refuse_unknown_roles") is True:
                raise RoleRefused
            kind = session_kind(claims, reading.role)
            token = open_session(
                session, keyring, registration, deployment, claims, reading, kind, now
            )
    if token is None:  # raised only here, so that the record of the deployment is kept
        raise DeploymentPending
    return token


def _issue_ticket(
    database: Database, keyring: Keyring, launch: VerifiedLaunch, now: datetime
) -> str:
    ticket = new_secret()
    claims = launch.claims.model_dump_json(by_alias=True)
    with database.write() as session:
        _consume(session, launch, now)
        session.add(
            OneTimeTicket(
                token_hash=token_hash(ticket),
                purpose=TICKET_PURPOSE,
                attempt_id=launch.attempt.id,
                sealed=keyring.encrypt(SEAL, claims.encode()),
                created_at=now,
                expires_at=now + TICKET_LIFETIME,
            )
        )
    return ticket


def _consume(session: Session, launch: VerifiedLaunch, now: datetime) -> None:
    if not consume_attempt(
        session,
        state=launch.state,
        nonce=launch.nonce,
        registration_id=launch.registration.id,
        now=now,
    ):
        raise StateUsed("another request was faster")


def _verified(error: LtiError, registration: Registration, claims: LaunchClaims) -> LtiError:
    error.registration = registration
    error.verified = True
    error.return_url = claims.presentation.return_url
    return error
