"""Encryption at rest: AES-256-GCM under keys that can be rotated (safety.md, 11.3).

A sealed value is `key id (4) | nonce (12) | ciphertext and tag`; its `purpose` is authenticated, so that a value
copied into another column or row does not open there.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12


class Unreadable(Exception):
    """The value was altered, belongs elsewhere, or its key is gone."""


def new_key() -> str:
    """A fresh key as text for the environment or a key file."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """The key written as URL-safe base64 of 32 bytes. Raises ValueError for anything else."""
    key = b64decode(text.strip().encode(), altchars=b"-_", validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes in URL-safe base64")
    return key


class Keyring:
    """The current key, which seals, and older ones, which still open."""

    def __init__(self, keys: list[bytes]) -> None:
        """`keys[0]` is the current one."""
        self._keys = {self._id(key): key for key in reversed(keys)}
        self._current = keys[0]

    @staticmethod
    def _id(key: bytes) -> bytes:
        return hashlib.sha256(b"vssid key id" + key).digest()[:_ID_BYTES]

    def digest(self, *parts: str) -> bytes:
        """Keyed digest of a short code or guessable value. Holds until the current key changes: for short lives only."""
        return hmac.new(self._current, b"digest\x1f" + "\x1f".join(parts).encode(), hashlib.sha256).digest()

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Encrypt `plain` for one `purpose` (a table, a column, a row)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._id(self._current) + nonce + AESGCM(self._current).encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt. Raises Unreadable rather than give back anything doubtful."""
        key = self._keys.get(sealed[:_ID_BYTES])
        if key is None:
            raise Unreadable("sealed under a key that is not in the ring")
        nonce, body = sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], sealed[_ID_BYTES + _NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError) as wrong:
            raise Unreadable("altered, or sealed for something else") from wrong

    def seal_text(self, text: str, purpose: str) -> bytes:
        """`seal` for text."""
        return self.seal(text.encode(), purpose)

    def open_text(self, sealed: bytes, purpose: str) -> str:
        """`open` for text."""
        return self.open(sealed, purpose).decode()


def token() -> str:
    """A secret of 256 bits for a cookie; only its `digest` is stored."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a random secret. Not for passwords or short codes: those need a slow or keyed hash."""
    return hashlib.sha256(secret.encode()).digest()


def keyed_digest(key: str, *parts: str) -> bytes:
    """What is stored of a short code or of a value that could be guessed: HMAC under the server's secret."""
    return hmac.new(key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()


def same(left: bytes, right: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left, right)
