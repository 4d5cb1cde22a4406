"""Before a card ends: what its pages say, the days for the calendar, the rules of reminders."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from tests import pages, people
from tests.card.conftest import give_card, id_of
from tests.card.test_rules import FACE
from vssid.card.models import Card
from vssid.card.renewal import days, messages, rules
from vssid.card.renewal.days import Held
from vssid.directory.models import Parameter
from vssid.kernel.calendar import Event, calendar_file
from vssid.kernel.clock import today
from vssid.kernel.db import unit
from vssid.kernel.labels import Label
from vssid.kernel.text import sms_text
from vssid.notifications import one_segment
from vssid.records.benefits.models import Benefit
from vssid.web.i18n import say_in

HERE = "/ca-nhan/the-bhyt/lich.ics"
LAST = date(2026, 12, 31)
VALUES = {"the.tu_gia_han": "HT BT CC", "bhyt.gian_doan": "90", "bhyt.cho": "30"}
SELF_RENEWING = "Thẻ này được cơ quan BHXH tự gia hạn. Không phải nộp gì, không ai có quyền thu tiền gia hạn."


def say_day(value: date) -> str:
    return f"{value.day}/{value.month}/{value.year}"


def read_calendar(text: str) -> list[dict[str, list[str]]]:
    """The events of a calendar, by a reader that knows nothing of the writer: unfolded, unescaped, alarms as TRIGGER."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    events: list[dict[str, list[str]]] = []
    inside: list[str] = []
    for line in lines:
        name, _sign, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT" or name == "TRIGGER":
            events[-1].setdefault(name, []).append(unescaped(value))
    assert inside == []
    return events


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def calendar_of(browser, path: str = HERE) -> list[dict[str, list[str]]]:
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert "no-store" in answer.headers["Cache-Control"]
    return read_calendar(answer.get_data(as_text=True))


def change(engine, **values) -> None:
    with unit(engine) as db:
        db.execute(update(Card).values(**values))


# ---- the calendar -------------------------------------------------------------------------------------------------


def test_the_last_day_has_alarms_thirty_and_seven_days_before(engine, holder):
    last = today() + timedelta(days=100)
    change(engine, valid_to=last)
    [event] = calendar_of(holder)
    assert event["SUMMARY"] == [f"Thẻ BHYT dùng được đến hết ngày {say_day(last)}"]
    assert "hôm nay" not in str(event)
    assert event["DESCRIPTION"][0].startswith("Gần đến ngày này, hãy hỏi nơi đóng BHYT về gia hạn. Xem thêm:")
    assert event["DTSTART;VALUE=DATE"] == [f"{last:%Y%m%d}"]
    assert event["DTEND;VALUE=DATE"] == [f"{last + timedelta(days=1):%Y%m%d}"]
    assert event["TRIGGER"] == ["-P29DT16H", "-P6DT16H"]
    assert people.CITIZEN.name not in str(event)
    assert people.CITIZEN.ma_so not in str(event)


def test_an_alarm_that_has_passed_is_left_out(engine, holder):
    change(engine, valid_to=today() + timedelta(days=10))
    [event] = calendar_of(holder)
    assert event["TRIGGER"] == ["-P6DT16H"]


def test_the_entry_stays_the_same_one_when_the_day_is_corrected(engine, holder):
    change(engine, valid_to=today() + timedelta(days=100))
    [before] = calendar_of(holder)
    give_card(engine, people.CITIZEN, version=2, valid_to=today() + timedelta(days=200))
    [after] = calendar_of(holder)
    assert before["UID"] == after["UID"]
    assert before["DTSTART;VALUE=DATE"] != after["DTSTART;VALUE=DATE"]


def test_five_years_and_the_end_of_a_benefit_stand_there_without_saying_which(engine, holder):
    change(engine, valid_to=today() + timedelta(days=100), five_years_from=today() + timedelta(days=40))
    with unit(engine) as db:
        for kind, end in (("thai_san", 50), ("that_nghiep", 60), ("om_dau", 70), ("thai_san", -1)):
            db.add(
                Benefit(
                    id=uuid4(), person_id=id_of_holder(db), kind=kind, decision_number=f"{kind}{end}", amount=1_000,
                    to_date=today() + timedelta(days=end), recorded_at=datetime.now(UTC), updated_at=datetime.now(UTC),
                )
            )  # fmt: skip
    events = calendar_of(holder)
    assert sorted(event["SUMMARY"][0] for event in events) == [
        "Ngày cuối của một kỳ hưởng BHXH", "Ngày cuối của một kỳ hưởng BHXH", f"Thẻ BHYT dùng được đến hết ngày {say_day(today() + timedelta(days=100))}",
        "Đủ 05 năm liên tục tham gia BHYT",
    ]  # fmt: skip
    assert len({event["UID"][0] for event in events}) == 4
    told = str(events).lower()
    for word in ("thai sản", "thai-san", "thất nghiệp", "ốm"):
        assert word not in told


