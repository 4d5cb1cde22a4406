"""Contributions (quá trình tham gia): what was paid into the four funds, month by month. Door."""

from vssid.records.contributions.queries import line, periods
from vssid.records.contributions.rules import Fund, Kind, Period, Span, Status, Tally, duration, month_of, tally

__all__ = [
    "Fund", "Kind", "Period", "Span", "Status", "Tally", "duration", "line", "month_of", "periods", "tally",
]  # fmt: skip
