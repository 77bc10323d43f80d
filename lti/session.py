"""Sessions after a launch: an opaque token in the page, its hash in the database.

Each launch opens its own session, and the token names it. So two tabs keep two courses
apart, and no "latest launch" can take the place of another.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lti.binding import new_secret
from lti.claims import LaunchClaims
from lti.deep_link_settings import DeepLinkSettings, open_settings, seal_settings, settings_of
from lti.errors import SessionInvalid
from lti.roles import Role, RoleReading
from store.db import Database
from store.keyring import Keyring
from store.lti_sessions import (
    SLIDE_EVERY,
    add_session,
    find_resource_link,
    find_session_row,
    find_user,
    revoke_other_roles,
    revoke_session,
    slide_session,
    upsert_context,
    upsert_resource_link,
    upsert_user,
)
from store.models.lti import (
    AppSession,
    Context,
    Deployment,
    Institution,
    LtiUser,
    Registration,
    ResourceLink,
)
from store.rosters import note_teacher

SUB_PURPOSE = "lti-sub"
RETURN_PURPOSE = "return-url"


@dataclass(frozen=True)
class LaunchResult:
    """Who is here, where, as what and what for. The rows are detached and read-only.

    ``kind`` is "launch", "deep_link" or "review". ``deep_link`` is None in the other kinds, and
    once the choice has been sent. ``review_user`` is whom a review is about, None if they have
    never been here.
    """

    session_id: int
    user: LtiUser
    institution: Institution
    registration: Registration
    deployment: Deployment
    context: Context | None
    resource_link: ResourceLink | None
    role: Role
    administrator: bool
    kind: str
    locale: str | None
    return_url: str | None
    deep_link: DeepLinkSettings | None = None
    review_user: LtiUser | None = None


def open_session(
    session: Session,
    keyring: Keyring,
    registration: Registration,
    deployment: Deployment,
    claims: LaunchClaims,
    reading: RoleReading,
    kind: str,
    now: datetime,
) -> str:
    """Record person, course and activity of a verified launch and open a session; its token.

    Sessions of the same person in the same course under another role end: a role that was
    taken away must not live on in another tab.
    """

    def hash_of(sub: str) -> str:
        return sub_hash(keyring, registration.issuer, deployment.deployment_id, sub)

    user = upsert_user(
        session,
        deployment.id,
        hash_of(claims.sub),
        lambda: keyring.encrypt(SUB_PURPOSE, claims.sub.encode()),
    )
    context = _record_context(session, deployment, claims)
    link = _record_link(session, deployment, context, claims)
    if context is not None and reading.role.can_see_aggregates():
        note_teacher(session, context.id, user.id)
    revoke_other_roles(session, user.id, context.id if context else None, reading.role, now)
    token = new_secret()
    url, settings, about = claims.presentation.return_url, settings_of(claims), claims.for_user
    add_session(
        session,
        token=token,
        user=user,
        context=context,
        resource_link=link,
        role=reading.role,
        administrator=reading.administrator,
        kind=kind,
        locale=claims.presentation.locale,
        return_url_sealed=keyring.encrypt(RETURN_PURPOSE, url.encode()) if url else None,
        deep_link_sealed=seal_settings(keyring, settings) if settings else None,
        review_user=find_user(session, deployment.id, hash_of(about.user_id)) if about else None,
        now=now,
    )
    return token


def find_session(database: Database, keyring: Keyring, token: str, now: datetime) -> LaunchResult:
    """The live session of ``token``; using it lets it live another hour (8 hours in all).

    Raises:
        SessionInvalid: unknown, idle for an hour, 8 hours old, revoked, or its deployment or
            registration has been switched off.
    """
    with database.read() as session:
        row = find_session_row(session, token)
    if row is None or row.revoked_at is not None:
        raise SessionInvalid("unknown or revoked")
    if now >= row.idle_expires_at or now >= row.expires_at:
        raise SessionInvalid("expired")
    if not row.deployment.active or not row.deployment.registration.active:
        raise SessionInvalid("switched off")
    if now - row.seen_at >= SLIDE_EVERY:
        with database.write() as session:
            slide_session(session, row.id, now)
    return _result(keyring, row)


def revoke(database: Database, token: str, now: datetime) -> None:
    """End the session of ``token``, if there is one."""
    with database.write() as session:
        revoke_session(session, token, now)


def sub_hash(keyring: Keyring, issuer: str, deployment_id: str, sub: str) -> str:
    """The keyed hash by which a person of a deployment is found: 64 hexadecimal digits.

    The lengths keep apart what the joined parts alone would not.
    """
    parts = [part.encode() for part in (issuer, deployment_id, sub)]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(keyring.derive("lti-user"), message, hashlib.sha256).hexdigest()


def _record_context(
    session: Session, deployment: Deployment, claims: LaunchClaims
) -> Context | None:
    if claims.context is None:
        return None
    context = upsert_context(session, deployment.id, claims.context.id)
    context.title = claims.context.title or claims.context.label or ""
    if claims.nrps is not None:
        context.nrps_url = claims.nrps.context_memberships_url
    return context


def _record_link(
    session: Session, deployment: Deployment, context: Context | None, claims: LaunchClaims
) -> ResourceLink | None:
    if claims.resource_link is None:
        return None
    if claims.for_user is not None:
        # What a review says of the activity is about one column of it: nothing is taken over.
        return find_resource_link(session, deployment.id, claims.resource_link.id)
    link = upsert_resource_link(session, deployment.id, claims.resource_link.id)
    link.context_id = context.id if context else None
    link.title = claims.resource_link.title or ""
    link.custom = dict(claims.custom)
    if claims.ags is not None:
        link.lineitem_url = claims.ags.lineitem
        link.lineitems_url = claims.ags.lineitems
        link.ags_scopes = list(claims.ags.scope)
    return link


def _result(keyring: Keyring, row: AppSession) -> LaunchResult:
    sealed, choice = row.return_url_sealed, row.deep_link_sealed
    return LaunchResult(
        session_id=row.id,
        user=row.user,
        institution=row.deployment.institution,
        registration=row.deployment.registration,
        deployment=row.deployment,
        context=row.context,
        resource_link=row.resource_link,
        role=Role(row.role),
        administrator=row.administrator,
        kind=row.kind,
        locale=row.locale,
        return_url=keyring.decrypt(RETURN_PURPOSE, sealed).decode() if sealed else None,
        deep_link=open_settings(keyring, choice) if choice else None,
        review_user=row.review_user,
    )
