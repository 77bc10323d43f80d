"""Tokens and key sets that no honest LMS sends, made from honest ones: for testing a tool.

Only the last step is forged: the launch has gone through login and authentication as any
other, and what an honest token would have said is changed and signed anew.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sandbox.keys import SigningKey
from sandbox.signing import sign


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()
"""As the value of a claim or a header: leave it out."""


def read_part(token: str, part: int) -> dict[str, Any]:
    """Header (0) or claims (1) of a token. Nothing is verified."""
    text = token.split(".")[part]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decoded


def changed(honest: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``honest`` with entries replaced, added, or (``ABSENT``) left out."""
    merged = {**honest, **changes}
    return {name: value for name, value in merged.items() if value is not ABSENT}


def forge(
    honest: str,
    key: SigningKey,
    claims: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, Any] | None = None,
    alg: str = "RS256",
    body: str | bytes | None = None,
) -> str:
    """``honest`` with other claims and headers, signed with ``key``.

    The key id stays the honest one unless ``headers`` says otherwise, so that another key
    makes a wrong signature under a right name. ``body`` is signed as it stands, in the
    place of the claims. ``alg`` decides the signature, see ``sandbox.signing.sign``;
    ``headers`` may claim another.
    """
    wanted = {"kid": read_part(honest, 0)["kid"], **(headers or {})}
    # The signer leaves out what is None.
    wanted = {name: None if value is ABSENT else value for name, value in wanted.items()}
    payload = changed(read_part(honest, 1), claims or {}) if body is None else body
    return sign(payload, key, headers=wanted, alg=alg)


def key_set(*keys: Any) -> bytes:
    """A key set with these entries, whatever they are."""
    return json.dumps({"keys": list(keys)}).encode()


def elliptic_key(kid: str) -> dict[str, Any]:
    """The public half of a P-256 key: a good key of a kind that LTI does not use."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return {**ECAlgorithm.to_jwk(public, as_dict=True), "kid": kid, "use": "sig"}
