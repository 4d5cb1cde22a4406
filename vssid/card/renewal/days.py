"""Which days of a card go into the calendar, and when somebody is reminded. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.card.renewal.rules import HOUSEHOLD, renewed_by_agency
from vssid.card.rules import Face
from vssid.kernel.labels import N_, Label

STEPS = (30, 7)  # days before the last one


class DayKind(StrEnum):
    """What a day in the calendar is."""

    LAST = "het-han"
    FIVE_YEARS = "du-5-nam"
    BENEFIT = "het-ky-huong"

    def own(self, day: date) -> Label:
        """The entry in one's own calendar: of a benefit no more than that, for calendars are shared.

        The alarms of the weeks before say it too: it names its day and no “today”.
        """
        return Label(str(_OWN[self]), day=day)

    def of(self, name: str, day: date) -> Label:
        """The entry for a child."""
        return Label(str(_CHILDS[self]), name=name, day=day)


_OWN = {
    DayKind.LAST: N_("Thẻ BHYT dùng được đến hết ngày %(day)s"),
    DayKind.FIVE_YEARS: N_("Đủ 05 năm liên tục tham gia BHYT"),
    DayKind.BENEFIT: N_("Ngày cuối của một kỳ hưởng BHXH"),
}
_CHILDS = {
    DayKind.LAST: N_("Thẻ BHYT của %(name)s dùng được đến hết ngày %(day)s"),
    DayKind.FIVE_YEARS: N_("%(name)s: đủ 05 năm liên tục tham gia BHYT"),
    DayKind.BENEFIT: N_("%(name)s: ngày cuối của một kỳ hưởng BHXH"),
}


@dataclass(frozen=True)
class CalendarDay:
    """One day; `key` tells it from others of its kind and stays when the day is corrected."""

    kind: DayKind
    key: str
    day: date
    alarms: tuple[int, ...] = ()


def days_of(face: Face, listed: str, today: date) -> list[CalendarDay]:
    """What is still to come of a card. No alarm where the agency renews it (`listed`, see `renewed_by_agency`)."""
    found = []
    key = face.valid_from.isoformat()
    if face.valid_to is not None and face.valid_to >= today and not face.withdrawn:
        ahead = tuple(step for step in STEPS if face.valid_to - timedelta(days=step) >= today)
        alarms = () if renewed_by_agency(face.object_code, listed) else ahead
        found.append(CalendarDay(DayKind.LAST, key, face.valid_to, alarms))
    if face.five_years_from is not None and face.five_years_from >= today and not face.withdrawn:
        found.append(CalendarDay(DayKind.FIVE_YEARS, key, face.five_years_from))
    return found


@dataclass(frozen=True)
class Held:
    """The newest version of one of somebody's cards, as far as reminders look at it."""

    valid_from: date
    valid_to: date | None
    object_code: str
    withdrawn: bool


@dataclass(frozen=True)
class Due:
    """A card of which somebody is to be reminded: its last day, the step, and whether its holder pays for it."""

    last_day: date
    days_before: int
    household: bool


def due(cards: Iterable[Held], listed: str, today: date) -> Due | None:
    """Whether somebody with these cards is to be reminded today; after a stop of any length only of the later step.

    None while another card goes on, or the agency renews the one that ends (`listed`), or none holds today.
    """
    holding = [one for one in cards if not one.withdrawn and _reaches(one, today)]
    now = [one for one in holding if one.valid_from <= today]
    if not now:
        return None
    ending = max(now, key=lambda one: (one.valid_to is None, one.valid_to or date.max))
    last = ending.valid_to
    if last is None or renewed_by_agency(ending.object_code, listed):
        return None
    if any(one.valid_from <= last + timedelta(days=1) and _reaches(one, last + timedelta(days=1)) for one in holding):
        return None
    left = (last - today).days
    step = min((step for step in STEPS if left <= step), default=None)
    return None if step is None else Due(last, step, ending.object_code == HOUSEHOLD)


def _reaches(card: Held, day: date) -> bool:
    return card.valid_to is None or card.valid_to >= day
