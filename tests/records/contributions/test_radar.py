"""What gaps mean: the sentences by hand-counted months and by limits that are given here."""

import csv
import itertools
from datetime import date
from pathlib import Path

import pytest

from tests.records.contributions.conftest import month
from tests.records.contributions.test_rules import read
from vssid.imports.rules import spoken as said
from vssid.records.contributions import radar
from vssid.records.contributions.radar import Limit, Who, told
from vssid.records.contributions.rules import Fund, Kind, Period, Span, spoken, tally

NOW = month("11/2026")
LIMITS = {
    "qua_trinh.thai_san.thang_dong": Limit(6, "luật thai sản"),
    "qua_trinh.thai_san.thang_xet": Limit(12, "luật thai sản"),
    "qua_trinh.that_nghiep.thang_dong": Limit(12, "luật việc làm"),
    "qua_trinh.that_nghiep.thang_xet": Limit(24, "luật việc làm"),
    "qua_trinh.lien_tuc.thang": Limit(60, "luật BHYT"),
    "qua_trinh.lien_tuc.gian_doan": Limit(3, "luật BHYT"),
    "qua_trinh.huu_tri.nam": Limit(15, "luật BHXH"),
}
WOMAN, OLD_WOMAN, MAN = Who("F", 1990), Who("F", 1970), Who("M", 1990)


def sentences(fund: Fund, periods: str, who: Who = MAN, limits: dict[str, Limit] = LIMITS) -> list[str]:
    return [said(one.text) for one in told(fund, read(periods), who, limits, NOW)]


def test_who_never_paid_is_told_nothing() -> None:
    assert sentences(Fund.BHXH, "") == []


@pytest.mark.parametrize(
    ("periods", "paid", "missing"),
    [
        ("07/2026-10/2026p", 4, 2),
        ("06/2026-11/2026p", 5, 1),  # the month that is running is not one before the birth
        ("11/2025p", 1, 5),
        ("10/2025p", 0, 6),  # a year and a month ago: outside
        ("01/2020-12/2024p", 0, 6),
    ],
)
def test_maternity_says_how_many_months_are_missing(periods: str, paid: int, missing: int) -> None:
    expected = f"Thai sản: đã đóng {paid} tháng trong 12 tháng gần đây, thiếu {missing} tháng nữa là đủ 6/12 tháng trước khi sinh con."
    assert expected in sentences(Fund.BHXH, periods, WOMAN)


def test_maternity_is_met_with_six_months_wherever_they_stand() -> None:
    found = sentences(Fund.BHXH, "11/2025-01/2026p 08/2026-10/2026p", WOMAN)
    assert "Thai sản: đã đóng 6 tháng trong 12 tháng gần đây, đủ mức 6/12 tháng nếu sinh con trong tháng này." in found


@pytest.mark.parametrize("who", [MAN, OLD_WOMAN])
def test_maternity_is_not_told_to_whom_it_does_not_concern(who: Who) -> None:
    assert not any("Thai sản" in one for one in sentences(Fund.BHXH, "01/2026-10/2026p", who))


def test_voluntary_months_do_not_count_for_maternity_but_for_the_pension() -> None:
    periods = [Period(month("01/2026"), month("10/2026"), kind=Kind.VOLUNTARY)]
    found = [said(one.text) for one in told(Fund.BHXH, periods, WOMAN, LIMITS, NOW)]
    assert any("đã đóng 0 tháng trong 12 tháng" in one for one in found)
    assert any("Lương hưu: đã đóng 0 năm 10 tháng" in one for one in found)


def test_late_months_that_would_be_enough_are_named() -> None:
    helped = "Khi những tháng chậm đóng trong thời gian này được đóng đủ thì sẽ đủ tháng."
    assert helped in sentences(Fund.BHXH, "05/2026-08/2026p 09/2026-10/2026c", WOMAN)
    assert helped not in sentences(Fund.BHXH, "05/2026-07/2026p 09/2026-10/2026c", WOMAN)
    assert helped not in sentences(Fund.BHXH, "01/2026-08/2026p 09/2026-10/2026c", WOMAN)


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ("01/2010-12/2019p", "đã đóng 10 năm 0 tháng, thiếu 5 năm 0 tháng nữa là đủ 15 năm"),
        ("01/2010-11/2024p", "đã đóng 14 năm 11 tháng, thiếu 0 năm 1 tháng nữa là đủ 15 năm"),
        ("01/2010-12/2024p", "đã đóng 15 năm 0 tháng, đủ 15 năm để được xét lương hưu khi đến tuổi"),
        ("01/2000-12/2025p", "đã đóng 26 năm 0 tháng, đủ 15 năm"),
    ],
)
def test_the_pension_says_what_is_missing(periods: str, words: str) -> None:
    assert any(words in one for one in sentences(Fund.BHXH, periods))


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ("04/2026-10/2026p", "đã đóng 7 tháng trong 24 tháng gần đây, thiếu 5 tháng nữa là đủ 12/24 tháng"),
        ("11/2024-10/2025p", "đã đóng 12 tháng trong 24 tháng gần đây, đủ mức 12/24 tháng"),
        ("10/2024-09/2025p", "đã đóng 11 tháng trong 24 tháng gần đây, thiếu 1 tháng nữa"),
        ("01/2009-12/2023p", "đã đóng 0 tháng trong 24 tháng gần đây, thiếu 12 tháng nữa"),
    ],
)
def test_unemployment_looks_at_two_years(periods: str, words: str) -> None:
    assert any(words in one for one in sentences(Fund.BHTN, periods))


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ("11/2021-10/2026p", "đã đóng 5 năm 0 tháng liên tục từ tháng 11/2021, đủ 05 năm"),
        ("12/2021-10/2026p", "liên tục từ tháng 12/2021, thiếu 0 năm 1 tháng nữa là đủ 05 năm"),
        # three months missing do not break it, four do
        ("01/2026-03/2026p 07/2026-11/2026p", "đã đóng 0 năm 8 tháng liên tục từ tháng 01/2026"),
        ("01/2026-03/2026p 08/2026-11/2026p", "đã đóng 0 năm 4 tháng liên tục từ tháng 08/2026"),
        ("01/2020-07/2026p", "Chưa thấy đóng BHYT 3 tháng gần đây"),
        ("01/2020-06/2026p", "đã ngắt quá 3 tháng kể từ tháng 06/2026, khi đóng lại thì tính lại từ đầu"),
    ],
)
def test_five_years_in_a_row(periods: str, words: str) -> None:
    assert any(words in one for one in sentences(Fund.BHYT, periods))


