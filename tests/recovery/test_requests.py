"""A request for recovery: its code, its mailbox, its wait; what an attacker gets out of it."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, event, select, update

from tests import pages, people, recovering
from tests.recovering import MAIL, NEW
from vssid.accounts import codes, recovery
from vssid.accounts.models import Account, BackupCode, Device, LoginSession
from vssid.accounts.recovery import actions, jobs, rules
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.rules import Purpose
from vssid.directory.models import Parameter
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused

PHONE = "+84900000101"
DAY = timedelta(hours=24)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_request_shows_its_code_once_and_changes_nothing(lost):
    code = lost.asks()
    assert len(code) == 9
    assert lost.request.status == "asked"
    assert lost.request.account_id == lost.account.id
    assert lost.signs_in(NEW) == 422
    html = pages.inspected(lost.looks())
    assert "Chờ xác nhận" in html
    assert people.CITIZEN.name not in html
    assert MAIL not in html


def test_a_number_that_nobody_has_is_answered_alike(lost):
    answers = []
    for name in (people.CITIZEN.ma_so, "8900000999"):
        client = lost.new_client()
        answer = people.post(client, "/khoi-phuc", {"name": name, "password": NEW, "again": NEW})
        html = pages.inspected(answer)
        code = recovering.shown_code(html)
        looked = pages.inspected(lost.looks(code))
        sent = people.post(client, "/khoi-phuc/email", {"code": code}, "/khoi-phuc")
        tried = people.post(client, "/khoi-phuc/email/xac-nhan", {"code": code, "mail_code": "00000000"}, "/khoi-phuc")
        plain = [
            re.sub(r'"[^"]*"|[\d ]{9,}|\d\d:\d\d', "", text)
            for text in (html, looked, pages.inspected(sent), pages.inspected(tried))
        ]
        answers.append((answer.status_code, sent.status_code, tried.status_code, plain))
    assert answers[0] == answers[1]
    assert lost.request.account_id is None


@pytest.mark.parametrize("path", ["/khoi-phuc", "/khoi-phuc/email"])
def test_known_and_unknown_cost_the_same_statements(lost, path):
    seen, heard = [], []

    def hear(_connection, _cursor, sql, *_rest):
        heard.append(sql)

    for name in (people.CITIZEN.ma_so, "8900000999"):
        lost.asks(name)
        client = lost.new_client()
        html = client.get("/khoi-phuc").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
        form = {"name": name, "password": NEW, "again": NEW, "code": lost.code, **people.captcha_answer(html)}
        heard.clear()
        event.listen(Engine, "before_cursor_execute", hear)
        answer = client.post(path, data={"csrf_token": token, **form})
        event.remove(Engine, "before_cursor_execute", hear)
        assert answer.status_code == 200
        seen.append(list(heard))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("form", "words"),
    [({"password": "12345678", "again": "12345678"}, "quen thuộc"), ({"again": "khác hẳn nhau"}, "không giống nhau"),
     ({"name": ""}, "mã số BHXH"), ({"name": "abc"}, "chữ số"), ({"password": "8900000101x", "again": "8900000101x"}, "mã số"),
     ({"captcha_solution": "x"}, "Mã kiểm tra")],
)  # fmt: skip
def test_a_wrong_form_says_why(lost, form, words):
    base = {"name": people.CITIZEN.ma_so, "password": NEW, "again": NEW}
    answer = people.post(lost.new_client(), "/khoi-phuc", {**base, **form})
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert NEW not in html
    assert lost.request is None


def test_forms_live_without_and_with_htmx(lost):
    client = lost.new_client()
    form = {"name": people.CITIZEN.ma_so, "password": NEW, "again": NEW}
    answer = people.post(client, "/khoi-phuc", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert html.startswith("<title>")
    assert "<html" not in html
    assert recovering.shown_code(html)
    refused = people.post(client, "/khoi-phuc/trang-thai", {"code": "1"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422


def test_an_attackers_request_leaves_the_owners_alone(lost):
    mine = lost.asks()
    theirs = lost.asks(password="một mật khẩu của kẻ gian")
    assert mine != theirs
    with reading(lost.engine) as db:
        assert db.scalars(select(RecoveryRequest.status)).all() == ["asked", "asked"]
    lost.code = mine
    lost.asks_for_mail(mine)
    assert lost.types_mail_code(people.sent_code(lost.app, "code.recovery_email"), mine).status_code == 200
    lost.hour_comes()
    assert lost.signs_in(NEW) == 303
    assert lost.signs_in("một mật khẩu của kẻ gian") == 422


def test_one_network_asks_so_often_and_no_more(lost):
    limiter = lost.app.extensions["limiter"]
    for _n in range(rules.REQUESTS_FROM_NETWORK[0]):
        limiter.allow("recovery-network", "127.0.0.0/24", *rules.REQUESTS_FROM_NETWORK, now())
    answer = people.post(lost.new_client(), "/khoi-phuc", {"name": people.CITIZEN.ma_so, "password": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "quá nhiều lần" in pages.inspected(answer)


# --- looking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["", "1", "000000000", "123456789", "x" * 300, "' OR 1=1", "１２３４５６７８９"])
def test_a_wrong_code_shows_nothing(lost, code):
    lost.asks()
    answer = people.post(lost.new_client(), "/khoi-phuc/trang-thai", {"code": code})
    assert answer.status_code == 422
    pages.inspected(answer)


def test_unknown_and_run_out_look_the_same(lost):
    lost.asks()
    lost.run(now() + rules.REQUEST_LIFE + timedelta(minutes=1))
    assert lost.request.status == "expired"
    assert lost.request.password_hash is None
    unknown = rules.new_code()
    texts = [re.sub(r'"[^"]*"', "", pages.inspected(lost.looks(code))) for code in (lost.code, unknown)]
    asked = r"Viết bằng chữ số.*?\?"
    assert re.sub(asked, "", texts[0]) == re.sub(asked, "", texts[1])


# --- the mailbox ------------------------------------------------------------------------------------------------------


def test_the_mailbox_alone_never_opens_at_once(lost):
    lost.by_mail()
    request = lost.request
    assert (request.status, request.way) == ("waiting", "email")
    assert timedelta(hours=23) < request.effective_at - now() <= DAY
    assert lost.signs_in(NEW) == 422
    assert lost.signs_in(people.PASSWORD) == 303
    assert lost.told("recovery.waits") == sorted([PHONE, MAIL])
    assert "Chờ đến giờ" in pages.inspected(lost.looks())


def test_after_the_hour_the_new_password_is_the_only_one(lost):
    lost.by_mail()
    lost.hour_comes()
    assert lost.request.status == "done"
    assert lost.request.password_hash is None
    assert lost.request.stop_digest is None
    assert lost.told("recovery.done") == sorted([PHONE, MAIL])
    with reading(lost.engine) as db:
        assert {row.ended_at is None for row in db.query(Device)} == {False}
        assert {row.ended_at is None for row in db.query(LoginSession)} == {False}
    assert lost.signs_in(people.PASSWORD) == 422
    assert lost.signs_in(NEW) == 303
    assert {"recovery.asked", "recovery.waits", "recovery.done"} <= set(lost.tags())
    assert "đã có tác dụng" in pages.inspected(lost.looks())


def test_the_job_may_run_early_late_and_again(lost):
    lost.by_mail()
    lost.run(lost.request.effective_at - timedelta(minutes=1))
    assert lost.request.status == "waiting"
    for days in (3, 3, 4):
        lost.run(now() + timedelta(days=days))
    assert lost.tags().count("recovery.done") == 1


def test_backup_codes_outlive_a_recovery(lost):
    with lost.app.app_context(), unit(lost.engine) as db:
        account = db.get_one(Account, lost.account.id)
        db.add(BackupCode(id=account.id, account_id=account.id, salt=bytes(16), digest=bytes(32), created_at=now()))
    lost.by_mail()
    lost.hour_comes()
    with reading(lost.engine) as db:
        assert db.query(BackupCode).count() == 1


def test_contacts_are_reminded_at_half_of_the_wait_once(lost):
    lost.by_mail()
    for hours in (11, 13, 14):
        lost.run(now() + timedelta(hours=hours))
    assert lost.told("recovery.reminder") == sorted([PHONE, MAIL])


def test_the_waiting_period_is_a_dated_parameter(lost):
    with unit(lost.engine) as db:
        db.add(
            Parameter(
                code="khoi_phuc.gio_cho_email",
                value="900",
                valid_from=today(),
                valid_to=None,
                source="Quyết định mẫu của cơ quan",
            )
        )
    assert "sau 72 giờ" in pages.get(lost.new_client(), "/quen-mat-khau/cach-khac")
    lost.by_mail()
    assert timedelta(hours=71) < lost.request.effective_at - now() <= timedelta(hours=72)


def test_five_wrong_codes_kill_the_right_one(lost):
    lost.asks()
    lost.asks_for_mail()
    right = people.sent_code(lost.app, "code.recovery_email")
    for n in range(5):
        answer = lost.types_mail_code(f"0000000{n}")
        assert answer.status_code == 422
        assert "chưa đúng" in pages.inspected(answer)
    assert lost.types_mail_code(right).status_code == 422
    assert lost.request.status == "asked"


def test_a_mail_code_fits_its_own_request_only(lost):
    first = lost.asks()
    lost.asks_for_mail(first)
    right = people.sent_code(lost.app, "code.recovery_email")
    second = lost.asks(password="một mật khẩu của kẻ gian")
    assert lost.types_mail_code(right, second).status_code == 422
    assert lost.types_mail_code(right, first).status_code == 200


def test_a_mail_code_opens_nothing_else(lost):
    lost.asks()
    lost.asks_for_mail()
    code = people.sent_code(lost.app, "code.recovery_email")
    form = {"name": people.CITIZEN.ma_so, "code": code, "password": NEW, "again": NEW}
    assert people.post(lost.new_client(), "/kich-hoat", form).status_code == 422


@pytest.mark.parametrize("status", ["closed", "new"])
def test_an_account_that_is_not_active_gets_no_mail(lost, status):
    lost.asks()
    with unit(lost.engine) as db:
        db.execute(update(Account).values(status=status))
    lost.asks_for_mail()
    assert MAIL not in lost.told("code.recovery_email")
    lost.asks()
    assert lost.request.account_id is None


def test_a_mailbox_gets_three_codes_in_ten_minutes_whoever_asks(lost):
    for _n in range(5):
        lost.asks()
        assert lost.asks_for_mail().status_code == 200
    assert lost.told("code.recovery_email").count(MAIL) == 3


def test_one_waits_at_a_time(lost):
    lost.by_mail()
    lost.asks()
    lost.asks_for_mail()
    answer = lost.types_mail_code(people.sent_code(lost.app, "code.recovery_email"))
    assert answer.status_code == 422
    assert "một yêu cầu khôi phục khác" in pages.inspected(answer)


# --- stopped, overtaken -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [PHONE, MAIL])
def test_every_contact_stops_it_at_huy(lost, to):
    lost.by_mail()
    visitor = lost.new_client()
    answer = lost.stops(lost.stop_code(to), visitor)
    assert answer.status_code == 303
    html = pages.get(visitor, answer.location)
    assert "Khôi phục mật khẩu" in html
    assert people.CITIZEN.name not in html
    assert lost.request.status == "cancelled"
    assert lost.request.password_hash is None
    assert lost.told("recovery.cancelled") == sorted([PHONE, MAIL])
    lost.run(now() + timedelta(days=5))
    assert lost.signs_in(NEW) == 422
    assert lost.stops(lost.stop_code(to)).status_code == 422
    assert "đã bị huỷ" in pages.inspected(lost.looks())


def test_the_owner_who_can_sign_in_sees_and_stops_it(lost):
    lost.by_mail()
    owner = lost.new_client()
    assert people.post(owner, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD}).status_code
    people.post(owner, "/thiet-bi-moi", {"code": people.sent_code(lost.app, "code.new_device")})
    for page in ("/tai-khoan", "/"):
        assert 'href="/tai-khoan/khoi-phuc"' in pages.get(owner, page)
    assert "Bằng mã gửi tới email" in pages.get(owner, "/tai-khoan/khoi-phuc")
    assert people.post(owner, "/tai-khoan/khoi-phuc/huy", {}, "/tai-khoan/khoi-phuc").status_code == 303
    assert lost.request.status == "cancelled"
    assert "Không có yêu cầu nào" in pages.get(owner, "/tai-khoan/khoi-phuc")
    people.post(owner, "/tai-khoan/khoi-phuc/huy", {}, "/tai-khoan/mat-khau")
    assert lost.tags().count("recovery.cancelled") == 1


def test_a_phone_that_was_found_open_does_not_stop_it(lost):
    owner = lost.new_client()
    people.post(owner, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    people.post(owner, "/thiet-bi-moi", {"code": people.sent_code(lost.app, "code.new_device")})
    lost.by_mail()
    with time_machine.travel(now() + timedelta(minutes=6)):
        path = "/tai-khoan/khoi-phuc/huy"
        assert people.post(owner, path, {}, "/tai-khoan/khoi-phuc").status_code == 422
        assert lost.request.status == "waiting"
        assert people.post(owner, path, {"proof": people.PASSWORD}, "/tai-khoan/khoi-phuc").status_code == 303
        assert lost.request.status == "cancelled"


def test_strangers_see_no_request_of_others(lost):
    lost.by_mail()
    stranger = lost.new_client()
    recovering.opens(lost.app, lost.engine, stranger, people.STRANGER)
    assert "Không có yêu cầu nào" in pages.get(stranger, "/tai-khoan/khoi-phuc")
    people.post(stranger, "/tai-khoan/khoi-phuc/huy", {}, "/tai-khoan/mat-khau")
    assert lost.request.status == "waiting"


def test_a_password_that_was_set_meanwhile_wins(lost):
    lost.by_mail()
    people.post(lost.new_client(), "/quen-mat-khau", {"phone": people.CITIZEN.phone})
    other = "đường về quê ngoại xa"
    form = {"name": people.CITIZEN.ma_so, "code": people.sent_code(lost.app, "code.reset"), "password": other}
    assert people.post(lost.new_client(), "/kich-hoat", {**form, "again": other}).status_code == 303
    lost.hour_comes()
    assert lost.request.status == "refused"
    assert lost.told("recovery.refused") == sorted([PHONE, MAIL])
    assert lost.signs_in(NEW) == 422
    assert lost.signs_in(other) == 303
    assert "đã được đổi" in pages.inspected(lost.looks())


def test_an_account_that_was_closed_meanwhile_is_not_recovered(lost):
    lost.by_mail()
    with unit(lost.engine) as db:
        db.execute(update(Account).values(status="closed", password_hash=None))
    lost.hour_comes()
    assert lost.request.status == "refused"
    assert lost.account.password_hash is None


def test_what_has_ended_is_forgotten_after_three_months(lost):
    lost.by_mail()
    lost.stops(lost.stop_code(PHONE))
    lost.run(now() + timedelta(days=89))
    assert lost.request is not None
    lost.run(now() + timedelta(days=91))
    assert lost.request is None


# --- at once ----------------------------------------------------------------------------------------------------------


def at_once(count, act):
    """The answers of `count` threads that press together."""
    seen: list[int] = []
    threads = [threading.Thread(target=lambda n=n: seen.append(act(n))) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_of_fifty_that_confirm_one_wins(app, lost):
    lost.asks()
    lost.asks_for_mail()
    request = lost.request
    with reading(lost.engine) as db:
        id = db.execute(
            select(codes.OneTimeCode.id).where(codes.OneTimeCode.purpose == Purpose.RECOVERY_EMAIL)
        ).scalar()

    def confirm(_n):
        with app.app_context():
            try:
                with unit(lost.engine) as db:
                    actions.confirm_by_mail(db, recovery.house(), request.id, id, DAY, at=now())
            except Refused:
                return 422
            return 200

    assert sorted(at_once(50, confirm)) == [200] + [422] * 49
    assert lost.tags().count("recovery.waits") == 1
    assert len(lost.told("recovery.waits")) == 2


def test_of_the_job_the_owner_and_the_message_one_wins(app, lost):
    lost.by_mail()
    request, late = lost.request, now() + timedelta(days=2)

    def press(n):
        with app.app_context():
            try:
                with unit(lost.engine) as db:
                    if n % 2:
                        jobs.apply_due(db, recovery.house(), late)
                    else:
                        recovery.cancel(
                            db, recovery.house(), db.get_one(RecoveryRequest, request.id), by=VISITOR, at=now()
                        )
            except Refused:
                return 422
            return 200

    at_once(50, press)
    tags = lost.tags()
    assert tags.count("recovery.done") + tags.count("recovery.cancelled") == 1
    assert (lost.request.status == "done") == (lost.signs_in(NEW) == 303)
