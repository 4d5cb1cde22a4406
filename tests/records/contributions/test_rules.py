"""Months counted by hand: each line of a case is first-last, p paid, c late, n owed."""

from datetime import date

import pytest

from tests.records.contributions.conftest import month
from vssid.records.contributions.rules import (
    Period,
    Span,
    State,
    Status,
    Tally,
    duration,
    first_day,
    month_of,
    runs,
    spoken,
    tally,
    total_line,
)

NOW = month("11/2026")
_STATES = {"p": Status.PAID, "c": Status.LATE, "n": Status.OWED}


def read(text: str) -> list[Period]:
    """01/2020-12/2020p 01/2021-02/2021c"""
    periods = []
    for part in text.split():
        first, _dash, last = part[:-1].partition("-")
        periods.append(Period(month(first), month(last or first), _STATES[part[-1]]))
    return periods


def counted(text: str) -> Tally:
    return tally(read(text), NOW)


# periods, months paid, months late, months missing in between
CASES = [
    # one employer
    ("01/2020p", 1, 0, 0),
    ("01/2020-12/2020p", 12, 0, 0),
    ("02/2020-09/2020p", 8, 0, 0),
    ("12/2019-01/2020p", 2, 0, 0),
    ("01/2010-12/2019p", 120, 0, 0),
    ("07/1995-06/2015p", 240, 0, 0),
    ("02/2024-02/2024p", 1, 0, 0),
    # one after the other
    ("01/2020-06/2020p 07/2020-12/2020p", 12, 0, 0),
    ("12/2019p 01/2020p", 2, 0, 0),
    ("07/2020-12/2020p 01/2020-06/2020p", 12, 0, 0),
    ("01/2018-12/2018p 01/2019-12/2019p 01/2020-12/2020p", 36, 0, 0),
    # gaps
    ("01/2020p 03/2020p", 2, 0, 1),
    ("01/2020-03/2020p 07/2020-09/2020p", 6, 0, 3),
    ("12/2019p 02/2020p", 2, 0, 1),
    ("01/2010-12/2010p 01/2020-12/2020p", 24, 0, 108),
    ("01/2020p 03/2020p 05/2020p 07/2020p", 4, 0, 3),
    ("08/2017-12/2017p 02/2020-09/2020p", 13, 0, 25),
    ("10/2016-05/2017p 06/2017p 07/2017p 08/2017-12/2017p 02/2020-09/2020p", 23, 0, 25),
    # several employers at a time
    ("01/2020-12/2020p 01/2020-12/2020p", 12, 0, 0),
    ("01/2020-12/2020p 06/2020-06/2021p", 18, 0, 0),
    ("01/2020-12/2020p 03/2020-05/2020p", 12, 0, 0),
    ("01/2020-06/2020p 06/2020-12/2020p", 12, 0, 0),
    ("01/2020-04/2020p 03/2020-06/2020p 05/2020-08/2020p", 8, 0, 0),
    ("01/2020-12/2020p 01/2020-12/2020p 01/2020-12/2020p", 12, 0, 0),
    ("01/2014-06/2016p 01/2010-12/2014p", 78, 0, 0),
    # late and owed
    ("01/2020-03/2020c", 0, 3, 0),
    ("01/2020-03/2020n", 0, 3, 0),
    ("01/2020-03/2020c 02/2020-05/2020n", 0, 5, 0),
    ("01/2020-12/2020p 01/2021-03/2021c", 12, 3, 0),
    ("01/2020-12/2020p 01/2021-03/2021n", 12, 3, 0),
    ("01/2020-03/2020c 04/2020-12/2020p", 9, 3, 0),
    ("01/2020-03/2020p 04/2020-06/2020c 07/2020-09/2020p", 6, 3, 0),
    ("01/2020-03/2020p 06/2020-07/2020n", 3, 2, 2),
    ("01/2020c 03/2020c", 0, 2, 1),
    # one employer paid and another owes: the month counts as paid
    ("01/2020-03/2020p 01/2020-03/2020c", 3, 0, 0),
    ("01/2020-03/2020n 01/2020-03/2020p", 3, 0, 0),
    ("01/2020-06/2020p 04/2020-09/2020c", 6, 3, 0),
    ("04/2020-09/2020n 01/2020-06/2020p", 6, 3, 0),
    ("01/2020-12/2020c 05/2020p", 1, 11, 0),
    ("01/2020-12/2020n 01/2020-06/2020c 12/2020p", 1, 11, 0),
    # months to come are not counted yet
    ("10/2026-12/2026p", 2, 0, 0),
    ("11/2026p", 1, 0, 0),
    ("12/2026p", 0, 0, 0),
    ("01/2026-12/2027c", 0, 11, 0),
    # nothing, and a lifetime
    ("", 0, 0, 0),
    ("01/1986-12/2025p", 480, 0, 0),
]


