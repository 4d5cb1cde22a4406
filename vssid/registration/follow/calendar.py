"""The last day for the paper as a calendar file: an all-day event with an alarm two days before."""

from datetime import datetime

from flask_babel import gettext as _

from vssid.kernel.calendar import Event, calendar_file
from vssid.registration.models import Declaration
from vssid.registration.rules import spoken_code

REMIND_BEFORE = 2  # days


def lapse_event(declaration: Declaration, agency: str, url: str, at: datetime) -> str:
    """The file with this one day."""
    event = Event(
        uid=f"{declaration.id}@to-khai",
        day=declaration.lapses_on,
        summary=_("Hạn nộp tờ khai %(code)s", code=spoken_code(declaration.code)),
        description=_("Hôm nay là ngày cuối để nộp bản giấy.") + f" {url}/to-khai",
        place=agency,
        alarms=(REMIND_BEFORE,),
    )
    return calendar_file([event], "to khai", at)
