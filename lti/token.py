"""The id_token: its form, its signature and the claims that every OpenID token has.

The checks are ours and do not rely on the LTI library: it neither requires exp and iat,
nor bounds a token's age and lifetime, nor reads azp.
"""

import base64
import binascii
import json
import math
import re
from datetime import datetime
from typing import Any

import jwt

from lti.errors import (
    AlgorithmRefused,
    AudienceMismatch,
    ClaimsInvalid,
    IssuerMismatch,
    SignatureInvalid,
    TokenMalformed,
    TokenTime,
    TokenTooLarge,
)

MAX_TOKEN = 64 * 1024
MAX_KID = 255
LEEWAY = 60
MAX_AGE = 10 * 60
MAX_LIFETIME = 24 * 60 * 60
MAX_NONCE = 255

_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def read_key_id(token: str) -> str:
    """The ``kid`` of a token that is a JWT signed with RS256. Nothing is verified yet.

    Raises:
        TokenTooLarge: more than 64 KB.
        TokenMalformed: not three base64url parts, or the header is no JSON object.
        AlgorithmRefused: alg is not RS256, kid is no string, or a header is critical.
    """
    if len(token) > MAX_TOKEN:
        raise TokenTooLarge
    if not _JWT.fullmatch(token):
        raise TokenMalformed("form")
    part = token.split(".", 1)[0]
    try:
        header = strict_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except binascii.Error:
        raise TokenMalformed("header") from None
    if header.get("alg") != "RS256":
        raise AlgorithmRefused("alg")
    if "crit" in header or "b64" in header:
        raise AlgorithmRefused("crit")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID or not kid.isprintable():
        raise AlgorithmRefused("kid")
    return kid


def verified_payload(token: str, key: dict[str, Any]) -> dict[str, Any]:
    """The payload of a token signed with ``key`` (a public RSA JWK).

    Raises:
        SignatureInvalid: another key or altered bytes.
        TokenMalformed: the payload is not one JSON object with unique keys.
    """
    try:
        public = jwt.PyJWK(key, "RS256")
        payload = jwt.PyJWS().decode(token, public, algorithms=["RS256"])
    except jwt.PyJWTError as error:
        raise SignatureInvalid(type(error).__name__) from None
    return strict_object(payload)


def check_parties(payload: dict[str, Any], issuer: str, client_id: str) -> None:
    """Issuer and audience are exactly ours; no audience beside us is trusted.

    Raises:
        IssuerMismatch, AudienceMismatch: they are not.
    """
    if payload.get("iss") != issuer:
        raise IssuerMismatch
    audience = payload.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if not listed or any(value != client_id for value in listed):
        raise AudienceMismatch("aud")
    if "azp" in payload and payload["azp"] != client_id:
        raise AudienceMismatch("azp")


def check_times(payload: dict[str, Any], now: datetime) -> None:
    """exp and iat (required) and nbf hold at ``now``, with 60 s for clocks that differ.

    Raises:
        TokenTime: they do not, or the token is older than 10 min or lives beyond 24 h.
    """
    moment = now.timestamp()
    expires, issued = _seconds(payload, "exp"), _seconds(payload, "iat")
    if expires <= moment - LEEWAY:
        raise TokenTime("exp")
    if issued > moment + LEEWAY:
        raise TokenTime("iat ahead")
    if issued < moment - MAX_AGE - LEEWAY:
        raise TokenTime("iat old")
    if not 0 < expires - issued <= MAX_LIFETIME:
        raise TokenTime("lifetime")
    if "nbf" in payload and _seconds(payload, "nbf") > moment + LEEWAY:
        raise TokenTime("nbf")


def read_nonce(payload: dict[str, Any]) -> str:
    """The nonce.

    Raises:
        ClaimsInvalid: it is missing, empty, too long or no string.
    """
    nonce = payload.get("nonce")
    if not isinstance(nonce, str) or not 0 < len(nonce) <= MAX_NONCE:
        raise ClaimsInvalid("nonce")
    return nonce


def strict_object(raw: bytes) -> dict[str, Any]:
    """One JSON object in UTF-8; no key twice (readers differ on which one counts), no NaN.

    Raises:
        TokenMalformed: something else.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise TokenMalformed("json") from None
    if not isinstance(value, dict):
        raise TokenMalformed("no object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _seconds(payload: dict[str, Any], name: str) -> float:
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenTime(f"{name} is no number")
    # The bound comes before the conversion: a huge integer does not fit a float.
    if not 0 <= value < 2**40 or not math.isfinite(value):
        raise TokenTime(f"{name} out of range")
    return float(value)
