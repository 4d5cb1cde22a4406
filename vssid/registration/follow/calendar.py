"""The last day for the paper as a calendar file (RFC 5545): an all-day event with an alarm two days before."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from vssid.registration.models import Declaration
from vssid.registration.rules import spoken_code

LONGEST_LINE = 73  # of at most 75 octets, one of them the blank that continues a line


def lapse_event(declaration: Declaration, agency: str, url: str, at: datetime) -> str:
    """One VEVENT; lines end in CRLF and are folded by octets."""
    code = spoken_code(declaration.code)
    last = declaration.lapses_on
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//VssID//to khai//VI",
        "BEGIN:VEVENT",
        f"UID:{declaration.id}@to-khai",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{last:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
        "SUMMARY:" + _escaped(_("Hạn nộp tờ khai %(code)s", code=code)),
        "DESCRIPTION:" + _escaped(_("Hôm nay là ngày cuối để nộp bản giấy.") + f" {url}/to-khai"),
        *(["LOCATION:" + _escaped(agency)] if agency else []),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:" + _escaped(_("Hạn nộp tờ khai %(code)s", code=code)),
        "TRIGGER:-P2D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > LONGEST_LINE:
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part]) + "\r\n"
