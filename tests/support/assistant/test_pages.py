"""The assistant's pages: answers with and without script, own records, what finds nothing, and who may not be harmed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests import people
from tests.support import chats
from vssid.directory import listings
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notices.switches.models import ServiceStop
from vssid.notices.words import FiveWords
from vssid.officers.models import Officer
from vssid.support.assistant import actions
from vssid.support.assistant.asking import asked_of
from vssid.support.assistant.intents import Intent
from vssid.support.assistant.models import AssistantQuestion
from vssid.support.assistant.rules import KEPT, LONGEST_QUESTION, MOST_KEPT

HERE, LETTER = "/ho-tro/tro-ly", "/ho-tro/phan-anh/moi"
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _fresh(app):
    """No index and no count of another test."""
    app.extensions["assistant.library"].forget()
    app.extensions["assistant.flood"]._asked.clear()


def ask(client, question, **options):
    return people.post(client, HERE, {"question": question}, **options)


def words(answer):
    return answer.get_data(as_text=True)


def kept(engine):
    with reading(engine) as db:
        return [(one.text, one.times, one.state) for one in db.scalars(select(AssistantQuestion))]


def test_the_answer_quotes_a_text_and_names_its_source(client):
    answer = ask(client, "toi quen mat khau")
    html = words(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<title>" in html
    assert "Nguồn:" in html
    assert 'href="/ho-tro/hoi-dap/quen-mat-khau-thi-sao"' in html
    assert "Mã dùng trong 10 phút" in html


def test_htmx_gets_the_exchange_and_an_empty_box(client):
    html = words(ask(client, "quên mật khẩu", headers=HX))
    assert "<title>" not in html
    assert html.count('id="ask"') == 1
    assert 'name="question"' in html
    assert "quen-mat-khau-thi-sao" in html


def test_an_english_page_answers_a_vietnamese_question_in_vietnamese(client):
    html = words(ask(client, "thẻ sắp hết hạn có tự gia hạn không", headers={"Accept-Language": "en"}))
    assert '<h2 lang="vi">Thẻ BHYT sắp hết hạn' in html


def test_a_question_in_english_is_answered_in_english(client):
    assert "How do I get back in?" in words(ask(client, "I forgot my password"))


@pytest.mark.parametrize("question", ["", " ", "a" * (LONGEST_QUESTION + 1)])
def test_what_cannot_be_asked_comes_back_with_its_words(client, question):
    for headers in ({}, HX):
        answer = ask(client, question, headers=headers)
        assert answer.status_code == 422
        assert question.strip() in words(answer)
        assert 'id="ask"' in words(answer)


def test_control_characters_are_refused(client):
    assert ask(client, "quên\u202emật khẩu").status_code == 422


def test_signs_that_are_code_elsewhere_are_only_shown(client):
    html = words(ask(client, "<script>alert(1)</script> quên mật khẩu \"'><img src=x onerror=alert(1)>"))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_what_finds_nothing_is_noted_once_however_often_it_is_asked(client, engine):
    for question in ("Công thức nấu canh chua cá lóc", "cong thuc nau canh chua ca loc!"):
        assert "Tôi chưa có câu trả lời" in words(ask(client, question))
    assert kept(engine) == [("Công thức nấu canh chua cá lóc", 2, "open")]


def test_numbers_and_mailboxes_are_not_kept(client, engine):
    ask(client, "xyzzy 0912 345 678 plugh ten@vidu.vn 089185000101")
    [(text, _times, _state)] = kept(engine)
    assert not re.search(r"\d|@", text)


def test_nothing_is_written_for_a_question_that_was_answered(client, engine):
    ask(client, "quên mật khẩu")
    assert kept(engine) == []


def test_own_record_needs_a_sign_in(client):
    html = words(ask(client, "thẻ của tôi còn hạn không?"))
    assert "Cần đăng nhập" in html
    assert 'href="/dang-nhap?tiep=/ca-nhan/the-bhyt"' in html


def test_who_is_signed_in_hears_of_their_own_card_only(app, engine, signed_in):
    browser, other = signed_in(people.CITIZEN), signed_in(people.STRANGER)
    with unit(engine) as db:
        person = db.scalar(
            select(people.PersonIdentifier.person_id).where(people.PersonIdentifier.value == people.CITIZEN.ma_so)
        )
        people.add_card(db, person, people.CITIZEN, valid_to=None)
    assert "Đang dùng được; thẻ không ghi ngày hết hạn." in words(ask(browser, "thẻ của tôi còn hạn không?"))
    assert "Bệnh viện Đa khoa Khu vực Mẫu" in words(ask(browser, "nơi khám ban đầu của tôi là ở đâu"))
    assert "Chưa thấy thẻ" in words(ask(other, "thẻ của tôi còn hạn không?"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("tôi đóng được bao lâu rồi", "Chưa thấy quá trình tham gia"),
        ("tháng nào của tôi chưa đóng", "Chưa thấy quá trình tham gia"),
        ("năm nay tôi đi khám mấy lần", "Chưa có lần khám nào năm nay"),
        ("mức hưởng của tôi là bao nhiêu", "Chưa thấy thẻ"),
        ("thẻ của con tôi còn hạn không", "Chưa có trẻ nào trong mục Gia đình của bạn."),
        ("tờ khai của tôi đã duyệt chưa", "Tài khoản của bạn đã được mở."),
        ("ai đã xem hồ sơ của tôi", "/tai-khoan/du-lieu/ai-da-xem"),
        ("phản ánh của tôi đã được trả lời chưa", "Bạn chưa gửi phản ánh nào"),
        ("tôi đã hưởng chế độ gì", "/ca-nhan/thong-tin-huong"),
    ],
)
def test_every_intent_has_a_line(signed_in, question, said):
    html = words(ask(signed_in(people.CITIZEN), question))
    assert said in html
    assert "Cần đăng nhập" not in html


def test_a_place_is_answered_from_the_lists(client, engine):
    with unit(engine) as db:
        people.add_agency(db, "08902", "BHXH cơ sở Châu Đốc")
        listings.touch(db, listings.Kind.AGENCIES, at=now())
    listings.bring_up_all(engine)
    for question in ("số điện thoại bhxh châu đốc", "dia chi bhxh chau doc", "social insurance office in Chau Doc"):
        html = words(ask(client, question))
        assert "BHXH cơ sở Châu Đốc" in html, question
        assert 'href="tel:0296000001"' in html
        assert 'href="/tra-cuu/co-quan?q=' in html


def rest(app, engine, service):
    """This service alone rests for three hours."""
    with app.app_context(), unit(engine) as db:
        officer = db.scalar(select(Officer.id))
        if officer is None:
            people.add_agency(db, "089")
            people.add_officer(app, db, "GS01", "089", "giam_sat")
            officer = db.scalar(select(Officer.id))
        db.execute(delete(ServiceStop))
        span = {"since": now(), "until": now() + timedelta(hours=3)}
        words = FiveWords("Đang sửa.").columns
        db.add(ServiceStop(service=service, version=1, changed_by=officer, **span, **words))
    app.extensions["switches"].stops.forget()


def hand_over(client, question="quên mật khẩu", **options):
    return people.post(client, f"{HERE}/chua-dung", {"question": question}, HERE, **options)


def test_in_working_hours_not_what_was_meant_leads_to_the_chat_with_the_question(client, engine, monday):
    for headers in ({}, HX):
        answer = hand_over(client, headers=headers)
        assert answer.status_code == (204 if headers else 303)
        assert chats.START in answer.headers["HX-Location" if headers else "Location"]
    assert kept(engine) == [("quên mật khẩu", 2, "open")]
    for _reload in range(2):
        html = words(client.get(chats.START))
        assert "quên mật khẩu</textarea>" in html
    people.post(client, chats.START, chats.question(html, text="quên mật khẩu"))
    assert len(chats.chats(engine)) == 1
    assert "quên mật khẩu</textarea>" not in words(client.get(chats.START))
    assert hand_over(client, "").status_code == 422


def test_outside_hours_it_leads_to_a_letter_that_begins_with_the_question(client, monday):
    monday.shift(timedelta(hours=12))
    assert hand_over(client).location == LETTER
    for _reload in range(2):
        assert 'value="quên mật khẩu"' in words(client.get(LETTER))
    monday.shift(timedelta(minutes=31))
    assert 'value="quên mật khẩu"' not in words(client.get(LETTER))


def test_where_the_chat_rests_a_letter_is_the_way_and_where_letters_rest_the_chat(app, client, engine, monday):
    rest(app, engine, "tro-chuyen")
    assert hand_over(client).location == LETTER
    assert "Tạm nghỉ đến" in words(client.get("/ho-tro"))
    monday.shift(timedelta(hours=12))
    rest(app, engine, "phan-anh")
    assert hand_over(client).location == chats.START
    assert "Gửi phản ánh: tạm nghỉ đến" in words(client.get("/ho-tro/phan-anh"))


@pytest.mark.parametrize(
    "question",
    ["thẻ của mẹ tôi còn hạn không", "chồng tôi đóng được bao lâu rồi", "con tôi đóng được bao lâu", "vợ em khám lần cuối khi nào",
     "the cua me toi con han khong", "is my mother's card still valid?", "妈妈的医保卡过期了吗"],
)  # fmt: skip
def test_a_relatives_record_is_not_answered_from_ones_own(client, signed_in, question):
    for browser in (client, signed_in(people.CITIZEN)):
        html = words(ask(browser, question))
        assert 'href="/ca-nhan/gia-dinh"' in html
        # What is said of nobody's record is said in two lines, of one's own in one.
        assert len(re.findall(r'<p lang="\w+(?:-\w+)?"><strong>', html)) == 2


@pytest.mark.parametrize(
    "question",
    [
        "母の保険証はまだ使えますか",
        "어머니 보험증 아직 유효해요?",
        "thẻ của bà còn hạn không",
        "bố chồng em còn hạn thẻ không",
    ],
)
def test_relatives_are_known_however_they_are_called(question):
    assert asked_of(Intent.CARD_VALID, question) is Intent.SOMEBODY_ELSE
    assert asked_of(Intent.CHILDREN_CARDS, question) is Intent.SOMEBODY_ELSE
    assert asked_of(Intent.CHILDREN_CARDS, "thẻ của con tôi còn hạn không") is Intent.CHILDREN_CARDS


@pytest.mark.parametrize(
    "question",
    ["chị ơi thẻ của em còn hạn không", "anh cho tôi hỏi thẻ của tôi còn hạn không", "thứ ba tôi đi khám, thẻ tôi còn hạn không",
     "the cua toi con han khong", "is my card still valid?"],
)  # fmt: skip
def test_who_speaks_to_somebody_asks_for_themselves(question):
    assert asked_of(Intent.CARD_VALID, question) is Intent.CARD_VALID


def test_a_flood_is_told_to_wait(app, client):
    app.extensions["assistant.flood"]._most = 2
    try:
        assert [ask(client, "quên mật khẩu").status_code for _ in range(3)] == [200, 200, 429]
    finally:
        app.extensions["assistant.flood"]._most = 60


def test_old_questions_go_and_the_table_does_not_grow_for_ever(engine, monkeypatch):
    monkeypatch.setattr(actions, "MOST_KEPT", 3)
    at = now()
    with unit(engine) as db:
        for nth, question in enumerate(("một", "hai", "hai", "ba", "bốn"), start=1):
            actions.note(db, question, "vi", at.replace(microsecond=nth))
            db.flush()
    assert {text for text, _times, _state in kept(engine)} == {"hai", "ba", "bốn"}
    assert MOST_KEPT == 10_000
    with unit(engine) as db:
        assert not actions.forget_old(db, at + KEPT * 2)
    assert kept(engine) == []


@pytest.fixture
def editor(app, engine, new_client):
    with app.app_context(), unit(engine) as db:
        people.add_agency(db, "089", "BHXH tỉnh Mẫu")
        setup = people.add_officer(app, db, "BT01", "089", "bien_tap")
    browser = new_client()
    people.officer_signs_in(app, browser, "BT01", setup)
    return browser


def test_an_editor_writes_the_answer_or_puts_the_question_aside(client, editor, engine):
    for question in ("Xyzzy plugh là gì", "Plover ở đâu"):
        ask(client, question)
    with reading(engine) as db:
        ids = {one.text: one.id for one in db.scalars(select(AssistantQuestion))}
    desk = "/can-bo/cau-hoi"
    assert "Xyzzy plugh là gì" in words(editor.get(desk))
    written = people.post(editor, f"{desk}/{ids['Xyzzy plugh là gì']}/viet", {}, desk)
    assert written.status_code == 303
    assert "Xyzzy plugh là gì" in words(editor.get(written.headers["Location"]))
    again = f"{desk}/{ids['Xyzzy plugh là gì']}/viet"
    token = people.csrf(editor, desk)
    for headers in ({}, HX):
        assert editor.post(again, data={"csrf_token": token}, headers=headers).status_code == 422
    aside = editor.post(f"{desk}/{ids['Plover ở đâu']}/bo-qua", data={"csrf_token": token}, headers=HX)
    assert aside.status_code == 204
    assert editor.post(f"{desk}/{ids['Plover ở đâu']}/bo-qua", data={"csrf_token": token}).status_code == 422
    assert sorted(state for _text, _times, state in kept(engine)) == ["answered", "ignored"]
    assert "Không có câu hỏi nào" in words(editor.get(desk))
    assert "Mở bài" in words(editor.get(f"{desk}?loc=answered"))


def test_only_editors_see_the_questions(desk, client):
    assert desk.own.get("/can-bo/cau-hoi").status_code == 403
    assert client.get("/can-bo/cau-hoi").status_code in (302, 303)


def test_a_question_that_is_not_there_is_404(editor):
    missing = "/can-bo/cau-hoi/00000000-0000-4000-8000-000000000000"
    for what in ("viet", "bo-qua"):
        assert (
            editor.post(
                f"{missing}/{what}", data={"csrf_token": people.csrf(editor, "/can-bo/noi-dung/moi")}
            ).status_code
            == 404
        )


def test_few_statements_answer_a_question(client, hear):
    ask(client, "quên mật khẩu")
    token = people.csrf(client, HERE)
    hear.clear()
    client.post(HERE, data={"csrf_token": token, "question": "quên mật khẩu"})
    assert len(hear) <= 5, hear
