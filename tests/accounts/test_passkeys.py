"""Both ceremonies against a software authenticator: what is accepted, and everything that is not."""

import contextlib
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests import pages, people
from tests.accounts.authenticator import UP, Authenticator
from tests.accounts.windows import at_once, rows, said, sign_in, token, told
from vssid.accounts import challenges, contacts, decoys, passkeys
from vssid.accounts.models import Account, Challenge, Device, LoginSession, Passkey
from vssid.accounts.passkeys import Owner
from vssid.accounts.rules import PASSKEYS_FROM_NETWORK
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.labels import Refused
from vssid.notifications.models import OutboxMessage

LIST = "/tai-khoan/van-tay"
ENTER = "/dang-nhap/van-tay"
SITE = passkeys.Site("localhost", "http://localhost", "VssID")


def options(client, path, page, data=None):
    answer = said(client, f"{path}/bat-dau", data or {}, page)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def add(client, key, name="Máy nhà", **wrong):
    return said(client, LIST, {"name": name, **key.made(options(client, LIST, LIST), **wrong)}, LIST)


def enter(client, key, data=None, **wrong):
    return said(client, ENTER, key.answered(options(client, ENTER, "/dang-nhap", data), **wrong), "/dang-nhap")


@pytest.fixture
def key(named, home):
    """A passkey of the account, added in its owner's browser."""
    made = Authenticator()
    assert add(home, made).status_code == 200
    return made


def test_it_is_added_and_all_contacts_are_told(named, home, engine):
    answer = add(home, Authenticator())
    assert answer.get_json() == {"to": LIST}
    assert "Máy nhà" in pages.get(home, LIST)
    assert told(engine, OutboxMessage, "notice.passkey_added") == ["email", "sms"]
    assert [entry for entry in rows(engine, AuditEntry) if entry.tag == "account.passkey_added"]


@pytest.mark.parametrize("wrong", [{"origin": "http://localhost.evil.vn"}, {"rp_id": "evil.vn"}, {"flags": UP}])
def test_what_another_site_or_an_unverified_person_made_is_not_kept(named, home, engine, wrong):
    answer = add(home, Authenticator(), **wrong)
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert rows(engine, Passkey) == []


def test_what_was_made_for_one_browser_is_not_kept_in_another(named, home, new_client, engine, second_account):
    asked = options(home, LIST, LIST)
    other = new_client()
    sign_in(other, people.STRANGER)
    stolen = said(other, LIST, {"name": "x", **Authenticator().made(asked)}, LIST)
    assert stolen.status_code == 422
    assert rows(engine, Passkey) == []


def test_the_same_key_is_kept_once(named, home, key, engine):
    assert add(home, key).status_code == 422
    assert len(rows(engine, Passkey)) == 1


def test_ten_and_no_more(named, home, engine):
    for _n in range(passkeys.MOST):
        assert add(home, Authenticator()).status_code == 200
    answer = said(home, f"{LIST}/bat-dau", {}, LIST.replace("/van-tay", ""))
    assert answer.status_code == 422
    assert "tối đa 10" in answer.get_json()["error"]
    assert "Đã đủ số lượng" in pages.get(home, LIST)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\x07b", 7, None])
def test_a_name_is_a_name(named, home, name, engine):
    assert add(home, Authenticator(), name).status_code == 422
    assert rows(engine, Passkey) == []


def test_it_opens_a_new_device_without_a_code_and_ends_the_first(named, home, key, new_client, engine):
    phone = new_client()
    answer = enter(phone, key)
    assert answer.get_json() == {"to": "/"}
    assert phone.get("/ca-nhan").status_code == 200
    assert home.get("/ca-nhan").status_code == 303
    assert not [message for message in rows(engine, OutboxMessage) if message.kind == "code.new_device"]
    assert told(engine, OutboxMessage, "notice.new_device") == ["email", "sms"]
    assert len([device for device in rows(engine, Device) if device.ended_at is None]) == 1


def test_it_goes_on_to_the_page_that_was_wanted_and_never_leaves_the_site(named, home, key, new_client):
    for target, to in (("/ca-nhan", "/ca-nhan"), ("//evil.vn", "/")):
        client = new_client()
        answer = key.answered(options(client, ENTER, "/dang-nhap"))
        sent = said(client, ENTER, answer, "/dang-nhap", query_string={"tiep": target})
        assert sent.get_json() == {"to": to}


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://localhost"}, {"origin": "http://evil.vn"}, {"rp_id": "evil.vn"}, {"flags": UP}]
)
def test_wrong_origin_site_or_an_unverified_person_is_refused(named, key, new_client, engine, wrong):
    client = new_client()
    answer = enter(client, key, **wrong)
    assert answer.status_code == 422
    assert "Không nhận ra" in answer.get_json()["error"]
    assert client.get("/ca-nhan").status_code == 303
    assert "account.passkey_refused" in {entry.tag for entry in rows(engine, AuditEntry)}


