"""Activation, sign-in, devices and sessions over HTTP."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from vssid.accounts.models import Account, Device, LoginSession
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.models import OutboxMessage

NEW = "trăng sáng trên sông Hậu"


def activate(client, code, name=people.CITIZEN.ma_so, password=people.PASSWORD, again=None):
    return people.post(
        client, "/kich-hoat", {"name": name, "code": code, "password": password, "again": again or password}
    )


def sign_in(client, name=people.CITIZEN.ma_so, password=people.PASSWORD, **options):
    return people.post(client, "/dang-nhap", {"name": name, "password": password}, **options)


def row(engine, model):
    with reading(engine) as db:
        return db.scalars(select(model)).all()


def test_activation_takes_code_and_own_password_and_signs_nobody_in(app, client, engine, account):
    code = people.sent_code(app, "code.activation")
    assert activate(client, code).location == "/dang-nhap"
    assert row(engine, Account)[0].status == "active"
    assert row(engine, Account)[0].phone_proven_at is not None
    assert client.get("/ca-nhan").status_code == 303
    assert row(engine, Device) == []


def test_the_code_cannot_be_used_twice(app, client, engine, active, new_client):
    again = activate(new_client(), people.sent_code(app, "code.activation"), password=NEW)
    assert again.status_code == 422
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "00000000"}, "Mã chưa đúng"),
        ({"name": "8900000999"}, "Mã chưa đúng"),
        ({"password": "12345678", "again": "12345678"}, "quen thuộc"),
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 8"),
        ({"again": "khác hẳn"}, "không giống nhau"),
        ({"name": "abc"}, "chữ số"),
        ({"name": ""}, "mã số BHXH"),
    ],
)
def test_a_wrong_activation_says_why_and_changes_nothing(app, client, engine, account, data, words):
    form = {
        "name": people.CITIZEN.ma_so,
        "code": people.sent_code(app, "code.activation"),
        "password": people.PASSWORD,
        "again": people.PASSWORD,
    }
    answer = people.post(client, "/kich-hoat", {**form, **data})
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert people.PASSWORD not in html
    assert row(engine, Account)[0].status == "new"


def test_a_lost_activation_code_is_sent_again(app, new_client, engine, account):
    first = people.sent_code(app, "code.activation")
    client = new_client()
    page = pages.get(client, "/quen-mat-khau")
    data = {"name": people.CITIZEN.ma_so, "phone": people.CITIZEN.phone, **people.captcha_answer(page)}
    assert people.post(client, "/quen-mat-khau", data).status_code == 303
    second = people.sent_code(app, "code.activation")
    assert first != second
    assert activate(client, first).status_code == 422
    assert activate(client, second).status_code == 303


def test_a_forgotten_password_is_set_anew_and_ends_the_session(app, new_client, engine, active):
    signed_in = new_client()
    sign_in(signed_in)
    client = new_client()
    page = pages.get(client, "/quen-mat-khau")
    data = {"name": people.CITIZEN.cccd, "phone": people.CITIZEN.phone, **people.captcha_answer(page)}
    people.post(client, "/quen-mat-khau", data)
    assert activate(client, people.sent_code(app, "code.reset"), password=NEW).status_code == 303
    assert signed_in.get("/ca-nhan").status_code == 303
    assert sign_in(signed_in, password=people.PASSWORD).status_code == 422
    assert sign_in(signed_in, password=NEW).status_code == 303


def test_asking_for_a_code_betrays_nobody(app, new_client, engine, active):
    answers = []
    for name, phone in (
        (people.CITIZEN.ma_so, people.CITIZEN.phone),
        ("8900000999", people.CITIZEN.phone),
        (people.CITIZEN.ma_so, "0900000998"),
    ):
        client = new_client()
        page = pages.get(client, "/quen-mat-khau")
        answer = people.post(client, "/quen-mat-khau", {"name": name, "phone": phone, **people.captcha_answer(page)})
        answers.append(
            (answer.status_code, answer.location, re.sub(r'"[^"]*"', "", pages.get(client, answer.location)))
        )
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("name", [people.CITIZEN.ma_so, people.CITIZEN.cccd, "89 0000 0101"])
def test_both_numbers_sign_in(client, active, name):
    answer = sign_in(client, name)
    assert answer.status_code == 303
    assert people.CITIZEN.name in pages.get(client, "/")


def test_unknown_name_and_wrong_password_look_the_same(new_client, active):
    texts = []
    for name, password in ((people.CITIZEN.ma_so, NEW), ("8900000999", people.PASSWORD)):
        answer = sign_in(new_client(), name, password)
        assert answer.status_code == 422
        texts.append(re.sub(r'"[^"]*"', "", pages.inspected(answer)))
    assert texts[0] == texts[1]


def test_htmx_is_sent_on_by_a_header(client, active):
    answer = sign_in(client, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/"
    wrong = sign_in(client, password=NEW, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "<html" not in wrong.get_data(as_text=True)


def test_the_cookie_is_out_of_reach_and_changes_at_sign_in(client, active):
    client.get("/dang-nhap")
    before = client.get_cookie("vssid").value
    answer = sign_in(client)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("vssid="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get_cookie("vssid").value != before


@pytest.mark.parametrize(
    "target",
    ["//evil.vn", "https://evil.vn", "/\\evil.vn", "javascript:alert(1)", "/%0d%0aX: y", "\\\\evil", " /x", "/\tevil"],
)
def test_signing_in_never_leaves_the_site(client, active, target):
    answer = people.post(
        client, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD}, query_string={"tiep": target}
    )
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


def test_guesses_are_limited_but_never_lock_out_the_known_device(new_client, active):
    home = new_client()
    sign_in(home)
    people.post(home, "/dang-xuat", {}, "/ca-nhan")
    stranger = new_client()
    for _n in range(5):
        assert sign_in(stranger, password=NEW).status_code == 422
    answer = sign_in(stranger)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers or answer.headers["Retry-After"]
    assert sign_in(home).status_code == 303


def test_a_new_device_needs_the_code_and_ends_the_first_one(app, new_client, engine, active):
    first, second = new_client(), new_client()
    sign_in(first)
    answer = sign_in(second)
    assert answer.location.startswith("/thiet-bi-moi")
    assert first.get("/ca-nhan").status_code == 200, "a password alone evicts nobody"
    told = {message.channel for message in row(engine, OutboxMessage) if message.kind == "code.new_device"}
    assert told == {"sms", "email"}
    html = pages.get(second, answer.location)
    assert "090*****01" in html
    wrong = people.post(second, "/thiet-bi-moi", {"code": "000000"})
    assert wrong.status_code == 422
    right = people.post(second, "/thiet-bi-moi", {"code": people.sent_code(app, "code.new_device")})
    assert right.status_code == 303
    assert second.get("/ca-nhan").status_code == 200
    assert first.get("/ca-nhan").status_code == 303
    assert sign_in(first).location.startswith("/thiet-bi-moi"), "the old device must give a code to come back"


def test_a_code_for_one_browser_opens_no_other(app, new_client, active):
    home, second, thief = new_client(), new_client(), new_client()
    sign_in(home)
    sign_in(second)
    code = people.sent_code(app, "code.new_device")
    thief.get("/dang-nhap")
    assert people.post(thief, "/thiet-bi-moi", {"code": code}, "/dang-nhap").location.startswith("/dang-nhap")
    sign_in(thief)
    assert people.post(thief, "/thiet-bi-moi", {"code": code}).status_code == 422


def test_signing_out_ends_the_session_in_the_database(client, new_client, engine, active):
    sign_in(client)
    stolen = client.get_cookie("vssid").value
    answer = people.post(client, "/dang-xuat", {}, "/ca-nhan")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    thief = new_client()
    thief.set_cookie("vssid", stolen)
    assert thief.get("/ca-nhan").status_code == 303
    assert row(engine, LoginSession)[0].end_reason == "sign_out"


def test_half_an_hour_of_idleness_ends_it(client, engine, active):
    sign_in(client)
    with time_machine.travel(now() + timedelta(minutes=29), tick=False):
        assert client.get("/ca-nhan").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=58), tick=False):
        assert client.get("/ca-nhan").status_code == 200, "use keeps it alive"
    with time_machine.travel(now() + timedelta(minutes=89), tick=False):
        assert client.get("/ca-nhan").status_code == 303


def test_twelve_hours_end_it_whatever_one_does(client, engine, active):
    sign_in(client)
    start = now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/ca-nhan").status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/ca-nhan").status_code == 303


def test_staying_is_answered_with_the_new_end(client, active):
    sign_in(client)
    answer = people.post(client, "/phien", {}, "/ca-nhan")
    assert answer.status_code == 204
    assert int(answer.headers["X-Session-Ends"]) > now().timestamp()


def test_an_account_without_todays_terms_reads_them_first(client, engine, active):
    with unit(engine) as db:
        db.query(Account).one().terms_version = "2020-01"
    sign_in(client)
    assert client.get("/ca-nhan").location == "/dieu-khoan"
    people.post(client, "/dieu-khoan", {"purpose": ["dich_vu", "giay_to"]})
    assert client.get("/ca-nhan").status_code == 200
    assert row(engine, Account)[0].terms_version == TERMS_VERSION


def test_changing_the_password_needs_the_old_one_and_tells_all_contacts(client, engine, active):
    sign_in(client)
    wrong = people.post(client, "/tai-khoan/mat-khau", {"old": NEW, "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert "Mật khẩu cũ chưa đúng" in pages.inspected(wrong)
    assert (
        people.post(client, "/tai-khoan/mat-khau", {"old": people.PASSWORD, "password": NEW, "again": NEW}).status_code
        == 303
    )
    assert client.get("/tai-khoan").status_code == 200
    told = [(message.channel, message.kind) for message in row(engine, OutboxMessage)]
    assert ("sms", "notice.password") in told
    assert ("email", "notice.password") in told


def test_a_device_is_forgotten_and_a_strangers_is_not_found(client, engine, active):
    sign_in(client)
    device = row(engine, Device)[0]
    page = "/tai-khoan/thiet-bi"
    from uuid import uuid4

    assert people.post(client, f"{page}/{uuid4()}/xoa", {}, page).status_code == 422
    assert people.post(client, f"{page}/{device.id}/xoa", {}, page).status_code == 303
    assert client.get("/ca-nhan").status_code == 303


def test_refusals_are_in_the_audit_without_a_value(client, engine, active):
    sign_in(client, password=NEW)
    entry = next(e for e in row(engine, AuditEntry) if e.tag == "account.sign_in_refused")
    assert entry.subject_id is not None
    assert people.CITIZEN.ma_so not in str(entry.detail)


@pytest.mark.parametrize(
    "path",
    [
        "/tai-khoan",
        "/tai-khoan/mat-khau",
        "/tai-khoan/thiet-bi",
        "/",
        "/ca-nhan",
        "/ca-nhan/the-bhyt",
        "/ca-nhan/the-bhyt/su-dung",
    ],
)
def test_signed_in_pages_keep_the_laws_and_are_never_stored(client, active, path):
    sign_in(client)
    answer = client.get(path)
    assert answer.status_code == 200
    html = pages.inspected(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "data-private" in html
    if path != "/ca-nhan/the-bhyt/su-dung":
        pages.part(client, path)


def test_a_spray_from_elsewhere_does_not_lock_the_owner_out(app, new_client, active):
    owner = new_client()
    assert sign_in(owner).status_code == 303
    people.post(owner, "/dang-xuat", page="/tai-khoan")
    stranger = new_client()
    with time_machine.travel(now(), tick=False):
        token = people.csrf(stranger, "/dang-nhap")
        form = {"csrf_token": token, "name": people.CITIZEN.ma_so, "password": "chắc chắn là sai"}
        for network in range(60):
            address = {"REMOTE_ADDR": f"203.0.{network}.1"}
            answer = stranger.post("/dang-nhap", data=form, environ_base=address)
        assert answer.status_code == 429
        assert sign_in(new_client(), password=people.PASSWORD).status_code == 429
        assert sign_in(owner).status_code == 303


def test_whoever_signs_in_rightly_again_and_again_is_not_slowed_down(new_client, active):
    owner = new_client()
    with time_machine.travel(now(), tick=False):
        for _time in range(8):
            assert sign_in(owner).status_code == 303
            people.post(owner, "/dang-xuat", page="/tai-khoan")
