"""What costs are called, how amounts are written, what is sensitive."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from vssid.records.rules import PartialDate, of_age_on
from vssid.records.visits.rules import (
    Group,
    Sums,
    ceiling_day,
    contradictions,
    group_of,
    grouped,
    hidden_from_guardian,
    is_sensitive,
    money,
)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("1389600.00", "1.389.600"),
        ("1389600.5", "1.389.600,50"),
        ("999.99", "999,99"),
        ("12345678901.01", "12.345.678.901,01"),
    ],
)
def test_money_is_written_as_in_vietnam(amount, text):
    assert money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("code", "part", "group"),
    [
        ("1", "dich_vu", Group.LABORATORY), ("2", "dich_vu", Group.IMAGING), ("3", "dich_vu", Group.IMAGING),
        ("4", "thuoc", Group.DRUG), ("5", "thuoc", Group.DRUG), ("6", "thuoc", Group.DRUG), ("7", "thuoc", Group.BLOOD),
        ("8", "dich_vu", Group.PROCEDURE), ("9", "dich_vu", Group.PROCEDURE), ("10", "vat_tu", Group.MATERIAL),
        ("11", "vat_tu", Group.MATERIAL), ("12", "dich_vu", Group.TRANSPORT), ("13", "dich_vu", Group.CONSULTATION),
        ("14", "dich_vu", Group.BED), ("15", "dich_vu", Group.BED), ("16", "dich_vu", Group.BED),
        ("17", "thuoc", Group.BLOOD), ("18", "dich_vu", Group.PROCEDURE), ("", "thuoc", Group.DRUG),
        ("", "vat_tu", Group.MATERIAL), ("", "dich_vu", Group.OTHER), ("99", "dich_vu", Group.OTHER), ("01", "dich_vu", Group.LABORATORY),
    ],
)  # fmt: skip
def test_every_ma_nhom_has_its_group(code, part, group):
    assert group_of(code, part) is group


def test_groups_come_in_order_with_their_subtotals():
    lines = [("4", "thuoc", Decimal(5)), ("13", "dich_vu", Decimal(2)), ("", "thuoc", Decimal(3))]
    assert grouped(lines) == {Group.CONSULTATION: ([1], Decimal(2)), Group.DRUG: ([0, 2], Decimal(8))}
    assert list(grouped(lines)) == [Group.CONSULTATION, Group.DRUG]


@pytest.mark.parametrize(
    "code", ["B20", "B20.1", "B21†", "B22*", "B23.8", "B24", "Z21", "b24", "R75", "O98.7", "F02.4"]
)
def test_codes_that_tell_of_hiv(code):
    assert is_sensitive(["I10", code], [])


@pytest.mark.parametrize("code", ["I10,B20", "(B20)", "U071/B20", "J18-B20", "A15†B20*", "J18 B 20", "I10;o98.7"])
def test_codes_are_found_however_they_are_parted(code):
    assert is_sensitive([code], [])


@pytest.mark.parametrize("code", ["B19", "B25.0", "Z20", "Z22", "O98.6", "F02.3", "", "I10", "I10,E11.9;J18-B25"])
def test_codes_that_do_not(code):
    assert not is_sensitive([code], ["Viêm phổi"])


@pytest.mark.parametrize(
    "words",
    ["HIV1", "Test nhanh antiHIV", "HIV-1/2", "HIVAg", "bệnh SIDA", "AIDS", "Hội chứng SUY GIẢM MIỄN DỊCH MẮC PHẢI"],
)
def test_words_that_tell_of_hiv(words):
    assert is_sensitive([], ["Khám", words])


@pytest.mark.parametrize("words", ["Thai hivert", "archive", "Bandaids", "Sidaro", "Suy giảm miễn dịch bẩm sinh"])
def test_words_that_do_not(words):
    assert not is_sensitive([], [words])


@pytest.mark.parametrize(
    ("born", "first"),
    [
        ("2008-02-29", date(2024, 2, 29)),
        ("2008-02-28", date(2024, 2, 28)),
        ("2009-03-01", date(2025, 3, 1)),
        ("2009-12-31", date(2025, 12, 31)),
        ("2010-01-01", date(2026, 1, 1)),
    ],
)
def test_a_guardian_is_not_told_from_the_sixteenth_birthday_on(born, first):
    of_age = of_age_on(PartialDate.parse(born))
    assert not hidden_from_guardian(of_age, first - timedelta(days=1))
    assert hidden_from_guardian(of_age, first)


def test_a_total_may_differ_by_a_dong_a_line_and_no_more():
    named = frozenset({"T_BHTT"})
    assert contradictions(Sums(fund=Decimal(103)), Sums(fund=Decimal(100)), 3, named) == []
    assert [
        name for name, _words in contradictions(Sums(fund=Decimal("103.01")), Sums(fund=Decimal(100)), 3, named)
    ] == ["T_BHTT"]


def test_the_ceiling_is_that_of_today_or_of_the_years_last_day():
    assert ceiling_day(2026, date(2026, 7, 1)) == date(2026, 7, 1)
    assert ceiling_day(2025, date(2026, 7, 1)) == date(2025, 12, 31)
    assert ceiling_day(2027, date(2026, 7, 1)) == date(2026, 7, 1)
