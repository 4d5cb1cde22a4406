"""The law's own examples: what households and the self-insured pay, what is paid at once, pensions, leave."""

import csv
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from vssid.estimates import average, leave, one_time, paying, pension
from vssid.estimates.one_time import Case
from vssid.estimates.paying import Group
from vssid.estimates.rules import Figure, Figures, credited_years, name_of
from vssid.kernel.labels import CalendarMonth, Refused
from vssid.records.contributions.rules import spoken

TABLE = Path(__file__).parents[2] / "vssid/directory/data/parameters.csv"
NOW = date(2026, 11, 29)


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def figures(day: date = NOW) -> Figures:
    """What the shipped table knows of a day."""
    held = [
        Figure(row["ma"], row["gia_tri"], date.fromisoformat(row["hieu_luc_tu"]), row["can_cu"])
        for row in rows()
        if row["hieu_luc_tu"] <= day.isoformat() <= (row["hieu_luc_den"] or "9999")
    ]
    return Figures(day, {one.code: one for one in held})


def month(text: str) -> int:
    return int(text[3:]) * 12 + int(text[:2]) - 1


def test_values_of_one_code_never_hold_on_the_same_day():
    by_code: dict[str, list[tuple[str, str]]] = {}
    for row in rows():
        by_code.setdefault(row["ma"], []).append((row["hieu_luc_tu"], row["hieu_luc_den"] or "9999"))
    for code, periods in by_code.items():
        periods.sort()
        assert all(before[1] < after[0] for before, after in pairwise(periods)), code


@pytest.mark.parametrize(
    ("day", "monthly"),
    [
        (date(2020, 1, 1), (67_050, 46_935, 40_230, 33_525, 26_820)),
        (date(2024, 1, 1), (81_000, 56_700, 48_600, 40_500, 32_400)),
        (date(2025, 1, 1), (105_300, 73_710, 63_180, 52_650, 42_120)),
        (date(2026, 7, 1), (113_850, 79_695, 68_310, 56_925, 45_540)),
    ],
)
def test_each_member_of_a_household_pays_the_published_amount(day, monthly):
    for months in paying.TERMS:
        outcome = paying.household(figures(day), 5, months)
        assert tuple(step.result for step in outcome.steps) == tuple(amount * months for amount in monthly)
        assert outcome.answer.result == sum(monthly) * months


def test_the_first_member_pays_1263600_for_a_year():
    assert paying.household(figures(date(2025, 1, 1)), 1, 12).answer.result == 1_263_600


def test_from_the_fifth_on_all_pay_alike():
    outcome = paying.household(figures(date(2025, 1, 1)), 7, 1)
    assert outcome.steps[4].result == 3 * 42_120
    assert len(outcome.steps) == 5


@pytest.mark.parametrize(
    ("day", "group", "support"),
    [
        (NOW, Group.POOR, 165_000),
        (NOW, Group.NEAR_POOR, 132_000),
        (NOW, Group.MINORITY, 99_000),
        (NOW, Group.OTHERS, 66_000),
        (date(2020, 1, 1), Group.POOR, 46_200),
        (date(2020, 1, 1), Group.NEAR_POOR, 38_500),
        (date(2020, 1, 1), Group.OTHERS, 15_400),
        (date(2025, 6, 30), Group.POOR, 99_000),
        (date(2025, 6, 30), Group.NEAR_POOR, 82_500),
        (date(2025, 6, 30), Group.OTHERS, 33_000),
    ],
)
def test_the_state_supports_voluntary_members_as_published(day, group, support):
    whole, state, own = paying.voluntary(figures(day), Decimal(2_000_000), group, 1).steps
    assert (whole.result, state.result, own.result) == (440_000, support, 440_000 - support)


def test_a_term_is_so_many_months():
    assert paying.voluntary(figures(), Decimal(1_500_000), Group.OTHERS, 12).answer.result == 264_000 * 12


