"""A coarse limit of what one neighbourhood may ask of a worker in a minute: against floods, not for anybody's safety.

It is counted in memory, a worker for itself, because a count in the database would cost more than what it spares. What
people's safety hangs on is counted by `kernel.limits`.
"""

import threading
from collections import Counter

from vssid.kernel.clock import ticks
from vssid.kernel.labels import N_

MINUTE = 60
# Of searches. A worker answers some 200 a second, and two hundred phones of a carrier may share one address.
QUESTIONS_A_MINUTE = 600
TOO_MANY = N_("Mạng này đang hỏi quá nhiều. Hãy đợi một phút rồi tìm lại; điều bạn gõ vẫn còn trong ô tìm.")


class Flood:
    """So many questions a minute for each neighbourhood; the minutes are the worker's own."""

    def __init__(self, most: int) -> None:
        """`most` questions a minute."""
        self._most = most
        self._asked: Counter[str] = Counter()
        self._minute = 0
        self._lock = threading.Lock()

    def takes(self, network: str) -> bool:
        """Count one question; whether it may be answered."""
        minute = int(ticks() // MINUTE)
        with self._lock:
            if minute != self._minute:
                self._asked.clear()
                self._minute = minute
            self._asked[network] += 1
            return self._asked[network] <= self._most
