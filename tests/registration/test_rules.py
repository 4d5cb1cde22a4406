from datetime import date

import pytest

from vssid.kernel.labels import Refused
from vssid.kernel.text import CODE_ALPHABET, typed_code
from vssid.registration import fields, rules
from vssid.registration.fields import Side
from vssid.registration.rules import Rejection, Status

SENT = date(2026, 3, 2)
LAST = date(2026, 3, 12)
NOTHING: set[Side] = set()


def test_the_last_day_is_the_tenth_after_sending():
    assert rules.lapse_day(SENT) == LAST
    assert rules.days_left(LAST, SENT) == 10
    assert rules.days_left(LAST, LAST) == 0


def test_day_ten_is_in_time():
    rules.check_approvable(Status.WAITING, LAST, LAST, NOTHING)
    rules.check_paper(Status.WAITING, False, LAST, LAST)


def test_day_eleven_is_too_late():
    with pytest.raises(Refused):
        rules.check_approvable(Status.WAITING, LAST, date(2026, 3, 13), NOTHING)
    with pytest.raises(Refused):
        rules.check_paper(Status.WAITING, False, LAST, date(2026, 3, 13))


def test_with_its_paper_received_a_declaration_is_never_late():
    rules.check_approvable(Status.RECEIVED, LAST, date(2026, 6, 1), NOTHING)


@pytest.mark.parametrize("missing", [Side.FRONT, Side.BACK])
def test_never_approved_without_both_sides_of_the_id(missing):
    with pytest.raises(Refused):
        rules.check_approvable(Status.RECEIVED, LAST, LAST, {missing})


@pytest.mark.parametrize("status", [s for s in Status if not s.open])
def test_what_has_ended_is_decided_no_more(status):
    for check in (
        lambda: rules.check_approvable(status, LAST, SENT, NOTHING),
        lambda: rules.check_decidable(status),
        lambda: rules.check_withdrawable(status),
        lambda: rules.check_paper(status, False, LAST, SENT),
    ):
        with pytest.raises(Refused):
            check()


def test_a_rejection_always_says_something():
    assert rules.check_reason("anh_mo", "") is Rejection.PHOTO_UNCLEAR
    for code, words in (("khac", ""), ("khac", "ngắn"), ("", "đủ dài để đọc"), ("la", "")):
        with pytest.raises(Refused):
            rules.check_reason(code, words)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8900000101", "8900000101"),
        (" 89 0000 0101 ", "8900000101"),
        ("DN4898900000101", "8900000101"),
        ("dn4 89 8900000101", "8900000101"),
    ],
)
def test_a_whole_card_number_is_as_good_as_its_last_ten_digits(typed, expected):
    assert fields.ma_so_of(typed) == expected


def test_codes_are_read_as_they_are_typed():
    code = rules.new_code()
    assert len(code) == rules.CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)
    assert typed_code(rules.spoken_code(code).lower()) == code


def test_codes_avoid_signs_that_look_alike():
    assert not set("01OI8BAEU") & set(CODE_ALPHABET) - {"8", "B"}