def test_an_answer_is_good_once_and_here_only(named, key, new_client):
    client, other = new_client(), new_client()
    answer = key.answered(options(client, ENTER, "/dang-nhap"))
    options(other, ENTER, "/dang-nhap")
    assert said(other, ENTER, answer, "/dang-nhap").status_code == 422, "another browser's challenge"
    assert said(client, ENTER, answer, "/dang-nhap").status_code == 200
    assert said(client, ENTER, answer, "/dang-nhap?doi=1").status_code == 422, "replayed"


def test_a_wrong_answer_uses_the_challenge_up(named, key, new_client):
    client = new_client()
    asked = options(client, ENTER, "/dang-nhap")
    assert said(client, ENTER, key.answered(asked, flags=UP), "/dang-nhap").status_code == 422
    assert said(client, ENTER, key.answered(asked), "/dang-nhap").status_code == 422


def test_a_challenge_for_adding_opens_nothing_and_runs_out_after_five_minutes(named, home, key, new_client):
    asked = options(home, LIST, LIST)
    assert said(home, ENTER, key.answered(asked), LIST).status_code == 422
    client = new_client()
    asked = options(client, ENTER, "/dang-nhap")
    with time_machine.travel(now() + timedelta(minutes=5, seconds=1), tick=False):
        assert said(client, ENTER, key.answered(asked), "/dang-nhap").status_code == 422


def test_every_flipped_bit_is_refused(named, key, engine):
    """At the functions themselves: each bit of each signed part, one at a time."""
    refused = tried = 0
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        length = len(base64url_to_bytes(key.answered({"challenge": "x"})["response"][part]))
        for at in range(0, length, 3):
            with unit(engine) as db:
                asked = json.loads(passkeys.begin_signing_in(db, SITE, "citizen", [], "here", now()))
            answer = key.answered(asked)
            bent = bytearray(base64url_to_bytes(answer["response"][part]))
            bent[at] ^= 1 << (at % 8)
            answer["response"][part] = bytes_to_base64url(bytes(bent))
            tried += 1
            try:
                passkeys.check(engine, SITE, "citizen", answer, "here", now())
            except Refused:
                refused += 1
    assert tried > 60
    assert refused == tried


def test_a_counter_that_goes_back_is_refused_and_noted(named, key, new_client, engine):
    assert enter(new_client(), key).status_code == 200
    key.count = 0
    assert enter(new_client(), key).status_code == 422
    noted = [entry for entry in rows(engine, AuditEntry) if entry.tag == "account.passkey_refused"]
    assert noted[-1].detail["key"] == str(rows(engine, Passkey)[0].id)


def test_a_key_without_a_counter_comes_in_again_and_again(named, home, new_client):
    key = Authenticator(counts=False)
    add(home, key)
    for _n in range(3):
        assert enter(new_client(), key).status_code == 200


def test_fifty_parallel_answers_have_one_winner(named, home, engine):
    key = Authenticator(counts=False)
    add(home, key)
    with unit(engine) as db:
        asked = json.loads(passkeys.begin_signing_in(db, SITE, "citizen", [], "here", now()))
    answer, won = key.answered(asked), []

    def try_it():
        with contextlib.suppress(Refused):
            won.append(passkeys.check(engine, SITE, "citizen", answer, "here", now()))

    at_once(try_it)
    assert len(won) == 1


def test_known_and_unknown_numbers_are_shown_keys_of_the_same_shape(named, home, key, client, engine):
    shapes = {}
    for name in (people.CITIZEN.ma_so, "8900000999", people.CITIZEN.ma_so, "8900000999"):
        found = options(client, ENTER, "/dang-nhap", {"name": name})["allowCredentials"]
        assert {tuple(sorted(one)) for one in found} == {("id", "type")}
        ids = [base64url_to_bytes(one["id"]) for one in found]
        assert shapes.setdefault(name, ids) == ids, "stable for a number"
    known, unknown = shapes.values()
    assert key.id in known
    assert (
        sorted(map(len, known))
        == sorted(map(len, unknown))
        == sorted(length for length, slots in decoys.SHOWN_LENGTHS.items() for _slot in range(slots))
    )
    assert not set(known) & set(unknown)
    assert enter(client, key, {"name": people.CITIZEN.ma_so}).status_code == 200


