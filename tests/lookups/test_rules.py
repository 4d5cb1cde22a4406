"""Who is told, what is counted, what it costs."""

import unicodedata
from dataclasses import replace

import pytest

from vssid.lookups.rules import NOBODY, Asked, Brake, Known, answer, price, typed_date, typed_number
from vssid.records import PartialDate

KNOWN = Known("Nguyễn Thị Mẫu Hoà", "1985-09-04", True, "8900000101")
ASKED = Asked("Nguyễn Thị Mẫu Hoà", "1985-09-04", "cccd", "089185000101")


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Mẫu Hoà",
        "NGUYỄN THỊ MẪU HÒA",
        "nguyễn  thị mẫu hòa",
        unicodedata.normalize("NFD", "Nguyễn Thị Mẫu Hoà"),
        "Nguyê\u0303n Thi\u0323 Mâ\u0303u Hoa\u0300",
    ],
)
def test_case_blanks_and_the_place_of_a_tone_do_not_matter(name):
    assert answer(replace(ASKED, name=name), KNOWN) == "8900000101"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyen Thi Mau Hoa",
        "Nguyễn Thị Mẫu Hoá",
        "Nguyễn Thi Mẫu Hoà",
        "Nguyễn Thị Mẫu",
        "Nguyễn ThịMẫu Hoà",
        "Mẫu Hoà",
    ],
)
def test_marks_words_and_their_order_do(name):
    assert answer(replace(ASKED, name=name), KNOWN) is None


def test_both_letters_that_look_like_d_with_a_stroke_and_both_apostrophes_are_one():
    assert answer(replace(ASKED, name="Ðặng H’Mẫu"), replace(KNOWN, name="Đặng H'Mẫu")) == "8900000101"


@pytest.mark.parametrize("born", ["1985", "1985-09", "1985-09-05", "1986-09-04", ""])
def test_a_date_of_another_day_or_precision_does_not_agree(born):
    assert answer(replace(ASKED, born=born), KNOWN) is None


@pytest.mark.parametrize("born", ["1985", "1985-09"])
def test_a_partial_date_agrees_with_the_same_partial_date(born):
    assert answer(replace(ASKED, born=born), replace(KNOWN, born=born)) == "8900000101"


def test_the_dead_the_numberless_and_nobody_have_no_answer():
    assert answer(ASKED, replace(KNOWN, living=False)) is None
    assert answer(ASKED, replace(KNOWN, ma_so_bhxh="")) is None
    assert answer(ASKED, NOBODY) is None


def test_one_person_is_counted_once_however_the_name_is_written():
    written = ["Nguyễn Thị Mẫu Hoà", "NGUYEN  THI MAU HOA", "nguyễn thị mậu hóa"]
    assert {replace(ASKED, name=name).by_name for name in written} == {"nguyen thi mau hoa 1985-09-04"}


@pytest.mark.parametrize(
    ("asked_before", "times"), [(0, 1), (39, 1), (40, 2), (79, 2), (80, 4), (119, 4), (120, 8), (10**6, 8)]
)
def test_a_busy_network_pays_more_up_to_eight_times(asked_before, times):
    assert price(asked_before) == times


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("04/09/1985", "1985-09-04"),
        ("4/9/1985", "1985-09-04"),
        ("4.9.1985", "1985-09-04"),
        ("4-9-1985", "1985-09-04"),
        ("04 09 1985", "1985-09-04"),
        ("04 / 09 / 1985", "1985-09-04"),
        ("1985-09-04", "1985-09-04"),
        ("9/1985", "1985-09"),
        ("1985", "1985"),
        ("04091985", "1985-09-04"),
        ("091985", "1985-09"),
    ],
)
def test_a_date_may_be_typed_with_any_separator(typed, iso):
    assert PartialDate.parse(typed_date(typed)).iso() == iso


def test_a_number_may_be_typed_in_groups():
    assert typed_number("0891 8500.0101") == "089185000101"
    assert typed_number("b 1234567") == "B1234567"


def test_every_brake_says_what_to_do():
    assert all("Hãy" in brake.label for brake in Brake)