def test_a_running_month_that_is_not_paid_yet_is_no_interruption() -> None:
    assert not any("Chưa thấy đóng" in one for one in sentences(Fund.BHYT, "01/2026-10/2026p"))


@pytest.mark.parametrize("fund", list(Fund))
def test_gaps_and_late_months_are_told_for_every_fund(fund: Fund) -> None:
    found = sentences(fund, "01/2020-03/2020p 06/2020p 07/2020c")
    assert any("Ngắt quãng 2 tháng (04/2020–05/2020)" in one for one in found)
    assert any("1 tháng chậm đóng hoặc chưa đóng (07/2020)" in one for one in found)


def test_many_gaps_are_told_by_the_newest() -> None:
    [gap] = [one for one in sentences(Fund.TNLD, "01/2020p 03/2020p 05/2020p 07/2020p 09/2020p") if "Ngắt" in one]
    assert "(08/2020; 06/2020; 04/2020; …)" in gap


@pytest.mark.parametrize("fund", [Fund.BHXH, Fund.BHTN, Fund.BHYT])
def test_without_the_law_of_the_day_nothing_is_computed(fund: Fund) -> None:
    found = sentences(fund, "01/2026-10/2026p", WOMAN, {})
    assert found
    assert all("Dữ liệu chưa có quy định hiện hành" in one for one in found)


def test_every_figure_of_the_law_names_its_source() -> None:
    found = told(Fund.BHXH, read("01/2026-10/2026p"), WOMAN, LIMITS, NOW)
    assert [one.source for one in found] == ["luật thai sản", "luật BHXH"]


def test_months_that_belong_together() -> None:
    found = tally(read("01/2020-03/2020p 06/2020p 12/2020p"), NOW)
    joined = [(spoken(span.first), spoken(span.last)) for span in radar.continuous(found, 3)]
    assert joined == [("01/2020", "06/2020"), ("12/2020", "12/2020")]
    assert radar.continuous(found, 0) == [
        Span(month("01/2020"), month("03/2020")), Span(month("06/2020"), month("06/2020")),
        Span(month("12/2020"), month("12/2020")),
    ]  # fmt: skip


def shipped() -> list[dict[str, str]]:
    path = Path(radar.__file__).resolve().parents[2] / "directory/data/parameters.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["ma"].startswith("qua_trinh.")]


def test_what_is_needed_is_shipped_without_holes_and_with_its_source() -> None:
    needed = {code for fund in Fund for code in radar.codes(fund)}
    assert {row["ma"] for row in shipped()} == needed
    for code in needed:
        spans = sorted((row["hieu_luc_tu"], row["hieu_luc_den"]) for row in shipped() if row["ma"] == code)
        for (_start, end), (following, _end) in itertools.pairwise(spans):
            assert date.fromisoformat(end).toordinal() + 1 == date.fromisoformat(following).toordinal(), code
        assert spans[-1][1] == ""
    assert all("Luật" in row["can_cu"] or "Nghị định" in row["can_cu"] for row in shipped())
    assert all(len(row["can_cu"]) <= 300 for row in shipped())


@pytest.mark.parametrize(("day", "years"), [("2025-06-30", "20"), ("2025-07-01", "15")])
def test_the_pension_needs_twenty_years_until_june_2025_and_fifteen_since(day: str, years: str) -> None:
    rows = [row for row in shipped() if row["ma"] == "qua_trinh.huu_tri.nam"]
    assert [row["gia_tri"] for row in rows if row["hieu_luc_tu"] <= day <= (row["hieu_luc_den"] or "9999")] == [years]
