"""How parameters are read as numbers, and their sources as citizens see them."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import vssid.directory
from vssid.directory.rules import is_readable, number_of, shown_source, whole_of

SHIPPED = Path(vssid.directory.__file__).parent / "data/parameters.csv"


@pytest.mark.parametrize(
    ("code", "value", "number"),
    [
        ("luong_co_so", "2530000", Decimal(2530000)),
        ("luong_co_so", "2.53", None),
        ("luong_co_so", "2.530.000", None),
        ("bhyt.ty_le_dong", "4.5", Decimal("4.5")),
        ("bhyt.ty_le_dong", "4,5", None),
        ("thu.mau", "²", None),
        ("thu.mau", "-1", None),
        ("thu.mau", "NaN", None),
        ("thu.mau", "9" * 200, None),
        ("thu.mau", "", None),
    ],
)
def test_only_plain_numbers_are_numbers(code, value, number):
    assert number_of(code, value) == number


def test_whole_numbers_have_no_part_behind_the_dot():
    assert (whole_of("thu.mau", "6"), whole_of("thu.mau", "6.00"), whole_of("thu.mau", "6.5")) == (6, 6, None)


def test_words_are_taken_as_they_are_except_for_money():
    assert is_readable("to_khai.can_cu", "Nghị định số 164/2025/NĐ-CP")
    assert not is_readable("luong_co_so", "hai triệu")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Luật số 41/2024/QH15, Điều 59 (con số và số điều ghi theo trí nhớ, cần đối chiếu)", "Luật số 41/2024/QH15"),
        (
            "Luật Bảo hiểm y tế (sửa đổi bởi Luật số 51/2024/QH15), Điều 22 (05 năm liên tục; số khoản cần đối chiếu)",
            "Luật Bảo hiểm y tế (sửa đổi bởi Luật số 51/2024/QH15)",
        ),
        (
            "Bộ luật Lao động số 45/2019/QH14, Điều 169; Nghị định số 135/2020/NĐ-CP (số điều ghi theo trí nhớ)",
            "Bộ luật Lao động số 45/2019/QH14; Nghị định số 135/2020/NĐ-CP",
        ),
        ("Nghị định số 159/2025/NĐ-CP, Điều 5", "Nghị định số 159/2025/NĐ-CP, Điều 5"),
        ("Thông tư số 20/2023/TT-BLĐTBXH (các năm trước 1995)", "Thông tư số 20/2023/TT-BLĐTBXH (các năm trước 1995)"),
    ],
)
def test_a_source_is_shown_without_notes_to_be_checked(source, shown):
    assert shown_source(source) == shown


@pytest.mark.parametrize(
    ("value", "readable"), [("*", True), ("91", True), ("91 79", True), ("91,79", False), ("", False)]
)
def test_a_list_of_provinces_is_all_of_them_or_their_codes(value, readable):
    assert is_readable("kham.tinh_nhan_the_dien_tu", value) is readable


def test_every_shipped_parameter_is_readable_and_its_source_fit_to_be_shown():
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["ma"] for line in lines if not is_readable(line["ma"], line["gia_tri"])] == []
    shown = [shown_source(line["can_cu"]) for line in lines]
    assert [one for one in shown if not one or "trí nhớ" in one or "đối chiếu" in one] == []


@pytest.mark.parametrize(
    ("value", "fine"), [("02/09", True), ("01/01 16/02/2026", True), ("2/9", False), ("0209", False), ("02/09;", False)]
)
def test_days_off_are_written_as_days(value, fine):
    assert is_readable("tro_chuyen.ngay_nghi", value) is fine
