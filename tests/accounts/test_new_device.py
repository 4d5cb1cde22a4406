"""A right password in an unknown browser: which proofs come in, which are counted, and who hears of it."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from tests.accounts.windows import at_once, rows, sign_in, told
from vssid.accounts import backup, challenges, passwords, proofs, smart_otp
from vssid.accounts.challenges import Ask
from vssid.accounts.models import Account, BackupCode, Challenge, Device, LoginSession, SmartOtp
from vssid.accounts.rules import Purpose
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import reading, unit
from vssid.notifications.models import OutboxMessage

NEW = "/thiet-bi-moi"
APP = "/tai-khoan/smart-otp"
BACKUP = "/tai-khoan/ma-du-phong"


def set_up_app(client) -> pyotp.TOTP:
    """SmartOTP set up and confirmed with the code of the step before; later steps are fresh."""
    assert people.post(client, APP, {}).status_code == 303
    secret = re.search(r"data-secret>([A-Z2-7 ]+)<", pages.get(client, APP))[1].replace(" ", "")
    totp = pyotp.TOTP(secret)
    code = totp.generate_otp(people.step_before())
    assert people.post(client, f"{APP}/xac-nhan", {"code": code}, APP).status_code == 303
    return totp


@pytest.fixture
def app_of_owner(home):
    return set_up_app(home)


@pytest.fixture
def printed(home):
    """Ten backup codes."""
    answer = people.post(home, BACKUP, {"password": people.PASSWORD})
    assert answer.status_code == 200
    return [code.replace(" ", "") for code in re.findall(r'class="num">([\d ]+)<', answer.get_data(as_text=True))]


@pytest.fixture
def second(new_client, home):
    """An unknown browser in which the password was right."""
    client = new_client()
    assert sign_in(client).location.startswith(NEW)
    return client


def codes_sent(engine):
    return len([one for one in rows(engine, OutboxMessage) if one.kind == "code.new_device" and one.channel == "sms"])


def test_it_is_said_which_device_is_in_and_since_when_it_was_used(second):
    html = pages.get(second, NEW)
    assert "Tài khoản đang dùng trên: Thiết bị khác, lần cuối lúc" in html
    pages.part(second, NEW)


def test_contacts_hear_of_a_second_device_but_not_of_the_first(app, second, engine):
    assert told(engine, OutboxMessage, "notice.new_device") == []
    assert people.post(second, NEW, {"code": people.sent_code(app, "code.new_device")}).status_code == 303
    assert told(engine, OutboxMessage, "notice.new_device") == ["email", "sms"]


def test_with_an_app_no_message_is_sent_until_it_is_asked_for(app_of_owner, new_client, engine, app):
    client = new_client()
    sign_in(client)
    assert codes_sent(engine) == 0
    assert "đang hiện trong ứng dụng" in pages.get(client, NEW)
    assert people.post(client, f"{NEW}/gui-ma", {}, NEW).status_code == 303
    assert codes_sent(engine) == 1
    assert "Mã trong ứng dụng xác thực cũng dùng được" in pages.get(client, NEW)
    code = app_of_owner.generate_otp(int(time.time()) // 30)
    assert people.post(client, NEW, {"code": code}).status_code == 303
    assert client.get("/ca-nhan").status_code == 200


def test_with_messages_switched_off_the_app_is_named_although_a_message_is_on_its_way(app_of_owner, new_client, engine):
    client = new_client()
    sign_in(client)
    people.post(client, f"{NEW}/gui-ma", {}, NEW)
    with unit(engine) as db:
        db.query(Account).one().sms_sign_in = False
    html = pages.get(client, NEW)
    assert "đang hiện trong ứng dụng" in html
    assert "Một mã dự phòng 12 số." not in html


def test_where_only_a_backup_code_serves_the_field_says_so(second, engine):
    with unit(engine) as db:
        db.query(Account).one().sms_sign_in = False
    assert "Một mã dự phòng 12 số." in pages.get(second, NEW)


def test_the_message_serves_beside_the_app(app_of_owner, new_client, app):
    client = new_client()
    sign_in(client)
    people.post(client, f"{NEW}/gui-ma", {}, NEW)
    assert people.post(client, NEW, {"code": people.sent_code(app, "code.new_device")}).status_code == 303


def test_three_messages_in_ten_minutes_and_no_more(second, engine):
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        sign_in(second)
        before = codes_sent(engine)
        for _n in range(4):
            people.post(second, f"{NEW}/gui-ma", {}, NEW)
        assert codes_sent(engine) == before + 2
        assert "Đã gửi quá nhiều tin nhắn" in pages.get(second, NEW)


def test_five_wrong_tries_end_it_and_the_owner_hears_at_the_third(second, engine, home):
    for nth in range(1, 5):
        assert people.post(second, NEW, {"code": "000000"}).status_code == 422
        assert told(engine, OutboxMessage, "notice.factor_refused") == ([] if nth < 3 else ["email", "sms"])
    assert people.post(second, NEW, {"code": "000000"}).location.startswith("/dang-nhap")
    assert people.post(second, NEW, {"code": "000000"}, "/dang-nhap").location.startswith("/dang-nhap")
    assert told(engine, OutboxMessage, "notice.factor_refused") == ["email", "sms"], "once"
    noted = [one.detail["nth"] for one in rows(engine, AuditEntry) if one.tag == "account.second_factor_refused"]
    assert noted == [1, 2, 3, 4, 5]
    assert home.get("/ca-nhan").status_code == 200


def test_a_right_code_after_five_wrong_ones_is_refused(app, second):
    code = people.sent_code(app, "code.new_device")
    for _n in range(5):
        people.post(second, NEW, {"code": "000000"})
    assert people.post(second, NEW, {"code": code}, "/dang-nhap").location.startswith("/dang-nhap")
    assert second.get("/ca-nhan").status_code == 303


def test_ten_tries_a_day_end_it_for_the_app_too(app_of_owner, new_client, engine):
    start = now().replace(hour=5, minute=0, second=5, microsecond=0) + timedelta(days=1)
    with time_machine.travel(start, tick=False):
        for _round in range(2):
            client = new_client()
            sign_in(client)
            for _n in range(5):
                people.post(client, NEW, {"code": "000000"})
        client = new_client()
        sign_in(client)
        code = app_of_owner.generate_otp(int(start.timestamp()) // 30)
        assert people.post(client, NEW, {"code": code}).status_code == 422


def test_the_question_is_for_this_browser_and_a_quarter_of_an_hour(app, second, new_client):
    cookie = second.get_cookie("vssid").value
    thief = new_client()
    thief.set_cookie("vssid", cookie)
    assert thief.get(NEW).location.startswith("/dang-nhap")
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1), tick=False):
        assert second.get(NEW).location.startswith("/dang-nhap")


def test_an_empty_code_is_no_try(second, engine):
    assert people.post(second, NEW, {"code": ""}).status_code == 422
    assert rows(engine, Challenge)[0].tries_left == 5


def test_htmx_is_sent_on_or_shown_the_form(app, second):
    headers = {"HX-Request": "true"}
    wrong = people.post(second, NEW, {"code": "000000"}, headers=headers)
    assert wrong.status_code == 422
    assert "<html" not in wrong.get_data(as_text=True)
    right = people.post(second, NEW, {"code": people.sent_code(app, "code.new_device")}, headers=headers)
    assert right.headers["HX-Redirect"] == "/"


def test_an_account_that_lets_nobody_in_lets_no_code_in(app, second, engine):
    with unit(engine) as db:
        db.query(Account).one().guarded_until = day_of(now())
    answer = people.post(second, NEW, {"code": people.sent_code(app, "code.new_device")})
    assert answer.status_code == 422
    assert "đủ tuổi" in pages.inspected(answer)
    assert len(rows(engine, LoginSession)) == 1


def test_of_age_means_the_password_opens_nothing_either(new_client, active, engine):
    with unit(engine) as db:
        db.query(Account).one().guarded_until = day_of(now())
    answer = sign_in(new_client())
    assert answer.status_code == 422
    assert "đủ tuổi" in pages.inspected(answer)
    assert rows(engine, LoginSession) == []


def test_two_first_devices_at_once_are_not_both_let_in(app, active, engine):
    """The second of two browsers that both saw none enrolled must prove itself."""
    opened = []

    def come_in():
        opened.append(sign_in(app.test_client()).location)

    at_once(come_in, 5)
    assert opened.count("/") == 1
    assert len([one for one in rows(engine, Device) if one.ended_at is None]) == 1


# --- SmartOTP ---------------------------------------------------------------------------------------------------------


def test_it_is_set_up_with_a_first_code_and_told(home, engine):
    assert "Bắt đầu" in pages.get(home, APP)
    people.post(home, APP, {})
    html = pages.get(home, APP)
    assert "<svg" in html
    assert people.post(home, f"{APP}/xac-nhan", {"code": "000000"}, APP).status_code == 422
    assert not rows(engine, SmartOtp)[0].confirmed_at
    set_up_app(home)
    assert told(engine, OutboxMessage, "notice.smart_otp_set") == ["email", "sms"]
    assert "data-secret" not in pages.get(home, APP), "never shown again"
    pages.part(home, APP)
    people.post(home, APP, {}, "/tai-khoan")
    assert rows(engine, SmartOtp)[0].confirmed_at, "a new set-up does not push a confirmed one aside"


def test_a_set_up_waits_a_quarter_of_an_hour_and_counts_for_nothing_before(home, engine, app, active):
    people.post(home, APP, {})
    secret = re.search(r"data-secret>([A-Z2-7 ]+)<", pages.get(home, APP))[1].replace(" ", "")
    keyring, at = app.extensions["keyring"], now()
    code = pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // 30)
    assert smart_otp.compare(engine, keyring, active, code, at) is None
    late = at + timedelta(minutes=16)
    code = pyotp.TOTP(secret).generate_otp(int(late.timestamp()) // 30)
    with time_machine.travel(late, tick=False):
        assert "data-secret" not in pages.get(home, APP)
        assert people.post(home, f"{APP}/xac-nhan", {"code": code}, APP).status_code == 422


def test_the_secret_is_sealed(app_of_owner, engine):
    assert app_of_owner.secret.encode() not in rows(engine, SmartOtp)[0].sealed


def test_a_step_is_taken_once_by_fifty_at_once(app_of_owner, engine, active):
    step, won = int(time.time()) // 30 + 1, []

    def use():
        with unit(engine) as db:
            if smart_otp.use(db, active, step):
                won.append(1)

    at_once(use)
    assert len(won) == 1


def test_a_code_that_was_used_opens_nothing_more(app_of_owner, new_client):
    code = app_of_owner.generate_otp(int(time.time()) // 30)
    first, other = new_client(), new_client()
    sign_in(first)
    sign_in(other)
    assert people.post(first, NEW, {"code": code}).status_code == 303
    assert people.post(other, NEW, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "purpose",
    [Purpose.PHONE_OLD, Purpose.PHONE_NEW, Purpose.EMAIL_OLD, Purpose.EMAIL_NEW, Purpose.EMAIL_PHONE, Purpose.ADDRESS,
     Purpose.STOP, Purpose.RESET, Purpose.ACTIVATION],
)  # fmt: skip
def test_it_proves_no_contact_and_sets_no_password(app_of_owner, engine, app, active, purpose):
    code, at = app_of_owner.generate_otp(int(time.time()) // 30), now()
    limiter, keyring = app.extensions["limiter"], app.extensions["keyring"]
    assert proofs.attempt(engine, limiter, keyring, (purpose,), active, code, at) is None
    found = proofs.attempt(engine, limiter, keyring, (Purpose.NEW_DEVICE,), active, code, at)
    assert found is not None
    assert found.kind is proofs.Kind.SMART_OTP


def test_it_is_switched_off_also_by_who_has_lost_the_app(app_of_owner, home, engine, new_client):
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = people.post(home, f"{APP}/xoa", {}, APP)
        assert asked.status_code == 422
        assert "Xác nhận lại là bạn" in pages.inspected(asked)
        assert len(rows(engine, SmartOtp)) == 1
        assert people.post(home, f"{APP}/xoa", {"proof": people.PASSWORD}, APP).status_code == 303
    assert rows(engine, SmartOtp) == []
    assert told(engine, OutboxMessage, "notice.smart_otp_removed") == ["email", "sms"]
    sign_in(new_client())
    assert codes_sent(engine) == 1


def test_a_password_set_anew_keeps_it(app_of_owner, app, home, engine, new_client):
    client = new_client()
    page = pages.get(client, "/quen-mat-khau")
    people.post(client, "/quen-mat-khau", {"phone": people.CITIZEN.phone, **people.captcha_answer(page)})
    form = {"name": people.CITIZEN.ma_so, "code": people.sent_code(app, "code.reset")}
    form |= {"password": "trăng sáng trên sông Hậu", "again": "trăng sáng trên sông Hậu"}
    assert people.post(client, "/kich-hoat", form).status_code == 303
    answer = people.post(client, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": form["password"]})
    assert "/thiet-bi-moi" in answer.location
    assert "SmartOTP" in pages.get(client, answer.location)


# --- backup codes -----------------------------------------------------------------------------------------------------


def test_ten_are_shown_once_with_the_password(home, engine):
    assert "chưa có mã dự phòng" in pages.get(home, BACKUP)
    pages.part(home, BACKUP)
    assert people.post(home, BACKUP, {"password": "sai rồi"}).status_code == 422
    answer = people.post(home, BACKUP, {"password": people.PASSWORD})
    html = pages.inspected(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(re.findall(r'class="num">\d{4} \d{4} \d{4}<', html)) == 10
    assert "Còn 10 trên 10 mã" in pages.get(home, BACKUP)
    assert told(engine, OutboxMessage, "notice.backup_made") == ["email", "sms"]


def test_new_ones_void_the_old(printed, home, second, engine):
    people.post(home, BACKUP, {"password": people.PASSWORD})
    assert people.post(second, NEW, {"code": printed[0]}).status_code == 422
    assert len(rows(engine, BackupCode)) == 10


def test_one_opens_a_new_device_once_and_the_owner_hears_of_it(printed, second, new_client, engine):
    assert people.post(second, NEW, {"code": f"{printed[3][:4]} {printed[3][4:]}"}).status_code == 303
    assert told(engine, OutboxMessage, "notice.backup_used") == ["email", "sms"]
    other = new_client()
    sign_in(other)
    assert people.post(other, NEW, {"code": printed[3]}).status_code == 422


def test_at_three_left_the_overview_says_so(printed, home, engine):
    assert "Chỉ còn" not in pages.get(home, "/tai-khoan")
    with unit(engine) as db:
        for code in db.scalars(select(BackupCode).limit(7)):
            code.used_at = now()
    assert "Chỉ còn 3 mã dự phòng" in pages.get(home, "/tai-khoan")
    assert "Hãy tạo mã mới trước khi hết" in pages.get(home, BACKUP)


def test_a_backup_code_at_the_door_has_one_winner_of_fifty(printed, second, app, engine, active):
    id = backup.attempt(engine, app.extensions["limiter"], active, printed[0], now())
    won = []

    def use():
        with unit(engine) as db:
            if proofs.use(db, proofs.Proof(id, None), active, now()):
                won.append(1)

    at_once(use)
    assert len(won) == 1


def test_the_same_code_sent_many_times_opens_one_session(printed, second, app, engine):
    cookies = {name: second.get_cookie(name).value for name in ("vssid", "vssid-device")}
    token = people.csrf(second, NEW)
    answers = []

    def press():
        client = app.test_client()
        for name, value in cookies.items():
            client.set_cookie(name, value)
        answers.append(client.post(NEW, data={"csrf_token": token, "code": printed[0]}).location)

    at_once(press, 20)
    assert answers.count("/") == 1
    assert len([one for one in rows(engine, LoginSession) if one.ended_at is None]) == 1


def test_a_question_is_used_once_by_fifty(engine, active):
    at = now()
    with unit(engine) as db:
        challenges.put(db, "secret", Ask.NEW_DEVICE, ("citizen", active), "here", at, timedelta(minutes=5), 5)
    with reading(engine) as db:
        id = challenges.standing(db, "secret", Ask.NEW_DEVICE, "citizen", "here", at).id
    won, tries = [], []

    def use():
        if challenges.take_try(engine, "secret", Ask.NEW_DEVICE, "citizen", "here", at):
            tries.append(1)
        with unit(engine) as db:
            if challenges.use(db, id, at):
                won.append(1)

    at_once(use)
    assert len(won) == 1
    assert len(tries) <= 5


def test_an_old_hash_is_made_anew_at_the_next_sign_in(home, new_client, engine, active):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(people.PASSWORD)
    with unit(engine) as db:
        db.get_one(Account, active).password_hash = weak
    people.post(home, "/dang-xuat", {}, "/ca-nhan")
    assert sign_in(home).status_code == 303
    with reading(engine) as db:
        stored = db.get_one(Account, active).password_hash
    assert stored != weak
    assert not passwords.outdated(stored)
    assert passwords.right(stored, people.PASSWORD)


def test_a_new_password_leaves_nobody_halfway_in(app, active, home, second, engine):
    code = people.sent_code(app, "code.new_device")
    new = {"old": people.PASSWORD, "password": "mật khẩu mới tinh 1", "again": "mật khẩu mới tinh 1"}
    assert people.post(home, "/tai-khoan/mat-khau", new).status_code == 303
    token = people.csrf(second, "/dang-nhap")
    answer = second.post(NEW, data={"code": code, "csrf_token": token})
    assert answer.status_code == 422
    assert "Mã số hoặc mật khẩu chưa đúng" in answer.get_data(as_text=True)
    assert home.get("/tai-khoan").status_code == 200
    assert second.get(NEW).location.startswith("/dang-nhap")
    before = codes_sent(engine)
    second.post(f"{NEW}/gui-ma", data={"csrf_token": token})
    assert codes_sent(engine) == before


def test_who_knows_a_number_shuts_its_owner_out_of_no_code(app, active, home, new_client, engine):
    stranger = new_client()
    for n in range(12):
        code = "1234 5678" if n % 2 else f"{n:012}"
        form = {"name": people.CITIZEN.ma_so, "code": code, "password": people.PASSWORD, "again": people.PASSWORD}
        assert people.post(stranger, "/kich-hoat", form).status_code == 422
    second = new_client()
    assert sign_in(second).location.startswith(NEW)
    assert people.post(second, NEW, {"code": people.sent_code(app, "code.new_device")}, NEW).status_code == 303
