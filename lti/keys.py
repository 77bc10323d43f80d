"""The tool's own signing keys: made per institution, rotated in three steps.

``next`` is published before it signs, ``retired`` stays published for 14 days after, so that an LMS
which caches our key set never meets a signature it cannot check.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from store.base import new_public_id
from store.keyring import Keyring
from store.models.lti import Institution, ToolKey

PURPOSE = "tool-key"
KEY_BITS = 2048
RETIRED_KEPT = timedelta(days=14)
"""How long a retired key stays in the key set, for what was signed with it and for caches."""

NEXT_PUBLISHED = timedelta(hours=24)
"""How long a key has to be published before it signs: LMSs keep copies of the key set."""


def ensure_tool_keys(
    session: Session, keyring: Keyring, institution: Institution, now: datetime
) -> ToolKey:
    """The institution's active key; a missing active or next key is made."""
    # One at a time: two commands at once would make two active keys.
    session.execute(
        select(Institution.id).where(Institution.id == institution.id).with_for_update()
    )
    held = {key.status: key for key in _keys_of(session, institution)}
    active = held.get("active")
    if active is None:
        active = _add_key(session, keyring, institution, "active", now)
    if "next" not in held:
        _add_key(session, keyring, institution, "next", now)
    return active


def rotate_tool_keys(
    session: Session,
    keyring: Keyring,
    institution: Institution,
    now: datetime,
    *,
    drop_old: bool = False,
) -> ToolKey:
    """Retire the active key, activate the next one and make a new next; the new active key.

    With ``drop_old`` the retired keys leave the key set at once: their private halves are
    known to others.
    """
    ensure_tool_keys(session, keyring, institution, now)
    for key in _keys_of(session, institution):
        if key.status == "active":
            key.status, key.retired_at = "retired", now
        elif key.status == "next":
            key.status, key.activated_at = "active", now
    session.flush()
    if drop_old:
        session.execute(
            delete(ToolKey).where(
                ToolKey.institution_id == institution.id, ToolKey.status == "retired"
            )
        )
    return ensure_tool_keys(session, keyring, institution, now)


def list_tool_keys(session: Session, institution: Institution) -> Sequence[ToolKey]:
    """All keys of the institution that are published, the oldest first."""
    return _keys_of(session, institution)


def next_key_ready_at(session: Session, institution: Institution) -> datetime | None:
    """From when the next key may sign; None if there is no next key."""
    made = session.scalar(
        select(ToolKey.created_at).where(
            ToolKey.institution_id == institution.id, ToolKey.status == "next"
        )
    )
    return made + NEXT_PUBLISHED if made is not None else None


def purge_retired_keys(session: Session, now: datetime) -> int:
    """Delete the keys that have been retired for ``RETIRED_KEPT``; how many."""
    statement = delete(ToolKey).where(
        ToolKey.status == "retired", ToolKey.retired_at <= now - RETIRED_KEPT
    )
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount


def private_key(keyring: Keyring, key: ToolKey) -> str:
    """The private half as PEM.

    Raises:
        store.keyring.KeyringError: the master key is another one.
    """
    return keyring.decrypt(PURPOSE, key.private_sealed).decode("ascii")


def sign(keyring: Keyring, key: ToolKey, claims: dict[str, Any]) -> str:
    """A JWT over ``claims``, signed with the key and naming it.

    Raises:
        store.keyring.KeyringError: the master key is another one.
    """
    pem = private_key(keyring, key)
    return jwt.encode(claims, pem, algorithm="RS256", headers={"kid": key.kid})


def public_key_set(session: Session) -> dict[str, Any]:
    """The key set to publish: the public halves of all institutions' keys."""
    keys = session.scalars(select(ToolKey.public_jwk).order_by(ToolKey.id))
    return {"keys": list(keys)}


def _keys_of(session: Session, institution: Institution) -> Sequence[ToolKey]:
    return session.scalars(
        select(ToolKey).where(ToolKey.institution_id == institution.id).order_by(ToolKey.id)
    ).all()


def _add_key(
    session: Session, keyring: Keyring, institution: Institution, status: str, now: datetime
) -> ToolKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    kid = new_public_id()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    key = ToolKey(
        institution_id=institution.id,
        kid=kid,
        public_jwk={
            "kty": "RSA",
            "n": public["n"],
            "e": public["e"],
            "kid": kid,
            "alg": "RS256",
            "use": "sig",
        },
        private_sealed=keyring.encrypt(PURPOSE, pem),
        status=status,
        created_at=now,
        activated_at=now if status == "active" else None,
    )
    session.add(key)
    session.flush()
    return key
