"""Answers that rarely change, kept for a minute in this process so that each page need not ask again."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from vssid.kernel.clock import ticks

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """A bounded memory of what was found; what was not found is asked for again each time.

    For shipped reference lists and the like only: nothing personal, nothing that a decision depends on at once.
    """

    def __init__(self, seconds: float = 60.0, most: int = 5_000) -> None:
        """Forget each answer after `seconds`, and all of them once there are `most`."""
        self._seconds, self._most = seconds, most
        self._known: dict[K, tuple[float, V]] = {}

    def get(self, key: K, ask: Callable[[], V]) -> V:
        """The remembered answer, or a fresh one."""
        found, now = self._known.get(key), ticks()
        if found is not None and found[0] > now:
            return found[1]
        answer = ask()
        if answer:
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[key] = (now + self._seconds, answer)
        return answer
