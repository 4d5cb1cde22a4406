"""Phản ánh, kiến nghị, the officers' side: whose queue, who answers, what the writer hears, what is put aside."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.support.conftest import (
    ANSWER,
    DESK,
    FOLLOW,
    NEW,
    OWN,
    SUBJECT,
    TEXT,
    act,
    letter,
    letters,
    send,
    tags,
    told,
    upload,
)
from vssid.kernel import pdf
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.officers.models import Officer
from vssid.support.feedback import publishing
from vssid.support.feedback.models import Feedback, FeedbackFile, FeedbackMessage, PublishedAnswer

REASON = "Thẻ do cơ sở này cấp."
HTMX = {"HX-Request": "true"}


def change(engine, id, **values) -> None:
    with unit(engine) as db:
        db.execute(update(Feedback).where(Feedback.id == id).values(**values))


def status(engine) -> str:
    return letters(engine)[-1].status


# ---- whose it is


def test_what_is_addressed_to_nobody_the_provinces_agency_answers(engine, client, desk):
    sent = send(client, engine)
    assert SUBJECT in pages.get(desk.province, DESK)
    for browser in (desk.own, desk.other):
        assert SUBJECT not in pages.get(browser, DESK)
        assert browser.get(f"{DESK}/{sent.id}").status_code == 404


def test_an_agency_sees_its_own_and_the_province_all(engine, client, desk):
    sent = send(client, engine, agency="08902")
    for browser, sees in ((desk.own, True), (desk.province, True), (desk.other, False)):
        assert (SUBJECT in pages.get(browser, DESK)) is sees
        assert browser.get(f"{DESK}/{sent.id}").status_code == (200 if sees else 404)
    for what in ("nhan", "tra-loi", "hoi-lai", "chuyen", "ghi-chu", "thu-rac", "hoan-tac", "thu-hoi", "cong-bo"):
        page = f"{DESK}/{sent.id}/{what}"
        assert people.post(desk.other, page, {"text": ANSWER}, DESK).status_code == 404, what
    assert desk.other.get(f"{DESK}/{sent.id}/cong-bo").status_code == 404
    assert desk.own.get(f"{DESK}/{uuid4()}").status_code == 404


def test_no_citizen_and_no_visitor_comes_to_the_desk(client, signed_in):
    for browser in (client, signed_in(people.CITIZEN)):
        answer = browser.get(DESK)
        assert answer.status_code == 303
        assert "/can-bo/dang-nhap" in answer.headers["Location"]


def test_officers_never_open_what_they_or_their_family_wrote(engine, desk, signed_in):
    owner = signed_in(people.CITIZEN)
    assert people.post(owner, NEW, letter(reply_to="khong")).status_code == 303
    [kept] = letters(engine)
    assert SUBJECT in pages.get(desk.province, DESK)
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == "GS01").values(ma_so_bhxh=people.CITIZEN.ma_so))
    assert SUBJECT not in pages.get(desk.province, DESK)
    answer = desk.province.get(f"{DESK}/{kept.id}")
    assert answer.status_code == 422
    assert TEXT not in answer.get_data(as_text=True)
    assert act_on(desk.province, kept.id, "tra-loi").status_code == 422
    assert status(engine) == "new"


def act_on(browser, id, what):
    return people.post(browser, f"{DESK}/{id}/{what}", {"text": ANSWER}, DESK)


def test_the_queue_is_filtered_by_state_category_and_officer(engine, client, desk, new_client):
    first = send(client, engine, subject="Việc thứ nhất")
    send(new_client(), engine, subject="Việc thứ hai", category="ung_dung")
    act(desk.province, first, "nhan")
    html = pages.get(desk.province, f"{DESK}?loai=ung_dung")
    assert "Việc thứ hai" in html
    assert "Việc thứ nhất" not in html
    html = pages.get(desk.province, f"{DESK}?loc=cua-toi")
    assert "Việc thứ nhất" in html
    assert "Việc thứ hai" not in html
    for strange in ("?loc=la&loai=la&sau=la", "?sau=2026-13-01_x", "?sau=2026-01-01_x"):
        assert "Việc thứ hai" in pages.get(desk.province, DESK + strange)
    assert "Không có phản ánh nào ở đây" in pages.get(desk.province, f"{DESK}?loc=thu-rac")


def test_what_is_due_first_stands_first_and_what_is_late_says_so(engine, client, desk, new_client):
    send(client, engine, subject="Đến sau")
    late = send(new_client(), engine, subject="Đã quá hạn")
    change(engine, late.id, due_on=today() - timedelta(days=1))
    html = pages.get(desk.province, DESK)
    assert html.index("Đã quá hạn") < html.index("Đến sau")
    assert html.count("badge badge-bad") == 1
    assert "Quá hạn" in pages.get(desk.province, f"{DESK}/{late.id}")


def test_the_console_counts_what_waits_for_officers_only(engine, client, desk, new_client):
    one, _two = send(client, engine), send(new_client(), engine, category="khac")
    count = re.compile(r"<span>Phản ánh, kiến nghị</span> <b>(\d+)</b>")
    assert count.search(pages.get(desk.province, DESK))[1] == "2"
    act(desk.province, one, "hoi-lai", {"text": "Xin cho biết ngày nộp."})
    assert count.search(pages.get(desk.province, DESK))[1] == "1"
    assert count.search(pages.get(desk.own, DESK))[1] == "0"


def test_the_queue_has_pages(engine, client, desk):
    sent = send(client, engine)
    with unit(engine) as db:
        row = {c.name: getattr(db.get(Feedback, sent.id), c.name) for c in Feedback.__table__.columns}
        for number in range(26):
            db.add(Feedback(**{**row, "id": uuid4(), "code": f"BBBBBB{number:02}", "subject": f"Trang {number}"}))
    html = pages.get(desk.province, DESK)
    following = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    rest = pages.get(desk.province, following)
    found = set(re.findall(r"Trang \d+|" + SUBJECT, html + rest))
    assert len(found) == 27
    assert 'rel="next"' not in rest


# ---- what an officer does


def test_an_answer_reaches_the_page_and_the_telephone(app, engine, client, desk):
    sent = send(client, engine, contact="0900 000 777")
    assert act(desk.province, sent, "nhan").status_code == 303
    answer = act(desk.province, sent, "tra-loi", {"text": ANSWER})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    html = pages.get(client, f"{FOLLOW}/xem")
    assert ANSWER in html
    assert "Đã trả lời" in html
    [message] = told(app, engine, "feedback.answer")
    assert (message.channel, message.to) == ("sms", "+84900000777")
    assert sent.code in message.text
    assert "Phan anh" in message.text
    assert "http" not in message.text
    assert SUBJECT in pages.get(desk.province, f"{DESK}?loc=da-tra-loi")
    assert [tag for tag in tags(engine) if tag != "feedback.viewed"] == [
        "feedback.sent",
        "feedback.taken",
        "feedback.answered",
    ]


def test_an_answer_goes_by_mail_to_who_left_an_address_and_nowhere_else(app, engine, client, desk, new_client):
    by_mail, silent = send(client, engine, contact="mau@vidu.vn"), send(new_client(), engine, category="khac")
    for sent in (by_mail, silent):
        act(desk.province, sent, "tra-loi", {"text": ANSWER})
    [message] = told(app, engine, "feedback.answer")
    assert (message.channel, message.to) == ("email", "mau@vidu.vn")
    assert ANSWER not in message.text


def test_an_account_is_told_at_its_proven_number_and_reads_who_looked(app, engine, desk, signed_in):
    owner = signed_in(people.CITIZEN)
    people.post(owner, NEW, letter(reply_to="sms"))
    [kept] = letters(engine)
    act(desk.province, kept, "tra-loi", {"text": ANSWER})
    [message] = told(app, engine, "feedback.answer")
    assert message.to == "+84" + people.CITIZEN.phone[1:]
    assert ANSWER in pages.get(owner, f"{OWN}/{kept.id}")
    html = pages.get(owner, "/tai-khoan/du-lieu/ai-da-xem")
    assert "Trả lời phản ánh, kiến nghị của bạn" in html
    assert "Mở phản ánh, kiến nghị của bạn để xem" in html


def test_one_number_is_not_told_more_than_five_times_a_day(app, engine, client, desk):
    sent = send(client, engine, contact="0900000777")
    for number in range(7):
        act(desk.province, sent, "hoi-lai", {"text": f"Câu hỏi thứ {number} của cơ quan."})
        people.post(client, f"{FOLLOW}/bo-sung", {"text": f"Trả lời thứ {number} của tôi."}, f"{FOLLOW}/xem")
    assert len(told(app, engine, "feedback.question")) == 5


def test_a_question_waits_for_the_writer_and_comes_back_with_their_words(app, engine, client, desk):
    sent = send(client, engine, contact="0900000777")
    act(desk.province, sent, "hoi-lai", {"text": "Xin cho biết ngày nộp."})
    assert status(engine) == "asked"
    html = pages.get(client, f"{FOLLOW}/xem")
    assert "Xin cho biết ngày nộp." in html
    assert "Trả lời câu hỏi của cơ quan BHXH" in html
    assert len(told(app, engine, "feedback.question")) == 1
    people.post(client, f"{FOLLOW}/bo-sung", {"text": "Ngày mười tháng trước."}, f"{FOLLOW}/xem")
    assert status(engine) == "taken"
    assert "Ngày mười tháng trước." in pages.get(desk.province, f"{DESK}/{sent.id}")


def test_notes_and_reasons_stay_between_officers(engine, client, desk):
    sent = send(client, engine)
    assert act(desk.province, sent, "ghi-chu", {"note": "Gọi bưu điện rồi hãy trả lời."}).status_code == 303
    assert act(desk.province, sent, "chuyen", {"agency": "08902", "reason": REASON}).status_code == 303
    assert letters(engine)[0].agency_code == "08902"
    html = pages.get(desk.own, f"{DESK}/{sent.id}")
    assert "Gọi bưu điện" in html
    assert REASON in html
    html = pages.get(client, f"{FOLLOW}/xem")
    assert "bưu điện rồi" not in html
    assert REASON not in html
    assert "BHXH cơ sở Mẫu Một" in html


@pytest.mark.parametrize("agency", ["", "99999", "08902"])
def test_it_moves_only_to_another_agency_that_exists(engine, client, desk, agency):
    sent = send(client, engine, agency="08902")
    answer = act(desk.own, sent, "chuyen", {"agency": agency, "reason": REASON})
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert REASON in html
    assert letters(engine)[0].agency_code == "08902"


@pytest.mark.parametrize(
    ("what", "good", "bad"),
    [
        ("nhan", {}, None),
        ("tra-loi", {"text": ANSWER}, {"text": "ngắn"}),
        ("hoi-lai", {"text": ANSWER}, {"text": ""}),
        ("chuyen", {"agency": "08902", "reason": REASON}, {"agency": "08902", "reason": "x"}),
        ("ghi-chu", {"note": ANSWER}, {"note": "x" * 1_001}),
        ("thu-rac", {}, None),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_each_act_has_both_answers(engine, client, desk, what, good, bad, headers):
    sent = send(client, engine)
    page = f"{DESK}/{sent.id}"
    token = people.csrf(desk.province, page)
    if bad is not None:
        answer = desk.province.post(f"{page}/{what}", data={**bad, "csrf_token": token}, headers=headers)
        assert answer.status_code == 422
        assert ("<html" in answer.get_data(as_text=True)) is not bool(headers)
    answer = desk.province.post(f"{page}/{what}", data={**good, "csrf_token": token}, headers=headers)
    assert answer.status_code == (204 if headers else 303)


def test_of_two_officers_one_answers_and_the_other_keeps_what_they_wrote(engine, client, desk):
    sent = send(client, engine, agency="08902")
    page = f"{DESK}/{sent.id}"
    calls = [(desk.own, "Trả lời của người thứ nhất."), (desk.province, "Trả lời của người thứ hai.")]
    tokens = [people.csrf(browser, page) for browser, _text in calls]

    def press(n: int):
        browser, text = calls[n]
        return browser.post(f"{page}/tra-loi", data={"text": text, "csrf_token": tokens[n]})

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(press, (0, 1)))
    assert sorted(one.status_code for one in answers) == [303, 422]
    loser = next(n for n, one in enumerate(answers) if one.status_code == 422)
    html = pages.inspected(answers[loser])
    assert calls[loser][1] in html
    assert calls[1 - loser][1] in html
    assert "vừa được người khác xử lý" in html
    with reading(engine) as db:
        kinds = list(db.scalars(select(FeedbackMessage.kind).where(FeedbackMessage.kind == "answer")))
    assert kinds == ["answer"]


def test_spam_can_be_taken_back_for_a_week(engine, client, desk):
    sent = send(client, engine)
    act(desk.province, sent, "thu-rac")
    assert status(engine) == "spam"
    assert "thư rác" in pages.get(client, f"{FOLLOW}/xem")
    assert people.post(client, f"{FOLLOW}/bo-sung", {"text": "Tôi không phải rác."}, f"{FOLLOW}/xem").status_code == 422
    act(desk.province, sent, "hoan-tac")
    assert status(engine) == "new"
    act(desk.province, sent, "thu-rac")
    change(engine, sent.id, closed_at=now() - timedelta(days=8))
    assert "Không phải thư rác" not in pages.get(desk.province, f"{DESK}/{sent.id}")
    answer = act(desk.province, sent, "hoan-tac")
    assert answer.status_code == 422
    assert "trong 7 ngày" in pages.inspected(answer)
    assert status(engine) == "spam"


def test_the_desk_shows_what_is_nearly_the_same_but_not_of_other_agencies(engine, client, desk, new_client):
    one = send(client, engine, agency="08902")
    two, three = (send(new_client(), engine, agency=agency) for agency in ("08902", "08903"))
    html = pages.get(desk.own, f"{DESK}/{one.id}")
    assert "1 phản ánh gần giống" in html
    assert two.code in html
    assert three.code not in html
    assert "2 phản ánh gần giống" in pages.get(desk.province, f"{DESK}/{one.id}")


# ---- files at the desk


def test_files_are_shown_in_a_sandbox_and_each_look_is_noted(engine, client, desk, app):
    sent = send(client, engine, agency="08902", **upload((people.photo_bytes(), "anh.jpg")))
    html = pages.get(desk.own, f"{DESK}/{sent.id}")
    path = re.search(rf"{DESK}/{sent.id}/tep/[0-9a-f-]+", html)[0]
    answer = desk.own.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox; default-src 'none'" in answer.headers.getlist("Content-Security-Policy")
    assert tags(engine).count("feedback.file_viewed") == 1
    for browser in (desk.other, client):
        assert browser.get(path).status_code in (303, 404)
    assert desk.own.get(f"{DESK}/{sent.id}/tep/{uuid4()}").status_code == 404
    assert tags(engine).count("feedback.file_viewed") == 1


def test_a_pdf_is_for_saving(engine, client, desk):
    sent = send(client, engine, **upload((pdf.render("<p>Mẫu"), "đơn.pdf")))
    path = re.search(rf"{DESK}/{sent.id}/tep/[0-9a-f-]+", pages.get(desk.province, f"{DESK}/{sent.id}"))[0]
    answer = desk.province.get(path)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="phan-anh-1.pdf"'


# ---- what is kept


def kept_rows(engine) -> SimpleNamespace:
    with reading(engine) as db:
        return SimpleNamespace(
            **{
                model.__tablename__: len(list(db.scalars(select(model))))
                for model in (Feedback, FeedbackMessage, FeedbackFile, StoredFile, PublishedAnswer)
            }
        )


@pytest.mark.parametrize(
    ("state", "age", "stays"),
    [
        ("answered", timedelta(days=24 * 31 - 1), True),
        ("answered", timedelta(days=24 * 31 + 1), False),
        ("spam", timedelta(days=29), True),
        ("spam", timedelta(days=31), False),
        ("taken", timedelta(days=4_000), True),
    ],
)
def test_what_ended_long_ago_goes_with_its_files(engine, client, desk, state, age, stays):
    sent = send(client, engine, **upload((people.photo_bytes(), "anh.jpg")))
    change(engine, sent.id, status=state, closed_at=now() - age, sent_at=now() - age)
    with unit(engine) as db:
        assert publishing.forget_old(db, now()) is False
    kept = kept_rows(engine)
    assert {kept.feedback, kept.feedback_messages, kept.feedback_files, kept.stored_files} == {int(stays)}


def test_a_published_answer_outlives_its_letter(engine, client, desk):
    sent = send(client, engine, may_publish="y")
    act(desk.province, sent, "tra-loi", {"text": ANSWER})
    form = {"subject": "Chậm cấp thẻ", "question": "Bao giờ có thẻ mới cấp lại?", "answer": ANSWER}
    assert act(desk.province, sent, "cong-bo", form).status_code == 303
    change(engine, sent.id, closed_at=now() - timedelta(days=900))
    with unit(engine) as db:
        publishing.forget_old(db, now())
    kept = kept_rows(engine)
    assert (kept.feedback, kept.published_answers) == (0, 1)
    assert "Chậm cấp thẻ" in pages.get(client, "/ho-tro/phan-anh")


def test_a_code_that_is_read_out_opens_the_letter_of_ones_own_agency_alone(client, engine, desk):
    sent = send(client, engine, agency="08902")
    for typed in (sent.code, sent.code.replace("PA-", "").lower(), f" {sent.code} "):
        assert desk.own.get(f"{DESK}?ma={typed}").location == f"{DESK}/{sent.id}"
    for browser, typed in ((desk.other, sent.code), (desk.own, "PA-2222-2222"), (desk.own, "'; --")):
        assert "Không thấy mã này trong các phản ánh của cơ quan bạn." in pages.get(browser, f"{DESK}?ma={typed}")
