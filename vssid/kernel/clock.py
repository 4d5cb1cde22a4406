"""The only place that asks the time. Moments are aware UTC; days are those of Vietnam."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds that only ever go forward: for intervals within one process, never for dates."""
    return time.monotonic()


def today() -> date:
    """The present day in Vietnam: at 23:30 UTC it is already tomorrow there."""
    return day_of(now())


def moment_of(seconds: float) -> datetime:
    """The moment so many seconds after the beginning of 1970, as `now().timestamp()` gives them."""
    return datetime.fromtimestamp(seconds, UTC)


def day_of(moment: datetime) -> date:
    """The day in Vietnam on which an aware `moment` falls."""
    return moment.astimezone(VIETNAM).date()
