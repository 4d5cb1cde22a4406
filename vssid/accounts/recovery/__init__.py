"""Coming back in: codes that set a first or a forgotten password, and requests that somebody else confirms. Sub-door."""

from vssid.accounts.house import house
from vssid.accounts.recovery import jobs
from vssid.accounts.recovery.actions import begin_at_counter, cancel, confirm_at_counter, note_view, stop_by_code
from vssid.accounts.recovery.hours import waiting_period_of
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.queries import by_code, by_id, pending, second_count, waiting_of
from vssid.accounts.recovery.rules import (
    CODE_DIGITS,
    OFTEN,
    SEARCHED_BY_OFFICER,
    UNKNOWN,
    Status,
    Tag,
    Way,
    still_fits,
    typed_code,
)

__all__ = [
    "CODE_DIGITS",
    "OFTEN",
    "SEARCHED_BY_OFFICER",
    "UNKNOWN",
    "RecoveryRequest",
    "Status",
    "Tag",
    "Way",
    "begin_at_counter",
    "by_code",
    "by_id",
    "cancel",
    "confirm_at_counter",
    "house",
    "jobs",
    "note_view",
    "pending",
    "second_count",
    "still_fits",
    "stop_by_code",
    "typed_code",
    "waiting_of",
    "waiting_period_of",
]
