"""Calendar files (RFC 5545) for the phone: days without hours, with alarms on the mornings before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MIME = "text/calendar"
LONGEST_LINE = 73  # of at most 75 octets, one of them the blank that continues a line


@dataclass(frozen=True)
class Event:
    """One day. `uid` stays the same each time the file is made, so that the phone renews the entry it has.

    `alarms` are how many days before; each rings at eight in the morning.
    """

    uid: str
    day: date
    summary: str
    description: str = ""
    place: str = ""
    alarms: tuple[int, ...] = ()


def calendar_file(events: Iterable[Event], product: str, at: datetime) -> str:
    """A VCALENDAR of `events`, made at `at` by `product` (plain letters); lines end in CRLF and are folded by octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//VssID//{product}//VI"]
    for event in events:
        lines += _event(event, at)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(event: Event, at: datetime) -> list[str]:
    summary = "SUMMARY:" + _escaped(event.summary)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        summary,
        # A day of the calendar keeps nobody from other engagements.
        "TRANSP:TRANSPARENT",
    ]
    if event.description:
        lines.append("DESCRIPTION:" + _escaped(event.description))
    if event.place:
        lines.append("LOCATION:" + _escaped(event.place))
    for days in event.alarms:
        words = summary.replace("SUMMARY:", "DESCRIPTION:", 1)
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", words, f"TRIGGER:{_morning(days)}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _morning(days: int) -> str:
    """The span from the midnight with which the day begins back to eight o'clock, `days` (1 or more) days before."""
    return f"-P{days - 1}DT16H" if days > 1 else "-PT16H"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > LONGEST_LINE:
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part]) + "\r\n"
