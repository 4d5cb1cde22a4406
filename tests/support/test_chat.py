"""Trò chuyện, the side of who asks: beginning, waiting, saying, what is new, ending, a letter instead."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.support.chats import (
    DESK,
    GUEST,
    HTMX,
    OWN,
    QUESTION,
    REPLY,
    START,
    act,
    begin,
    begun,
    change,
    chat_tags,
    chats,
    question,
    said,
    say,
)
from tests.support.conftest import FOLLOW, letters
from vssid.accounts.models import LoginSession
from vssid.directory.models import Parameter
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.support.chat import actions, jobs
from vssid.support.chat.models import Chat, ChatMessage
from vssid.support.chat.rules import Side
from vssid.support.feedback import publishing
from vssid.support.feedback.models import Feedback

pytestmark = pytest.mark.usefixtures("monday")
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", '"><img src=x onerror=alert(1)>', "%(name)s %s"]


def tidy(app, engine) -> None:
    with app.app_context(), unit(engine) as db:
        jobs.tidy(db, now())


def poll_of(html: str) -> str:
    """The address that a page asks for what is new."""
    return re.search(r'id="chat-next" hx-get="([^"]+)"', html)[1].replace("&amp;", "&")


# ---- beginning


def test_the_hub_says_when_officers_answer(client):
    html = pages.get(client, "/ho-tro")
    assert f'href="{START}"' in html
    assert "Giờ làm việc: thứ Hai đến thứ Sáu, 07:30–11:30, 13:30–17:00" in html


def test_the_page_says_whether_somebody_is_there(client, desk):
    html = pages.get(client, START)
    assert "chưa có cán bộ nào mở bàn trực" in html
    pages.get(desk.own, DESK)
    assert "Đang có cán bộ trực." in pages.get(client, START)


def test_a_question_in_the_address_is_shown_and_not_sent(client, engine):
    html = pages.get(client, f"{START}?hoi={'x' * 400}")
    assert f">{'x' * 300}</textarea>" in html.replace("\r\n", "").replace(">\n", ">")
    assert chats(engine) == []


def test_without_an_account_the_browser_alone_holds_the_key(app, client, engine, new_client):
    chat = begun(client, engine)
    assert (chat.account_id, chat.status, said(app, engine, chat)) == (None, "waiting", [("citizen", QUESTION)])
    html = pages.get(client, GUEST)
    assert QUESTION in html
    assert "Bạn là người kế tiếp." in html
    assert str(chat.id) not in html
    other = new_client()
    assert other.get(GUEST).location.endswith(START)
    assert other.get(f"{START}/{chat.id}").status_code == 303
    for forged in ("", "x" * 64, str(chat.id), chat.key_digest.hex()):
        other.set_cookie("vssid-chat", forged)
        assert other.get(GUEST).status_code == 303
        for what in ("gui", "ket-thuc", "danh-gia", "phan-anh", "phieu"):
            assert people.post(other, f"{GUEST}/{what}", {"text": "x"}, START).status_code == 404, what
    assert said(app, engine, chat) == [("citizen", QUESTION)]


def test_the_key_opens_for_seven_days_and_not_after_it_was_dropped(client, engine, monday):
    chat = begun(client, engine)
    change(engine, chat, opened_at=now() - timedelta(days=6, hours=23))
    assert client.get(GUEST).status_code == 200
    change(engine, chat, opened_at=now() - timedelta(days=7, minutes=1))
    assert client.get(GUEST).status_code == 303
    change(engine, chat, opened_at=now())
    assert people.post(client, f"{GUEST}/dong", page=GUEST).status_code == 303
    assert client.get(GUEST).status_code == 303


def test_a_visitor_needs_the_captcha_and_an_account_does_not(client, engine, signed_in):
    html = client.get(START).get_data(as_text=True)
    data = {**question(html), "captcha_solution": "", "captcha_answer": "0"}
    answer = people.post(client, START, data)
    assert answer.status_code == 422
    assert QUESTION in pages.inspected(answer)
    assert chats(engine) == []
    owner = signed_in(people.CITIZEN)
    assert "captcha" not in pages.get(owner, START)
    assert begun(owner, engine).account_id is not None


def test_what_is_wrong_in_the_form_comes_back_with_all_that_was_typed(client, engine):
    for changes, words in (
        ({"text": ""}, "Hãy viết câu hỏi."),
        ({"text": "x" * 1001}, "Dài quá 1000 ký tự"),
        ({"topic": "la"}, "Giá trị không hợp lệ"),
        ({"contact": "không phải số"}, "Chưa phải số di động"),
    ):
        answer = begin(client, **changes)
        html = pages.inspected(answer)
        assert answer.status_code == 422
        assert words in html
        data = {
            **question(client.get(START).get_data(as_text=True), **changes),
            "csrf_token": people.csrf(client, START),
        }
        answer = client.post(START, data=data, headers=HTMX)
        assert answer.status_code == 422
        assert "<html" not in answer.get_data(as_text=True)
    assert chats(engine) == []


def test_htmx_is_led_to_the_chat(client, engine):
    html = client.get(START).get_data(as_text=True)
    answer = client.post(START, data={**question(html), "csrf_token": people.csrf(client, START)}, headers=HTMX)
    assert answer.status_code == 204
    assert GUEST in answer.headers["HX-Location"]
    assert QUESTION in pages.get(client, GUEST)


def test_a_double_press_begins_one_chat(client, engine, signed_in):
    html = client.get(START).get_data(as_text=True)
    data = {**question(html), "csrf_token": people.csrf(client, START)}
    assert [client.post(START, data=data).status_code for _press in range(2)] == [303, 303]
    owner = signed_in(people.CITIZEN)
    html = owner.get(START).get_data(as_text=True)
    data = {**question(html), "csrf_token": people.csrf(owner, START)}
    first, second = (owner.post(START, data=data) for _press in range(2))
    assert first.location == second.location
    assert len(chats(engine)) == 2


def test_somebody_elses_form_opens_nothing(client, engine, new_client, signed_in):
    mine = begun(client, engine)
    owner = signed_in(people.CITIZEN)
    theirs = begun(owner, engine, nonce=str(mine.nonce))
    assert theirs.id != mine.id
    assert owner.get(f"{START}/{mine.id}").status_code == 404


def test_one_chat_at_a_time_and_three_a_day(engine, signed_in):
    owner = signed_in(people.CITIZEN)
    for _time in range(3):
        chat = begun(owner, engine)
        answer = begin(owner)
        assert answer.status_code == 422
        assert "chưa kết thúc" in pages.inspected(answer)
        assert f'href="{START}/{chat.id}"' in pages.get(owner, START)
        people.post(owner, f"{START}/{chat.id}/ket-thuc", page=f"{START}/{chat.id}")
    answer = begin(owner)
    assert answer.status_code == 422
    assert "đủ 3 lần" in pages.inspected(answer)


def test_where_too_many_wait_a_visitors_question_goes_as_a_letter_and_an_account_still_finds_a_place(
    client, engine, monkeypatch, new_client, signed_in
):
    for where in ("views", "actions"):
        monkeypatch.setattr(f"vssid.support.chat.{where}.MOST_VISITORS_WAITING", 1)
    begun(new_client(), engine)
    assert begin(signed_in(people.CITIZEN)).status_code == 303
    answer = begin(client)
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert "quá nhiều người chờ" in html
    assert QUESTION in html
    data = {**question(html, **{"phan-anh": "1"}), "csrf_token": people.csrf(client, START)}
    assert client.post(START, data=data).location == f"{FOLLOW}/xem"
    assert len(letters(engine)) == 1


# ---- whose it is


def test_an_owner_sees_it_and_a_stranger_does_not(engine, signed_in):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    here = f"{START}/{chat.id}"
    assert QUESTION in pages.get(owner, here)
    assert str(chat.id) in pages.get(owner, OWN)
    stranger = signed_in(people.STRANGER)
    assert stranger.get(here).status_code == 404
    assert stranger.get(f"{START}/{uuid4()}").status_code == 404
    assert "Bạn chưa trò chuyện lần nào" in pages.get(stranger, OWN)
    for what in ("gui", "ket-thuc", "danh-gia", "hien-ten", "phan-anh"):
        assert people.post(stranger, f"{here}/{what}", {"text": "x"}, START).status_code == 404, what
    assert chats(engine)[0].status == "waiting"


def test_texts_are_sealed_and_no_audit_row_holds_them(app, engine, client, desk):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    with reading(engine) as db:
        kept = [bytes(one) for one in db.scalars(select(ChatMessage.text))]
        noted = [str(one.detail) for one in db.scalars(select(AuditEntry))]
    assert len(kept) == 2
    for words in (QUESTION, REPLY):
        assert all(words.encode() not in one for one in kept)
        assert all(words not in one for one in noted)


# ---- saying


def test_messages_go_both_ways_without_script(app, engine, client, desk):
    chat = begun(client, engine)
    assert say(client, GUEST, "Tôi ở phường Mẫu.").status_code == 303
    act(desk.own, chat, "nhan")
    assert say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi").status_code == 303
    html = pages.get(client, GUEST)
    assert REPLY in html
    assert "Đang trò chuyện" in html
    assert "CB01" not in html
    assert [side for side, _text in said(app, engine, chat)] == ["citizen", "citizen", "officer"]


@pytest.mark.parametrize("headers", [None, HTMX])
def test_nothing_and_too_much_are_not_sent_and_what_was_typed_stays(app, engine, client, headers):
    chat = begun(client, engine)
    for text, words in (("", "Hãy viết lời nhắn."), ("y" * 1001, "Dài quá 1000 ký tự")):
        answer = say(client, GUEST, text, headers=headers)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert words in html
        assert text in html
        assert ("<html" in html) is (headers is None)
    assert len(said(app, engine, chat)) == 1


def test_a_double_press_says_it_once(app, engine, client):
    chat = begun(client, engine)
    data = {"text": "Một lần thôi", "nonce": str(uuid4()), "csrf_token": people.csrf(client, GUEST), "sau": "1"}
    assert [client.post(f"{GUEST}/gui", data=data).status_code for _press in range(2)] == [303, 303]
    answer = client.post(f"{GUEST}/gui", data=data, headers=HTMX)
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("Một lần thôi") == 1
    assert len(said(app, engine, chat)) == 2


def test_words_that_were_changed_after_a_lost_answer_are_not_lost(app, engine, client):
    chat = begun(client, engine)
    data = {"text": "Câu đầu", "nonce": str(uuid4()), "csrf_token": people.csrf(client, GUEST), "sau": "1"}
    client.post(f"{GUEST}/gui", data=data)
    client.post(f"{GUEST}/gui", data=data | {"text": "Câu đầu, thêm chữ"})
    assert len(said(app, engine, chat)) == 3


def test_two_presses_at_the_same_moment_say_it_once(app, engine, client):
    chat = begun(client, engine)
    token, cookie = people.csrf(client, GUEST), client.get_cookie("vssid-chat").value
    session, nonce = client.get_cookie("vssid").value, str(uuid4())

    def press(_n):
        with app.test_client() as browser:
            browser.set_cookie("vssid-chat", cookie)
            browser.set_cookie("vssid", session)
            return browser.post(
                f"{GUEST}/gui", data={"text": "Cùng lúc", "nonce": nonce, "csrf_token": token}
            ).status_code

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(press, range(2))) == [303, 303]
    assert len(said(app, engine, chat)) == 2


def test_htmx_gets_what_is_new_and_a_fresh_form(engine, client):
    begun(client, engine)
    html = say(client, GUEST, "Câu thứ hai", headers=HTMX, query_string="sau=1").get_data(as_text=True)
    assert "Câu thứ hai" in html
    assert QUESTION not in html
    assert 'id="chat-write" hx-swap-oob="true"' in html
    assert "<h1" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(engine, client, desk, text):
    chat = begun(client, engine, text=text)
    act(desk.own, chat, "nhan")
    say(desk.own, f"{DESK}/{chat.id}", text, "tra-loi")
    for browser, page in ((client, GUEST), (desk.own, f"{DESK}/{chat.id}"), (client, f"{START}?hoi={text}")):
        html = pages.get(browser, page)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "49" not in html.split('role="log"')[-1].split("</div>")[0] or "{{7*7}}" in html


def test_after_two_hundred_messages_a_letter_goes_on(engine, client):
    chat = begun(client, engine)
    change(engine, chat, messages=200)
    answer = say(client, GUEST, "Thêm nữa")
    assert answer.status_code == 422
    assert "Hãy chuyển thành phản ánh" in answer.get_data(as_text=True)


def test_the_newest_fifty_come_first_and_the_others_are_pages(app, engine, client):
    chat = begun(client, engine)
    for n in range(2, 61):
        with unit(engine) as db:
            add(app, db, chat, f"Câu số {n}.")
    html = pages.get(client, GUEST)
    assert "Câu số 60." in html
    assert "Câu số 11." in html
    assert "Câu số 10." not in html
    html = pages.get(client, f"{GUEST}?truoc=11")
    assert QUESTION in html
    assert "Câu số 10." in html
    assert "Câu số 11." not in html
    assert "hx-trigger" not in html
    for strange in ("la", "-1", "99999", "0"):
        assert client.get(f"{GUEST}?truoc={strange}").status_code == 200


def add(app, db, chat, text) -> None:
    actions.add(db, app.extensions["keyring"], chat.id, Side.CITIZEN, text, nonce=uuid4(), at=now())


@pytest.mark.parametrize(("headers", "done", "refused"), [(None, 303, "<html"), (HTMX, 204, "<title>")])
def test_every_act_answers_with_and_without_script(engine, client, signed_in, headers, done, refused):
    owner = signed_in(people.CITIZEN)
    for browser, acts in ((client, ("ket-thuc", "danh-gia")), (owner, ("hien-ten", "ket-thuc", "danh-gia"))):
        chat = begun(browser, engine)
        here = f"{START}/{chat.id}" if chat.account_id else GUEST
        answer = people.post(browser, f"{here}/danh-gia", {"huu_ich": "1"}, here, headers=headers)
        assert (answer.status_code, refused in answer.get_data(as_text=True)) == (422, True)
        for what in acts:
            assert people.post(browser, f"{here}/{what}", {"huu_ich": "0"}, here, headers=headers).status_code == done
        for what in ("ket-thuc", "phan-anh", "gui"):
            answer = people.post(browser, f"{here}/{what}", {"text": "x"}, here, headers=headers)
            assert answer.status_code == 422, what
        chat = begun(browser, engine)
        here = f"{START}/{chat.id}" if chat.account_id else GUEST
        assert people.post(browser, f"{here}/phan-anh", page=here, headers=headers).status_code == done
        assert len(letters(engine)) == (1 if browser is client else 2)
    assert people.post(client, f"{GUEST}/phieu", page=GUEST, headers=headers).status_code == done
    assert people.post(client, f"{GUEST}/dong", page=GUEST, headers=headers).status_code == done


# ---- what is new


def test_a_poll_is_204_until_something_is_new(engine, client, desk, new_client):
    chat = begun(client, engine)
    address = poll_of(pages.get(client, GUEST))
    assert client.get(address, headers=HTMX).status_code == 204
    pages.get(desk.own, DESK)
    answer = client.get(address, headers=HTMX)
    assert answer.status_code == 200
    address = poll_of(answer.get_data(as_text=True))
    assert client.get(address, headers=HTMX).status_code == 204
    act(desk.own, chat, "nhan")
    say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    html = client.get(address, headers=HTMX).get_data(as_text=True)
    assert REPLY in html
    assert QUESTION not in html
    assert client.get(poll_of(html), headers=HTMX).status_code == 204


def test_a_poll_never_takes_what_is_being_typed(engine, client, desk):
    chat = begun(client, engine)
    address = poll_of(pages.get(client, GUEST))
    for what, words in (("nhan", "Đang trò chuyện"), ("ket-thuc", "Cán bộ đã kết thúc cuộc trò chuyện.")):
        act(desk.own, chat, what)
        html = client.get(address, headers=HTMX).get_data(as_text=True)
        assert words in html
        assert 'id="chat-write"' not in html
    assert "hx-trigger" not in html
    assert f'href="{GUEST}"' in html


def test_a_poll_prolongs_no_session(engine, signed_in, monday):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    here = f"{START}/{chat.id}"
    address = poll_of(pages.get(owner, here))

    def last_seen():
        with reading(engine) as db:
            return db.scalars(select(LoginSession.last_seen_at)).one()

    before = last_seen()
    for _minutes in range(3):
        monday.shift(timedelta(minutes=2))
        assert owner.get(address, headers=HTMX).status_code in (200, 204)
    assert last_seen() == before
    pages.get(owner, here)
    assert last_seen() > before


def test_the_place_in_the_queue_is_shown_and_moves(engine, client, new_client, desk):
    first, second = new_client(), new_client()
    one = begun(first, engine)
    begun(second, engine)
    begun(client, engine)
    html = pages.get(client, GUEST)
    assert "Trước bạn còn 2 người." in html
    address = poll_of(html)
    act(desk.own, one, "nhan")
    assert "Trước bạn còn 1 người." in client.get(address, headers=HTMX).get_data(as_text=True)


def test_the_usual_wait_is_said_when_three_were_taken_today(engine, client, new_client, desk):
    for _n in range(3):
        chat = begun(new_client(), engine)
        change(engine, chat, status="ended", opened_at=now() - timedelta(minutes=8), taken_at=now(), ended_at=now())
    begun(client, engine)
    assert "thường chờ" not in pages.get(client, GUEST)
    pages.get(desk.own, DESK)
    assert "thường chờ khoảng 8 phút" in pages.get(client, GUEST)


# ---- the end


def test_the_journey_from_a_question_to_the_rating_without_script(app, engine, signed_in, desk):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    here = f"{START}/{chat.id}"
    pages.get(desk.own, f"{DESK}/{chat.id}")
    assert act(desk.own, chat, "nhan").status_code == 303
    say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    say(owner, here, "Cảm ơn!")
    assert people.post(owner, f"{here}/danh-gia", {"huu_ich": "1"}, here).status_code == 422
    assert people.post(owner, f"{here}/ket-thuc", page=here).status_code == 303
    html = pages.get(owner, here)
    assert "Người hỏi đã kết thúc cuộc trò chuyện." in html
    assert REPLY in html
    assert 'name="text"' not in html
    assert people.post(owner, f"{here}/danh-gia", {"huu_ich": "1"}, here).status_code == 303
    assert "Bạn đánh giá: Hữu ích" in pages.get(owner, here)
    assert chats(engine)[0].useful is True
    answer = people.post(owner, f"{here}/gui", {"text": "Còn nữa"}, here)
    assert answer.status_code == 422
    assert "Còn nữa" in answer.get_data(as_text=True)
    tags = [tag for tag in chat_tags(engine) if tag != "chat.viewed"]
    assert tags == ["chat.started", "chat.taken", "chat.answered", "chat.ended"]


def test_twenty_minutes_of_silence_end_it_only_after_an_officer_wrote(app, engine, client, desk, monday):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    change(engine, chat, said_at=now() - timedelta(minutes=21))
    tidy(app, engine)
    assert chats(engine)[0].status == "open"
    say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    monday.shift(timedelta(minutes=19))
    tidy(app, engine)
    assert chats(engine)[0].status == "open"
    monday.shift(timedelta(minutes=2))
    tidy(app, engine)
    assert (chats(engine)[0].status, chats(engine)[0].ended_by) == ("ended", "silence")
    assert "đã tự kết thúc vì 20 phút" in pages.get(client, GUEST)


# ---- a letter instead


def test_outside_hours_a_question_is_sent_as_a_letter(engine, client, monday):
    monday.shift(timedelta(hours=9))
    html = pages.get(client, START)
    assert "Hiện không có người trực." in html
    assert "Bắt đầu trò chuyện" not in html
    answer = begin(client)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert "có mã theo dõi và hạn trả lời" in html
    assert QUESTION in html
    assert chats(engine) == []
    answer = begin(client, **{"phan-anh": "1"}, contact="0900000777")
    assert answer.location == f"{FOLLOW}/xem"
    [letter] = letters(engine)
    assert (letter.subject, letter.phone, letter.category) == (QUESTION, "+84900000777", "the")
    assert QUESTION in pages.get(client, f"{FOLLOW}/xem")


def test_a_holiday_is_outside_hours(engine, client):
    with unit(engine) as db:
        db.execute(Parameter.__table__.delete().where(Parameter.code == "tro_chuyen.ngay_nghi"))
        db.add(Parameter(code="tro_chuyen.ngay_nghi", valid_from=today(), value="07/12/2026", source="Mẫu"))
    assert "Hiện không có người trực." in pages.get(client, START)


@pytest.mark.parametrize("value", ["hỏng", ""])
def test_hours_that_nobody_can_read_mean_that_nobody_is_there(engine, client, value):
    with unit(engine) as db:
        db.execute(Parameter.__table__.update().where(Parameter.code == "tro_chuyen.gio").values(value=value))
    assert "Hiện không có người trực." in pages.get(client, START)
    assert client.get("/ho-tro").status_code == 200


def test_after_ten_minutes_without_anybody_one_press_makes_a_letter_of_all_that_was_said(engine, signed_in, monday):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    here = f"{START}/{chat.id}"
    say(owner, here, "Xin trả lời sớm.")
    assert "Hiện không có người trực." not in pages.get(owner, here)
    monday.shift(timedelta(minutes=11))
    assert "Hiện không có người trực." in pages.get(owner, here)
    answer = people.post(owner, f"{here}/phan-anh", page=here)
    [letter] = letters(engine)
    assert f"/ho-tro/phan-anh/cua-toi/{letter.id}" in answer.location
    html = pages.get(owner, answer.location)
    assert QUESTION in html
    assert "Xin trả lời sớm." in html
    assert (letter.reply_to, letter.account_id) == ("sms", chat.account_id)
    assert "Mở phản ánh" in pages.get(owner, here)
    assert people.post(owner, f"{here}/phan-anh", page=here).status_code == 422
    assert len(letters(engine)) == 1


def test_who_waits_at_closing_time_finds_the_receipt_with_the_browsers_key(app, engine, client, monday, new_client):
    chat = begun(client, engine)
    tidy(app, engine)
    assert chats(engine)[0].status == "waiting"
    monday.shift(timedelta(hours=9))
    tidy(app, engine)
    assert chats(engine)[0].status == "letter"
    assert "Mở phiếu tiếp nhận" in pages.get(client, GUEST)
    answer = people.post(client, f"{GUEST}/phieu", page=GUEST)
    assert answer.location == f"{FOLLOW}/xem"
    html = pages.get(client, f"{FOLLOW}/xem")
    assert QUESTION in html
    secret = re.search(r"<strong>(\w{4}-\w{4})</strong>", html)[1]
    code = re.search(r"PA-\w{4}-\w{4}", html)[0]
    other = new_client()
    assert people.post(other, FOLLOW, {"code": code, "secret": secret}).status_code == 303
    assert QUESTION in pages.get(other, f"{FOLLOW}/xem")
    assert people.post(other, f"{GUEST}/phieu", page=START).status_code == 404
    assert secret.replace("-", "") not in str(vars(chats(engine)[0]))
    assert chat.id == chats(engine)[0].id


def test_the_chat_outlives_its_letter(app, engine, signed_in, monday):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    here = f"{START}/{chat.id}"
    people.post(owner, f"{here}/phan-anh", page=here)
    with unit(engine) as db:
        db.execute(Feedback.__table__.update().values(status="spam", closed_at=now() - timedelta(days=31)))
        publishing.forget_old(db, now())
    assert letters(engine) == []
    html = pages.get(owner, here)
    assert "đã hết thời hạn lưu trữ" in html
    assert QUESTION in html


def test_an_unanswered_open_chat_is_a_letter_after_hours_too(app, engine, client, desk, monday):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    monday.shift(timedelta(hours=9))
    tidy(app, engine)
    assert chats(engine)[0].status == "letter"


def test_old_chats_go_those_of_visitors_sooner(app, engine, client, signed_in):
    owner = signed_in(people.CITIZEN)
    for browser in (client, owner):
        change(engine, begun(browser, engine), status="ended", ended_at=now() - timedelta(days=31))

    def forget():
        with app.app_context(), unit(engine) as db:
            jobs.forget_old(db, now())

    forget()
    [kept] = chats(engine)
    assert kept.account_id is not None
    change(engine, kept, ended_at=now() - timedelta(days=181))
    forget()
    with reading(engine) as db:
        assert db.scalars(select(Chat)).all() == db.scalars(select(ChatMessage)).all() == []


def test_a_page_of_a_chat_needs_few_statements(engine, signed_in, hear):
    owner = signed_in(people.CITIZEN)
    here = f"{START}/{begun(owner, engine).id}"
    address = poll_of(pages.get(owner, here))
    hear.clear()
    owner.get(address, headers=HTMX)
    assert len(hear) <= 9, hear