def test_an_officers_key_opens_no_citizens_account(named, key, engine, client):
    with unit(engine) as db:
        db.query(Passkey).one().subject_kind = "officer"
    assert enter(client, key).status_code == 422


@pytest.mark.parametrize("state", [{"status": "closed"}, {"status": "new"}, {"guarded_until": date(2020, 1, 1)}])
def test_an_account_that_lets_nobody_in_lets_no_passkey_in(named, home, key, new_client, engine, state):
    with unit(engine) as db:
        account = db.query(Account).one()
        for name, value in state.items():
            setattr(account, name, value)
    client = new_client()
    answer = enter(client, key)
    assert answer.status_code == 422
    assert client.get("/ca-nhan").status_code == 303
    assert len(rows(engine, LoginSession)) == 1


def test_wrong_passwords_from_everywhere_do_not_stop_it(named, key, new_client):
    spray = new_client()
    for _n in range(6):
        sign_in(spray, password="không phải mật khẩu")
    assert sign_in(spray).status_code == 429
    assert enter(spray, key).status_code == 200


@pytest.mark.parametrize(("what", "path"), [("ask", f"{ENTER}/bat-dau"), ("try", ENTER)])
def test_a_network_has_three_hundred_in_a_quarter_of_an_hour(app, named, client, active, engine, what, path):
    limit, per = PASSKEYS_FROM_NETWORK
    with unit(engine) as db:
        limiter = app.extensions["limiter"]
        for _n in range(limit - 1):
            assert limiter.allow_within(db, f"passkey-{what}", "127.0.0.0/24", limit, per, now())
    assert said(client, path, {}, "/dang-nhap").status_code != 429
    assert said(client, path, {}, "/dang-nhap").status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert said(client, path, {}, "/dang-nhap", environ_base=elsewhere).status_code != 429


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("[]", "application/json", 400), ("{", "application/json", 400), ("{}", "text/plain", 415),
        ("{" + " " * 20_000 + "}", "application/json", 413), ("[" * 9_000, "application/json", 400),
        ("{}", "application/json", 422), ('{"response": {"clientDataJSON": "AA"}}', "application/json", 422),
        ('{"response": 7, "rawId": {}}', "application/json", 422),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_time(named, client, engine, body, kind, status):
    headers = {"X-CSRFToken": token(client, "/dang-nhap")}
    answer = client.post(ENTER, data=body, content_type=kind, headers=headers)
    assert answer.status_code == status


def test_another_page_cannot_send_it(named, client, key):
    asked = options(client, ENTER, "/dang-nhap")
    assert client.post(ENTER, json=key.answered(asked)).status_code == 400, "no token"
    origin = {"Origin": "https://evil.vn"}
    assert said(client, ENTER, key.answered(asked), "/dang-nhap", headers=origin).status_code == 403


def test_where_the_site_has_no_name_nothing_is_offered(client, home):
    assert "data-passkey" not in pages.get(client, "/dang-nhap")
    assert "cần địa chỉ bằng tên" in pages.get(home, LIST)
    assert said(client, f"{ENTER}/bat-dau", {}, "/dang-nhap").status_code == 404
    assert passkeys.site("http://[::1]:8000", "x") is None
    assert passkeys.site("https://vssid.angiang.vn", "x").rp_id == "vssid.angiang.vn"


def test_the_button_is_offered_where_it_works(named, client, home):
    assert "data-passkey" in pages.get(client, "/dang-nhap")
    pages.part(client, "/dang-nhap")
    pages.part(home, LIST)


# --- keeping them -----------------------------------------------------------------------------------------------------


def test_renaming_and_removing_are_the_owners_alone(named, home, key, new_client, engine, second_account):
    id = rows(engine, Passkey)[0].id
    stranger = new_client()
    sign_in(stranger, people.STRANGER)
    for act, data in (("ten", {"name": "Của tôi"}), ("xoa", {})):
        answer = people.post(stranger, f"{LIST}/{id}/{act}", data, LIST)
        assert answer.status_code == 422
        assert "Không thấy mục này" in answer.get_data(as_text=True)
    assert rows(engine, Passkey)[0].name == "Máy nhà"
    assert people.post(home, f"{LIST}/{id}/ten", {"name": " Máy  mới "}, LIST).status_code == 303
    assert rows(engine, Passkey)[0].name == "Máy mới"
    assert people.post(home, f"{LIST}/{id}/ten", {"name": ""}, LIST).status_code == 422
    assert people.post(home, f"{LIST}/{id}/xoa", {}, LIST, headers={"HX-Request": "true"}).status_code == 204
    assert rows(engine, Passkey) == []
    assert told(engine, OutboxMessage, "notice.passkey_removed") == ["email", "sms"]
    assert enter(new_client(), key).status_code == 422