@pytest.mark.parametrize(
    ("income", "right"), [(1_499_999, False), (1_500_000, True), (50_600_000, True), (50_600_001, False)]
)
def test_an_income_lies_between_the_poverty_line_and_twenty_times_the_base(income, right):
    if right:
        paying.voluntary(figures(), Decimal(income), Group.OTHERS, 1)
        return
    with pytest.raises(Refused) as refusal:
        paying.voluntary(figures(), Decimal(income), Group.OTHERS, 1)
    assert refusal.value.field == "income"
    assert refusal.value.label.params == {"least": 1_500_000, "most": 50_600_000}


@pytest.mark.parametrize(("day", "most"), [(date(2026, 6, 30), 46_800_000), (date(2026, 7, 1), 50_600_000)])
def test_the_highest_income_is_twenty_times_the_base(day, most):
    for income, right in ((most, True), (most + 1, False)):
        if right:
            assert paying.voluntary(figures(day), Decimal(income), Group.OTHERS, 1).steps[0].result == most * 22 // 100
        else:
            with pytest.raises(Refused):
                paying.voluntary(figures(day), Decimal(income), Group.OTHERS, 1)


@pytest.mark.parametrize(
    ("day", "base"),
    [
        (date(2018, 7, 1), 1_390_000), (date(2019, 7, 1), 1_490_000), (date(2023, 7, 1), 1_800_000),
        (date(2024, 7, 1), 2_340_000), (date(2026, 7, 1), 2_530_000),
    ],
)  # fmt: skip
def test_the_base_of_each_day(day, base):
    assert figures(day).number("luong_co_so") == base


def test_what_is_said_beside_an_amount_has_the_law_s_numbers():
    household = paying.household(figures(), 2, 3)
    assert household.notes[1].params == {"gap": 90, "wait": 30}
    assert paying.voluntary(figures(), Decimal(2_000_000), Group.OTHERS, 1).notes[0].params == {"months": 120}


def test_the_published_average():
    assert average.mean(Decimal(86_057_800), 43) == Decimal("2001344.19")


def test_salaries_are_raised_by_the_coefficient_of_their_year():
    worked = average.periods("11/2018 - 02/2019: 5.000.000\n\n03/1990-04/1990 200000\n01/2023 – 12/2023; 6000000")
    outcome = average.average(figures(date(2024, 6, 1)), worked)
    assert [step.result for step in outcome.steps] == [
        Decimal(2 * 200_000) * Decimal("5.43"), Decimal(2 * 5_000_000) * Decimal("1.15"),
        Decimal(2 * 5_000_000) * Decimal("1.12"), Decimal(12 * 6_000_000),
    ]  # fmt: skip
    assert outcome.answer.result == 5_381_778, "96,872,000 : 18, in whole đồng"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("13/2020 - 01/2021: 5", "Dòng"),
        ("lương 5 triệu", "Dòng"),
        ("05/2020 - 04/2020: 5000000", "Dòng"),
        ("01/2020 - 04/2020: 0", "lớn hơn 0"),
        ("01/2020 - 04/2020: 5000000\n04/2020 - 05/2020: 5000000", "hai giai đoạn"),
        ("\n".join(["01/2020 - 04/2020: 5000000"] * 81), "Nhiều nhất"),
        ("01/1066 - 04/1066: 5000000", "quá xa"),
    ],
)
def test_an_unreadable_period_is_refused_in_words(text, words):
    with pytest.raises(Refused, match=words) as refusal:
        average.periods(text)
    assert refusal.value.field == "periods"


