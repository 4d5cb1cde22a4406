"""The counter of a health facility: what it is told, what it is not, what is kept of it, and how often it may ask."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, event, select, update

from tests import pages, people
from tests.verifying.conftest import CLERK, DESK, Counter, photo_of, rows, set_person
from vssid import work
from vssid.accounts.models import LoginSession
from vssid.card.models import Card
from vssid.card.rules import qr_payload
from vssid.card.strips.models import KeptCard
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.verifying import facility
from vssid.verifying.facility import actions, rules
from vssid.verifying.facility.actions import purge
from vssid.verifying.facility.models import CardCheck

HTMX = {"HX-Request": "true"}
WHO = people.CITIZEN


def headline(html: str) -> str:
    return re.search(r'class="verdict verdict-(\w+)">\s*<p class="headline">(.*?)</p>', html).group(1, 2)


def test_the_field_waits_for_a_scanner(clinic):
    html = pages.get(clinic.client, DESK)
    assert re.search(r'<input[^>]* autofocus[^>]* name="qr_text"', html)
    assert "data-again" in html


@pytest.mark.parametrize("fragment", [False, True])
def test_a_good_strip_is_green_and_says_how_the_card_stands(clinic, patient, fragment):
    answer = clinic.answer(patient.strip(), headers=HTMX if fragment else {})
    html = answer.get_data(as_text=True) if fragment else pages.inspected(answer)
    assert ("<html" in html) is not fragment
    assert headline(html) == ("good", "Thẻ đúng, mã của hôm nay.")
    for words in (
        WHO.name, "04/09/1985", "Nữ", "89 0000 0101", "Mức 4 · 80%", "từ 1/1/2026 đến 31/12/2026", "000", "Thẻ dùng được hôm nay",
        "(89 - 012) · chính cơ sở này", "1/2/2025", "/anh.jpg", "Ghi nhận vào khám",
    ):  # fmt: skip
        assert words in html, words


def test_it_is_said_where_the_card_is_registered_when_that_is_elsewhere(station, patient):
    assert "(89 - 012) · cơ sở khác" in station.check(patient.strip())


def test_a_spoken_code_is_as_good_as_a_strip(clinic, patient):
    html = clinic.check(patient.spoken())
    assert headline(html)[0] == "good"
    assert WHO.name in html
    assert "gõ mã đọc" in html


def test_a_number_and_a_birth_date_are_found_and_prove_nothing(clinic, patient):
    for number in (WHO.ma_so, WHO.cccd, "DN489" + WHO.ma_so):
        html = clinic.check(number, "04/09/1985")
        assert headline(html) == ("warn", "Có trong sổ, nhưng không có mã nào chứng minh.")
        assert WHO.name in html


def test_the_code_on_a_card_or_a_cccd_brings_its_own_birth_date(clinic, patient, engine):
    with reading(engine) as db:
        from vssid.card import holder

        printed = qr_payload(holder(db, patient.id, date(2026, 11, 29)).face)
    for code, way in (
        (printed, "quét mã theo mẫu thẻ"),
        (f"{WHO.cccd}||{WHO.name}|04091985|Nữ|Tổ 1|01012022", "quét mã QR trên CCCD"),
    ):
        html = clinic.check(code)
        assert headline(html) == ("warn", "Có trong sổ. Mã này sao chép được: hãy xem giấy tờ có ảnh.")
        assert way in html
        assert "không có mã" not in html
        assert way in pages.get(clinic.client, f"{DESK}/hom-nay")


@pytest.mark.parametrize("fragment", [False, True])
def test_seven_digits_that_were_misheard_are_asked_for_again(clinic, patient, fragment):
    words, options = "7 số chưa khớp. Số này đổi mỗi ngày", {"headers": HTMX if fragment else {}}
    html = clinic.check(f"{WHO.ma_so} 1234566", **options)
    assert headline(html)[0] == "bad"
    assert headline(html)[1].startswith(words)
    assert WHO.name not in html
    assert words in pages.get(clinic.client, f"{DESK}/hom-nay")
    wrong_check_digit = clinic.answer(f"{WHO.ma_so} 1234567", **options)
    assert wrong_check_digit.status_code == 422
    assert words in wrong_check_digit.get_data(as_text=True)


def test_unknown_numbers_and_wrong_birth_dates_are_one_answer(clinic, patient):
    def told(number: str, birth: str) -> str:
        html = clinic.check(number, birth)
        return re.search(r'<div id="result".*?</div>\s*</div>', html, re.S)[0]

    unknown, wrong = told("8900000999", "04/09/1985"), told(WHO.ma_so, "05/09/1985")
    assert unknown == wrong
    assert headline(unknown)[0] == "bad"
    assert WHO.name not in wrong
    today = pages.get(clinic.client, f"{DESK}/hom-nay")
    assert WHO.name not in today
    assert today.count("Không tìm thấy ai<") + today.count("Không tìm thấy ai ") >= 2


@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize(
    ("text", "birth", "words"),
    [
        ("", "", "Hãy quét mã, hoặc gõ số thẻ và ngày sinh"),
        ("8900000101", "", "hãy nhập cả ngày sinh"),
        ("8900000101", "hôm qua", "Ngày phải viết là"),
        ("xin chào", "", "Chưa đúng: mã số BHXH 10 số"),
        ("x" * 4001, "", "4000"),
    ],
)
def test_what_can_be_no_card_is_asked_for_again_and_kept_nowhere(clinic, engine, text, birth, words, fragment):
    answer = clinic.answer(text, birth, headers=HTMX if fragment else {})
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert rows(engine) == []


@pytest.mark.parametrize(
    "text", ["VSSID1:nothing", "https://vidu.vn/mot-ma-qr-khac-hoan-toan-dai", "8900000101 1234566"]
)
def test_a_code_of_somebody_elses_is_red_and_opens_nothing(clinic, patient, text):
    html = clinic.check(text)
    assert headline(html)[0] == "bad"
    assert WHO.name not in html
    assert "Ghi nhận vào khám" not in html


def test_the_register_overrules_a_good_code(clinic, patient, engine):
    text = patient.strip()
    with unit(engine) as db:
        people.add_card(db, patient.id, WHO, version=2, status="thu_hoi")
    html = clinic.check(text)
    assert headline(html) == ("bad", "Thẻ đã bị thu hồi")
    assert "110" in html
    set_person(engine, patient.id, died_on=date(2026, 11, 1))
    assert headline(clinic.check(text)) == ("bad", "Theo sổ, người này đã mất")
    set_person(engine, patient.id, died_on=None)
    with unit(engine) as db:
        db.execute(delete(Card))
    assert "050" in clinic.check(text)


def test_a_portrait_that_is_not_the_registers_stands_out(clinic, patient):
    html = clinic.check(patient.strip(b"another face"))
    assert headline(html)[0] == "warn"
    assert "080" in html


def test_a_phone_that_may_keep_the_card_no_more_opens_nothing_and_its_owner_sees_it(
    app, clinic, patient, owner, engine
):
    from vssid.accounts.models import Account

    with reading(engine) as db:
        account = db.scalars(select(Account.id)).one()
    text = patient.keeps(account)
    assert WHO.name in clinic.check(text)
    with unit(engine) as db:
        db.query(KeptCard).update({"ended_at": datetime.now(UTC), "end_reason": "device"})
    html = clinic.check(text)
    assert headline(html) == ("bad", "Mã đã bị thu hồi.")
    assert WHO.name not in html
    assert [row.kept_id is not None for row in rows(engine)] == [True, True]
    assert "Mã đã bị thu hồi" in pages.get(owner, "/ca-nhan/the-bhyt/lan-kiem-tra")


def test_a_photo_of_the_code_does_as_well(clinic, patient):
    data = {"qr_text": "", "birth": "", "qr_photo": (photo_of(patient.strip()), "ma.jpg")}
    answer = people.post(clinic.client, DESK, data, DESK, content_type="multipart/form-data")
    assert headline(answer.get_data(as_text=True))[0] == "good"


def test_a_photo_without_a_code_says_so(clinic, engine):
    import io

    data = {"qr_text": "", "birth": "", "qr_photo": (io.BytesIO(people.photo_bytes()), "ma.jpg")}
    answer = people.post(clinic.client, DESK, data, DESK, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Không thấy mã QR trong ảnh" in answer.get_data(as_text=True)
    assert rows(engine) == []


def test_each_check_is_a_row_and_a_line_of_the_audit(clinic, patient, engine):
    clinic.check(patient.strip())
    clinic.check(WHO.ma_so, "1984")
    good, wrong = rows(engine)
    assert (good.how, good.verdict, good.told, good.ma_so_bhxh) == ("strip", "good", True, WHO.ma_so)
    assert (wrong.how, wrong.verdict, wrong.told, wrong.ma_so_bhxh) == ("number", "unknown", False, "")
    assert good.person_id == wrong.person_id == patient.id
    assert good.facility_code == "89012"
    with reading(engine) as db:
        lines = list(db.scalars(select(AuditEntry).where(AuditEntry.tag == "card.checked")))
    assert [(line.subject_kind, line.subject_id, line.actor_kind) for line in lines] == [
        ("person", patient.id, "member")
    ] * 2
    assert WHO.name not in str([line.detail for line in lines])


def check_in(counter, html: str, purpose: str = "kham", **options):
    path = re.search(rf'action="({DESK}/[0-9a-f-]+/ghi-nhan)"', html)[1]
    return people.post(counter.client, path, {"purpose": purpose}, DESK, **options)


@pytest.mark.parametrize("fragment", [False, True])
def test_a_patient_is_checked_in_once(clinic, patient, engine, fragment):
    headers = HTMX if fragment else {}
    html = clinic.check(patient.strip())
    answer = check_in(clinic, html, "cap_cuu", headers=headers)
    assert answer.status_code == (200 if fragment else 303)
    row = rows(engine)[0]
    assert (row.purpose, row.checked_in_at is not None) == ("cap_cuu", True)
    assert "Hôm nay cơ sở này đã ghi nhận người bệnh vào khám lúc" in clinic.check(patient.strip())
    again = check_in(clinic, html, headers=headers)
    assert again.status_code == 422
    assert "Đã ghi nhận vào khám rồi" in again.get_data(as_text=True)
    today = pages.get(clinic.client, f"{DESK}/hom-nay")
    for words in ("Cấp cứu", WHO.name, "890*****01", "2 lần kiểm tra, 1 lượt vào khám"):
        assert words in today
    assert "2 lần kiểm tra, 1 lượt vào khám" in pages.get(clinic.client, "/to-chuc")


def test_a_purpose_that_is_not_offered_is_refused(clinic, patient):
    answer = check_in(clinic, clinic.check(patient.strip()), "tham")
    assert answer.status_code == 422
    assert "Giá trị không hợp lệ" in answer.get_data(as_text=True)


def test_that_the_card_was_used_elsewhere_today_is_a_hint_and_no_refusal(clinic, station, patient):
    text = patient.strip()
    assert check_in(station, station.check(text)).status_code == 303
    html = clinic.check(text)
    assert headline(html)[0] == "good"
    assert "ở nơi khác lúc" in html
    assert "cấp chuyên môn: ban đầu" in html
    assert "Trạm Y tế Mẫu" not in html
    assert "Ghi nhận vào khám" in html
    assert "ở nơi khác" not in station.check(text)


def test_being_only_checked_elsewhere_is_no_hint(clinic, station, patient):
    station.check(patient.strip())
    assert "ở nơi khác lúc" not in clinic.check(patient.strip())


def portrait_of(html: str) -> str:
    return re.search(rf'src="({DESK}/[0-9a-f-]+/[0-9a-f]+/anh\.jpg)"', html)[1]


def test_the_portrait_is_for_the_member_who_checked_and_each_look_is_noted(clinic, station, patient, owner, engine):
    path = portrait_of(clinic.check(patient.strip()))
    answer = clinic.client.get(path)
    assert answer.data == patient.portrait
    assert answer.headers["Cache-Control"] == "private, no-store"
    with reading(engine) as db:
        assert db.query(AuditEntry).where(AuditEntry.tag == "card.portrait_compared").count() == 1
    assert station.client.get(path).status_code == 404
    assert owner.get(path).status_code == 303
    with reading(engine) as db:
        assert db.query(AuditEntry).where(AuditEntry.tag == "card.portrait_compared").count() == 1


def test_a_colleague_cannot_open_the_portrait(app, clinic, patient, new_client):
    colleague = "0900000229"
    add = {"full_name": "Đỗ Văn Mẫu Nhận", "phone": colleague, "role": "nhap_lieu"}
    assert people.post(clinic.client, "/to-chuc/thanh-vien", add).status_code == 303
    other = new_client()
    people.member_signs_in(app, other, colleague)
    assert "Tiếp nhận" in pages.get(other, "/to-chuc")
    assert other.get(portrait_of(clinic.check(patient.strip()))).status_code == 404


def signs_in_again(app, client) -> None:
    people.post(client, "/to-chuc/dang-nhap", {"phone": CLERK, "password": people.PASSWORD})
    people.post(client, "/to-chuc/xac-thuc", {"code": people.sent_code(app, "code.member_sign_in")})


def test_the_portrait_goes_with_its_minutes_and_with_the_session(app, clinic, patient):
    path = portrait_of(clinic.check(patient.strip()))
    with time_machine.travel(datetime.now(UTC) + rules.PORTRAIT_LIVES + timedelta(seconds=1), tick=False):
        assert clinic.client.get(path).status_code == 404
    assert clinic.client.get(path).status_code == 200
    people.post(clinic.client, "/to-chuc/dang-xuat", {}, "/to-chuc")
    assert clinic.client.get(path).status_code == 303
    signs_in_again(app, clinic.client)
    assert clinic.client.get(path).status_code == 404


def test_another_session_of_the_same_member_cannot_open_the_portrait(app, clinic, patient, new_client, engine):
    second = new_client()
    signs_in_again(app, second)
    with unit(engine) as db:
        # Signing in ends the other session of a member; the portrait does not rely on it.
        db.execute(update(LoginSession).values(ended_at=None))
    path = portrait_of(clinic.check(patient.strip()))
    assert second.get(path).status_code == 404
    assert clinic.client.get(path).status_code == 200
    other = portrait_of(Counter(app, second, clinic.id).check(patient.strip()))
    assert second.get(other).status_code == 200
    for forged in (path.replace("/anh.jpg", "0/anh.jpg"), path.replace(path.split("/")[-2], other.split("/")[-2])):
        assert clinic.client.get(forged).status_code == 404


def test_who_has_no_portrait_has_no_address_of_one(clinic, patient, engine):
    set_person(engine, patient.id, portrait_file_id=None)
    html = clinic.check(patient.strip())
    assert "/anh.jpg" not in html
    assert "Trong sổ chưa có ảnh" in html


def test_another_facilitys_check_does_not_exist(clinic, station, patient):
    html = clinic.check(patient.strip())
    assert check_in(station, html).status_code == 404
    assert WHO.name not in pages.get(station.client, f"{DESK}/hom-nay")


def test_schools_citizens_and_visitors_stay_outside(teacher, owner, client, clinic, patient):
    path = portrait_of(clinic.check(patient.strip()))
    for address in (DESK, f"{DESK}/hom-nay", path):
        assert teacher.get(address).status_code == 403
        for outsider in (owner, client):
            assert outsider.get(address).location.startswith("/to-chuc/dang-nhap")
    assert people.post(teacher, DESK, {"qr_text": patient.strip()}, "/to-chuc/thanh-vien").status_code == 403


@pytest.mark.parametrize(
    ("limit", "text", "birth", "words"),
    [
        ("MEMBER_HOURLY", "VSSID1:x", "", "quá nhiều lần trong một giờ"),
        ("ORGANISATION_DAILY", "VSSID1:x", "", "Hôm nay cơ sở đã kiểm tra quá nhiều"),
        ("TYPED_HOURLY", "8900000999", "1980", "Đã gõ số quá nhiều lần"),
        ("TYPED_DAILY", "8900000999", "1980", "Đã gõ số quá nhiều lần"),
        ("SAME_NUMBER_DAILY", "8900000999", "1980", "số này đã được gõ quá nhiều"),
        ("SAME_NUMBER_DAILY", "8900000101 1234566", "", "số này đã được gõ quá nhiều"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_nobody_asks_more_often_than_a_counter_must(clinic, engine, monkeypatch, limit, text, birth, words, fragment):
    monkeypatch.setattr(rules, limit, (2, getattr(rules, limit)[1]))
    headers = HTMX if fragment else {}
    for _n in range(2):
        assert clinic.answer(text, birth).status_code == 200
    stopped = clinic.answer(text, birth, headers=headers)
    assert stopped.status_code == (422 if fragment else 429)
    assert words in stopped.get_data(as_text=True)
    assert len(rows(engine)) == 2


def test_a_number_is_counted_as_one_however_it_is_written(clinic, monkeypatch):
    monkeypatch.setattr(rules, "SAME_NUMBER_DAILY", (2, timedelta(days=1)))
    for text in ("8900000101 1234566", "89 0000 0101 123 4566"):
        assert clinic.answer(text).status_code == 200
    assert clinic.answer("89-0000-0101-1234566").status_code == 429


def test_one_facility_cannot_use_up_a_number_for_another(clinic, station, patient, monkeypatch):
    monkeypatch.setattr(rules, "SAME_NUMBER_DAILY", (1, timedelta(days=1)))
    for counter in (clinic, station):
        assert counter.answer(WHO.ma_so, "04/09/1985").status_code == 200
    assert clinic.answer("DN489" + WHO.ma_so, "04/09/1985").status_code == 429


def test_a_person_has_one_allowance_whichever_number_is_typed(clinic, station, patient, engine, monkeypatch):
    monkeypatch.setattr(rules, "SAME_NUMBER_DAILY", (2, timedelta(days=1)))
    with unit(engine) as db:
        merged = people.add_person(db, people.STRANGER)
    set_person(engine, merged, merged_into_id=patient.id)
    for number in (WHO.ma_so, WHO.cccd):
        assert clinic.answer(number, "01/01/1985").status_code == 200
    for number in (WHO.cccd, WHO.ma_so, people.STRANGER.ma_so):
        assert clinic.answer(number, "02/01/1985").status_code == 429
    assert clinic.answer(f"{WHO.ma_so} 1234566").status_code == 429
    assert clinic.answer("8900000999", "01/01/1985").status_code == 200
    assert station.answer(WHO.cccd, "01/01/1985").status_code == 200


def test_scanning_does_not_use_up_what_may_be_typed(clinic, patient, monkeypatch):
    monkeypatch.setattr(rules, "TYPED_HOURLY", (1, timedelta(hours=1)))
    for _n in range(3):
        assert clinic.answer(patient.strip()).status_code == 200
    assert clinic.answer(WHO.ma_so, "04/09/1985").status_code == 200


def test_todays_list_is_paged_by_key_and_forgets_yesterday(clinic, patient, engine):
    clinic.check(patient.strip())
    first = rows(engine)[0]
    with unit(engine) as db:
        copy = {c.name: getattr(first, c.name) for c in CardCheck.__table__.columns if c.name not in ("id", "at")}
        from uuid import uuid4

        for n in range(rules.CHECKS_A_PAGE + 3):
            db.add(CardCheck(id=uuid4(), at=first.at - timedelta(microseconds=n // 2), **copy))
        db.add(CardCheck(id=uuid4(), at=first.at - timedelta(days=1, hours=1), **copy))
    html = pages.get(clinic.client, f"{DESK}/hom-nay")
    following = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    later = pages.get(clinic.client, following)
    assert html.count(WHO.name) == rules.CHECKS_A_PAGE
    assert later.count(WHO.name) == 4
    assert 'rel="next"' not in later
    for broken in ("nonsense", "1_2", f"{'9' * 40}_{first.id}", f"-1_{first.id}"):
        assert pages.get(clinic.client, f"{DESK}/hom-nay?sau={broken}")


def test_checks_are_forgotten_after_the_years_of_the_parameter(clinic, patient, engine):
    clinic.check(patient.strip())
    at = rows(engine)[0].at
    for days, left in ((5 * 365 - 1, 1), (5 * 365 + 1, 0)):
        with unit(engine) as db:
            purge(db, at + timedelta(days=days))
        assert len(rows(engine)) == left


def test_however_many_checks_are_old_none_is_left(app, clinic, patient, engine, monkeypatch):
    monkeypatch.setattr(actions, "PURGED_AT_ONCE", 3)
    for _n in range(8):
        clinic.check("VSSID1:x")
    [job] = [work.Periodic(*one) for one in facility.JOBS]
    later, runs = rows(engine)[-1].at + timedelta(days=5 * 365 + 1), 1
    while work.run_due(app, [job], later):
        runs += 1
    assert (rows(engine), runs) == ([], 3)
    assert job.due_at == later + timedelta(hours=6)


def test_an_ended_facility_is_out_at_once(app, clinic, patient, engine):
    from vssid import organisations
    from vssid.kernel.audit import OPERATOR

    with app.app_context(), unit(engine) as db:
        organisations.end(db, organisations.by_id(db, clinic.id), "Giải thể theo quyết định", by=OPERATOR, at=now())
    assert clinic.client.get(DESK).status_code == 303


def statements(engine, work) -> list[str]:
    heard: list[str] = []

    def hear(_connection, _cursor, sql, *_more) -> None:
        if sql.startswith("SELECT") and "set_config" not in sql:
            heard.append(sql)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return heard


def test_few_statements_whatever_there_is(clinic, patient, engine):
    text = patient.strip()
    token = people.csrf(clinic.client, DESK)

    def ask() -> None:
        assert clinic.client.post(DESK, data={"csrf_token": token, "qr_text": text}).status_code == 200

    ask()
    # The clock stands: that a session is still used is noted once a minute.
    with time_machine.travel(now(), tick=False):
        guard = statements(engine, lambda: clinic.client.get(DESK))
        first = statements(engine, ask)
        for _n in range(12):
            ask()
        last = statements(engine, ask)
        assert len(first) == len(last)
        assert 0 < len(last) - len(guard) <= 8, "\n".join(last)
        assert len(statements(engine, lambda: clinic.client.get(f"{DESK}/hom-nay"))) <= 8