def test_the_only_way_in_is_not_removed(named, home, key, engine):
    with unit(engine) as db:
        db.query(Account).one().password_hash = None
    id = rows(engine, Passkey)[0].id
    answer = people.post(home, f"{LIST}/{id}/xoa", {}, LIST)
    assert answer.status_code == 422
    assert "duy nhất" in answer.get_data(as_text=True)
    assert len(rows(engine, Passkey)) == 1


def test_messages_go_only_with_two_and_come_back_with_one(named, home, key, new_client, engine):
    switch = f"{LIST}/tin-nhan"
    assert people.post(home, switch, {"on": "0"}, LIST).status_code == 422, "one is not enough"
    assert add(home, Authenticator()).status_code == 200
    assert people.post(home, switch, {"on": "0"}, LIST).status_code == 303
    other = new_client()
    assert sign_in(other).location.startswith("/thiet-bi-moi")
    html = pages.get(other, "/thiet-bi-moi")
    assert "không nhận mã bằng tin nhắn" in html
    assert "data-pending" in html
    people.post(other, "/thiet-bi-moi/gui-ma", {}, "/thiet-bi-moi")
    assert not [message for message in rows(engine, OutboxMessage) if message.kind == "code.new_device"]
    id = rows(engine, Passkey)[0].id
    assert people.post(home, f"{LIST}/{id}/xoa", {}, LIST).status_code == 303
    assert rows(engine, Account)[0].sms_sign_in
    assert told(engine, OutboxMessage, "notice.sms_on") == ["email", "sms"]


def test_after_a_right_password_the_accounts_own_keys_are_named(named, home, key, new_client):
    other = new_client()
    sign_in(other)
    found = options(other, ENTER, "/thiet-bi-moi", {"pending": True})["allowCredentials"]
    assert [base64url_to_bytes(one["id"]) for one in found] == [key.id]
    assert "allowCredentials" not in {k for k, v in options(new_client(), ENTER, "/dang-nhap").items() if v}


def test_whoever_takes_an_account_over_finds_no_old_keys(named, home, key, engine, active, app):
    with unit(engine) as db:
        account = db.get_one(Account, active)
        contacts.replace_phone(db, app.extensions["keyring"], account, "+84900000109", by=OPERATOR, at=now())
    assert rows(engine, Passkey) == []


def test_old_questions_are_swept(named, client, engine, active):
    options(client, ENTER, "/dang-nhap")
    with unit(engine) as db:
        challenges.purge(db, now() + timedelta(days=2))
    assert rows(engine, Challenge) == []


def test_the_same_functions_serve_officers(engine):
    owner, key = Owner("officer", uuid4()), Authenticator()
    with unit(engine) as db:
        asked = json.loads(passkeys.begin_adding(db, SITE, owner, "CB01", "here", now()))
    fresh = passkeys.check_new(engine, SITE, owner, key.made(asked), "here", now())
    with unit(engine) as db:
        passkeys.keep(db, owner, fresh, "Khoá bàn", now())
        asked = json.loads(passkeys.begin_signing_in(db, SITE, "officer", [], "here", now()))
    assertion = passkeys.check(engine, SITE, "officer", key.answered(asked), "here", now())
    with unit(engine) as db:
        assert passkeys.use(db, assertion, now())
    assert assertion.owner == owner


def test_a_session_that_was_found_open_changes_no_way_in(named, home, key, engine):
    [kept] = rows(engine, Passkey)
    with time_machine.travel(now() + timedelta(minutes=6)):
        refused = said(home, f"{LIST}/bat-dau", {}, LIST)
        assert refused.status_code == 403
        assert refused.get_json()["error"]
        assert "data-passkey=" not in pages.get(home, LIST)
        for path in (f"{LIST}/them", f"{LIST}/{kept.id}/xoa", f"{LIST}/tin-nhan", "/tai-khoan/smart-otp"):
            asked = people.post(home, path, {"on": "0"}, LIST)
            assert asked.status_code == 422
            assert "Xác nhận lại là bạn" in asked.get_data(as_text=True)
        assert [one.id for one in rows(engine, Passkey)] == [kept.id]
        # With the password they go on where they were.
        assert people.post(home, f"{LIST}/them", {"proof": people.PASSWORD}, LIST).location == LIST
        assert add(home, Authenticator()).status_code == 200


def test_messages_are_switched_ten_times_a_day(named, home, key, engine):
    for _n in range(10):
        assert people.post(home, f"{LIST}/tin-nhan", {"on": "1"}, LIST).status_code == 303
    assert people.post(home, f"{LIST}/tin-nhan", {"on": "1"}, LIST).status_code == 422
