"""Access tokens for the services: client assertion in, bearer token out."""

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.errors import TokenRefusedError, ToolJwtError
from sandbox.tool_jwt import ToolJwts

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_LIFE = 3600
"""Seconds an access token is valid."""


class Tokens:
    """Issues and checks access tokens."""

    def __init__(
        self,
        jwts: ToolJwts,
        permitted: tuple[str, ...],
        clock: Callable[[], float],
    ) -> None:
        self._jwts = jwts
        self._permitted = permitted
        self._clock = clock
        self._issued: dict[str, tuple[frozenset[str], float]] = {}
        self._lock = threading.Lock()

    def grant(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer a token request: the body of RFC 6749 §5.1.

        Scopes that the site does not permit are dropped without a word.

        Raises:
            TokenRefusedError: ``invalid_request``, ``unsupported_grant_type``,
                ``invalid_client``, or ``invalid_scope`` if no scope is left.
        """
        names = ("grant_type", "client_assertion_type", "client_assertion", "scope")
        missing = [name for name in names if not form.get(name)]
        if missing:
            raise TokenRefusedError("invalid_request", f"{missing[0]} is missing")
        if (
            form["grant_type"] != "client_credentials"
            or form["client_assertion_type"] != ASSERTION_TYPE
        ):
            raise TokenRefusedError("unsupported_grant_type", "only client_credentials with a JWT")
        self._check_assertion(form["client_assertion"])
        asked = form["scope"].split()
        granted = [scope for scope in dict.fromkeys(asked) if scope in self._permitted]
        if not granted:
            raise TokenRefusedError("invalid_scope", "no permitted scope was asked for")
        return {
            "access_token": self.issue(granted),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE,
            "scope": " ".join(granted),
        }

    def issue(self, scopes: list[str]) -> str:
        """A new access token for ``scopes``, without any check."""
        token = secrets.token_hex(24)
        now = self._clock()
        with self._lock:
            self._issued = {key: entry for key, entry in self._issued.items() if entry[1] > now}
            self._issued[token] = (frozenset(scopes), now + TOKEN_LIFE)
        return token

    def scopes(self, token: str) -> frozenset[str]:
        """What a bearer token allows; nothing if it is unknown or has expired."""
        with self._lock:
            scopes, expires = self._issued.get(token, (frozenset(), 0.0))
        return scopes if expires > self._clock() else frozenset()

    def _check_assertion(self, assertion: str) -> None:
        """Raises TokenRefusedError unless it is signed by the tool, for us, timely and unused."""
        try:
            site, claims = self._jwts.read(
                assertion,
                lambda site: [site.token_url, site.issuer],
                once="jti",
                required=("sub",),
            )
        except ToolJwtError as error:
            raise TokenRefusedError("invalid_client", str(error)) from error
        if claims["sub"] != site.client_id:
            raise TokenRefusedError("invalid_client", "subject is not the client")
