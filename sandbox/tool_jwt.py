"""What the tool has signed: read with its published keys, in time, and each once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jwt

from sandbox.errors import ToolJwtError
from sandbox.site import Site

LIFE = 3600
"""Longest life of what a tool signs, so that used ids need not be kept for ever."""

LEEWAY = 60


class ToolJwts:
    """Reads tokens of the tools; remembers which ids were used."""

    def __init__(
        self,
        find_site: Callable[[str | None], Site | None],
        fetch_json: Callable[[str], Any],
        clock: Callable[[], float],
    ) -> None:
        self._find_site = find_site
        self._fetch_json = fetch_json
        self._clock = clock
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def read(
        self,
        token: str,
        audiences: Callable[[Site], Sequence[str]],
        once: str,
        required: Sequence[str] = (),
    ) -> tuple[Site, dict[str, Any]]:
        """The claims of a token, and the site of the tool that signed it.

        ``audiences`` are the names that we go by, ``once`` the claim that makes it unique.
        Issuer, audience, times and ``once`` have to be there, and what else is ``required``.

        Raises:
            ToolJwtError: it is not signed by the tool, not for us, not timely or used before.
        """
        try:
            site = self._site_of(token)
            kid = jwt.get_unverified_header(token).get("kid")
            keys = jwt.PyJWKSet.from_dict(self._fetch_json(site.tool_jwks_url)).keys
            key = next(key for key in keys if key.key_id == kid)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=audiences(site),
                issuer=site.client_id,
                # Times are checked below, against the injected clock.
                options={
                    "require": ["iss", "aud", "iat", "exp", once, *required],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except ToolJwtError:
            raise
        except StopIteration:
            raise ToolJwtError("the tool's JWKS has no such key") from None
        except Exception as error:
            # Whatever the tool publishes or sends, the answer is the same refusal.
            raise ToolJwtError(f"refused: {error}") from error
        self._check_times(claims)
        self._use(claims[once], claims["exp"])
        return site, claims

    def _site_of(self, token: str) -> Site:
        """The course with the tool that the token claims to be from."""
        client_id = jwt.decode(token, options={"verify_signature": False}).get("iss")
        site = self._find_site(client_id)
        if site is None:
            raise ToolJwtError("no such client")
        return site

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        times = [claims["iat"], claims["exp"], claims.get("nbf", 0)]
        if any(isinstance(time, bool) or not isinstance(time, int | float) for time in times):
            raise ToolJwtError("iat, exp and nbf are numbers")
        issued, expires, not_before = times
        if expires <= now - LEEWAY:
            raise ToolJwtError("it has expired")
        if max(issued, not_before) > now + LEEWAY:
            raise ToolJwtError("it is not valid yet")
        if expires > now + LIFE:
            raise ToolJwtError("it lives too long")

    def _use(self, id: Any, expires: float) -> None:
        if not isinstance(id, str) or not id:
            raise ToolJwtError("its id is no text")
        now = self._clock()
        with self._lock:
            self._used = {key: until for key, until in self._used.items() if until > now}
            if id in self._used:
                raise ToolJwtError("it was used before")
            self._used[id] = expires + LEEWAY
