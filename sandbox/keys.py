"""The platform's signing keys: made on first start, rotated, kept in a file if one is named."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from sandbox.errors import StateError

KEPT = 2
"""Keys in the JWKS after a rotation: the new one signs, the one before still verifies."""


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with its id."""

    kid: str
    private: RSAPrivateKey

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new 2048-bit key with a random id."""
        return cls(secrets.token_hex(8), generate_private_key(65537, 2048))

    @property
    def public_pem(self) -> bytes:
        """The public half, as PEM."""
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def private_pem(self) -> str:
        """The private half, as unencrypted PEM."""
        return self.private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode()

    def public_jwk(self) -> dict[str, Any]:
        """The entry of a JWKS."""
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        jwk.pop("key_ops", None)
        return {**jwk, "kid": self.kid, "alg": "RS256", "use": "sig"}


class Keys:
    """The keys of one platform, newest first; the newest signs."""

    def __init__(self, keys: list[SigningKey] | None = None, path: Path | None = None) -> None:
        self._path = path
        self._keys = keys or [SigningKey.generate()]

    @classmethod
    def open(cls, path: Path) -> "Keys":
        """Read the keys from ``path``, or make one and write it there.

        Raises:
            StateError: the file cannot be read or written, or holds something else.
        """
        try:
            if not path.exists():
                made = cls(path=path)
                made._save()
                return made
            entries = json.loads(path.read_text(encoding="ascii"))["keys"]
            keys = [SigningKey(entry["kid"], _load(entry["private_pem"])) for entry in entries]
        except OSError as error:
            raise StateError(f"cannot use the state file {path}: {error.strerror}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise StateError(f"{path} does not hold the sandbox's keys; remove it") from error
        if not keys:
            raise StateError(f"{path} holds no key; remove it")
        return cls(keys, path)

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self._keys[0]

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; the one before stays in the JWKS."""
        self._keys = [SigningKey.generate(), *self._keys][:KEPT]
        self._save()
        return self.current

    def jwks(self) -> dict[str, Any]:
        """The JSON Web Key Set to publish."""
        return {"keys": [key.public_jwk() for key in self._keys]}

    def _save(self) -> None:
        if self._path is None:
            return
        entries = [{"kid": key.kid, "private_pem": key.private_pem} for key in self._keys]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump({"keys": entries}, file)
        draft.replace(self._path)


def _load(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key