COEFFICIENTS_OF_2024 = [
    "1994",
    "5.43",
    "1995",
    "4.61",
    "1996",
    "4.36",
    "1997",
    "4.22",
    "1998",
    "3.92",
    "1999",
    "3.75",
    "2000",
    "3.82",
    "2001",
    "3.83",
    "2002",
    "3.68",
    "2003",
    "3.57",
    "2004",
    "3.31",
    "2005",
    "3.06",
    "2006",
    "2.85",
    "2007",
    "2.63",
    "2008",
    "2.14",
    "2009",
    "2.00",
    "2010",
    "1.83",
    "2011",
    "1.54",
    "2012",
    "1.41",
    "2013",
    "1.33",
    "2014",
    "1.27",
    "2015",
    "1.27",
    "2016",
    "1.23",
    "2017",
    "1.19",
    "2018",
    "1.15",
    "2019",
    "1.12",
    "2020",
    "1.08",
    "2021",
    "1.07",
    "2022",
    "1.03",
    "2023",
    "1.00",
    "2024",
    "1.00",
]


@pytest.mark.parametrize(
    ("year", "coefficient"), list(zip(COEFFICIENTS_OF_2024[::2], COEFFICIENTS_OF_2024[1::2], strict=True))
)
def test_a_year_is_raised_by_its_published_coefficient(year, coefficient):
    """TT 20/2023/TT-BLĐTBXH; all years before 1995 have one together."""
    for worked in {year, "1980"} if year == "1994" else {year}:
        text = f"01/{worked} - 12/{worked}: 1000000"
        [step] = average.average(figures(date(2024, 6, 1)), average.periods(text)).steps
        assert step.result == 12_000_000 * Decimal(coefficient)


def test_borrowed_coefficients_are_named_and_later_years_count_as_they_are():
    table = figures(date(2024, 6, 1)).known
    borrowed = Figures(NOW, {**table, **figures().known}, borrowed=2024)
    outcome = average.average(borrowed, average.periods("01/2023 - 12/2026: 1000000"))
    assert [step.result for step in outcome.steps] == [12_000_000] * 4
    assert outcome.notes[0].params == {"year": 2024}
    assert len(outcome.notes) == 2
    assert len(average.average(borrowed, average.periods("01/2013 - 12/2024: 1000000")).notes) == 1
    assert figures().deviation == ()


def test_a_missing_coefficient_is_refused_and_named():
    with pytest.raises(Refused) as refusal:
        average.average(figures(), average.periods("01/2020 - 12/2020: 5.000.000"))
    assert str(refusal.value.label.params["name"]) % refusal.value.label.params["name"].params == (
        "Hệ số trượt giá của tiền lương năm 2020"
    )
    with pytest.raises(Refused, match="ít nhất một"):
        average.average(figures(), [])


@pytest.mark.parametrize(
    ("months", "years"), [(0, 0), (1, "0.5"), (6, "0.5"), (7, 1), (11, 1), (12, 1), (18, "1.5"), (19, 2)]
)
def test_odd_months_count_as_half_or_whole_years(months, years):
    assert credited_years(months) == Decimal(years)


def asked(case: Case = Case.LEFT, before: int = 0, since: int = 0, average: int = 4_000_000, support: int = 0):
    return one_time.Asked(case, before, since, Decimal(average), Decimal(support))


def test_one_and_a_half_months_a_year_before_2014_and_two_from_then_on():
    outcome = one_time.one_time(figures(), asked(before=24, since=36))
    assert [step.result for step in outcome.steps] == [12_000_000, 24_000_000]
    assert outcome.answer.result == 36_000_000


def test_odd_months_before_2014_count_with_the_later_years():
    outcome = one_time.one_time(figures(), asked(before=27, since=36))
    assert outcome.answer.result == 12_000_000 + Decimal("3.5") * 2 * 4_000_000


@pytest.mark.parametrize(
    ("before", "since", "steps"),
    [
        (24, 36, [12_000_000, 24_000_000]),
        (27, 36, [2, Decimal("3.5"), 12_000_000, 28_000_000]),
        (27, 33, [2, 12_000_000, 24_000_000]),  # three odd months fill the year up
        (0, 31, [3, 24_000_000]),
        (3, 9, [0, 8_000_000]),
        (3, 3, [5_280_000]),  # below a year months count as months
    ],
)
def test_odd_months_are_converted_before_the_eyes(before, since, steps):
    outcome = one_time.one_time(figures(), asked(before=before, since=since))
    assert [step.result for step in outcome.steps] == steps
    assert outcome.answer.result == sum(step for step in steps if step > 1_000)


