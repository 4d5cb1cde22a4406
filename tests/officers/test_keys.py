"""Officers' passkeys: password and passkey together, administrators by nothing else, a proof in between."""

import contextlib
import time
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from tests.accounts.authenticator import UP, Authenticator
from tests.accounts.windows import at_once, rows, said
from vssid.accounts import passkeys
from vssid.accounts.models import LoginSession, Passkey
from vssid.accounts.passkeys import Owner
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notifications.models import OutboxMessage
from vssid.officers import actions
from vssid.officers.keys import actions as keys
from vssid.officers.models import Officer

KEYS, ENTER, SIGN_IN = "/can-bo/khoa", "/can-bo/dang-nhap/khoa", "/can-bo/dang-nhap"


@pytest.fixture
def agency(engine):
    with unit(engine) as db:
        people.add_agency(db)


@pytest.fixture
def sign_in(app, engine, new_client, agency, named):
    """A browser in which an officer of this code and role is signed in with TOTP, at an address that has a name."""

    def signed_in(code="CB01", role="duyet_ho_so"):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, "08902", role)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return signed_in


@pytest.fixture
def officer(sign_in):
    return sign_in()


@pytest.fixture
def admin(sign_in):
    return sign_in("QT01", "quan_tri")


def options(client, path, page, data=None):
    answer = said(client, f"{path}/bat-dau", data or {}, page)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def add(client, key, name="Máy cơ quan", **wrong):
    return said(client, KEYS, {"name": name, **key.made(options(client, KEYS, KEYS), **wrong)}, KEYS)


def enter(client, key, code="CB01", password=people.OFFICER_PASSWORD, to=ENTER, **wrong):
    asked = options(client, ENTER, SIGN_IN, {"name": code})
    return said(client, to, {"name": code, "password": password, **key.answered(asked, **wrong)}, SIGN_IN)


def totp_of(app, engine, code):
    with app.app_context(), reading(engine) as db:
        row = db.scalar(select(Officer).where(Officer.code == code))
        return pyotp.TOTP(actions.totp_secret(app.extensions["keyring"], row)), row.totp_last_step


