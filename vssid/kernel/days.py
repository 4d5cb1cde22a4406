"""Counting days that people wait for. Pure."""

from datetime import date, timedelta

SATURDAY = 5


def working_day_after(start: date, days: int) -> date:
    """The `days`-th day after `start` that is neither Saturday nor Sunday; holidays are not known."""
    last = start
    while days > 0:
        last += timedelta(days=1)
        days -= last.weekday() < SATURDAY
    return last
