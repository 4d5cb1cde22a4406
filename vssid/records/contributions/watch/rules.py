"""When an employer is late or has stopped paying, who is told, and that nobody hears of the same months twice. Pure.

Only what comes after the last month that anybody has paid is looked at: a debt of long ago, with years paid since, is no
news. Months are those of `contributions.rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.records.contributions.rules import Kind, Month, Period, Status, spoken

STOPPED_AFTER = 2  # months without any row: one is often only not imported yet
NEWS_FOR = 12  # months: who left longer ago knows it, and back-loaded histories tell nobody
# A file of one employer comes before those of all others; the register reaches a month when such a share of it does.
SHARE = 10


class Sign(StrEnum):
    """What is seen."""

    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Paid(Period):
    """A period of BHXH, the key of its employer, and the key that the employer has where nobody knows its code."""

    employer: str = ""
    named: str = ""


@dataclass(frozen=True)
class Life:
    """What matters of a person beside the periods: `benefit` is the month of the newest benefit that stands for months
    without pay (sick leave, maternity, unemployment, all at once).
    """

    of_age: date
    died: bool = False
    pension: bool = False
    benefit: Month | None = None


@dataclass(frozen=True)
class Missing:
    """Months of one employer that have not been paid, both ends included; `named` as of `Paid`."""

    sign: Sign
    employer: str
    first: Month
    last: Month
    named: str = ""


@dataclass(frozen=True)
class Told:
    """Months of one employer of which somebody was told before."""

    employer: str
    first: Month
    last: Month


def horizon(ends: Mapping[Month, int], last_month: Month) -> Month | None:
    """The newest month that the register covers, `last_month` at most; None without rows of the last year.

    `ends` counts periods by their last month. A month counts as covered from a tenth of the periods of the year on.
    """
    first = last_month - NEWS_FOR + 1
    reaching = {
        month: sum(count for end, count in ends.items() if end >= month) for month in range(first, last_month + 1)
    }
    covered = [month for month, count in reaching.items() if count and count * SHARE >= reaching[first]]
    return max(covered, default=None)


def missing(periods: Iterable[Paid], life: Life, until: Month, today: date) -> Missing | None:
    """What of somebody's compulsory BHXH nobody has paid up to the horizon `until`; None where nothing is to be told."""
    if life.died or life.pension or today < life.of_age:
        return None
    known = list(periods)
    last_paid = max((one.last for one in known if one.status is Status.PAID), default=None)
    return _late(known, last_paid, until) or _stopped(known, last_paid, life, until)


def _late(known: list[Paid], last_paid: Month | None, until: Month) -> Missing | None:
    after = -1 if last_paid is None else last_paid
    late = [
        Missing(Sign.LATE, one.employer, max(one.first, after + 1), min(one.last, until), one.named)
        for one in known
        if one.kind is Kind.COMPULSORY and one.status is not Status.PAID and one.last > after and one.first <= until
    ]
    late = [one for one in late if one.first <= one.last and one.last > until - NEWS_FOR]
    if not late:
        return None
    newest = min(late, key=lambda one: (-one.last, one.employer))
    first = min(one.first for one in late if one.employer == newest.employer)
    return replace(newest, first=first)


def _stopped(known: list[Paid], last_paid: Month | None, life: Life, until: Month) -> Missing | None:
    if last_paid is None or not until - NEWS_FOR <= last_paid <= until - STOPPED_AFTER:
        return None
    if life.benefit is not None and life.benefit >= last_paid:
        return None
    payers = [one for one in known if one.status is Status.PAID and one.last == last_paid]
    if any(one.kind is Kind.VOLUNTARY for one in payers):
        return None  # pays for oneself: knows that no employer does
    payer = min(payers, key=lambda one: one.employer)
    return Missing(Sign.STOPPED, payer.employer, last_paid + 1, until, payer.named)


def same(found: Missing, told: Iterable[Told]) -> Told | None:
    """What somebody was told before of these very months: a gap that grows, or that is paid in part, is the same one.

    An employer whose code came later was told of under its name.
    """
    of_employer = (one for one in told if one.employer in (found.employer, found.named))
    return next((one for one in of_employer if one.first <= found.last and found.first <= one.last), None)


def words(found: Missing) -> Label:
    """What is told: one SMS, without employer and amount, for it may be read on somebody else's telephone."""
    return Label(str(_WORDS[found.sign]), month=spoken(found.first))


_WORDS = {
    Sign.LATE: N_(
        "VssID: Đơn vị đang chậm đóng BHXH cho bạn từ tháng %(month)s. Mở VssID, mục Quá trình tham gia để xem."
        " Hãy hỏi đơn vị, hoặc gọi %(hotline)s."
    ),
    Sign.STOPPED: N_(
        "VssID: Chưa thấy đơn vị đóng BHXH cho bạn từ tháng %(month)s. Đã nghỉ việc thì bỏ qua. Mở VssID, mục"
        " Quá trình tham gia, hoặc gọi %(hotline)s."
    ),
}