def test_odd_months_of_a_pension_are_converted_before_the_eyes():
    for months, first in ((300, "55"), (301, "25.5"), (306, "25.5"), (307, "26")):
        assert pension.pension(figures(), wanted(months=months)).steps[0].result == Decimal(first)


@pytest.mark.parametrize(("months", "amount"), [(3, 2_640_000), (9, 7_920_000), (10, 8_000_000), (11, 8_000_000)])
def test_below_a_year_it_is_22_percent_of_all_but_two_months_at_most(months, amount):
    assert one_time.one_time(figures(), asked(since=months)).answer.result == amount


def test_what_the_state_gave_is_taken_off_except_in_grave_illness():
    whole = asked(since=24, support=1_000_000)
    assert one_time.one_time(figures(), whole).answer.result == 15_000_000
    ill = asked(Case.ILL, since=24, support=1_000_000)
    assert one_time.one_time(figures(), ill).answer.result == 16_000_000


@pytest.mark.parametrize(
    ("case", "months", "right"),
    [
        (Case.LEFT, 239, True), (Case.LEFT, 240, False), (Case.AGED, 179, True), (Case.AGED, 180, False),
        (Case.ABROAD, 400, True), (Case.ABROAD, 0, False),
    ],
)  # fmt: skip
def test_who_has_a_right_to_it(case, months, right):
    if right:
        one_time.one_time(figures(), asked(case, since=months))
    else:
        with pytest.raises(Refused):
            one_time.one_time(figures(), asked(case, since=months))


@pytest.mark.parametrize(
    ("year", "man", "woman"),
    [
        (2021, (60, 3), (55, 4)), (2025, (61, 3), (56, 8)), (2026, (61, 6), (57, 0)), (2027, (61, 9), (57, 4)),
        (2028, (62, 0), (57, 8)), (2035, (62, 0), (60, 0)), (2050, (62, 0), (60, 0)),
    ],
)  # fmt: skip
def test_the_retirement_age_of_each_year(year, man, woman):
    assert divmod(pension.age_in(figures(), "nam", year), 12) == man
    assert divmod(pension.age_in(figures(), "nu", year), 12) == woman


@pytest.mark.parametrize(
    ("sex", "born", "due"),
    [
        ("nam", "01/1961", "04/2021"), ("nam", "09/1961", "12/2021"), ("nam", "10/1961", "04/2022"),
        ("nam", "12/1970", "12/2032"), ("nu", "01/1966", "05/2021"), ("nu", "09/1966", "05/2022"), ("nu", "06/1990", "06/2050"),
    ],
)  # fmt: skip
def test_the_month_in_which_somebody_reaches_the_age(sex, born, due):
    """The first four and two women's are those of the table in NĐ 135/2020/NĐ-CP."""
    assert spoken(pension.due_month(figures(), sex, month(born))) == due


@pytest.mark.parametrize(
    ("sex", "years", "months", "rate"),
    [
        ("nu", 15, 0, 45), ("nu", 20, 0, 55), ("nu", 30, 0, 75), ("nu", 34, 0, 75), ("nu", 15, 3, 46), ("nu", 15, 7, 47),
        ("nam", 15, 0, 40), ("nam", 17, 0, 42), ("nam", 19, 6, "44.5"), ("nam", 19, 7, 45), ("nam", 20, 0, 45), ("nam", 21, 0, 47),
        ("nam", 35, 0, 75), ("nam", 40, 0, 75),
    ],
)  # fmt: skip
def test_the_rate_by_sex_and_years(sex, years, months, rate):
    assert pension.rate_of(figures(), sex, years * 12 + months).result == Decimal(rate)


