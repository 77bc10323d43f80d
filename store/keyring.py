"""One master key, kept outside the database, and what is derived from it.

HKDF-SHA256 gives a separate key for each purpose, so that a pseudonym key tells
nothing about the key that encrypts LMS identifiers. Rotation and backup are
described in ``docs/keys.md``.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_BYTES = 32
NONCE_BYTES = 12


class KeyringError(Exception):
    """The master key is missing or malformed, or a ciphertext does not belong to it."""


class Keyring:
    """Keys derived from one master key of 32 bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != MASTER_BYTES:
            raise KeyringError(f"the master key needs {MASTER_BYTES} bytes, got {len(master)}")
        self._master = master

    @classmethod
    def from_file(cls, path: Path, *, create: bool = False) -> "Keyring":
        """Read 64 hexadecimal digits from ``path``; with ``create``, make the file if absent.

        Raises:
            KeyringError: the file is absent (and ``create`` is false) or holds something else.
        """
        if create and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written aside and linked: of two processes that start at once, one wins.
            draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(MASTER_BYTES) + "\n")
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        try:
            return cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except FileNotFoundError:
            raise KeyringError(f"no master key at {path}; see docs/keys.md") from None
        except ValueError:
            raise KeyringError(
                f"{path} does not hold {2 * MASTER_BYTES} hexadecimal digits"
            ) from None

    def derive(self, *purpose: str) -> bytes:
        """32 bytes for a purpose, e.g. ``derive("pseudonym", institution, study)``."""
        info = b"greyarea\0" + "\0".join(purpose).encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)

    def encrypt(self, purpose: str, plain: bytes) -> bytes:
        """AES-256-GCM with a random nonce in front; the purpose is authenticated."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, plain, purpose.encode())

    def decrypt(self, purpose: str, cipher: bytes) -> bytes:
        """The plain bytes.

        Raises:
            KeyringError: another master key or purpose, or altered bytes.
        """
        try:
            nonce, body = cipher[:NONCE_BYTES], cipher[NONCE_BYTES:]
            return AESGCM(self.derive(purpose)).decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError):
            raise KeyringError(f"cannot decrypt: wrong master key, or altered {purpose}") from None
