"""A forgotten password: the phone alone is enough where it serves one account; nobody learns who has one."""

import re
from datetime import date

import pytest
from sqlalchemy import Engine, event, select

from tests import pages, people
from vssid import accounts
from vssid.accounts.models import Account
from vssid.accounts.recovery.rules import ASKED_FROM_NETWORK
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications import deliver_due
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage

NEW = "trăng sáng trên sông Hậu"
PAGE = "/quen-mat-khau"


@pytest.fixture
def citizen(app, engine, new_client):
    """An account whose owner came in once."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, new_client(), people.CITIZEN.ma_so)


@pytest.fixture
def child(app, engine, citizen, new_client):
    """A child's account whose codes go to the citizen's phone."""
    with app.app_context(), unit(engine) as db:
        guardian = db.scalar(select(Account)).person_id
        made = accounts.create_for_child(
            db, app.extensions["keyring"], (people.add_person(db, people.CHILD), people.CHILD.ma_so, people.CHILD.name),
            guardian, accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version = TERMS_VERSION
    people.citizen_signs_in(app, new_client(), people.CHILD.ma_so)


def ask(client, phone, name=""):
    return people.post(client, PAGE, {"phone": phone, "name": name})


def reset(client, name, code):
    return people.post(client, "/kich-hoat", {"name": name, "code": code, "password": NEW, "again": NEW})


def texts(app, engine, kind):
    with reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
        return [opened(app.extensions["keyring"], row).text for row in rows if row.sealed]


def test_who_forgot_the_ma_so_and_has_the_phone_gets_in(app, citizen, new_client):
    client = new_client()
    assert ask(client, people.CITIZEN.phone).location == "/kich-hoat"
    code = people.sent_code(app, "code.reset")
    assert reset(client, people.CITIZEN.phone, code).status_code == 303
    answer = people.post(client, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": NEW})
    assert answer.status_code == 303


@pytest.mark.parametrize("spelling", ["0900 000 101", "+84900000101", "84900000101", "0900.000.101"])
def test_the_phone_is_read_as_people_write_it(app, citizen, new_client, spelling):
    ask(new_client(), spelling)
    assert reset(new_client(), spelling, people.sent_code(app, "code.reset")).status_code == 303


def test_a_phone_that_serves_a_child_too_is_told_that_the_ma_so_is_needed(app, engine, child, new_client):
    ask(new_client(), people.CITIZEN.phone)
    assert texts(app, engine, "code.reset") == []
    [text] = texts(app, engine, "recovery.name_needed")
    assert "nhap them ma so BHXH" in text
    for who in (people.CITIZEN, people.CHILD):
        ask(new_client(), people.CITIZEN.phone, who.ma_so)
        code = people.sent_code(app, "code.reset")
        by_phone = reset(new_client(), people.CITIZEN.phone, code)
        assert by_phone.status_code == 422
        assert "nhận mã cho con" in pages.inspected(by_phone)
        assert reset(new_client(), who.ma_so, code).status_code == 303


@pytest.mark.parametrize(
    ("phone", "name"),
    [("0900000998", ""), ("0900000998", people.CITIZEN.ma_so), (people.CITIZEN.phone, "8900000999"),
     (people.CITIZEN.phone, "'; --"), ("12", ""), ("", people.CITIZEN.ma_so)],
)  # fmt: skip
def test_what_does_not_fit_brings_no_code(app, engine, citizen, new_client, phone, name):
    ask(new_client(), phone, name)
    with app.app_context():
        deliver_due(app, now())
    with reading(engine) as db:
        sent = db.scalars(select(OutboxMessage.state).where(OutboxMessage.kind == "code.reset")).all()
    assert "sent" not in sent
    assert texts(app, engine, "code.reset") == []


def test_a_closed_account_gets_no_code(app, engine, citizen, new_client):
    with unit(engine) as db:
        db.scalar(select(Account)).status = "closed"
    for name in ("", people.CITIZEN.ma_so):
        ask(new_client(), people.CITIZEN.phone, name)
    assert [text for text in texts(app, engine, "code.reset") if people.CITIZEN.phone in text] == []
    with reading(engine) as db:
        kept = [opened(app.extensions["keyring"], row) for row in db.scalars(select(OutboxMessage)) if row.sealed]
    assert {one.to for one in kept if one.kind == "code.reset"} == {"+84900000000"}


@pytest.mark.parametrize("name", ["", people.CITIZEN.ma_so])
def test_known_and_unknown_cost_the_same_statements_and_look_the_same(app, citizen, new_client, name):
    seen, answers = [], []
    heard: list[str] = []

    def hear(_connection, _cursor, sql, *_rest):
        heard.append(sql)

    for phone in (people.CITIZEN.phone, "0900000998"):
        client = new_client()
        token = people.csrf(client, PAGE)
        data = {
            "csrf_token": token,
            "phone": phone,
            "name": name,
            **people.captcha_answer(client.get(PAGE).get_data(as_text=True)),
        }
        heard.clear()
        event.listen(Engine, "before_cursor_execute", hear)
        answer = client.post(PAGE, data=data)
        event.remove(Engine, "before_cursor_execute", hear)
        seen.append(list(heard))
        page = re.sub(r'"[^"]*"', "", pages.get(client, answer.location))
        answers.append((answer.status_code, answer.location, page))
    assert seen[0] == seen[1]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "names", [(people.CITIZEN.phone, "0900000998"), (people.CITIZEN.ma_so, "8900000999")], ids=["phone", "number"]
)
def test_a_wrong_code_costs_the_same_statements_for_known_and_unknown(citizen, new_client, names):
    seen, heard = [], []

    def hear(_connection, _cursor, sql, *_rest):
        heard.append(sql)

    for name in names:
        client = new_client()
        token = people.csrf(client, "/kich-hoat")
        heard.clear()
        event.listen(Engine, "before_cursor_execute", hear)
        form = {"name": name, "code": "00000000", "password": NEW, "again": NEW, "csrf_token": token}
        answer = client.post("/kich-hoat", data=form)
        event.remove(Engine, "before_cursor_execute", hear)
        assert answer.status_code == 422
        seen.append(list(heard))
    assert seen[0] == seen[1]


def test_one_network_asks_so_often_and_no_more(app, citizen, new_client):
    limiter = app.extensions["limiter"]
    for _n in range(ASKED_FROM_NETWORK[0]):
        limiter.allow("code-asked", "127.0.0.0/24", *ASKED_FROM_NETWORK, now())
    answer = ask(new_client(), people.CITIZEN.phone)
    assert answer.status_code == 422
    assert "quá nhiều lần" in pages.inspected(answer)


def test_the_form_lives_without_and_with_htmx(app, citizen, new_client):
    client = new_client()
    answer = people.post(client, PAGE, {"phone": people.CITIZEN.phone}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    answer = people.post(client, PAGE, {"phone": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.get_data(as_text=True)


def test_the_ladder_names_every_rung_in_order_and_no_account(client, citizen):
    html = pages.get(client, "/quen-mat-khau/cach-khac")
    rungs = re.findall(r"<h2>(\d)\.", html)
    assert rungs == ["1", "2", "3", "4", "5", "6"]
    for href in ("/dang-nhap", "/kich-hoat", "/quen-mat-khau", "/khoi-phuc", "/tra-cuu/co-quan", "/tra-cuu/ma-so"):
        assert f'href="{href}"' in html
    assert re.findall(r"sau (\d+) giờ", html) == ["24", "48", "24"]
    for page in ("/kich-hoat", "/quen-mat-khau"):
        assert "/quen-mat-khau/cach-khac" in pages.get(client, page)
