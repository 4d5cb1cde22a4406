"""The ladder walked down over HTTP without script: on each rung everything better is gone; who is no owner is stopped."""

import re

import pytest

from tests import pages, people, recovering
from tests.recovering import MAIL, NEW, Lost
from vssid.accounts import backup
from vssid.accounts.models import Account
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage

LADDER = "/quen-mat-khau/cach-khac"
PHONE, RELATIVE_PHONE = "+84900000101", "+84900000103"


@pytest.fixture
def lost(app, engine, new_client):
    """The citizen once had everything; their browser is gone."""
    recovering.opens(app, engine, new_client(), people.CITIZEN)
    person = Lost(app, engine, new_client)
    person.has_mail()
    return person


@pytest.fixture
def relative(app, engine, lost, new_client):
    """Named and agreed to in better days."""
    owner, client = new_client(), new_client()
    people.post(owner, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    people.post(owner, "/thiet-bi-moi", {"code": people.sent_code(app, "code.new_device")})
    recovering.opens(app, engine, client, people.GUARDIAN)
    assert recovering.names_relative(owner, people.GUARDIAN).status_code == 303
    assert recovering.accepts(client, engine).status_code == 303
    recovering.three_days_pass(engine)
    return client


@pytest.fixture
def officers(app, engine, new_client):
    """Two officers of the province's agency."""
    clients = []
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
    for code in ("CB01", "CB02"):
        with unit(engine) as db:
            setup = people.add_officer(app, db, code, "089")
        clients.append(new_client())
        people.officer_signs_in(app, clients[-1], code, setup)
    return clients


def follow(client, words):
    """Go down the ladder as a visitor: the page, and the link of a rung."""
    html = pages.get(client, LADDER)
    found = re.search(rf'<h2>\d\. {words}</h2>.*?href="([^"]+)"', html, re.S)
    return found[1]


def at_counter(lost, officers):
    """Two officers, with the paper and the mã yêu cầu; nobody types a password."""
    first, second = officers
    form = {"ma_so_bhxh": people.CITIZEN.ma_so, "code": lost.code}
    page = people.post(first, "/can-bo/khoi-phuc", form).location
    assert people.post(first, f"{page}/lap", {"id_shown": "cccd"}, page).status_code == 303
    assert people.post(second, f"{page}/xac-nhan", {}, page).status_code == 303


def comes_back(lost):
    """The hour comes; the new password and no other signs in."""
    assert lost.signs_in(NEW) == 422
    lost.hour_comes()
    assert lost.signs_in(people.PASSWORD) == 422
    home = lost.new_client()
    assert lost.signs_in(NEW, home) == 303
    assert people.CITIZEN.name in pages.get(home, "/")


def test_a_backup_code_needs_no_phone(lost):
    batch = backup.fresh()
    with lost.app.app_context(), unit(lost.engine) as db:
        backup.keep(db, db.get_one(Account, lost.account.id), batch, now())
    lost.loses("phone", "email")
    client = lost.new_client()
    form = {"name": people.CITIZEN.ma_so, "code": batch.codes[3], "password": NEW, "again": NEW}
    assert people.post(client, follow(client, "Mã dự phòng đã in"), form).status_code == 303
    assert lost.signs_in(NEW) == 303


def test_without_backup_codes_the_phone_alone_is_enough(lost):
    lost.loses("backup", "email")
    client = lost.new_client()
    assert people.post(client, follow(client, "Mã gửi đến điện thoại"), {"phone": "0900 000 101"}).status_code == 303
    form = {"name": "0900000101", "code": people.sent_code(lost.app, "code.reset"), "password": NEW, "again": NEW}
    assert people.post(client, "/kich-hoat", form).status_code == 303
    assert lost.signs_in(NEW) == 303


def test_without_a_phone_the_mailbox_and_a_wait(lost):
    lost.loses("backup", "phone")
    assert follow(lost.new_client(), "Mã gửi đến email") == "/khoi-phuc"
    lost.by_mail()
    comes_back(lost)


def test_without_a_mailbox_a_relative_and_a_longer_wait(lost, relative):
    lost.loses("backup", "phone", "email")
    lost.asks()
    assert recovering.vouches(relative, lost.code).status_code == 303
    comes_back(lost)


def test_without_a_relative_the_counter(lost, officers):
    lost.loses("backup", "phone", "email")
    lost.asks()
    at_counter(lost, officers)
    comes_back(lost)


def test_the_counter_also_serves_who_keeps_the_number_but_gets_no_sms(lost, officers):
    lost.asks()
    at_counter(lost, officers)
    comes_back(lost)


def test_the_mailbox_in_wrong_hands_is_stopped_by_the_phone(lost):
    lost.by_mail()
    stopped(lost, PHONE)


def test_a_relative_who_was_talked_into_it_is_stopped_by_any_contact(lost, relative):
    for to in (PHONE, MAIL, RELATIVE_PHONE):
        lost.asks()
        assert recovering.vouches(relative, lost.code).status_code == 303
        stopped(lost, to)


def test_a_forged_paper_at_the_counter_is_stopped_by_the_relative_when_nothing_else_is_left(lost, relative, officers):
    lost.loses("backup", "phone", "email")
    lost.asks()
    at_counter(lost, officers)
    assert lost.told("recovery.waits") == [RELATIVE_PHONE]
    stopped(lost, RELATIVE_PHONE)


def stopped(lost, to):
    """Whoever has the message stops it; the old password stays the only one."""
    code = newest_stop_code(lost, to)
    assert lost.stops(code).status_code == 303
    assert lost.request.status == "cancelled"
    lost.run(now())
    assert lost.signs_in(NEW) == 422


def newest_stop_code(lost, to):
    with reading(lost.engine) as db:
        rows = db.query(OutboxMessage).where(OutboxMessage.kind == "recovery.waits").order_by(OutboxMessage.created_at)
        letters = [opened(lost.app.extensions["keyring"], row) for row in rows]
    return re.search(r"\b\d{4} \d{4}\b", [letter.text for letter in letters if letter.to == to][-1])[0]


def test_the_whole_way_leaves_a_trace_and_no_secret(lost, relative):
    lost.loses("backup", "phone", "email")
    lost.asks()
    recovering.vouches(relative, lost.code)
    lost.hour_comes()
    assert [tag for tag in lost.tags() if tag.startswith("recovery.")] == [
        "recovery.asked",
        "recovery.waits",
        "recovery.done",
    ]
