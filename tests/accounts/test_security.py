"""Thiết bị và lịch sử: what the owner sees of the account, freezing it, proving oneself again, choices of notices."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests import pages, people
from tests.accounts.test_windows import NEW, activate, row, sign_in
from vssid.accounts.models import Account, Device, LoginSession, NoticeChoice
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage


@pytest.fixture
def owner(client, active):
    assert sign_in(client).status_code == 303
    return client


def messages(app, engine, kind):
    """The texts of a kind, by channel."""
    with app.app_context(), reading(engine) as db:
        found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
        return {message.channel: opened(app.extensions["keyring"], message).text for message in found}


# --- proving oneself again --------------------------------------------------------------------------------------------

NEW_NUMBER = {"phone": "0900000109"}


def test_a_sensitive_act_soon_after_signing_in_asks_nothing(owner):
    answer = people.post(owner, "/tai-khoan/dien-thoai", NEW_NUMBER)
    assert answer.status_code == 303
    assert "/tai-khoan/thay-doi/" in answer.location


def test_later_the_password_is_asked_and_nothing_typed_is_lost(owner):
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = people.post(owner, "/tai-khoan/dien-thoai", NEW_NUMBER)
        assert asked.status_code == 422
        html = pages.inspected(asked)
        assert "Xác nhận lại là bạn" in html
        assert 'name="phone" value="0900000109"' in html
        wrong = people.post(owner, "/tai-khoan/dien-thoai", {**NEW_NUMBER, "proof": "không phải"})
        assert wrong.status_code == 422
        assert "Mật khẩu chưa đúng" in pages.inspected(wrong)
        done = people.post(owner, "/tai-khoan/dien-thoai", {**NEW_NUMBER, "proof": people.PASSWORD})
        assert done.status_code == 303
        # And holds for a while.
        assert people.post(owner, "/tai-khoan/email", {"email": "moi@vidu.vn"}).status_code in (303, 422)


def test_the_page_that_asks_carries_no_password_back(owner):
    with time_machine.travel(now() + timedelta(minutes=6)):
        wrong = people.post(owner, "/tai-khoan/dien-thoai", {**NEW_NUMBER, "proof": "một điều bí mật"})
        assert "một điều bí mật" not in wrong.get_data(as_text=True)


def test_with_htmx_the_question_comes_as_a_page_of_its_own(owner):
    with time_machine.travel(now() + timedelta(minutes=6)):
        headers = {"HX-Request": "true"}
        answer = people.post(owner, "/tai-khoan/dien-thoai", NEW_NUMBER, headers=headers)
        assert answer.status_code == 422
        assert answer.headers["HX-Retarget"] == "#main"
        assert answer.get_data(as_text=True).startswith("<title>")


def test_guessing_the_password_there_ends_after_five_tries(owner):
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        for _try in range(5):
            people.post(owner, "/tai-khoan/dien-thoai", {**NEW_NUMBER, "proof": "không phải"})
        answer = people.post(owner, "/tai-khoan/dien-thoai", {**NEW_NUMBER, "proof": people.PASSWORD})
        assert answer.status_code == 422
        assert "quá nhiều lần" in answer.get_data(as_text=True)


def test_only_posts_ask_for_a_fresh_proof(app):
    from vssid.web.cli import routes

    fresh = [route for route in routes(app) if route["fresh"]]
    assert fresh
    assert {route["method"] for route in fresh} == {"POST"}
    assert {route["guard"] for route in fresh} <= {"citizen", "officer", "guardian"}


# --- freezing ---------------------------------------------------------------------------------------------------------


def test_not_me_locks_everybody_out_for_a_day(app, owner, new_client, engine):
    pages.get(owner, "/tai-khoan/khong-phai-toi")
    answer = people.post(owner, "/tai-khoan/khong-phai-toi")
    assert answer.status_code == 303
    assert "Đặt mật khẩu mới" in pages.get(owner, answer.location)
    assert owner.get("/ca-nhan").status_code == 303
    assert {session.end_reason for session in row(engine, LoginSession)} == {"frozen"}
    assert all(device.ended_at for device in row(engine, Device))
    refused = sign_in(new_client())
    assert refused.status_code == 422
    assert "tạm khoá" in refused.get_data(as_text=True)
    assert set(messages(app, engine, "notice.frozen")) == {"sms", "email"}
    with time_machine.travel(now() + timedelta(hours=24, minutes=1)):
        assert sign_in(new_client()).status_code == 303


def test_whoever_does_not_know_the_password_hears_nothing_of_the_freeze(owner, new_client):
    people.post(owner, "/tai-khoan/khong-phai-toi")
    refused = sign_in(new_client(), password="chắc chắn là sai")
    assert "tạm khoá" not in refused.get_data(as_text=True)


def test_a_new_password_opens_a_frozen_account(app, owner, new_client):
    people.post(owner, "/tai-khoan/khong-phai-toi")
    client = new_client()
    page = pages.get(client, "/quen-mat-khau")
    data = {"name": people.CITIZEN.ma_so, "phone": people.CITIZEN.phone, **people.captcha_answer(page)}
    people.post(client, "/quen-mat-khau", data)
    assert activate(client, people.sent_code(app, "code.reset"), password=NEW).status_code == 303
    assert sign_in(client, password=NEW).status_code == 303


def change_password(client):
    form = {"old": people.PASSWORD, "password": NEW, "again": NEW}
    assert people.post(client, "/tai-khoan/mat-khau", form).status_code == 303


def freeze_code(app, engine):
    text = messages(app, engine, "notice.password")["sms"]
    assert len(text) <= 160
    return re.search(r"\d{3} \d{3} \d{3} \d", text)[0]


def test_the_code_of_a_notice_freezes_without_signing_in(app, owner, new_client, engine):
    change_password(owner)
    code = freeze_code(app, engine)
    answer = people.post(new_client(), "/huy", {"code": code})
    assert answer.status_code == 303
    assert answer.location == "/tai-khoan/da-khoa"
    assert owner.get("/ca-nhan").status_code == 303
    again = people.post(new_client(), "/huy", {"code": code})
    assert again.status_code == 422


def test_an_old_code_of_a_notice_freezes_nothing(app, owner, new_client, engine):
    change_password(owner)
    code = freeze_code(app, engine)
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert people.post(new_client(), "/huy", {"code": code}).status_code == 422
        assert row(engine, Account)[0].frozen_until is None


# --- history and devices ----------------------------------------------------------------------------------------------


def test_the_history_says_what_happened_and_where(owner):
    html = pages.get(owner, "/tai-khoan/nhat-ky")
    assert "Tài khoản được kích hoạt" in html
    assert "Đăng nhập" in html
    assert "Thiết bị khác (127.0.0.0/24)" in html


def test_the_history_is_paged_and_shows_only_ones_own(app, owner, engine, active):
    from vssid.accounts.rules import Tag
    from vssid.kernel import audit

    with app.app_context(), unit(engine) as db:
        for _n in range(30):
            audit.record(db, Tag.CODE_SENT, audit.VISITOR, ("account", active), now())
        person = people.open_account(app, db, people.STRANGER)
        stranger = db.scalar(select(Account).where(Account.person_id == person))
        audit.record(db, Tag.PHONE_REPLACED, audit.VISITOR, ("account", stranger.id), now())
    first = pages.get(owner, "/tai-khoan/nhat-ky")
    assert first.count('class="row"') == 25
    assert "thay tại quầy" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)[1]
    assert "Tài khoản được tạo" in pages.get(owner, older)


@pytest.mark.parametrize("typed", ["abc", "-1", "9" * 40, "1%00"])
def test_nonsense_in_the_address_of_the_history_harms_nothing(owner, typed):
    assert owner.get(f"/tai-khoan/nhat-ky?truoc={typed}").status_code in (200, 422)


def test_the_devices_say_which_one_this_is(owner):
    html = pages.get(owner, "/tai-khoan/thiet-bi")
    assert "Thiết bị này" in html
    assert "127.0.0.0/24" in html


def test_a_removed_device_is_told_of(app, owner, engine):
    device = row(engine, Device)[0].id
    assert people.post(owner, f"/tai-khoan/thiet-bi/{device}/xoa", page="/tai-khoan/thiet-bi").status_code == 303
    assert set(messages(app, engine, "notice.device_ended")) == {"sms", "email"}


# --- contacts, masked until asked -------------------------------------------------------------------------------------


def test_contacts_are_masked_until_asked_and_asking_is_logged(owner, engine):
    html = pages.get(owner, "/tai-khoan")
    assert "0900 000 101" not in html
    assert "mau@vidu.vn" not in html
    assert people.CITIZEN.cccd not in html
    html = pages.get(owner, "/tai-khoan?hien=1")
    for value in ("0900 000 101", "mau@vidu.vn", people.CITIZEN.cccd):
        assert value in html
    with reading(engine) as db:
        count = select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == "account.revealed")
        assert db.scalar(count) == 1


# --- language and notices ---------------------------------------------------------------------------------------------


def choose(client, headers=None, **form):
    return people.post(client, "/tai-khoan/thong-bao", {"language": "vi", "sign_in": "none", **form}, headers=headers)


def test_messages_come_in_the_language_that_was_chosen(app, owner, engine):
    assert choose(owner, language="en").status_code == 303
    change_password(owner)
    assert row(engine, Account)[0].language == "en"
    assert "VssID" in messages(app, engine, "notice.password")["sms"]


@pytest.mark.parametrize(
    ("form", "words"), [({"language": "xx"}, "không hợp lệ"), ({"sign_in": "pigeon"}, "không hợp lệ")]
)
def test_what_is_not_offered_is_refused(owner, form, words):
    answer = choose(owner, **form)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)


def test_who_wants_to_hears_of_every_sign_in(app, owner, engine):
    choose(owner, sign_in="email")
    people.post(owner, "/dang-xuat", page="/tai-khoan")
    assert sign_in(owner).status_code == 303
    assert set(messages(app, engine, "notice.sign_in")) == {"email"}


def test_who_wants_nothing_hears_nothing(app, owner, engine):
    people.post(owner, "/dang-xuat", page="/tai-khoan")
    assert sign_in(owner).status_code == 303
    assert messages(app, engine, "notice.sign_in") == {}


def choices(engine):
    with reading(engine) as db:
        return {one.kind: one.channel for one in db.scalars(select(NoticeChoice))}


def checked(html, name):
    """Which value of a group of choices is chosen."""
    return [found[1] for found in re.finditer(rf'<input checked[^>]* name="{name}"[^>]* value="(\w+)"', html)]


def proven(engine):
    with unit(engine) as db:
        db.scalars(select(Account)).one().email_proven_at = now()


def test_nobody_is_written_to_unasked_at_an_address_that_was_never_proven(owner, engine):
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert checked(html, "employer") == ["none"]
    assert choose(owner, employer="none").status_code == 303
    assert choices(engine) == {}
    proven(engine)
    assert checked(pages.get(owner, "/tai-khoan/thong-bao"), "employer") == ["email"]


def test_an_employer_is_told_of_by_mail_unless_chosen_otherwise_and_visits_are_not(owner, engine):
    proven(engine)
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert [checked(html, name) for name in ("sign_in", "employer", "visit")] == [["none"], ["email"], ["none"]]
    assert choose(owner, employer="email", visit="none").status_code == 303
    assert choices(engine) == {}, "what stays as it is, is no choice"
    assert choose(owner, employer="none", visit="sms").status_code == 303
    assert choices(engine) == {"employer": "none", "visit": "sms"}
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert [checked(html, name) for name in ("employer", "visit")] == [["none"], ["sms"]]
    assert choose(owner, employer="email", visit="none").status_code == 303
    assert choices(engine) == {"employer": "email", "visit": "none"}


def test_a_form_of_before_changes_no_newer_choice(owner, engine):
    choose(owner, visit="sms")
    choose(owner, language="en")
    assert choices(engine) == {"visit": "sms"}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_channel_without_contact_is_not_offered(owner, engine, headers):
    with unit(engine) as db:
        db.scalars(select(Account)).one().email = None
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert checked(html, "employer") == ["none"]
    assert 'value="email"' not in html
    assert choose(owner, employer="none", visit="sms", headers=headers).status_code == (204 if headers else 303)
    assert choices(engine) == {"visit": "sms"}, "without a mailbox nothing was chosen about mails"
    refused = choose(owner, employer="email", headers=headers)
    assert refused.status_code == 422


def test_of_a_child_its_guardian_hears_in_the_guardians_account(owner, engine):
    with unit(engine) as db:
        account = db.scalars(select(Account)).one()
        account.guardian_id, account.contact_phone = people.add_person(db, people.GUARDIAN), account.phone
        account.phone = None
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert 'name="sign_in"' in html
    assert 'name="visit"' not in html
    assert 'name="employer"' not in html
    assert choose(owner, visit="sms", sign_in="sms").status_code == 303
    assert choices(engine) == {"sign_in": "sms"}