@pytest.mark.parametrize(("periods", "paid", "late", "missing"), CASES, ids=[case[0] or "nothing" for case in CASES])
def test_months_are_counted_once(periods: str, paid: int, late: int, missing: int) -> None:
    found = counted(periods)
    assert (len(found.paid), len(found.late), sum(gap.size for gap in found.gaps)) == (paid, late, missing)


@pytest.mark.parametrize(("periods", "paid", "late", "missing"), CASES, ids=[case[0] or "nothing" for case in CASES])
def test_the_order_of_rows_does_not_matter(periods: str, paid: int, late: int, missing: int) -> None:
    assert tally(reversed(read(periods)), NOW) == tally(read(periods), NOW)


@pytest.mark.parametrize(
    ("months", "years", "rest"),
    [(0, 0, 0), (1, 0, 1), (11, 0, 11), (12, 1, 0), (13, 1, 1), (146, 12, 2), (120, 10, 0), (171, 14, 3), (480, 40, 0)],
)
def test_years_and_months_are_said(months: int, years: int, rest: int) -> None:
    assert duration(months).params == {"years": years, "months": rest}


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2020, 2, 1), "02/2020"), (date(2020, 12, 31), "12/2020"), (date(1995, 1, 1), "01/1995"), (date(2000, 10, 9), "10/2000")],
)  # fmt: skip
def test_a_month_is_written_as_the_book_does(day: date, said: str) -> None:
    assert spoken(month_of(day)) == said
    assert first_day(month_of(day)) == day.replace(day=1)


def test_gaps_are_told_with_their_ends() -> None:
    found = counted("01/2020-03/2020p 07/2020-09/2020p 11/2020p")
    assert found.gaps == [Span(month("04/2020"), month("06/2020")), Span(month("10/2020"), month("10/2020"))]


def test_stretches_follow_each_other_without_a_hole() -> None:
    found = counted("01/2020-03/2020p 04/2020c 06/2020p")
    assert [(spoken(span.first), spoken(span.last), state) for span, state in found.stretches] == [
        ("01/2020", "03/2020", State.PAID),
        ("04/2020", "04/2020", State.LATE),
        ("05/2020", "05/2020", State.GAP),
        ("06/2020", "06/2020", State.PAID),
    ]


def test_months_put_together() -> None:
    assert runs([3, 1, 2, 2, 7, 9, 8]) == [Span(1, 3), Span(7, 9)]
    assert runs([]) == []


def test_a_window_includes_both_ends() -> None:
    found = counted("01/2020-12/2020p 01/2021-02/2021c")
    window = Span(month("12/2020"), month("01/2021"))
    assert (found.paid_within(window), found.late_within(window)) == (1, 1)


def test_one_line_of_truth() -> None:
    assert str(total_line(counted(""))) == "Chưa thấy quá trình tham gia"
    assert total_line(counted("01/2020-02/2021p")) == duration(14)
    late = total_line(counted("01/2020-02/2021p 03/2021n"))
    assert (late.params["total"].params, late.params["late"]) == ({"years": 1, "months": 2}, 1)