def wanted(**more):
    values = {
        "sex": "nam",
        "months": 300,
        "average": Decimal(8_000_000),
        "born": month("01/1965"),
        "retires": month("12/2026"),
        "early": False,
    }
    return pension.Asked(**{**values, **more})


def test_a_pension_is_the_rate_of_the_average():
    outcome = pension.pension(figures(), wanted())
    assert outcome.answer.result == Decimal(8_000_000) * 55 / 100


def test_below_fifteen_years_there_is_no_pension_and_the_missing_months_are_named():
    with pytest.raises(Refused) as refusal:
        pension.pension(figures(), wanted(months=170))
    assert refusal.value.label.params["months"] == 10


def test_nobody_retires_before_the_age_unless_capacity_is_lost():
    with pytest.raises(Refused) as refusal:
        pension.pension(figures(), wanted(born=month("01/1970")))
    assert refusal.value.label.params["month"] == CalendarMonth(date(2032, 1, 1))
    assert refusal.value.field == "retires"


@pytest.mark.parametrize(
    ("retires", "less"),
    [("01/2032", 0), ("08/2031", 0), ("07/2031", 1), ("01/2031", 2), ("06/2030", 3), ("01/2027", 10)],
)
def test_each_year_too_early_costs_two_percent(retires, less):
    outcome = pension.pension(figures(), wanted(born=month("01/1970"), retires=month(retires), early=True))
    assert outcome.answer.result == Decimal(8_000_000) * (55 - less) / 100


def test_years_beyond_the_highest_rate_are_paid_once():
    outcome = pension.pension(figures(), wanted(months=37 * 12))
    assert outcome.answer.result == 6_000_000
    assert outcome.steps[-1].result == 8_000_000


def test_leave_for_a_child_and_an_allowance():
    outcome = leave.maternity(figures(), Decimal(10_000_000), 2)
    assert [step.result for step in outcome.steps] == [70_000_000, 2 * 2_530_000 * 2]


@pytest.mark.parametrize(
    ("days", "years", "right"), [(30, 3, True), (31, 3, False), (40, 15, True), (60, 30, True), (61, 30, False)]
)
def test_days_of_sickness(days, years, right):
    if right:
        amount = leave.sickness(figures(), Decimal(9_600_000), days, years).answer.result
        assert amount == 300_000 * days
    else:
        with pytest.raises(Refused):
            leave.sickness(figures(), Decimal(9_600_000), days, years)


def test_before_a_law_there_is_no_figure_and_the_refusal_says_which():
    with pytest.raises(Refused) as refusal:
        one_time.one_time(figures(date(2024, 1, 1)), asked(since=24))
    assert refusal.value.label.params["day"] == date(2024, 1, 1)
    broken = Figures(NOW, {"luong_co_so": Figure("luong_co_so", "hai triệu", NOW, "Mẫu")})
    with pytest.raises(Refused):
        broken.number("luong_co_so")


def test_what_was_used_is_kept_with_its_source():
    asked_for = figures()
    paying.household(asked_for, 2, 3)
    assert list(asked_for.used) == [
        "bhyt.ty_le_dong", "luong_co_so", "bhyt.muc_dong.1", "bhyt.muc_dong.2", "bhyt.gian_doan", "bhyt.cho",
    ]  # fmt: skip
    assert asked_for.used["luong_co_so"].source == "Nghị định số 161/2026/NĐ-CP"


def test_every_figure_of_an_estimate_has_a_name():
    others = (
        "to_khai.",
        "dang_ky.",
        "thay_doi.",
        "du_lieu.",
        "khoi_phuc.",
        "qua_trinh.",
        "kham.",
        "the.",
        "kiem_tra_the.",
        "phan_anh.",
        "tro_chuyen.",
    )
    for row in rows():
        if not row["ma"].startswith(others):
            assert name_of(row["ma"])
