"""The tool's own signing keys: made per institution, rotated in three steps.

``next`` is published before it signs, ``retired`` stays published after, so that an LMS
which caches our key set never meets a signature it cannot check.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.base import new_public_id
from store.keyring import Keyring
from store.models.lti import Institution, ToolKey

PURPOSE = "tool-key"
KEY_BITS = 2048


def ensure_tool_keys(
    session: Session, keyring: Keyring, institution: Institution, now: datetime
) -> ToolKey:
    """The institution's active key; a missing active or next key is made."""
    held = {key.status: key for key in _keys_of(session, institution)}
    active = held.get("active")
    if active is None:
        active = _add_key(session, keyring, institution, "active", now)
    if "next" not in held:
        _add_key(session, keyring, institution, "next", now)
    return active


def rotate_tool_keys(
    session: Session, keyring: Keyring, institution: Institution, now: datetime
) -> ToolKey:
    """Retire the active key, activate the next one and make a new next; the new active key."""
    ensure_tool_keys(session, keyring, institution, now)
    for key in _keys_of(session, institution):
        if key.status == "active":
            key.status, key.retired_at = "retired", now
        elif key.status == "next":
            key.status, key.activated_at = "active", now
    session.flush()
    return ensure_tool_keys(session, keyring, institution, now)


def private_key(keyring: Keyring, key: ToolKey) -> str:
    """The private half as PEM.

    Raises:
        store.keyring.KeyringError: the master key is another one.
    """
    return keyring.decrypt(PURPOSE, key.private_sealed).decode("ascii")


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
        activated_at=now if status == "active" else None,
    )
    session.add(key)
    session.flush()
    return key
