"""An LMS's keys: made once a run, and the set that it publishes."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from lti.fetch import FetchError
from sandbox.forging import key_set
from sandbox.keys import SigningKey


@cache
def signing_key(name: str) -> SigningKey:
    """A key with that name as its id, made once a run: making one is slow."""
    return SigningKey(name, SigningKey.generate().private)


def public_jwk(name: str, **more: Any) -> dict[str, Any]:
    """The public half of the key of that name, entries replaced."""
    return signing_key(name).public_jwk() | more


@dataclass
class KeyServer:
    """The LMS's key set, or what it answers in its place."""

    answer: bytes | FetchError = b""
    calls: int = 0

    def serve(self, *keys: dict[str, Any]) -> None:
        self.answer = key_set(*keys)

    def __call__(self, url: str, *, allow_private: bool) -> bytes:
        self.calls += 1
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer
