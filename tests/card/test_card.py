"""The card over HTTP: what is shown, read back from picture and print."""

import gzip
import re
from datetime import date

import pytest
from sqlalchemy import event

from tests import pages, people
from vssid.accounts import actions
from vssid.card.models import Card
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.text import grouped
from vssid.web import headers


def make_account(app, db, who) -> None:
    person = people.add_person(db, who)
    people.add_card(db, person, who)
    made = actions.create(
        db, app.extensions["keyring"], person, [who.ma_so, who.cccd],
        actions.Contact("+84" + who.phone[1:], "", "vi"), by=OPERATOR, at=now(),
    )  # fmt: skip
    made.terms_version = TERMS_VERSION


@pytest.fixture
def citizen(app, engine, new_client):
    with app.app_context(), unit(engine) as db:
        make_account(app, db, people.CITIZEN)
    client = new_client()
    code = people.sent_code(app, "code.activation")
    form = {"name": people.CITIZEN.ma_so, "code": code, "password": people.PASSWORD, "again": people.PASSWORD}
    people.post(client, "/kich-hoat", form)
    people.post(client, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    return client


def test_the_card_page_says_everything_in_words(citizen):
    html = pages.get(citizen, "/ca-nhan/the-bhyt")
    for expected in (
        "89 0000 0101", people.CITIZEN.name, "04/09/1985", "Mã: 89 - 012", "Bệnh viện Đa khoa Khu vực Mẫu", "80% chi phí KCB",
        "1/2/2025", "20/12/2025", "Nguyễn Văn Mẫu Ký", "31/12/2026", "Tổ 1, Phường Long Xuyên",
    ):  # fmt: skip
        assert expected in html, expected


@pytest.mark.parametrize("path", ["/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung"])
def test_the_card_waits_for_no_second_style_sheet(citizen, path):
    answer = citizen.get(path, headers={"Accept-Encoding": "gzip"})
    html = gzip.decompress(answer.data).decode()
    style = re.search(r"<style>(.*?)</style>", html, re.S)[1]
    assert ".tabbar{" in style
    assert ".bhyt{" in style
    assert headers.style_hash(style) in answer.headers["Content-Security-Policy"]
    assert 'rel="stylesheet"' not in html
    assert html.endswith("</html>")


@pytest.mark.parametrize(("language", "sign"), [("vi", ": "), ("en", ": "), ("ko", ": "), ("zh", "："), ("ja", "：")])
def test_a_label_and_its_value_stand_apart_as_the_language_writes_it(citizen, language, sign):
    html = citizen.get(f"/ca-nhan/the-bhyt/su-dung?lang={language}").get_data(as_text=True)
    lines = re.findall(r'<p class="plainly"><strong>[^<]+</strong>(..)', html)
    assert len(lines) == 2
    assert all(line.startswith(sign) for line in lines)
    assert f'data-words="{{0}}{sign}{{1}}"' in citizen.get(f"/the-da-luu?lang={language}").get_data(as_text=True)


def test_without_a_card_the_page_says_what_to_do(app, engine, citizen):
    with unit(engine) as db:
        db.query(Card).delete()
    for path in ("/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung"):
        assert "Chưa thấy thẻ BHYT" in pages.get(citizen, path)
    assert citizen.get("/ca-nhan/the-bhyt.pdf").status_code == 404


def test_a_withdrawn_version_is_shown_as_withdrawn(app, engine, citizen):
    with unit(engine) as db:
        person_id = db.query(Card).one().person_id
        people.add_card(db, person_id, people.CITIZEN, version=2, status="thu_hoi")
    assert "đã bị thu hồi" in pages.get(citizen, "/ca-nhan/the-bhyt")


def test_the_qr_for_the_counter_is_black_on_white_with_a_quiet_zone(citizen):
    html = pages.get(citizen, "/ca-nhan/the-bhyt/su-dung")
    assert 'fill="#000"' in html
    assert "Dùng được hôm nay" in html
    assert grouped(people.CITIZEN.ma_so, 2, 4) in html
    assert "Mức 4 · 80%" in html


def test_numbers_are_masked_until_asked_and_asking_is_noted(citizen, engine):
    from sqlalchemy import select

    from vssid.kernel.audit import AuditEntry

    assert people.CITIZEN.cccd not in pages.get(citizen, "/ca-nhan")
    assert people.CITIZEN.cccd in pages.get(citizen, "/ca-nhan?hien=1")
    with reading(engine) as db:
        assert "person.revealed" in set(db.scalars(select(AuditEntry.tag)))


@pytest.mark.parametrize(
    ("path", "most"), [("/ca-nhan/the-bhyt", 6), ("/ca-nhan/the-bhyt/su-dung", 6), ("/", 6), ("/ca-nhan", 9)]
)
def test_few_statements_a_page(citizen, engine, path, most):
    citizen.get(path)
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        citizen.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 0 < len(seen) <= most, "\n".join(seen)


def test_a_merged_number_shows_the_card_of_both(app, engine, citizen):
    from vssid.records.models import Person

    with unit(engine) as db:
        survivor = db.query(Person).one()
        lost = people.add_person(db, people.STRANGER)
        people.add_card(db, lost, people.STRANGER, valid_from=date(2026, 2, 1))
        db.get(Person, lost).merged_into_id = survivor.id
    assert "89 0000 0102" in pages.get(citizen, "/ca-nhan/the-bhyt")


def test_strangers_have_no_way_to_it(client, citizen):
    for path in (
        "/ca-nhan",
        "/ca-nhan/the-bhyt",
        "/ca-nhan/the-bhyt/su-dung",
        "/ca-nhan/the-bhyt.pdf",
        "/ca-nhan/anh-chan-dung.jpg",
    ):
        assert client.get(path).status_code == 303
