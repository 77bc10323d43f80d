"""The LMSs' public keys, cached by key id in the database.

An unknown key id asks the LMS once: other threads wait for that answer, and after an
answer in vain nothing is asked for half a minute, whatever tokens arrive. Keys are
looked at afresh once a day; while the LMS is down the cached ones go on working.
"""

import json
import threading
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti.errors import KeysUnavailable, KeyUnknown
from lti.fetch import Fetch, FetchError, fetch_document
from lti.token import MAX_KID
from store.db import Database
from store.models.lti import PlatformKey, Registration

MISS_INTERVAL = timedelta(seconds=30)
REFRESH_AFTER = timedelta(hours=24)
MIN_RSA_BITS = 2048


class PlatformKeys:
    """Finds the key that a token of a registration is signed with."""

    def __init__(self, fetch: Fetch = fetch_document) -> None:
        self._fetch = fetch
        # They only save duplicate requests within a process; the database holds the truth.
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def find(
        self, database: Database, registration: Registration, kid: str, now: datetime
    ) -> dict[str, Any]:
        """The public RSA JWK of that id.

        Raises:
            KeyUnknown: the LMS's key set has no usable key of that id.
            KeysUnavailable: the key is not cached and the key set cannot be fetched.
        """
        lock = self._locks[registration.id]
        cached = _cached(database, registration.id, kid)
        if cached is not None:
            if now - cached.fetched_at < REFRESH_AFTER or not lock.acquire(blocking=False):
                return cached.jwk
            try:
                return self._refresh(database, registration, kid, now, cached)
            finally:
                lock.release()
        with lock:
            cached = _cached(database, registration.id, kid)
            if cached is not None:
                return cached.jwk
            return self._refresh(database, registration, kid, now, None)

    def _refresh(
        self,
        database: Database,
        registration: Registration,
        kid: str,
        now: datetime,
        cached: PlatformKey | None,
    ) -> dict[str, Any]:
        with database.read() as session:
            missed_at = session.scalar(
                select(Registration.keys_missed_at).where(Registration.id == registration.id)
            )
        if missed_at is not None and now - missed_at < MISS_INTERVAL:
            if cached is None:
                raise KeyUnknown("asked less than 30 s ago")
            return cached.jwk
        try:
            document = self._fetch(
                registration.jwks_url, allow_private=registration.allow_private_network
            )
            keys = usable_keys(document)
        except (FetchError, ValueError) as error:
            with database.write() as session:
                _note_miss(session, registration.id, now)
            if cached is None:
                raise KeysUnavailable(str(error)) from None
            return cached.jwk
        with database.write() as session:
            _replace(session, registration.id, keys, now)
            if kid not in keys:
                _note_miss(session, registration.id, now)
        if kid not in keys:
            raise KeyUnknown("not in the key set")
        return keys[kid]


def usable_keys(document: bytes) -> dict[str, dict[str, Any]]:
    """The RSA signature keys of a key set by id; a key id that occurs twice is left out.

    A key for encryption, for another algorithm, without an id or under 2,048 bits is left
    out too; ``alg`` may be absent.

    Raises:
        ValueError: the document is not a JSON key set.
    """
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise ValueError("the key set is not JSON") from None
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the document is not a key set")
    keys: dict[str, dict[str, Any]] = {}
    twice: set[str] = set()
    for key in listed:
        if not isinstance(key, dict):
            continue
        kid = key.get("kid")
        if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID or not kid.isprintable():
            continue
        public = _public_rsa(key)
        if public is None:
            continue
        if kid in keys and keys[kid] != public:
            twice.add(kid)
        keys[kid] = public
    return {kid: key for kid, key in keys.items() if kid not in twice}


def _public_rsa(key: dict[str, Any]) -> dict[str, Any] | None:
    if key.get("kty") != "RSA" or key.get("use", "sig") != "sig":
        return None
    if key.get("alg", "RS256") != "RS256":
        return None
    public = {"kty": "RSA", "kid": key["kid"], "n": key.get("n"), "e": key.get("e")}
    if not all(isinstance(public[part], str) for part in ("n", "e")):
        return None
    try:
        size = jwt.PyJWK(public, "RS256").key.key_size
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return public if size >= MIN_RSA_BITS else None


def _cached(database: Database, registration_id: int, kid: str) -> PlatformKey | None:
    with database.read() as session:
        return session.scalar(
            select(PlatformKey).where(
                PlatformKey.registration_id == registration_id, PlatformKey.kid == kid
            )
        )


def _note_miss(session: Session, registration_id: int, now: datetime) -> None:
    session.get_one(Registration, registration_id).keys_missed_at = now


def _replace(
    session: Session, registration_id: int, keys: dict[str, dict[str, Any]], now: datetime
) -> None:
    # The registration's row is locked, so that two processes do not add the same key.
    session.execute(
        select(Registration.id).where(Registration.id == registration_id).with_for_update()
    )
    held = {
        row.kid: row
        for row in session.scalars(
            select(PlatformKey).where(PlatformKey.registration_id == registration_id)
        )
    }
    gone = [row.id for kid, row in held.items() if kid not in keys]
    if gone:
        session.execute(delete(PlatformKey).where(PlatformKey.id.in_(gone)))
    for kid, key in keys.items():
        row = held.get(kid)
        if row is None:
            row = PlatformKey(registration_id=registration_id, kid=kid, jwk=key, fetched_at=now)
            session.add(row)
        row.jwk, row.fetched_at = key, now