def id_of_holder(db):
    return db.query(Card.person_id).limit(1).scalar()


def test_a_card_that_the_agency_renews_rings_no_alarm(engine, holder):
    change(engine, valid_to=today() + timedelta(days=100), object_code="HT")
    [event] = calendar_of(holder)
    assert "TRIGGER" not in event
    assert SELF_RENEWING in event["DESCRIPTION"][0]


def test_a_childs_days_name_the_child(engine, mother):
    last = today() + timedelta(days=100)
    change(engine, valid_to=last)
    path = f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/lich.ics"
    [event] = calendar_of(mother, path)
    assert event["SUMMARY"] == [f"Thẻ BHYT của {people.CHILD.name} dùng được đến hết ngày {say_day(last)}"]


def test_the_calendar_is_the_owners_and_the_guardians(engine, client, holder, mother, signed_in):
    change(engine, valid_to=today() + timedelta(days=100))
    child = f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/lich.ics"
    assert mother.get(child).status_code == 200
    assert holder.get(child).status_code == 404
    assert signed_in(people.STRANGER).get(child).status_code == 404
    assert client.get(HERE).status_code == 303


@pytest.mark.parametrize("values", [{"valid_to": None}, {"status": "thu_hoi"}, {"valid_to": date(2026, 1, 31)}])
def test_without_a_day_to_come_there_is_no_file_and_no_link(engine, holder, values):
    change(engine, **values)
    assert holder.get(HERE).status_code == 404
    assert HERE not in pages.get(holder, "/ca-nhan/the-bhyt")


def test_the_card_page_leads_to_the_file(engine, holder):
    change(engine, valid_to=today() + timedelta(days=100))
    assert f'href="{HERE}"' in pages.get(holder, "/ca-nhan/the-bhyt")


