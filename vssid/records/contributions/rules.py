"""Months of contributions (quá trình tham gia): which count, which are late, where there are gaps. Pure.

A month is one number, year × 12 + month − 1, so that months are added and compared as numbers are.
"""

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from vssid.kernel.labels import N_, CalendarMonth, Label, Np_
from vssid.kernel.text import fold

Month = int
LONGEST_KEY = 60  # of employers, so that the whole natural key fits into the staged rows


@functools.lru_cache(20_000)
def key_of_name(name: str) -> str:
    """The key of an employer without a code. Many rows name few employers. No code is a folded name: codes are in capitals."""
    folded = fold(name)
    if len(folded) <= LONGEST_KEY:
        return folded
    digest = hashlib.sha256(folded.encode()).hexdigest()[:16]
    return f"{folded[: LONGEST_KEY - 17]}~{digest}"


class Fund(StrEnum):
    """The four funds (quỹ) that somebody pays into, each a tab of its own."""

    BHXH = "BHXH"
    BHTN = "BHTN"
    TNLD = "TNLD"
    BHYT = "BHYT"

    @property
    def slug(self) -> str:
        """As it stands in an address."""
        return self.value.lower()

    @property
    def label(self) -> Label:
        """The fund's full name."""
        return _FUNDS[self][0]

    @property
    def tab(self) -> Label:
        """The short name for the tab."""
        return _FUNDS[self][1]

    @property
    def salary_label(self) -> Label:
        """What the salary on which contributions to this fund are counted is called."""
        return _FUNDS[self][2]


_FUNDS = {
    Fund.BHXH: (N_("Bảo hiểm xã hội"), Np_("short", "BHXH"), N_("Tiền lương đóng BHXH")),
    Fund.BHTN: (N_("Bảo hiểm thất nghiệp"), Np_("short", "BHTN"), N_("Tiền lương đóng BHTN")),
    Fund.TNLD: (
        N_("Bảo hiểm tai nạn lao động, bệnh nghề nghiệp"),
        Np_("short", "BHTNLĐ-BNN"),
        N_("Tiền lương đóng BHTNLĐ-BNN"),
    ),
    Fund.BHYT: (N_("Bảo hiểm y tế"), Np_("short", "BHYT"), N_("Tiền lương đóng BHYT")),
}


class Kind(StrEnum):
    """Compulsory (bắt buộc) or voluntary (tự nguyện)."""

    COMPULSORY = "bat_buoc"
    VOLUNTARY = "tu_nguyen"

    @property
    def label(self) -> Label:
        """The kind in words; `bắt buộc` of a form's field has another sense."""
        return Np_("contribution", "Bắt buộc") if self is Kind.COMPULSORY else Np_("contribution", "Tự nguyện")


class Status(StrEnum):
    """Whether the contributions of a period have been paid."""

    PAID = "da_dong"
    LATE = "cham_dong"
    OWED = "no_dong"

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return "good" if self is Status.PAID else "warn"

    def label_for(self, kind: Kind) -> Label:
        """The state in words: where somebody else pays, these say that it is not the person who is late."""
        if self is Status.PAID:
            return N_("Đã đóng")
        if kind is Kind.VOLUNTARY:
            return N_("Chậm đóng") if self is Status.LATE else N_("Chưa đóng")
        return N_("Đơn vị chậm đóng") if self is Status.LATE else N_("Đơn vị chưa đóng")


class State(StrEnum):
    """What a month between the first and the last is."""

    PAID = "paid"
    LATE = "late"
    GAP = "gap"

    @property
    def label(self) -> Label:
        """For the legend and the table."""
        return _MONTHS[self]


_MONTHS = {State.PAID: N_("Đã đóng"), State.LATE: N_("Chậm đóng"), State.GAP: N_("Ngắt quãng")}


class Span(NamedTuple):
    """Months in a row, both ends included."""

    first: Month
    last: Month

    @property
    def size(self) -> int:
        """How many months."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Period:
    """What one row says: from when to when, how it stands, of which kind."""

    first: Month
    last: Month
    status: Status = Status.PAID
    kind: Kind = Kind.COMPULSORY


@dataclass(frozen=True)
class Tally:
    """The months of one fund. A month that one employer paid and another owes is paid and not late."""

    paid: frozenset[Month]
    late: frozenset[Month]

    @property
    def whole(self) -> Span | None:
        """From the first month to the last of which anything is known, or None."""
        known = self.paid | self.late
        return Span(min(known), max(known)) if known else None

    def state(self, month: Month) -> State:
        """What a month between the first and the last is."""
        if month in self.paid:
            return State.PAID
        return State.LATE if month in self.late else State.GAP

    @property
    def gaps(self) -> list[Span]:
        """Months in between that nobody has paid or owes, oldest first."""
        return [span for span, state in self.stretches if state is State.GAP]

    @functools.cached_property
    def stretches(self) -> list[tuple[Span, State]]:
        """The whole time cut where the state changes, oldest first."""
        if self.whole is None:
            return []
        missing = set(range(self.whole.first, self.whole.last + 1)) - self.paid - self.late
        alike = ((State.PAID, self.paid), (State.LATE, self.late), (State.GAP, missing))
        return sorted(((span, state) for state, months in alike for span in runs(months)), key=lambda cut: cut[0])

    def paid_within(self, window: Span) -> int:
        """How many months of a window have been paid."""
        return sum(window.first <= month <= window.last for month in self.paid)

    def late_within(self, window: Span) -> int:
        """How many months of a window are late."""
        return sum(window.first <= month <= window.last for month in self.late)


def month_of(day: date) -> Month:
    """The month in which a day falls."""
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def named(month: Month) -> CalendarMonth:
    """A month as the value of a label."""
    return CalendarMonth(first_day(month))


def spoken(month: Month) -> str:
    """02/2020, as the book and files write months."""
    return f"{month % 12 + 1:02}/{month // 12}"


def tally(periods: Iterable[Period], until: Month) -> Tally:
    """The months of one fund up to `until`: those that have not begun are not counted yet.

    Months of several employers count once (domain.md, item 22: our own rule).
    """
    paid: set[Month] = set()
    owed: set[Month] = set()
    for period in periods:
        months = paid if period.status is Status.PAID else owed
        months.update(range(period.first, min(period.last, until) + 1))
    return Tally(frozenset(paid), frozenset(owed - paid))


def ahead(periods: Iterable[Period], until: Month) -> Month | None:
    """The last month that is paid for and has not begun, or None."""
    return max((one.last for one in periods if one.status is Status.PAID and one.last > until), default=None)


def runs(months: Iterable[Month]) -> list[Span]:
    """Months that follow each other, put together; oldest first."""
    spans: list[Span] = []
    for month in sorted(set(months)):
        if spans and month == spans[-1].last + 1:
            spans[-1] = Span(spans[-1].first, month)
        else:
            spans.append(Span(month, month))
    return spans


def duration(months: int) -> Label:
    """N năm M tháng."""
    return N_("%(years)s năm %(months)s tháng", years=months // 12, months=months % 12)


def total_line(found: Tally, fund: Fund = Fund.BHXH) -> Label:
    """One line of truth: how long, and how much of it is late; in words too where there is nothing.

    Social insurance is meant where no fund is named.
    """
    if found.whole is None:
        return N_("Chưa thấy quá trình tham gia")
    total = duration(len(found.paid))
    if fund is not Fund.BHXH:
        total = N_("%(fund)s: %(total)s", fund=fund.label, total=total)
    if not found.late:
        return total
    return N_("%(total)s · chậm đóng %(late)s tháng", total=total, late=len(found.late))
