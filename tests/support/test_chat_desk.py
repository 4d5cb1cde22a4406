"""Trò chuyện, the officers' side: who waits, one winner, answers, passing on, names only where they were shown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.support.chats import (
    DESK,
    GUEST,
    HTMX,
    QUESTION,
    REPLY,
    START,
    act,
    begun,
    change,
    chat_tags,
    chats,
    said,
    say,
)
from tests.support.conftest import letters
from vssid.accounts.models import LoginSession
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.officers.models import Officer
from vssid.support.chat.models import ChatDesk

pytestmark = pytest.mark.usefixtures("monday")
ACTS = ("nhan", "tra-loi", "chuyen", "tra-hang", "phan-anh", "ket-thuc")


def test_no_citizen_and_no_visitor_comes_to_the_desk(client, engine, signed_in):
    chat = begun(client, engine)
    for browser in (client, signed_in(people.CITIZEN)):
        for page in (DESK, f"{DESK}/{chat.id}"):
            answer = browser.get(page)
            assert answer.status_code == 303
            assert "/can-bo/dang-nhap" in answer.location


def test_every_agency_sees_who_waits_and_no_text(client, engine, desk):
    assert "Không ai đang chờ" in pages.get(desk.own, DESK)
    chat = begun(client, engine)
    for browser in (desk.province, desk.own, desk.other):
        html = pages.get(browser, DESK)
        assert str(chat.id) in html
        assert QUESTION not in html
        assert QUESTION in pages.get(browser, f"{DESK}/{chat.id}")
    assert chat_tags(engine).count("chat.viewed") == 3
    assert desk.own.get(f"{DESK}/{uuid4()}").status_code == 404


def test_who_waits_longest_stands_first(engine, desk, new_client):
    later, first = begun(new_client(), engine), begun(new_client(), engine)
    change(engine, first, opened_at=now() - timedelta(minutes=5))
    html = pages.get(desk.own, DESK)
    assert html.index(str(first.id)) < html.index(str(later.id))
    assert "chờ 5 phút" in html


def test_of_two_presses_at_the_same_moment_one_wins(app, engine, client, desk):
    chat = begun(client, engine)
    page = f"{DESK}/{chat.id}"
    calls = [(browser, people.csrf(browser, page)) for browser in (desk.own, desk.other)]

    def press(call):
        browser, token = call
        return browser.post(f"{page}/nhan", data={"csrf_token": token})

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(press, calls))
    assert sorted(one.status_code for one in answers) == [303, 422]
    loser = next(one for one in answers if one.status_code == 422)
    assert "vừa được cán bộ khác nhận" in pages.inspected(loser)
    assert chat_tags(engine).count("chat.taken") == 1


def test_five_at_once_and_no_more(engine, desk, new_client):
    taken = [begun(new_client(), engine) for _n in range(5)]
    for chat in taken:
        assert act(desk.own, chat, "nhan").status_code == 303
    sixth = begun(new_client(), engine)
    answer = act(desk.own, sixth, "nhan")
    assert answer.status_code == 422
    assert "đang trò chuyện với 5 người" in pages.inspected(answer)
    act(desk.own, taken[0], "ket-thuc")
    assert act(desk.own, sixth, "nhan").status_code == 303


def test_only_who_has_taken_it_answers_and_ends(app, engine, client, desk):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    page = f"{DESK}/{chat.id}"
    for what in ("tra-loi", "tra-hang", "phan-anh", "ket-thuc"):
        answer = people.post(desk.other, f"{page}/{what}", {"text": "Tôi trả lời."}, DESK)
        assert answer.status_code == 422, what
        assert "chưa nhận cuộc trò chuyện này" in answer.get_data(as_text=True), what
    assert said(app, engine, chat) == [("citizen", QUESTION)]
    assert chats(engine)[0].status == "open"
    answer = people.post(desk.other, f"{page}/tra-loi", {"text": "Tôi trả lời."}, DESK, headers=HTMX)
    assert answer.status_code == 422
    assert "Tôi trả lời." in answer.get_data(as_text=True)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_every_act_answers_with_and_without_script(engine, client, desk, headers, new_client):
    done = {204, 200} if headers else {303}
    pages.get(desk.other, DESK)
    for what, data in (
        ("tra-loi", {"text": REPLY}), ("tra-hang", {}), ("chuyen", {"colleague": "CB02"}), ("phan-anh", {}), ("ket-thuc", {}),
    ):  # fmt: skip
        chat = begun(new_client(), engine)
        assert act(desk.own, chat, "nhan", headers=headers).status_code in done
        assert act(desk.own, chat, what, data, headers=headers).status_code in done, what
        if what == "tra-loi":
            answer = act(desk.own, chat, what, {"text": ""}, headers=headers)
            assert answer.status_code == 422
            assert "Hãy viết lời nhắn." in answer.get_data(as_text=True)
            act(desk.own, chat, "ket-thuc")


def test_given_back_it_waits_where_it_waited(engine, client, desk, new_client):
    first = begun(client, engine)
    begun(new_client(), engine)
    act(desk.own, first, "nhan")
    act(desk.own, first, "tra-hang")
    [one, _other] = chats(engine)
    assert (one.status, one.officer_id, one.opened_at) == ("waiting", None, first.opened_at)
    assert "Bạn là người kế tiếp." in pages.get(client, GUEST)


def test_passed_on_a_present_colleague_has_it(engine, client, desk):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    answer = act(desk.own, chat, "chuyen", {"colleague": "CB02"})
    assert answer.status_code == 422
    assert "hiện không trực" in pages.inspected(answer)
    pages.get(desk.other, DESK)
    assert "CB02" in pages.get(desk.own, f"{DESK}/{chat.id}")
    assert act(desk.own, chat, "chuyen", {"colleague": "CB02"}).status_code == 303
    assert say(desk.other, f"{DESK}/{chat.id}", REPLY, "tra-loi").status_code == 303
    assert REPLY in pages.get(client, GUEST)


def test_it_is_not_passed_to_the_family(engine, signed_in, desk):
    chat = begun(signed_in(people.CITIZEN), engine)
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == "CB02").values(ma_so_bhxh=people.CITIZEN.ma_so))
    pages.get(desk.other, DESK)
    act(desk.own, chat, "nhan")
    assert act(desk.own, chat, "chuyen", {"colleague": "CB02"}).status_code == 422
    assert chats(engine)[0].status == "open"


def test_officers_never_see_their_own_or_their_familys(engine, signed_in, desk):
    chat = begun(signed_in(people.CITIZEN), engine)
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == "CB01").values(ma_so_bhxh=people.CITIZEN.ma_so))
    assert str(chat.id) not in pages.get(desk.own, DESK)
    answer = desk.own.get(f"{DESK}/{chat.id}")
    assert answer.status_code == 422
    assert QUESTION not in answer.get_data(as_text=True)
    for what in ACTS:
        assert people.post(desk.own, f"{DESK}/{chat.id}/{what}", {"text": "x"}, DESK).status_code == 422, what
    assert chats(engine)[0].status == "waiting"


def test_name_and_number_are_seen_only_where_they_were_shown(engine, signed_in, desk):
    owner = signed_in(people.CITIZEN)
    chat = begun(owner, engine)
    page = f"{DESK}/{chat.id}"
    html = pages.get(desk.own, page)
    assert "Người dân" in html
    for words in (people.CITIZEN.name, people.CITIZEN.ma_so):
        assert words not in html
    assert people.post(owner, f"{START}/{chat.id}/hien-ten", page=f"{START}/{chat.id}").status_code == 303
    html = pages.get(desk.own, page)
    for words in (people.CITIZEN.name, people.CITIZEN.ma_so):
        assert words in html
    people.post(owner, f"{START}/{chat.id}/ket-thuc", page=f"{START}/{chat.id}")
    assert begun(owner, engine, shows_name="y").shows_name


def test_an_ended_chat_is_only_for_who_had_it(engine, client, desk):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    act(desk.own, chat, "ket-thuc")
    assert QUESTION in pages.get(desk.own, f"{DESK}/{chat.id}")
    assert desk.other.get(f"{DESK}/{chat.id}").status_code == 404


def test_as_a_letter_it_is_the_officers_to_answer(engine, client, desk):
    chat = begun(client, engine, contact="0900000777")
    act(desk.own, chat, "nhan")
    say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    assert act(desk.own, chat, "phan-anh").status_code == 303
    [letter] = letters(engine)
    assert (letter.status, letter.agency_code, letter.phone) == ("taken", "08902", "+84900000777")
    html = pages.get(desk.own, f"/can-bo/phan-anh/{letter.id}")
    assert QUESTION in html
    assert "Cán bộ, 09:" in html
    assert REPLY in html
    assert "Mở phiếu tiếp nhận" in pages.get(client, GUEST)


def test_a_desk_that_is_open_is_noted_twice_a_minute_at_most(engine, desk, monday):
    def seen():
        with reading(engine) as db:
            return list(db.scalars(select(ChatDesk.seen_at)))

    pages.get(desk.own, DESK)
    [first] = seen()
    pages.get(desk.own, DESK)
    assert seen() == [first]
    monday.shift(timedelta(seconds=31))
    desk.own.get(f"{DESK}?tiep=1", headers=HTMX)
    assert seen()[0] > first


def mark_of(html: str) -> str:
    return html.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")


def test_the_desk_hears_of_who_comes_and_says_204_otherwise(engine, client, desk):
    address = mark_of(pages.get(desk.own, DESK).split('id="chats"')[1])
    assert desk.own.get(address, headers=HTMX).status_code == 204
    chat = begun(client, engine)
    html = desk.own.get(address, headers=HTMX).get_data(as_text=True)
    assert str(chat.id) in html
    assert "<h1" not in html


def test_an_open_chat_hears_what_is_new_without_another_row_of_the_audit(engine, client, desk):
    chat = begun(client, engine)
    act(desk.own, chat, "nhan")
    html = pages.get(desk.own, f"{DESK}/{chat.id}")
    address = mark_of(html.split('id="chat-next"')[1])
    noted = chat_tags(engine).count("chat.viewed")
    assert desk.own.get(address, headers=HTMX).status_code == 204
    say(client, GUEST, "Xin hỏi thêm.")
    html = desk.own.get(address, headers=HTMX).get_data(as_text=True)
    assert "Xin hỏi thêm." in html
    assert 'id="chat-write"' not in html
    assert chat_tags(engine).count("chat.viewed") == noted
    people.post(client, f"{GUEST}/ket-thuc", page=GUEST)
    assert f"{DESK}/{chat.id}" in desk.own.get(mark_of(html), headers=HTMX).headers["HX-Redirect"]


def test_the_other_open_chats_stand_beside_and_say_who_waits_for_an_answer(engine, client, desk, new_client):
    one, other = begun(client, engine), begun(new_client(), engine)
    for chat in (one, other):
        act(desk.own, chat, "nhan")
        say(desk.own, f"{DESK}/{chat.id}", REPLY, "tra-loi")
    html = pages.get(desk.own, f"{DESK}/{other.id}")
    assert f'href="{DESK}/{one.id}"' in html
    assert "Chờ bạn trả lời" not in html
    address = mark_of(html.split('id="chat-next"')[1])
    assert desk.own.get(address, headers=HTMX).status_code == 204
    say(client, GUEST, "Xin hỏi thêm.")
    html = desk.own.get(address, headers=HTMX).get_data(as_text=True)
    assert "Chờ bạn trả lời" in html
    assert "Xin hỏi thêm." not in html
    assert 'id="chat-write"' not in html


def test_a_desk_that_asks_by_itself_ends_with_the_session(engine, desk, monday):
    with reading(engine) as db:
        before = sorted(db.scalars(select(LoginSession.last_seen_at)))
    for _minutes in range(3):
        monday.shift(timedelta(minutes=2))
        desk.own.get(f"{DESK}?tiep=1", headers=HTMX)
    with reading(engine) as db:
        assert sorted(db.scalars(select(LoginSession.last_seen_at))) == before
    monday.shift(timedelta(minutes=20))
    answer = desk.own.get(f"{DESK}?tiep=1", headers=HTMX)
    assert answer.status_code == 401
    assert "/can-bo/dang-nhap" in answer.headers["HX-Redirect"]


def test_the_queue_takes_few_statements_whoever_waits(engine, desk, new_client, hear):
    for _n in range(3):
        begun(new_client(), engine)
    pages.get(desk.own, DESK)
    hear.clear()
    pages.get(desk.own, DESK)
    few = len(hear)
    for _n in range(6):
        begun(new_client(), engine)
    hear.clear()
    pages.get(desk.own, DESK)
    assert len(hear) <= few
