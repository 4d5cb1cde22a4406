"""When somebody is there, how long people wait, what may be said: no database, no clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vssid.kernel.labels import Refused
from vssid.support.chat import rules

SHIPPED = "T2-T6 07:30-11:30 13:30-17:00"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-12-07T07:29:59", False),
        ("2026-12-07T07:30:00", True),
        ("2026-12-07T11:29:59", True),
        ("2026-12-07T11:30:00", False),
        ("2026-12-07T12:30:00", False),
        ("2026-12-11T16:59:59", True),
        ("2026-12-11T17:00:00", False),
        ("2026-12-12T09:00:00", False),
        ("2026-12-13T09:00:00", False),
    ],
)
def test_officers_are_there_in_the_spans_of_working_days(moment, is_open):
    assert rules.hours(SHIPPED).open_at(local(moment)) is is_open


def test_a_holiday_of_each_year_and_one_of_this_year_are_free():
    hours = rules.hours(SHIPPED, "01/01 16/02/2026")
    assert not hours.open_at(local("2026-01-01T09:00"))
    assert not hours.open_at(local("2027-01-01T09:00"))
    assert not hours.open_at(local("2026-02-16T09:00"))
    assert hours.open_at(local("2027-02-16T09:00"))


def test_somebody_may_be_there_day_and_night():
    always = rules.hours("T2-CN 00:00-24:00")
    assert always.open_at(local("2026-12-13T23:59:59"))
    assert always.open_at(local("2026-12-14T00:00:00"))
    assert str(always.groups[0].label.params["times"]) == "00:00–24:00"


def test_saturday_may_have_hours_of_its_own():
    hours = rules.hours("T2-T6 07:30-17:00; T7 08:00-11:00")
    assert hours.open_at(local("2026-12-12T10:59"))
    assert not hours.open_at(local("2026-12-12T11:00"))
    assert [str(group.label) for group in hours.groups] == ["%(first)s đến %(last)s, %(times)s", "%(day)s, %(times)s"]


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("", ""), ("T2-T6", ""), ("T6-T2 07:00-08:00", ""), ("T9 07:00-08:00", ""), ("T2 7:00-8:00", ""),
        ("T2 08:00-07:00", ""), ("T2 24:00-25:00", ""), ("T2 07:00-24:01", ""), (SHIPPED, "31/02"), (SHIPPED, "1/1"), (SHIPPED, "29/02/2027"),
        ("thứ Hai 07:00-08:00", ""), (SHIPPED + ";", ""),
    ],
)  # fmt: skip
def test_hours_that_nobody_can_read_are_refused(text, off):
    with pytest.raises(ValueError):
        rules.hours(text, off)


def test_an_officer_is_there_for_two_minutes_after_their_desk_was_open():
    assert rules.is_there(AT - timedelta(minutes=2), AT)
    assert not rules.is_there(AT - timedelta(minutes=2, seconds=1), AT)
    assert not rules.is_there(None, AT)


def test_after_ten_minutes_without_an_open_desk_nobody_comes():
    opened = AT - timedelta(minutes=12)
    assert rules.nobody_comes(opened, None, AT)
    assert not rules.nobody_comes(AT - timedelta(minutes=9), None, AT)
    assert not rules.nobody_comes(opened, AT - timedelta(minutes=5), AT)
    assert not rules.nobody_comes(AT - timedelta(minutes=9), AT - timedelta(hours=3), AT)


def test_the_usual_wait_needs_three_and_is_the_middle_one_rounded_up():
    assert rules.usual_wait([timedelta(minutes=1)] * 2) is None
    assert rules.usual_wait([timedelta(seconds=61), timedelta(minutes=30), timedelta(seconds=5)]) == 2
    assert rules.usual_wait([timedelta(0)] * 3) == 1


@pytest.mark.parametrize("text", ["", "   ", "\r\n\n", "a\x07b", None])
def test_nothing_and_strange_signs_are_not_said(text):
    with pytest.raises(Refused):
        rules.checked_text(text)


def test_what_is_said_keeps_its_lines():
    assert rules.checked_text(" a\r\nb\rc ") == "a\nb\nc"


@pytest.mark.parametrize(
    ("status", "messages", "words"),
    [(rules.Status.ENDED, 3, rules.OVER), (rules.Status.LETTER, 3, rules.OVER), (rules.Status.OPEN, 200, rules.ENOUGH)],
)
def test_an_ended_chat_and_a_full_one_take_nothing_more(status, messages, words):
    with pytest.raises(Refused) as refusal:
        rules.check_sayable(status, messages)
    assert refusal.value.label == words
    rules.check_sayable(rules.Status.WAITING, 199)


def test_a_subject_is_the_beginning_of_what_was_asked():
    assert rules.shortened("Một\n hai", 150) == "Một hai"
    assert len(rules.shortened("từ " * 100, 150)) <= 150
    assert rules.shortened("từ " * 100, 150).endswith("…")
