"""Registration invites: each lets one LMS register itself for an institution, once.

Only the hash of the token is stored. An invite is claimed by one conditional UPDATE, so
that of two requests at the same time one goes on, whichever process they reach.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.orm import Session, joinedload

from store.lti_attempts import token_hash
from store.models.lti import Institution, RegistrationInvite

INVITE_LIFETIME = timedelta(hours=48)
TOKEN_BYTES = 32


def create_invite(
    session: Session,
    institution: Institution,
    now: datetime,
    *,
    allow_private_network: bool = False,
    issuer_host: str | None = None,
) -> str:
    """A new invite, open for 48 hours; its token, which cannot be read again.

    With ``allow_private_network`` the LMS may be at a private address and speak http.
    ``issuer_host`` is the one other host than the configuration's own that the issuer may
    be on, for LMSs that serve many institutions under one issuer.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        RegistrationInvite(
            token_hash=token_hash(token),
            institution_id=institution.id,
            allow_private_network=allow_private_network,
            issuer_host=issuer_host,
            expires_at=now + INVITE_LIFETIME,
        )
    )
    session.flush()
    return token


def find_open_invite(session: Session, token: str, now: datetime) -> RegistrationInvite | None:
    """The invite of that token with its institution; None if unknown, used or expired."""
    return session.scalar(
        select(RegistrationInvite)
        .where(
            RegistrationInvite.token_hash == token_hash(token),
            RegistrationInvite.used_at.is_(None),
            RegistrationInvite.expires_at > now,
        )
        .options(joinedload(RegistrationInvite.institution))
    )


def claim_invite(session: Session, invite_id: int, now: datetime) -> bool:
    """Use up an invite. True for one caller only; false if it is used or expired."""
    open_one = update(RegistrationInvite).where(
        RegistrationInvite.id == invite_id,
        RegistrationInvite.used_at.is_(None),
        RegistrationInvite.expires_at > now,
    )
    return _rows(session, open_one.values(used_at=now)) == 1


def release_invite(session: Session, invite_id: int) -> None:
    """Open a claimed invite again: the LMS did not take the registration."""
    _rows(
        session,
        update(RegistrationInvite).where(RegistrationInvite.id == invite_id).values(used_at=None),
    )


def list_open_invites(
    session: Session, now: datetime, institution_id: int | None = None
) -> Sequence[RegistrationInvite]:
    """Invites that can still be used, with their institutions, the oldest first.

    Without ``institution_id`` those of all institutions: for the operator.
    """
    query = (
        select(RegistrationInvite)
        .where(RegistrationInvite.used_at.is_(None), RegistrationInvite.expires_at > now)
        .options(joinedload(RegistrationInvite.institution))
        .order_by(RegistrationInvite.id)
    )
    if institution_id is not None:
        query = query.where(RegistrationInvite.institution_id == institution_id)
    return session.scalars(query).all()


def revoke_invite(session: Session, institution_id: int, invite_id: int, now: datetime) -> bool:
    """End an open invite of that institution; false if it has none of that id."""
    open_one = delete(RegistrationInvite).where(
        RegistrationInvite.id == invite_id,
        RegistrationInvite.institution_id == institution_id,
        RegistrationInvite.used_at.is_(None),
        RegistrationInvite.expires_at > now,
    )
    return _rows(session, open_one) == 1


def purge_invites(session: Session, now: datetime) -> int:
    """Delete invites whose time is up; how many."""
    return _rows(session, delete(RegistrationInvite).where(RegistrationInvite.expires_at <= now))


def _rows(session: Session, statement: Update | Delete) -> int:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount
