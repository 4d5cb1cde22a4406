"""Codes that catch slips of the pen, and waits."""

from datetime import UTC, datetime, timedelta

import pytest

from vssid.accounts.recovery import rules
from vssid.accounts.recovery.rules import Status
from vssid.kernel.labels import Refused

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)


def test_every_single_wrong_digit_is_found():
    code = rules.new_code()
    assert rules.typed_code(code) == code
    for place in range(len(code)):
        for digit in "0123456789":
            wrong = code[:place] + digit + code[place + 1 :]
            assert (rules.typed_code(wrong) is None) == (digit != code[place])


@pytest.mark.parametrize(
    "text", ["", "12345678", "1234567890", "１２３４５６７８９", "abcdefghi", "x" * 300, "' OR 1=1"]
)
def test_what_is_no_code_is_none(text):
    assert rules.typed_code(text) is None


def test_blanks_and_dots_are_read_over():
    code = rules.new_code()
    assert rules.typed_code(f" {code[:3]} {code[3:6]}.{code[6:]} ") == code


def test_codes_have_a_length_of_their_own():
    assert {len(rules.new_code()) for _n in range(50)} == {9}


@pytest.mark.parametrize(
    ("status", "set_at", "fits"),
    [("active", AT - timedelta(days=1), True), ("active", None, True), ("active", AT + timedelta(seconds=1), False),
     ("closed", None, False), ("new", None, False)],
)  # fmt: skip
def test_whoever_has_a_password_since_needs_no_recovery(status, set_at, fits):
    assert rules.still_fits(status, set_at, AT) is fits


def test_the_first_officer_is_no_second():
    with pytest.raises(Refused):
        rules.check_second(1, 1)
    rules.check_second(1, 2)


def test_half_of_the_wait_is_half():
    assert rules.halfway(AT, AT + timedelta(hours=24)) == AT + timedelta(hours=12)


def test_what_is_open_can_be_cancelled_and_nothing_else():
    assert {status for status in Status if status.open} == {Status.ASKED, Status.SECOND, Status.WAITING}
    assert all(status.label and status.tone for status in Status)
    assert {way.parameter.split(".")[0] for way in rules.Way} == {"khoi_phuc"}
