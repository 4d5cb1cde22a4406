"""Published answers: with consent, without persons, found by words, hinted at before somebody asks the same."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.support.conftest import ANSWER, DESK, FOLLOW, LIST, NEW, SUBJECT, TEXT, act, letter, letters, send
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.support.feedback.models import PublishedAnswer

FORM = {"subject": "Chậm cấp lại thẻ", "question": TEXT, "answer": ANSWER}


def published(engine) -> list[PublishedAnswer]:
    with reading(engine) as db:
        return list(db.scalars(select(PublishedAnswer)))


def answered(engine, client, desk, **changes):
    sent = send(client, engine, **{"may_publish": "y", **changes})
    act(desk.province, sent, "tra-loi", {"text": ANSWER})
    return sent


def test_question_and_answer_are_filled_in_to_be_rewritten(engine, client, desk):
    sent = answered(engine, client, desk)
    html = pages.get(desk.province, f"{DESK}/{sent.id}/cong-bo")
    assert TEXT in html
    assert ANSWER in html


def test_what_names_somebody_is_listed_and_must_go(engine, client, desk):
    text = f"{TEXT} Tôi là Nguyễn Mẫu Viết, số 0900 000 777, thư mau@vidu.vn."
    sent = answered(engine, client, desk, name="Nguyễn Mẫu Viết", text=text)
    page = f"{DESK}/{sent.id}/cong-bo"
    marked = re.findall(r"<mark>([^<]+)</mark>", pages.get(desk.province, page))
    assert marked == ["0900 000 777", "mau@vidu.vn", "Nguyễn Mẫu Viết"]
    answer = act(desk.province, sent, "cong-bo", {**FORM, "question": text})
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert "Hãy xoá hoặc viết khác" in html
    assert published(engine) == []
    assert act(desk.province, sent, "cong-bo", {**FORM, "answer": "Chào anh Mẫu Viết, đã xong."}).status_code == 422
    assert act(desk.province, sent, "cong-bo", FORM).status_code == 303
    html = pages.get(client, f"{LIST}/{published(engine)[0].id}")
    assert TEXT in html
    assert "Nguyễn" not in html


def test_without_consent_and_before_the_answer_nothing_is_published(engine, client, desk, new_client):
    unwilling = send(client, engine)
    act(desk.province, unwilling, "tra-loi", {"text": ANSWER})
    waiting = send(new_client(), engine, category="khac", may_publish="y")
    for sent, words in (
        (unwilling, "Người gửi không đồng ý công bố"),
        (waiting, "Chỉ công bố được sau khi đã trả lời."),
    ):
        answer = desk.province.get(f"{DESK}/{sent.id}/cong-bo")
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
        assert act(desk.province, sent, "cong-bo", FORM).status_code == 422
    assert published(engine) == []


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_publishing_has_both_answers_and_happens_once(engine, client, desk, headers):
    sent = answered(engine, client, desk)
    page = f"{DESK}/{sent.id}"
    token = people.csrf(desk.province, page)
    bad = desk.province.post(f"{page}/cong-bo", data={**FORM, "answer": "", "csrf_token": token}, headers=headers)
    assert bad.status_code == 422
    good = desk.province.post(f"{page}/cong-bo", data={**FORM, "csrf_token": token}, headers=headers)
    assert good.status_code == (204 if headers else 303)
    again = desk.province.post(f"{page}/cong-bo", data={**FORM, "csrf_token": token}, headers=headers)
    assert again.status_code == 422
    assert len(published(engine)) == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_was_withdrawn_is_gone_for_everybody(engine, client, desk, headers):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    [one] = published(engine)
    assert FORM["subject"] in pages.get(client, LIST)
    assert f"{LIST}/{one.id}" in pages.get(client, f"{FOLLOW}/xem")
    token = people.csrf(desk.province, f"{DESK}/{sent.id}")
    answer = desk.province.post(f"{DESK}/{sent.id}/thu-hoi", data={"csrf_token": token}, headers=headers)
    assert answer.status_code == (204 if headers else 303)
    assert client.get(f"{LIST}/{one.id}").status_code == 404
    assert FORM["subject"] not in pages.get(client, LIST)
    assert f"{LIST}/{one.id}" not in pages.get(client, f"{FOLLOW}/xem")
    assert act(desk.province, sent, "cong-bo", FORM).status_code == 303


def test_the_list_is_searched_by_words_without_marks_and_by_category(engine, client, desk):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    for query, found in (
        ("?q=cham+cap+lai", True), ("?q=PHƯỜNG+lý+do", True), ("?q=tuất", False), ("?q=%25", False), ("?q=_____", False),
        ("?loai=the", True), ("?loai=khac", False), ("?loai=la", True), ("?q=cham&loai=the", True),
        ("?sau=rubbish", True), ("?sau=9999-99-99_x", True),
    ):  # fmt: skip
        html = pages.get(client, LIST + query)
        assert (FORM["subject"] in html.split('id="found"')[1]) is found, query
    html = pages.part(client, f"{LIST}?q=cham")
    assert html.lstrip().startswith('<section id="found"')


def test_the_list_has_pages(engine, client, desk):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    with unit(engine) as db:
        row = {
            c.name: getattr(db.scalars(select(PublishedAnswer)).one(), c.name)
            for c in PublishedAnswer.__table__.columns
        }
        for number in range(26):
            at = now() - timedelta(hours=number + 1)
            more = {"id": type(row["id"])(int=number + 1), "subject": f"Trang {number}", "published_at": at}
            db.add(PublishedAnswer(**{**row, **more}))
    html = pages.get(client, f"{LIST}?q=cham&loai=the")
    following = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    rest = pages.get(client, following)
    assert len(set(re.findall(r"Trang \d+|" + FORM["subject"], html + rest))) == 27
    assert 'rel="next"' not in rest


def test_the_published_pages_are_the_same_for_everybody(engine, client, desk, signed_in):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    for path in ("/ho-tro", LIST, f"{LIST}/{published(engine)[0].id}"):
        assert "csrf" not in pages.get(client, path).lower()


# ---- the hint


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nearly_the_same_is_shown_once_and_never_blocks(engine, client, desk, new_client, headers):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    other = new_client()
    html = other.get(NEW).get_data(as_text=True)
    data = {**letter(subject="Chậm cấp thẻ"), "csrf_token": people.csrf(other, NEW), **people.captcha_answer(html)}
    answer = other.post(NEW, data=data, headers=headers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"{LIST}/{published(engine)[0].id}" in html
    assert "Vẫn gửi" in html
    assert TEXT in html
    assert len(letters(engine)) == 1
    answer = other.post(NEW, data={**data, **people.captcha_answer(html), "van-gui": "1"}, headers=headers)
    assert answer.status_code == (204 if headers else 303)
    assert len(letters(engine)) == 2


def test_ones_own_open_letter_is_hinted_at_and_a_strangers_never(engine, signed_in):
    owner, stranger = signed_in(people.CITIZEN), signed_in(people.STRANGER)
    assert people.post(owner, NEW, letter(reply_to="khong")).status_code == 303
    assert people.post(stranger, NEW, letter(reply_to="khong")).status_code == 303
    answer = people.post(owner, NEW, letter(reply_to="khong"))
    html = pages.inspected(answer)
    assert answer.status_code == 422
    mine, strangers = letters(engine)
    assert str(mine.id) in html
    assert str(strangers.id) not in html


def test_a_withdrawn_answer_is_no_hint(engine, client, desk, new_client):
    sent = answered(engine, client, desk)
    act(desk.province, sent, "cong-bo", FORM)
    with unit(engine) as db:
        db.execute(update(PublishedAnswer).values(withdrawn_at=now()))
    send(new_client(), engine)
    assert letters(engine)[1].subject == SUBJECT
