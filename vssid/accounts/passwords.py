"""Password hashing with argon2id, by threads of its own that give way to all others.

A hash takes a core for some forty milliseconds. A wave of sign-ins must neither eat the machine's memory nor hold up whoever
only wants to read: one thread of each process hashes, at the lowest priority, and a request that waits for it lets
another one work meanwhile.
"""

import contextlib
import functools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from vssid.accounts.rules import normalised
from vssid.kernel.labels import Busy
from vssid.web.turnstile import stepped_aside

P = ParamSpec("P")
T = TypeVar("T")

# Half as much again as OWASP's minimum for argon2id (19 MiB, two passes). Below 32 MiB, from where on the C library takes
# memory from the system anew for every hash: a third of the time then goes into empty pages.
PASSES, KIBIBYTES = 2, 30_720
_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=KIBIBYTES, parallelism=1)
LOWEST_PRIORITY = 19
# Two seconds' work: who would wait longer is told to come back.
MOST_WAITING = 48
_WAITING = threading.BoundedSemaphore(MOST_WAITING)


# Of digests that do not say what they were made with: never to be changed.
_CODE_PASSES, _CODE_KIBIBYTES = 2, 19_456


def _give_way() -> None:
    # Of this thread alone (Linux); elsewhere hashing is as important as all else.
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)


@functools.cache
def _pool(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "hash", _give_way)


def _aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, done by the hashing thread. Raises Busy when too many wait for it."""
    if not _WAITING.acquire(blocking=False):
        raise Busy
    try:
        with stepped_aside():
            # Asked by its process: threads do not survive a fork.
            return _pool(os.getpid()).submit(work, *args, **kwargs).result()
    finally:
        _WAITING.release()


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
    """The hash to store. Takes some 40 ms: never call it with a transaction open."""
    return _aside(_HASHER.hash, normalised(password))


def right(stored: str | None, password: str) -> bool:
    """Whether `password` fits; an account without one (None) takes as long and fits nothing."""
    nobody = _nobody()  # asked for everybody: made once, for whoever comes first
    return _aside(_fits, stored or nobody, normalised(password)) and stored is not None


def _fits(stored: str, password: str) -> bool:
    try:
        _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
    return True


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def slow_digest(code: str, salt: bytes) -> bytes:
    """32 bytes of a printed code that must last for years: slow as a password's, and one hash finds it among ten."""
    return _aside(hash_secret_raw, code.encode(), salt, _CODE_PASSES, _CODE_KIBIBYTES, 1, 32, Type.ID)
