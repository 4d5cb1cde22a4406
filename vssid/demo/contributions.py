"""Invented contributions of the main family: years with two employers, a gap, and one who is late; a voluntary payer."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from vssid.demo.people import ADULT, FIRST_NUMBER, Ids, Someone
from vssid.kernel.text import fold
from vssid.records.contributions.rules import Fund, Kind, Month, Status, first_day, month_of

FAMILY = 4
_FIRST, _SECOND = "Công ty TNHH Thuỷ sản Mẫu Một", "Trung tâm Công nghệ thông tin Mẫu Hai"
_WORKPLACE = "Phường Long Xuyên, tỉnh An Giang"


def contributions_of(who: Someone, ids: Ids, today: date, at: datetime) -> Iterator[dict[str, Any]]:
    """The periods of a person of the main family, as rows for the table; others have none, so that a load stays quick."""
    if not FIRST_NUMBER <= who.number < FIRST_NUMBER + FAMILY or who.age(today) < ADULT:
        return
    now = month_of(today)
    for period in _of_main(now) if who.number == FIRST_NUMBER else _of_voluntary(now):
        yield {"id": ids.next(), "person_id": who.id, "recorded_at": at, "updated_at": at, **period}


def _of_main(now: Month) -> Iterator[dict[str, Any]]:
    late = now - 3
    for fund in Fund:
        if fund is Fund.BHYT:
            # Five years in a row were full in February 2020, as her card says.
            yield _period(fund, _month(2015, 2), now, _SECOND, 6_000_000, "3.99")
            continue
        yield _period(fund, _month(2010, 3), _month(2014, 6), _FIRST, 3_200_000, None, "Kế toán viên")
        yield _period(fund, _month(2014, 7), _month(2016, 6), _SECOND, 5_453_400, "3.66")
        yield _period(fund, _month(2016, 9), late - 1, _SECOND, 6_000_000, "3.99")
        yield _period(fund, late, now - 1, _SECOND, 6_000_000, "3.99") | {"status": Status.LATE}


def _of_voluntary(now: Month) -> Iterator[dict[str, Any]]:
    yield _period(Fund.BHXH, now - 29, now, "Đại lý thu Mẫu", 1_500_000, None, "") | {"kind": Kind.VOLUNTARY}


def _month(year: int, number: int) -> Month:
    return month_of(date(year, number, 1))


def _period(
    fund: Fund, first: Month, last: Month, employer: str, salary: int, coefficient: str | None, job: str = "Chuyên viên"
) -> dict[str, Any]:
    return {
        "fund": fund, "kind": Kind.COMPULSORY, "from_month": first_day(first), "to_month": first_day(last),
        "employer_code": "", "employer_name": employer, "employer_key": fold(employer), "job": job,
        "workplace": _WORKPLACE, "salary": Decimal(salary), "coefficient": Decimal(coefficient) if coefficient else None,
        "currency": "VND", "status": Status.PAID,
    }  # fmt: skip
