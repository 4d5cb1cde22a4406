"""Password hashing with argon2id, bounded so that a wave of sign-ins cannot eat the machine's memory."""

import functools
import threading
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from vssid.accounts.rules import normalised

# OWASP's minimum for argon2id: 19 MiB, two passes; 20 ms on one core of a small server.
_PASSES, _KIBIBYTES = 2, 19_456
_HASHER = PasswordHasher(time_cost=_PASSES, memory_cost=_KIBIBYTES, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)


@functools.cache
def common() -> frozenset[str]:
    """Passwords that attackers try first (8 signs and longer), case-folded; shipped, no outside service."""
    path = Path(__file__).parent / "data" / "common_passwords.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


@functools.cache
def _nobody() -> str:
    """A hash of nothing, made with the same parameters, so that unknown names cost the same time."""
    return _HASHER.hash("nobody at all")


def hashed(password: str) -> str:
    """The hash to store. Takes about 20 ms: never call it with a transaction open."""
    with _AT_ONCE:
        return _HASHER.hash(normalised(password))


def right(stored: str | None, password: str) -> bool:
    """Whether `password` fits; an account without one (None) takes as long and fits nothing."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobody(), normalised(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def slow_digest(code: str, salt: bytes) -> bytes:
    """32 bytes of a printed code that must last for years: as slow as a password, and one hash finds it among ten."""
    with _AT_ONCE:
        return hash_secret_raw(code.encode(), salt, _PASSES, _KIBIBYTES, 1, 32, Type.ID)
