"""Signing of tokens, right ones and forged ones alike."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from jwt.algorithms import HMACAlgorithm, RSAAlgorithm

from sandbox.keys import SigningKey

_RSA = {
    "RS256": RSAAlgorithm.SHA256,
    "RS384": RSAAlgorithm.SHA384,
    "RS512": RSAAlgorithm.SHA512,
}


def sign(
    claims: Any,
    key: SigningKey,
    *,
    headers: Mapping[str, Any] | None = None,
    alg: str = "RS256",
) -> str:
    """A compact JWS over ``claims``.

    ``claims`` is any JSON value, or str or bytes to be signed as they stand (for
    duplicate keys or text that is not JSON). ``headers`` replaces entries of the
    header; an entry of None is left out, as in ``{"kid": None}``. ``alg`` decides
    the signature: RS256, RS384, RS512, ``HS256`` (the public PEM as the secret, the
    classic confusion attack) or ``none``.

    Raises:
        ValueError: another ``alg``.
    """
    header = {"alg": alg, "typ": "JWT", "kid": key.kid, **(headers or {})}
    header = {name: value for name, value in header.items() if value is not None}
    body = claims.encode() if isinstance(claims, str) else claims
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    message = f"{_encode(json.dumps(header).encode())}.{_encode(body)}"
    return f"{message}.{_encode(_signature(message.encode(), key, alg))}"


def _signature(message: bytes, key: SigningKey, alg: str) -> bytes:
    if alg in _RSA:
        return RSAAlgorithm(_RSA[alg]).sign(message, key.private)
    if alg == "HS256":
        # The library refuses a PEM as a secret, rightly; a forger would not.
        return HMACAlgorithm(HMACAlgorithm.SHA256).sign(message, key.public_pem)
    if alg == "none":
        return b""
    raise ValueError(f"cannot sign with {alg}")


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
