"""Mbq: the average of salaries on which contributions were paid, each raised by its year's coefficient. Pure."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from vssid.estimates.rules import COEFFICIENT, DONG, MONTHS, Figures, Outcome, Step, dong, in_months, money
from vssid.kernel.labels import N_, Label, Refused
from vssid.records.contributions.rules import named

MOST_PERIODS = 80
FIRST_OF_ITS_OWN = 1995  # all years before have one coefficient together
EARLIEST = 1961  # social insurance of state employees began then

_PERIOD = re.compile(
    r"(?P<m1>\d{1,2})/(?P<y1>\d{4})\s*[-–]\s*(?P<m2>\d{1,2})/(?P<y2>\d{4})\s*[:：;,\s]\s*(?P<salary>\d{1,10}|\d{1,3}(?:[.,]\d{3}){1,3})",
    re.ASCII,
)


@dataclass(frozen=True)
class Period:
    """Months with one salary, both ends included. A month is year × 12 + (month − 1)."""

    first: int
    last: int
    salary: Decimal


def periods(text: str) -> list[Period]:
    """The periods that somebody typed, one a line: 01/2020 - 12/2020: 5.000.000. Raises Refused with the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PERIODS:
        raise Refused(N_("Nhiều nhất %(max)s dòng.", max=MOST_PERIODS), "periods")
    found = sorted((_period(number, line) for number, line in enumerate(lines, 1)), key=lambda one: one.first)
    for before, after in pairwise(found):
        if after.first <= before.last:
            raise Refused(N_("Tháng %(month)s có trong hai giai đoạn.", month=named(after.first)), "periods")
    return found


def _period(number: int, line: str) -> Period:
    found = _PERIOD.fullmatch(line)
    if found is None or not all(1 <= int(found[name]) <= MONTHS for name in ("m1", "m2")):
        words = N_("Dòng %(line)s chưa đúng. Ví dụ: 01/2020 - 12/2020: 5.000.000", line=number)
        raise Refused(words, "periods")
    first, last = (int(found[f"y{at}"]) * MONTHS + int(found[f"m{at}"]) - 1 for at in (1, 2))
    if last < first or first < EARLIEST * MONTHS:
        raise Refused(N_("Dòng %(line)s: tháng cuối đứng trước tháng đầu, hoặc năm quá xa.", line=number), "periods")
    salary = Decimal(found["salary"].replace(".", "").replace(",", ""))
    if not salary:
        raise Refused(N_("Dòng %(line)s: tiền lương phải lớn hơn 0.", line=number), "periods")
    return Period(first, last, salary)


def mean(total: Decimal, months: int) -> Decimal:
    """A sum over months, to the hundredth of a đồng."""
    return (total / months).quantize(Decimal("0.01"), ROUND_HALF_UP)


def average(figures: Figures, worked: list[Period]) -> Outcome:
    """Σ(salary × months × coefficient of the year) / months. Raises Refused when a year's coefficient is missing."""
    if not worked:
        raise Refused(N_("Hãy nhập ít nhất một giai đoạn."), "periods")
    if worked[-1].last // MONTHS > figures.day.year:
        raise Refused(N_("Có giai đoạn sau năm hưởng."), "periods")
    steps = [step for period in worked for step in _by_year(figures, period)]
    months = sum(period.last - period.first + 1 for period in worked)
    total = sum((step.result for step in steps), Decimal(0))
    what = N_("Mức bình quân tiền lương của %(months)s tháng", months=months)
    answer = money(what, (dong(total), ":", in_months(months)), total / months)
    return Outcome(answer, tuple(steps), _notes(figures, worked))


def _notes(figures: Figures, worked: list[Period]) -> tuple[Label, ...]:
    if figures.borrowed is None:
        return (N_("Hệ số trượt giá đổi mỗi năm; ở đây dùng bảng của năm %(year)s.", year=figures.day.year),)
    if worked[-1].last // MONTHS <= figures.borrowed:
        return figures.deviation
    return (*figures.deviation, N_("Năm sau năm %(year)s chưa có trong bảng: lấy hệ số 1.", year=figures.borrowed))


def _by_year(figures: Figures, period: Period) -> list[Step]:
    steps = []
    for year in range(period.first // MONTHS, period.last // MONTHS + 1):
        first, last = max(period.first, year * MONTHS), min(period.last, year * MONTHS + MONTHS - 1)
        months = Decimal(last - first + 1)
        coefficient = _coefficient(figures, year)
        how = (period.salary, "×", in_months(months), "×", coefficient)
        steps.append(Step(N_("Năm %(year)s", year=year), how, period.salary * months * coefficient, DONG))
    return steps


def _coefficient(figures: Figures, year: int) -> Decimal:
    """That of a year; after the last year of borrowed ones 1, as a table has it for its own year."""
    if figures.borrowed is not None and year > figures.borrowed:
        return Decimal(1)
    return figures.number(f"{COEFFICIENT}{max(year, FIRST_OF_ITS_OWN - 1)}")