def test_few_statements_a_file(engine, holder, mother, hear):
    change(engine, valid_to=today() + timedelta(days=100))
    for browser, path in (
        (holder, HERE),
        (mother, f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/lich.ics"),
    ):
        browser.get(path)
        hear.clear()
        assert browser.get(path).status_code == 200
        assert 0 < len(hear) <= 8, "\n".join(hear)


@pytest.mark.parametrize(
    "text", ["a, b; c\\d", "hai dòng\nở đây", "Trẻ " * 60, "ệ" * 200, "\\n; không xuống dòng", "\U0001f3e5" * 40]
)
def test_any_text_is_read_back_as_it_was(text):
    event = Event("1@x", LAST, text, text, text, alarms=(1,))
    [found] = read_calendar(calendar_file([event], "mau", datetime(2026, 1, 1, tzinfo=UTC)))
    assert [found[name] for name in ("SUMMARY", "DESCRIPTION", "LOCATION")] == [[text]] * 3
    assert found["TRIGGER"] == ["-PT16H"]


def test_no_line_of_a_text_can_begin_a_line_of_the_file():
    event = Event("1@x", LAST, "a\r\nEND:VCALENDAR\rEND:VEVENT\x0bX")
    [found] = read_calendar(calendar_file([event], "mau", datetime(2026, 1, 1, tzinfo=UTC)))
    assert found["SUMMARY"] == ["a\nEND:VCALENDAR\nEND:VEVENT\nX"]


# ---- “tự gia hạn” in words ----------------------------------------------------------------------------------------


def said(note: rules.Note | None) -> str:
    return " ".join(say_in("vi", words) for words in note.words) if note else ""


@pytest.mark.parametrize(
    ("changes", "on", "words"),
    [
        ({"object_code": "HT"}, LAST, SELF_RENEWING),
        ({"object_code": "HT", "valid_to": None}, LAST, SELF_RENEWING),
        ({"object_code": "HT"}, LAST + timedelta(days=1), ""),
        ({"object_code": "HT", "withdrawn": True}, LAST, ""),
        ({"object_code": "GD"}, LAST, "đóng tiếp trước hết ngày 31/12/2026 để thẻ nối liền"),
        ({"object_code": "GD"}, LAST + timedelta(days=1), "đóng tiếp trước hết ngày 31/3/2027 để không phải chờ"),
        ({"object_code": "GD"}, LAST + timedelta(days=90), "đóng tiếp trước hết ngày 31/3/2027 để không phải chờ"),
        ({"object_code": "GD"}, LAST + timedelta(days=91), "hãy đóng lại để có thẻ mới"),
        ({"object_code": "GD", "valid_to": None}, LAST, ""),
        ({"object_code": "DN"}, LAST, ""),
        ({"object_code": ""}, LAST, ""),
    ],
)
def test_what_is_said_of_a_renewal(changes, on, words):
    note = rules.note(replace(FACE, **{"valid_to": LAST, **changes}), VALUES, on)
    assert (words in said(note)) if words else note is None


def test_a_gap_over_ninety_days_is_said_with_its_wait():
    note = rules.note(replace(FACE, object_code="GD", valid_to=LAST), VALUES, LAST)
    assert "Gián đoạn quá 90 ngày thì thẻ mới chỉ dùng được sau 30 ngày" in said(note)
    assert "Không ai có quyền thu tiền gia hạn thẻ qua điện thoại" in said(note)


@pytest.mark.parametrize("missing", ["bhyt.gian_doan", "bhyt.cho"])
def test_a_figure_that_is_missing_is_not_guessed(missing):
    values = {code: value for code, value in VALUES.items() if code != missing}
    assert rules.note(replace(FACE, object_code="GD", valid_to=LAST), values, LAST) is None


@pytest.mark.parametrize("path", ["/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/hom-nay"])
def test_both_pages_say_who_renews_with_the_source(engine, holder, path):
    assert "tự gia hạn" not in pages.get(holder, path)
    change(engine, object_code="HT")
    html = pages.get(holder, path)
    assert SELF_RENEWING in html
    assert "cơ quan vận hành xác nhận" in html
    change(engine, object_code="GD", valid_to=today())
    html = pages.get(holder, path)
    assert "để thẻ nối liền" in html
    assert 'href="/ca-nhan/uoc-tinh/bhyt-ho-gia-dinh"' in html
    assert holder.get("/ca-nhan/uoc-tinh/bhyt-ho-gia-dinh").status_code == 200
    with unit(engine) as db:
        db.execute(delete(Parameter).where(Parameter.code.in_(rules.CODES)))
    html = pages.get(holder, path)
    assert "để thẻ nối liền" not in html


# ---- when somebody is reminded ------------------------------------------------------------------------------------

TODAY = date(2026, 11, 29)


def card(start: int, end: int | None, group: str = "DN", *, withdrawn: bool = False) -> Held:
    """A card from so many days from today to so many."""
    last = None if end is None else TODAY + timedelta(days=end)
    return Held(TODAY + timedelta(days=start), last, group, withdrawn)


@pytest.mark.parametrize(
    ("cards", "step"),
    [
        ([card(-300, 31)], None),
        ([card(-300, 30)], 30),
        ([card(-300, 8)], 30),
        ([card(-300, 7)], 7),
        ([card(-300, 0)], 7),
        ([card(-300, -1)], None),
        ([card(-300, None)], None),
        ([card(1, 20)], None),
        ([card(-300, 7, "HT")], None),
        ([card(-300, 7, withdrawn=True)], None),
        ([card(-300, 7, "")], 7),
        ([], None),
        # Renewed already; with a gap; by one that was withdrawn; by one that goes on anyway.
        ([card(-300, 7), card(8, 300)], None),
        ([card(-300, 7), card(9, 300)], 7),
        ([card(-300, 7), card(8, 300, withdrawn=True)], 7),
        ([card(-300, 7), card(-10, 300)], None),
        ([card(-300, 7), card(-10, None)], None),
        ([card(-600, -300), card(-300, 7)], 7),
    ],
)
def test_when_a_card_is_due(cards, step):
    found = days.due(cards, "HT BT", TODAY)
    assert (found and found.days_before) == step


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("household", [True, False])
def test_a_reminder_is_one_sms_without_name_number_and_link(own, household):
    label = messages.words(days.Due(LAST, 30, household), own=own)
    text = sms_text(say_in("vi", Label(str(label), hotline="1900 9068 000", **label.params)))
    assert one_segment(text, "card.reminder") == text
    assert "31/12/2026" in text
    assert not re.search(r"https?:|\d{9}", text)
    assert text.isascii()
