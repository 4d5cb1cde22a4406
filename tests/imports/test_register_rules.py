"""What a date, a number and a name in the register must be (`vssid.records.rules`)."""

from datetime import date

import pytest

from vssid.kernel.labels import Refused
from vssid.records.rules import (
    IdKind,
    PartialDate,
    Sex,
    cccd_facts,
    check_cccd,
    check_name,
    id_kind_of,
    ma_so_bhxh_ok,
)


@pytest.mark.parametrize(
    ("text", "iso", "vn"),
    [
        ("04/09/1985", "1985-09-04", "04/09/1985"),
        (" 4/9/1985 ", "1985-09-04", "04/09/1985"),
        ("9/1985", "1985-09", "09/1985"),
        ("1985", "1985", "1985"),
        ("1985-09-04", "1985-09-04", "04/09/1985"),
        ("1985-09", "1985-09", "09/1985"),
        ("29/02/2024", "2024-02-29", "29/02/2024"),
    ],
)
def test_a_partial_date_is_read_and_written(text: str, iso: str, vn: str) -> None:
    found = PartialDate.parse(text)
    assert (found.iso(), found.vn()) == (iso, vn)
    assert PartialDate.parse(found.iso()) == PartialDate.parse(found.vn()) == found


@pytest.mark.parametrize(
    "text", ["", "29/02/2023", "0/1985", "00/00/1985", "1985-9-4", "4.9.1985", "85", "1899", "٤/٩/1985", "4/9/1985x"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        PartialDate.parse(text)


def test_a_partial_date_spans_days_and_lies_ahead_only_as_a_whole() -> None:
    assert PartialDate(2024, 2).last_day() == date(2024, 2, 29)
    assert PartialDate(2024).first_day() == date(2024, 1, 1)
    today = date(2026, 6, 15)
    assert not PartialDate(2026).in_future(today)
    assert not PartialDate(2026, 6, 15).in_future(today)
    assert PartialDate(2026, 6, 16).in_future(today)
    assert PartialDate(2027).in_future(today)


def test_a_ma_so_is_ten_ascii_digits() -> None:
    assert ma_so_bhxh_ok("0100000101")
    for text in ("", "123", "01000001011", "010000010a", "٠١٠٠٠٠٠١٠١", "0100000101\n"):
        assert not ma_so_bhxh_ok(text)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("001085000101", IdKind.CCCD),
        ("096085000101", IdKind.CCCD),
        ("097085000101", None),
        ("000085000101", None),
        ("351234567", IdKind.CMND),
        ("C1234567", IdKind.PASSPORT),
        ("B12345678", IdKind.PASSPORT),
        ("c1234567", None),
        ("C123456", None),
        ("12345678", None),
        ("001085000101\n", None),
    ],
)
def test_the_kind_of_a_paper_is_told_by_its_form(number: str, kind: IdKind | None) -> None:
    assert id_kind_of(number) is kind


def test_a_cccd_tells_century_year_and_sex() -> None:
    assert cccd_facts("089085000101") == (1985, Sex.MALE)
    assert cccd_facts("089185000101") == (1985, Sex.FEMALE)
    assert cccd_facts("089215000101") == (2015, Sex.MALE)
    assert cccd_facts("089315000101") == (2015, Sex.FEMALE)
    assert cccd_facts("089501000101") == (2101, Sex.FEMALE)


def test_a_cccd_is_compared_with_what_is_known() -> None:
    assert check_cccd("089085000101", PartialDate(1985), Sex.MALE) == []
    assert check_cccd("089085000101", None, None) == []
    assert len(check_cccd("089085000101", PartialDate(1986), Sex.FEMALE)) == 2


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "H'Hen Niê", "H’Hen Niê", "Y-Bli Êban", "Li", "José Ma. Núñez", "Đỗ Ý"]
)
def test_names_of_people_are_names(name: str) -> None:
    assert check_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name", ["", "A", "Nguyễn 2", "Nguyеn An", "王小明", "An\nBình!", "<b>", "=1+1", ".An", "ＡＢＣ", "A" * 101, "An🙂"]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        check_name(name)
