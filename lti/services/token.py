"""Access tokens: asked for with a signed assertion, kept by registration and scopes.

RFC 7523 and https://www.imsglobal.org/spec/security/v1p0/ §4.1.
"""

import hashlib
import json
import math
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from lti.keys import ensure_tool_keys, sign
from lti.services.http import Send, ServiceUnavailable, require_success, require_usable
from store import access_tokens
from store.db import Database
from store.keyring import Keyring, KeyringError
from store.models.lti import Institution, Registration

PURPOSE = "access-token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = timedelta(minutes=2)
SKEW = timedelta(seconds=5)
"""How far the LMS's clock may be behind ours."""

MARGIN = timedelta(seconds=60)
"""A token this close to its end is not used any more."""

ASSUMED_LIFE = timedelta(minutes=5)
"""Of a token whose life the LMS does not tell."""

LONGEST_LIFE = timedelta(hours=24)
MAX_TOKEN = 8192


class AccessTokens:
    """Gives access tokens; those that are still good come from the database."""

    def __init__(
        self, database: Database, keyring: Keyring, send: Send, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._send = send
        self._clock = clock

    def find(self, registration: Registration, scopes: Iterable[str]) -> str:
        """A token of this registration for these scopes.

        Raises:
            ServiceUnavailable: 429, 5xx, no answer, or one that cannot be read.
            ServiceRefused: the LMS refuses the request.
        """
        wanted = normalise(scopes)
        with self._database.read() as session:
            row = access_tokens.find(session, registration.id, _hash(wanted))
        if row is not None and self._clock() < row.expires_at - MARGIN:
            try:
                return self._keyring.decrypt(PURPOSE, row.sealed).decode()
            except KeyringError:
                pass  # sealed under an earlier master key: a new one is asked for
        return self._ask(registration, wanted)

    def forget(self, registration: Registration, scopes: Iterable[str]) -> None:
        """Drop a token that the LMS did not take."""
        with self._database.write() as session:
            access_tokens.forget(session, registration.id, _hash(normalise(scopes)))

    def _ask(self, registration: Registration, scopes: str) -> str:
        url = require_usable(registration, registration.token_url)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(registration),
            "scope": scopes,
        }
        answer = self._send(
            "POST",
            url,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=urlencode(form).encode(),
            allow_private=registration.allow_private_network,
        )
        now = self._clock()
        token, life = _read(require_success(answer, "token").body)
        with self._database.write() as session:
            access_tokens.keep(
                session,
                registration.id,
                _hash(scopes),
                self._keyring.encrypt(PURPOSE, token.encode()),
                now + life,
            )
        return token

    def _assertion(self, registration: Registration) -> str:
        now = self._clock()
        with self._database.write() as session:
            institution = session.get_one(Institution, registration.institution_id)
            key = ensure_tool_keys(session, self._keyring, institution, now)
        claims = {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.token_audience or registration.token_url,
            "iat": int((now - SKEW).timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        return sign(self._keyring, key, claims)


def normalise(scopes: Iterable[str]) -> str:
    """The scopes in one order, each once, so that equal sets share a token."""
    return " ".join(sorted(set(scopes)))


def _hash(scopes: str) -> str:
    return hashlib.sha256(scopes.encode()).hexdigest()


def _read(body: bytes) -> tuple[str, timedelta]:
    """Token and life of an answer; anything that is no such answer may be better later."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    token = answer.get("access_token") if isinstance(answer, dict) else None
    usable = isinstance(token, str) and 0 < len(token) <= MAX_TOKEN
    # It goes into a header: visible ASCII only.
    if not usable or any(not "!" <= character <= "~" for character in str(token)):
        raise ServiceUnavailable("token_unreadable")
    return str(token), _life(answer.get("expires_in"))


def _life(told: object) -> timedelta:
    try:
        seconds = float(told) if isinstance(told, int | float | str) else 0.0
    except (ValueError, OverflowError):
        seconds = 0.0
    if isinstance(told, bool) or not math.isfinite(seconds) or seconds <= 0:
        return ASSUMED_LIFE
    return timedelta(seconds=min(seconds, LONGEST_LIFE.total_seconds()))
