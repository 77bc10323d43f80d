"""Access tokens for the services: client assertion in, bearer token out."""

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from sandbox.errors import TokenRefusedError
from sandbox.site import Site

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_LIFE = 3600
"""Seconds an access token is valid."""

ASSERTION_LIFE = 3600
"""Longest life of a client assertion, so that used ids need not be kept for ever."""

LEEWAY = 60


class Tokens:
    """Issues and checks access tokens; remembers which assertions were used."""

    def __init__(
        self,
        find_site: Callable[[str | None], Site | None],
        permitted: tuple[str, ...],
        fetch_json: Callable[[str], Any],
        clock: Callable[[], float],
    ) -> None:
        self._find_site = find_site
        self._permitted = permitted
        self._fetch_json = fetch_json
        self._clock = clock
        self._issued: dict[str, tuple[frozenset[str], float]] = {}
        self._used: dict[str, float] = {}
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
            site = self._site_of(assertion)
            kid = jwt.get_unverified_header(assertion).get("kid")
            keys = jwt.PyJWKSet.from_dict(self._fetch_json(site.tool_jwks_url)).keys
            key = next(key for key in keys if key.key_id == kid)
            claims = jwt.decode(
                assertion,
                key,
                algorithms=["RS256"],
                audience=[site.token_url, site.issuer],
                issuer=site.client_id,
                subject=site.client_id,
                # Times are checked below, against the injected clock.
                options={
                    "require": ["iss", "sub", "aud", "iat", "exp", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except TokenRefusedError:
            raise
        except StopIteration:
            raise TokenRefusedError("invalid_client", "the tool's JWKS has no such key") from None
        except Exception as error:
            # Whatever the tool publishes or sends, the answer is the same refusal.
            raise TokenRefusedError("invalid_client", f"assertion refused: {error}") from error
        self._check_times(claims)
        self._use(claims["jti"], claims["exp"])

    def _site_of(self, assertion: str) -> Site:
        """The course with the tool that the assertion claims to be from."""
        client_id = jwt.decode(assertion, options={"verify_signature": False}).get("iss")
        site = self._find_site(client_id)
        if site is None:
            raise TokenRefusedError("invalid_client", "no such client")
        return site

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        times = [claims["iat"], claims["exp"], claims.get("nbf", 0)]
        if any(isinstance(time, bool) or not isinstance(time, int | float) for time in times):
            raise TokenRefusedError("invalid_client", "iat, exp and nbf are numbers")
        issued, expires, not_before = times
        if expires <= now - LEEWAY:
            raise TokenRefusedError("invalid_client", "the assertion has expired")
        if max(issued, not_before) > now + LEEWAY:
            raise TokenRefusedError("invalid_client", "the assertion is not valid yet")
        if expires > now + ASSERTION_LIFE:
            raise TokenRefusedError("invalid_client", "the assertion lives too long")

    def _use(self, jti: str, expires: float) -> None:
        now = self._clock()
        with self._lock:
            self._used = {key: until for key, until in self._used.items() if until > now}
            if jti in self._used:
                raise TokenRefusedError("invalid_client", "the assertion was used before")
            self._used[jti] = expires + LEEWAY