def by_totp(app, client, engine, code):
    """In with password and a TOTP code that was not used yet, some minutes later."""
    totp, last = totp_of(app, engine, code)
    step = max(last, int(time.time()) // 30) + 3
    with time_machine.travel(step * 30 + 5, tick=False):
        form = {"code": code, "password": people.OFFICER_PASSWORD, "totp": totp.generate_otp(step)}
        return people.post(client, SIGN_IN, form)


def passkey_id(engine):
    [row] = rows(engine, Passkey)
    return row.id


def tags(engine):
    return [entry.tag for entry in rows(engine, AuditEntry)]


# --- one's own keys ---------------------------------------------------------------------------------------------------


def test_a_key_is_added_named_told_and_noted(officer, engine):
    assert "Chưa có khoá" in pages.get(officer, KEYS)
    assert add(officer, Authenticator()).get_json() == {"to": KEYS}
    assert "Máy cơ quan" in pages.get(officer, KEYS)
    [row] = rows(engine, Passkey)
    assert row.subject_kind == "officer"
    assert [message.channel for message in rows(engine, OutboxMessage) if message.kind == "officer.passkey"] == [
        "email"
    ]
    assert "officer.passkey_added" in tags(engine)


def test_the_drawer_leads_there(officer):
    assert 'href="/can-bo/khoa"' in officer.get("/can-bo").get_data(as_text=True)


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_renamed_or_the_form_says_why_not(officer, engine, htmx):
    add(officer, Authenticator())
    headers = {"HX-Request": "true"} if htmx else {}
    path = f"{KEYS}/{passkey_id(engine)}/ten"
    assert people.post(officer, path, {"name": "Khoá USB"}, KEYS, headers=headers).status_code in (204, 303)
    assert "Khoá USB" in pages.get(officer, KEYS)
    refused = people.post(officer, path, {"name": ""}, KEYS, headers=headers)
    assert refused.status_code == 422
    assert "Hãy đặt tên" in refused.get_data(as_text=True)


def test_the_last_one_may_go_while_totp_stands(app, officer, engine, new_client):
    key = Authenticator()
    add(officer, key)
    assert people.post(officer, f"{KEYS}/{passkey_id(engine)}/xoa", page=KEYS).status_code == 303
    assert rows(engine, Passkey) == []
    assert enter(new_client(), key).status_code == 422
    assert by_totp(app, new_client(), engine, "CB01").status_code == 303


def test_a_strangers_key_is_not_there(sign_in, engine):
    owner, stranger = sign_in("CB01"), sign_in("CB02")
    add(owner, Authenticator())
    for act in ("ten", "xoa"):
        answer = people.post(stranger, f"{KEYS}/{passkey_id(engine)}/{act}", {"name": "Của tôi"}, KEYS)
        assert answer.status_code == 422
        assert "Không thấy mục này" in answer.get_data(as_text=True)
    assert rows(engine, Passkey)[0].name == "Máy cơ quan"


def test_after_a_while_away_nothing_is_added_or_removed_without_a_proof(officer, engine):
    add(officer, Authenticator())
    with time_machine.travel(now() + timedelta(minutes=6)):
        page = pages.get(officer, KEYS)
        assert "data-add" not in page
        for path in (KEYS, f"{KEYS}/bat-dau"):
            answer = said(officer, path, {"name": "x"}, KEYS)
            assert answer.status_code == 403
            assert "tải lại trang" in answer.get_json()["error"]
        removal = f"{KEYS}/{passkey_id(engine)}/xoa"
        assert "Xác nhận lại là bạn" in people.post(officer, removal, page=KEYS).get_data(as_text=True)
        assert people.post(officer, f"{KEYS}/them", page=KEYS).status_code == 422
        asked = people.post(officer, f"{KEYS}/them", {"proof": people.OFFICER_PASSWORD}, KEYS)
        assert asked.location == KEYS
        assert "data-add" in pages.get(officer, KEYS)
        assert add(officer, Authenticator(), "Máy hai").status_code == 200
    assert len(rows(engine, Passkey)) == 2


def test_ten_and_no_more(officer, engine):
    for _n in range(passkeys.MOST):
        assert add(officer, Authenticator()).status_code == 200
    assert "tối đa 10" in said(officer, f"{KEYS}/bat-dau", {}, "/can-bo").get_json()["error"]
    assert "Đã đủ số lượng" in pages.get(officer, KEYS)


# --- in with password and key -----------------------------------------------------------------------------------------


def test_password_and_key_let_in_and_end_the_session_before(officer, new_client, engine):
    key, client = Authenticator(), new_client()
    add(officer, key)
    assert enter(client, key).get_json() == {"to": "/can-bo"}
    assert client.get("/can-bo").status_code == 200
    assert officer.get("/can-bo").status_code == 303
    assert tags(engine).count("officer.signed_in") == 2


def test_the_way_back_stays_within_the_console(officer, new_client):
    key = Authenticator()
    add(officer, key)
    for wanted, to in (("/can-bo/to-khai", "/can-bo/to-khai"), ("/ca-nhan", "/can-bo"), ("//evil.vn", "/can-bo")):
        assert enter(new_client(), key, to=f"{ENTER}?tiep={wanted}").get_json() == {"to": to}


def test_what_was_wrong_is_not_said(sign_in, new_client, engine):
    key, others = Authenticator(), Authenticator()
    add(sign_in("CB01"), key)
    add(sign_in("CB02"), others)
    tries = [
        enter(new_client(), key, password="sai mật khẩu rồi"),
        enter(new_client(), key, password=""),
        enter(new_client(), Authenticator()),
        enter(new_client(), others),
    ]
    tries += [
        enter(new_client(), key, code="CB77"),
        enter(new_client(), others, code="CB02", flags=UP),
        enter(new_client(), others, code="CB02", origin="http://localhost.evil.vn"),
    ]
    assert {answer.status_code for answer in tries} == {422}
    assert len({answer.get_json()["error"] for answer in tries}) == 1
    assert tags(engine).count("officer.sign_in_refused") == len(tries)


def test_a_key_alone_and_a_key_as_citizen_let_nobody_in(officer, new_client):
    key, client = Authenticator(), new_client()
    add(officer, key)
    asked = options(client, "/dang-nhap/van-tay", "/dang-nhap")
    assert said(client, "/dang-nhap/van-tay", key.answered(asked), "/dang-nhap").status_code == 422
    assert client.get("/can-bo").status_code == 303


def test_who_is_an_officer_is_not_learned(officer, new_client):
    key = Authenticator()
    add(officer, key)
    shown = {
        code: options(new_client(), ENTER, SIGN_IN, {"name": code})["allowCredentials"] for code in ("CB01", "CB99")
    }
    lengths = [sorted(len(one["id"]) for one in shown[code]) for code in ("CB01", "CB99")]
    assert lengths[0] == lengths[1]
    assert len(shown["CB01"]) == len(shown["CB99"]) == 10


def test_five_guesses_then_429(officer, new_client):
    key = Authenticator()
    add(officer, key)
    for _n in range(4):
        assert enter(new_client(), key, password="không phải đâu").status_code == 422
    # Setting up has signed in once: one try of five is gone.
    answer = enter(new_client(), key)
    assert answer.status_code == 429
    assert "quá nhiều lần" in answer.get_json()["error"]


def test_an_answer_serves_once(officer, new_client):
    key, client = Authenticator(), new_client()
    add(officer, key)
    asked = options(client, ENTER, SIGN_IN, {"name": "CB01"})
    answer = {"name": "CB01", "password": people.OFFICER_PASSWORD, **key.answered(asked)}
    assert said(client, ENTER, answer, SIGN_IN).status_code == 200
    assert said(client, ENTER, answer, SIGN_IN).status_code == 422


def test_of_fifty_who_use_one_answer_at_once_one_comes_in(app, officer, engine, new_client):
    key, client = Authenticator(), new_client()
    add(officer, key)
    options(client, ENTER, SIGN_IN, {"name": "CB01"})
    with reading(engine) as db:
        passkey = db.scalars(select(Passkey)).one()
    assertion = passkeys.Assertion(passkey.id, Owner("officer", passkey.subject_id), 5, False)
    won = []

    def once():
        with app.app_context(), unit(engine) as db:
            if passkeys.use(db, assertion, now()):
                won.append(1)

    at_once(once)
    assert len(won) == 1


def test_an_ended_officer_and_a_renewed_one_have_no_keys(app, sign_in, engine, new_client):
    key = Authenticator()
    add(sign_in("CB01"), key)
    app.test_cli_runner().invoke(args=["officers", "end", "--code", "CB01"])
    assert rows(engine, Passkey) == []
    assert enter(new_client(), key).status_code == 422
    add(sign_in("CB02"), Authenticator())
    with app.app_context(), unit(engine) as db:
        people.add_officer(app, db, "CB02", "08902")
    assert rows(engine, Passkey) == []


# --- administrators ---------------------------------------------------------------------------------------------------


def test_an_administrator_without_a_key_is_led_to_adding_one(admin):
    for path in ("/can-bo", "/can-bo/nhan-su", "/can-bo/nhan-su/moi"):
        assert admin.get(path).location == KEYS
    assert people.post(admin, "/can-bo/nhan-su/moi", {"code": "CB77"}, KEYS).location == KEYS
    assert "Quản trị cần ít nhất một khoá" in pages.get(admin, KEYS)
    assert add(admin, Authenticator()).status_code == 200
    assert admin.get("/can-bo/nhan-su").status_code == 200
    assert "Nên thêm khoá thứ hai" in pages.get(admin, KEYS)


def test_nothing_but_the_key_lets_an_administrator_in_from_then_on(app, admin, engine, new_client):
    key = Authenticator()
    add(admin, key)
    refused = by_totp(app, new_client(), engine, "QT01")
    assert refused.status_code == 422
    assert "bằng mật khẩu và khoá" in pages.inspected(refused)
    client = new_client()
    assert enter(client, key, "QT01").status_code == 200
    assert client.get("/can-bo/nhan-su").status_code == 200


def test_that_a_key_is_needed_is_told_only_to_who_has_password_and_code(admin, new_client):
    add(admin, Authenticator())
    for form in (
        {"password": people.OFFICER_PASSWORD, "totp": "000000"},
        {"password": "sai rồi nhé", "totp": "123456"},
    ):
        answer = people.post(new_client(), SIGN_IN, {"code": "QT01", **form})
        assert answer.status_code == 422
        assert "bằng mật khẩu và khoá" not in answer.get_data(as_text=True)


def test_an_administrators_last_key_stays(admin, engine):
    first, second = Authenticator(), Authenticator()
    add(admin, first)
    kept = f"{KEYS}/{passkey_id(engine)}/xoa"
    answer = people.post(admin, kept, page=KEYS)
    assert answer.status_code == 422
    assert "ít nhất một khoá" in answer.get_data(as_text=True)
    assert len(rows(engine, Passkey)) == 1
    add(admin, second)
    assert people.post(admin, kept, page=KEYS).status_code == 303


def test_of_two_last_keys_removed_at_once_one_stays(app, admin, engine):
    for _n in range(2):
        add(admin, Authenticator())
    ids = [(row.subject_id, row.id) for row in rows(engine, Passkey)] * 25

    def once():
        officer_id, id = ids.pop()
        with app.app_context(), contextlib.suppress(Refused), unit(engine) as db:
            keys.remove(db, app.extensions["keyring"], officer_id, id, possible=True, at=now())

    at_once(once)
    assert len(rows(engine, Passkey)) == 1


def test_at_an_address_without_a_name_totp_suffices_and_the_page_says_so(app, engine, agency, client):
    with app.app_context(), unit(engine) as db:
        setup = people.add_officer(app, db, "QT01", "08902", "quan_tri")
    people.officer_signs_in(app, client, "QT01", setup)
    assert client.get("/can-bo/nhan-su").status_code == 200
    assert "kể cả quản trị, đăng nhập bằng mật khẩu và mã xác thực" in pages.get(client, KEYS)
    assert said(client, f"{KEYS}/bat-dau", {}, "/can-bo").status_code == 404
    assert "data-passkey=" not in client.get(SIGN_IN).get_data(as_text=True)


# --- a proof in between -----------------------------------------------------------------------------------------------


def decide(client):
    return people.post(client, f"{KEYS}/them", page=KEYS)


def prove(client, key, **wrong):
    path = f"{KEYS}/chung-minh"
    return said(client, path, key.answered(options(client, path, KEYS), **wrong), KEYS)


def test_the_page_in_between_takes_a_key_as_well(officer, engine):
    key = Authenticator()
    add(officer, key)
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = decide(officer)
        assert asked.status_code == 422
        assert 'data-resend="1"' in pages.inspected(asked)
        assert prove(officer, key).status_code == 200
        assert decide(officer).status_code == 303


def test_who_has_no_key_is_offered_none(officer):
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert "data-resend" not in decide(officer).get_data(as_text=True)


def test_a_colleagues_key_proves_nothing(sign_in, engine):
    key, others = Authenticator(), Authenticator()
    officer, colleague = sign_in("CB01"), sign_in("CB02")
    add(officer, key)
    add(colleague, others)
    with time_machine.travel(now() + timedelta(minutes=6)):
        decide(officer)
        assert prove(officer, others).status_code == 422
        assert prove(officer, key, flags=UP).status_code == 422
        assert decide(officer).status_code == 422
    assert tags(engine).count("account.passkey_refused") == 2


def test_an_answer_for_one_act_opens_no_other(officer, new_client, engine):
    key = Authenticator()
    add(officer, key)
    asked = options(officer, f"{KEYS}/chung-minh", KEYS)
    entering = {"name": "CB01", "password": people.OFFICER_PASSWORD, **key.answered(asked)}
    assert said(officer, ENTER, entering, SIGN_IN).status_code == 422
    asked = options(officer, ENTER, SIGN_IN, {"name": "CB01"})
    assert said(officer, f"{KEYS}/chung-minh", key.answered(asked), KEYS).status_code == 422


def test_of_a_stranger_nothing_is_asked(new_client, officer):
    for path in (f"{KEYS}/chung-minh", f"{KEYS}/chung-minh/bat-dau", f"{KEYS}/bat-dau", KEYS):
        assert said(new_client(), path, {}, SIGN_IN).location.startswith(SIGN_IN)


def test_a_proof_is_kept_with_the_session(officer, engine):
    key = Authenticator()
    add(officer, key)
    with time_machine.travel(now() + timedelta(minutes=6)):
        officer.get("/can-bo")
        assert [one.proven_at for one in rows(engine, LoginSession) if one.ended_at is None] == [None]
        prove(officer, key)
        assert [one.proven_at for one in rows(engine, LoginSession) if one.ended_at is None] != [None]
