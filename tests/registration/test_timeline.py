"""Without an account: where it stands, who has it, until when; the calendar; a new code; beginning again."""

import io
import re
from datetime import date, timedelta

import pypdf
import pytest

from tests import pages, people
from tests.registration.test_follow import messages, run
from vssid.kernel.clock import now, today
from vssid.kernel.days import working_day_after
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration, DeclarationPhoto, Draft


def test_steps_have_dates_and_say_who_has_it(counter):
    html = pages.get(counter.citizen, "/to-khai/xem")
    assert "Chờ bạn nộp đến hết ngày" in html
    counter.act("giay", {"channel": "tai_noi", "id_shown": "cccd"})
    html = pages.get(counter.citizen, "/to-khai/xem")
    due = working_day_after(today(), 3)
    assert f"[08902] BHXH cơ sở Mẫu Một, trả lời chậm nhất ngày {due.day}/{due.month}/{due.year}" in html


@pytest.mark.parametrize(
    ("start", "due"), [(date(2026, 11, 25), date(2026, 11, 30)), (date(2026, 11, 27), date(2026, 12, 2))]
)
def test_working_days_leave_out_the_week_end(start, due):
    assert working_day_after(start, 3) == due


def test_the_calendar_file_holds_the_last_day(counter):
    answer = counter.citizen.get("/to-khai/han-nop.ics")
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    assert f"DTSTART;VALUE=DATE:{counter.row.lapses_on:%Y%m%d}\r\n" in text
    assert "TRIGGER:-P1DT16H" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:BHXH cơ sở Mẫu Một" in unfolded


def test_reminders_go_out_on_the_fifth_and_the_eighth_day(app, engine, counter):
    sent = []
    for day in range(11):
        run(app, engine, "declarations.remind", now() + timedelta(days=day))
        sent.append(
            sum(kind == "declaration.remind" and channel == "sms" for kind, channel, _t in messages(app, engine))
        )
    assert sent == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_after_a_stop_over_both_days_one_reminder_goes_out(app, engine, counter):
    for _again in range(2):
        run(app, engine, "declarations.remind", now() + timedelta(days=9))
    assert sum(kind == "declaration.remind" and channel == "sms" for kind, channel, _t in messages(app, engine)) == 1


def test_whose_paper_came_is_not_reminded_and_does_not_lapse(app, engine, counter):
    counter.act("giay", {"channel": "tai_noi", "id_shown": "cccd"})
    for job in ("declarations.remind", "declarations.lapse"):
        run(app, engine, job, now() + timedelta(days=40))
    assert counter.row.status == "received"
    assert not [kind for kind, _c, _t in messages(app, engine) if kind in ("declaration.remind", "declaration.lapsed")]


def test_the_activation_message_is_sent_again_on_another_channel(app, engine, counter):
    counter.act("duyet")
    html = pages.get(counter.citizen, "/to-khai/xem")
    assert "Gửi lại bằng email" in html
    assert "Đang chờ gửi" in html
    first = people.sent_code(app, "code.activation")
    answer = people.post(counter.citizen, "/to-khai/gui-lai", {"kenh": "email"}, "/to-khai/xem")
    assert answer.status_code == 303
    codes = [(channel, text) for kind, channel, text in messages(app, engine) if kind == "code.activation"]
    assert [channel for channel, _text in codes] == ["sms", "email"]
    newest = re.search(r"\d{4} \d{4}", codes[1][1])[0].replace(" ", "")
    form = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(counter.citizen, "/kich-hoat", {**form, "code": first}).status_code == 422
    assert people.post(counter.citizen, "/kich-hoat", {**form, "code": newest}).status_code == 303
    assert people.post(counter.citizen, "/to-khai/gui-lai", {"kenh": "sms"}, "/to-khai").status_code == 422
    assert "Tài khoản đã dùng được" in pages.get(counter.citizen, "/to-khai/xem")


def test_sending_again_has_its_limits(app, engine, counter):
    counter.act("duyet")
    for _n in range(6):
        people.post(counter.citizen, "/to-khai/gui-lai", {"kenh": "email"}, "/to-khai/xem")
        people.post(counter.citizen, "/to-khai/gui-lai", {"kenh": "sms"}, "/to-khai/xem")
    codes = [channel for kind, channel, _text in messages(app, engine) if kind == "code.activation"]
    assert codes.count("email") == 3
    assert codes.count("sms") <= 4


def test_who_has_not_opened_it_gets_nothing(new_client, counter):
    stranger = new_client()
    assert stranger.get("/to-khai/han-nop.ics").status_code == 404
    for path in ("gui-lai", "lam-lai"):
        assert people.post(stranger, f"/to-khai/{path}", {}, "/to-khai").status_code == 404


def test_beginning_again_copies_words_and_photos(app, engine, counter):
    run(app, engine, "declarations.lapse", now() + timedelta(days=11))
    answer = people.post(counter.citizen, "/to-khai/lam-lai", {}, "/to-khai/xem")
    assert answer.location == "/dang-ky/ca-nhan/thong-tin"
    html = pages.get(counter.citizen, answer.location)
    for kept in (people.CITIZEN.name, people.CITIZEN.cccd, people.CITIZEN.ma_so, "Số 1, tổ 2", "0900 000 101"):
        assert kept in html
    with reading(engine) as db:
        assert db.query(Draft).count() == 1
        assert db.query(DeclarationPhoto).where(DeclarationPhoto.draft_id.is_not(None)).count() == 3
    again = people.post(counter.citizen, "/dang-ky/ca-nhan/thong-tin", people.info_form(people.CITIZEN))
    assert again.status_code == 303
    assert people.post(counter.citizen, "/dang-ky/ca-nhan/anh").location == "/dang-ky/ca-nhan/co-quan"
    office = {"agency_code": "08902", "hand_in": "tai_noi"}
    people.post(counter.citizen, "/dang-ky/ca-nhan/co-quan", office)
    assert people.post(counter.citizen, "/dang-ky/ca-nhan/xem-lai").status_code == 303
    with reading(engine) as db:
        assert [row.status for row in db.query(Declaration).order_by(Declaration.sent_at)] == ["lapsed", "waiting"]


def test_what_still_waits_is_not_begun_again(counter, engine):
    answer = people.post(counter.citizen, "/to-khai/lam-lai", {}, "/to-khai/xem")
    assert answer.status_code == 422
    with reading(engine) as db:
        assert db.query(Draft).count() == 0


def test_a_draft_that_is_being_made_is_not_overwritten(app, engine, counter):
    people.post(counter.citizen, "/to-khai/rut", {}, "/to-khai/xem")
    people.post(counter.citizen, "/dang-ky/ca-nhan/thong-tin", people.info_form(people.STRANGER))
    answer = people.post(counter.citizen, "/to-khai/lam-lai", {}, "/to-khai/xem")
    assert answer.location == "/dang-ky"
    with unit(engine) as db:
        assert db.query(Draft).count() == 1


def test_anybody_gets_the_blank_form_with_all_three_purposes(client, app):
    reader = pypdf.PdfReader(io.BytesIO(client.get("/to-khai/mau-01-trong.pdf").data))
    assert len(reader.pages) == 1
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for expected in (
        "đăng ký sử dụng",
        "điều chỉnh thông tin",
        "ngừng sử dụng",
        "Mã số BHXH",
        "người giám hộ",
        "Mẫu 01",
    ):
        assert expected in text, expected
