"""Participants are pseudonyms: HMAC-SHA256 of where they come from, under a derived key."""

import hashlib
import hmac


def pseudonym(key: bytes, issuer: str, deployment_id: str, sub: str) -> str:
    """The participant's code, 32 hexadecimal digits.

    ``key`` is derived from the master key for one institution and one study, so that
    the same person has unrelated codes in two studies. The parts are joined with their
    lengths, so that no two different triples can collide by shifting a boundary.
    """
    parts = b"".join(
        len(raw).to_bytes(4, "big") + raw
        for raw in (issuer.encode(), deployment_id.encode(), sub.encode())
    )
    return hmac.new(key, parts, hashlib.sha256).hexdigest()[:32]
