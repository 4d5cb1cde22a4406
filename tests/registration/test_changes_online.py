"""What a citizen changes online: phone, e-mail, address; each proven by codes to what it was and what it is to be."""

import io
import re
import threading
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

from tests import pages, people
from vssid import accounts
from vssid.accounts.models import Account, LoginSession, OneTimeCode
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.registration.addresses import address_of
from vssid.registration.changes import rules
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.rules import Channel, Item, Status, Wanted

OLD, NEW = "+84900000101", "+84900000777"
MAIL, NEW_MAIL = "mau@vidu.vn", "moi@vidu.vn"


def ask_phone(member, phone="0900 000 777"):
    return people.post(member.citizen, "/tai-khoan/dien-thoai", {"phone": phone})


def ask_email(member, **form):
    return people.post(member.citizen, "/tai-khoan/email", form)


def recipients(member, kind):
    with reading(member.engine) as db:
        rows = db.query(OutboxMessage).where(OutboxMessage.kind == f"code.{kind}")
        return [opened(member.app.extensions["keyring"], row).to for row in rows]


@pytest.mark.parametrize(
    ("window", "mail", "open_to"),
    [
        ("dien-thoai", MAIL, False), ("dia-chi", MAIL, False), ("ngung-su-dung", MAIL, False), ("email", "", False),
        ("email", MAIL, True),
    ],
)  # fmt: skip
def test_who_has_no_phone_is_sent_to_the_counter_before_typing(member, window, mail, open_to):
    with unit(member.engine) as db:
        account = db.get_one(Account, member.account.id)
        account.phone, account.email = None, mail
    html = pages.get(member.citizen, f"/tai-khoan/{window}")
    assert ("Việc này làm tại quầy" in html) is not open_to
    assert ("<form" in html.split("<main")[1].split("</main")[0]) is open_to


def test_a_phone_changes_when_the_codes_of_old_and_new_are_right(member):
    answer = ask_phone(member)
    assert answer.status_code == 303
    assert answer.location == member.path
    assert (recipients(member, "phone_old"), recipients(member, "phone_new")) == ([OLD], [NEW])
    html = pages.get(member.citizen, member.path)
    assert "090*****01" in html
    assert "090*****77" in html
    assert member.account.phone == OLD
    assert member.prove("phone_old", "phone_new").status_code == 303
    assert member.account.phone == NEW
    assert member.change.status == "done"
    assert member.told("phone_done") == sorted([OLD, NEW, MAIL])
    assert member.tags()[-1] == "change.done"
    assert "account.phone_changed" in member.tags()
    assert member.citizen.get("/tai-khoan").status_code == 200


def test_a_code_of_one_number_or_of_another_change_proves_nothing(member):
    ask_phone(member, "0900000888")
    first = member.codes("phone_old", "phone_new")
    ask_phone(member)
    second = member.codes("phone_old", "phone_new")
    for form in (
        first,
        {"first": second["first"], "second": "000000"},
        {"first": second["second"], "second": second["first"]},
        {"first": second["first"]},
    ):
        answer = people.post(member.citizen, member.path, form)
        assert answer.status_code == 422
        pages.inspected(answer)
    assert member.account.phone == OLD
    assert member.change.status == "asked"


def test_a_reset_or_device_code_does_not_change_a_phone(member):
    ask_phone(member)
    with member.app.app_context(), unit(member.engine) as db:
        account = accounts.by_person(db, member.account.person_id)
        accounts.send_code(db, member.app.extensions["keyring"], account, accounts.Purpose.RESET, by=OPERATOR, at=now())
    form = {**member.codes("phone_old", "phone_new"), "first": people.sent_code(member.app, "code.reset")}
    assert people.post(member.citizen, member.path, form).status_code == 422


def test_five_wrong_tries_kill_the_codes(member):
    ask_phone(member)
    codes = member.codes("phone_old", "phone_new")
    for _n in range(5):
        people.post(member.citizen, member.path, {"first": "000000", "second": "000000"})
    assert people.post(member.citizen, member.path, codes).status_code == 422
    assert member.account.phone == OLD


def test_who_has_the_number_is_told_only_to_who_has_proven_it(app, engine, member):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    free, taken = ask_phone(member, "0900000888"), ask_phone(member, people.STRANGER.phone)
    assert (free.status_code, taken.status_code) == (303, 303)
    assert free.text.replace(*_ids(free, taken)) == taken.text
    answer = member.prove("phone_old", "phone_new")
    assert answer.status_code == 422
    assert "đã thuộc một tài khoản khác" in pages.inspected(answer)
    assert member.account.phone == OLD


def test_two_accounts_that_prove_the_same_number_at_once_have_one_winner(app, engine, member, new_client):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    asked = []
    for client in (member.citizen, stranger):
        path = people.post(client, "/tai-khoan/dien-thoai", {"phone": "0900000777"}).location
        data = {"csrf_token": people.csrf(client, path), **member.codes("phone_old", "phone_new")}
        asked.append((path, data, client.get_cookie("vssid").value))
    seen: list[int] = []

    def press(path, data, cookie) -> None:
        with app.test_client() as browser:
            browser.set_cookie("vssid", cookie)
            seen.append(browser.post(path, data=data).status_code)

    threads = [threading.Thread(target=press, args=one) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [303, 422]
    with reading(engine) as db:
        assert db.query(Account).where(Account.phone == NEW).count() == 1


def _ids(one, other):
    return tuple(re.search(r"[0-9a-f-]{36}", answer.location)[0] for answer in (one, other))


@pytest.mark.parametrize(
    ("phone", "words"),
    [("", "nhập số"), ("0296123456", "di động"), ("0900000101", "đang là số"), ("+1 202 555 0100", "di động"),
     ("0" * 400, "Dài quá"), ("<script>", "di động")],
)  # fmt: skip
def test_what_is_no_new_number_is_refused_in_words(member, phone, words):
    answer = ask_phone(member, phone)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)
    assert member.change is None


def test_numbers_get_three_codes_in_ten_minutes_and_the_refusal_says_so(member):
    answers = [ask_phone(member, f"09000008{n:02}").status_code for n in range(4)]
    assert answers[-1] == 422
    assert set(answers[:2]) == {303}


def test_what_was_asked_before_falls_away(member):
    ask_phone(member, "0900000888")
    first = member.path
    ask_phone(member)
    assert member.citizen.get(first).status_code == 404
    with reading(member.engine) as db:
        assert db.query(ChangeRequest).count() == 1


def test_an_email_changes_with_codes_of_both_mailboxes(member):
    assert ask_email(member, email=NEW_MAIL).status_code == 303
    assert (recipients(member, "email_old"), recipients(member, "email_new")) == ([MAIL], [NEW_MAIL])
    assert member.account.email_proven_at is None
    assert member.prove("email_old", "email_new").status_code == 303
    assert member.account.email == NEW_MAIL
    assert member.account.email_proven_at is not None
    assert member.told("email_done") == sorted([OLD, MAIL, NEW_MAIL])


def test_a_lost_mailbox_is_replaced_by_the_phone(member):
    assert ask_email(member, email=NEW_MAIL, lost="y").status_code == 303
    assert recipients(member, "email_phone") == [OLD]
    assert recipients(member, "email_old") == []
    assert member.prove("email_phone", "email_new").status_code == 303
    assert member.account.email == NEW_MAIL
    assert MAIL in member.told("email_done")


def test_an_email_is_given_up_with_a_code_and_a_first_one_needs_the_phone(member):
    assert people.post(member.citizen, "/tai-khoan/email/bo", {}, "/tai-khoan/email").status_code == 303
    assert member.prove("email_phone").status_code == 303
    assert (member.account.email, member.account.email_proven_at) == (None, None)
    assert "chưa có email" in pages.get(member.citizen, "/tai-khoan/email")
    assert ask_email(member, email=NEW_MAIL).status_code == 303
    assert member.prove("email_phone", "email_new").status_code == 303
    assert member.account.email == NEW_MAIL


@pytest.mark.parametrize(
    ("form", "words"),
    [({"email": ""}, "nhập email"), ({"email": "không phải"}, "dạng"), ({"email": "a@b.vn\nBcc: x@y.vn"}, "dạng"),
     ({"email": MAIL}, "đang là email"), ({"email": NEW_MAIL, "captcha_solution": "-1"}, "Mã kiểm tra")],
)  # fmt: skip
def test_what_is_no_new_address_is_refused_in_words(member, form, words):
    answer = ask_email(member, **form)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)
    assert member.change is None


def test_a_new_address_answers_from_then_on(member):
    form = {"ward_code": people.WARD, "address_line": "Số 9, tổ 9", "contact_name": "Đặng Văn Mẫu Con"}
    assert people.post(member.citizen, "/tai-khoan/dia-chi", form).status_code == 303
    person = member.account.person_id
    with reading(member.engine) as db:
        assert address_of(db, person).line == "Số 1, tổ 2"
    assert member.prove("address").status_code == 303
    with reading(member.engine) as db:
        assert address_of(db, person).line == "Số 9, tổ 9"
    assert "Số 9, tổ 9" in pages.get(member.citizen, "/tai-khoan/dia-chi")
    assert member.told("address_done") == sorted([OLD, MAIL])
    assert 'value="Đặng Văn Mẫu Con"' in pages.get(member.citizen, "/tai-khoan/dia-chi")
    people.post(member.citizen, "/tai-khoan/dia-chi", {**form, "contact_name": ""})
    assert member.change.contact_name == people.CITIZEN.name


@pytest.mark.parametrize(
    ("form", "status"),
    [({"address_line": "Số 9", "ward_code": "99999"}, 422), ({"ward_code": people.WARD, "address_line": ""}, 422),
     ({"ward_code": people.WARD, "address_line": "x" * 201}, 422), ({"find_ward": "1", "ward_query": "my"}, 200)],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_and_the_picker_only_picks(member, form, status):
    answer = people.post(member.citizen, "/tai-khoan/dia-chi", form)
    assert answer.status_code == status
    pages.inspected(answer)
    assert member.change is None


def test_form_01_has_the_purpose_ticked_and_the_new_number(member):
    ask_phone(member)
    assert member.citizen.get(member.path + "/to-khai.pdf").status_code == 404
    member.prove("phone_old", "phone_new")
    answer = member.citizen.get(member.path + "/to-khai.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    flat = " ".join(text.split())
    assert re.search(r"×\s*điều chỉnh thông tin", flat)
    assert not re.search(r"×\s*(đăng ký|ngừng) sử dụng", flat)
    assert "0900 000 777 (thay đổi)" in flat
    assert people.CITIZEN.name in flat


def test_a_stranger_finds_nothing_of_it(app, engine, member, new_client):
    ask_phone(member)
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    for path in (member.path, member.path + "/to-khai.pdf"):
        assert stranger.get(path).status_code == 404
    for path in (member.path, member.path + "/huy"):
        assert (
            people.post(stranger, path, member.codes("phone_old", "phone_new"), "/tai-khoan/email").status_code == 404
        )
    assert member.path.split("/")[-1] not in pages.get(stranger, "/tai-khoan/thay-doi")
    assert member.change.status == "asked"


def test_who_is_not_signed_in_is_sent_to_sign_in(member, new_client):
    ask_phone(member)
    for path in ("/tai-khoan/dien-thoai", "/tai-khoan/email", "/tai-khoan/dia-chi", "/tai-khoan/ngung-su-dung",
                 "/tai-khoan/thay-doi", member.path):  # fmt: skip
        answer = new_client().get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/dang-nhap")


@pytest.mark.parametrize("name", ["dien-thoai", "email", "dia-chi", "ngung-su-dung", "thay-doi"])
def test_windows_keep_the_laws_and_render_alone(member, name):
    pages.get(member.citizen, f"/tai-khoan/{name}")
    assert pages.part(member.citizen, f"/tai-khoan/{name}").startswith("<title>")


def test_with_htmx_a_change_is_asked_and_refused_in_parts(member):
    token = people.csrf(member.citizen, "/tai-khoan/dien-thoai")
    headers = {"HX-Request": "true"}
    refused = member.citizen.post("/tai-khoan/dien-thoai", data={"csrf_token": token, "phone": "1"}, headers=headers)
    assert refused.status_code == 422
    assert "<html" not in refused.text
    asked = member.citizen.post(
        "/tai-khoan/dien-thoai", data={"csrf_token": token, "phone": "0900000777"}, headers=headers
    )
    assert asked.status_code == 204
    assert member.path in asked.headers["HX-Location"]


def test_a_childs_account_changes_nothing_online(app, engine, member, new_client):
    with app.app_context(), unit(engine) as db:
        guardian, child = member.account.person_id, people.add_person(db, people.CHILD)
        made = accounts.create_for_child(
            db, app.extensions["keyring"], (child, people.CHILD.ma_so, people.CHILD.name), guardian,
            accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version = TERMS_VERSION
    client = new_client()
    people.citizen_signs_in(app, client, people.CHILD.ma_so)
    for path, form in (
        ("dien-thoai", {"phone": "0900000777"}),
        ("email", {"email": NEW_MAIL}),
        ("dia-chi", {"ward_code": people.WARD, "address_line": "Số 9"}),
        ("ngung-su-dung", {"password": people.PASSWORD}),
    ):
        assert "người giám hộ" in pages.get(client, f"/tai-khoan/{path}")
        answer = people.post(client, f"/tai-khoan/{path}", form, "/tai-khoan/mat-khau")
        assert answer.status_code == 422
        pages.inspected(answer)
    assert member.change is None


def test_what_is_never_proven_is_forgotten(member):
    ask_phone(member)
    member.run(now() + rules.ASKED_LIFE + timedelta(minutes=1))
    with reading(member.engine) as db:
        assert db.query(ChangeRequest).count() == 0


def test_the_audit_holds_ids_and_never_the_values(member):
    ask_phone(member)
    member.prove("phone_old", "phone_new")
    with reading(member.engine) as db:
        text = str([entry.detail for entry in db.query(AuditEntry)])
        assert db.scalars(select(OneTimeCode.bound_to).where(OneTimeCode.purpose == "phone_new")).one() == str(
            member.change.id
        )
        assert db.query(LoginSession).where(LoginSession.subject_kind == "citizen").one().ended_at is None
    assert "900000777" not in text


@pytest.mark.parametrize(
    ("wanted", "has_email", "expected"),
    [
        (Wanted(Item.PHONE, phone=NEW), True, "phone_old phone_new"),
        (Wanted(Item.PHONE, phone=NEW, lost=True), True, "phone_new"),
        (Wanted(Item.EMAIL, email=NEW_MAIL), True, "email_old email_new"),
        (Wanted(Item.EMAIL, email=NEW_MAIL), False, "email_phone email_new"),
        (Wanted(Item.EMAIL, email=NEW_MAIL, lost=True), True, "email_phone email_new"),
        (Wanted(Item.EMAIL), True, "email_phone"),
        (Wanted(Item.ADDRESS), True, "address"),
        (Wanted(Item.STOP), True, "stop"),
        (Wanted(Item.STOP, lost=True), True, ""),
    ],
)
def test_each_change_is_proven_by_its_codes(wanted, has_email, expected):
    assert " ".join(rules.proofs(wanted, has_email)) == expected


@pytest.mark.parametrize("item", list(Item))
@pytest.mark.parametrize("channel", list(Channel))
def test_only_a_lost_phone_needs_a_second_officer_and_only_a_stop_online_waits(item, channel):
    lost = rules.proven(item, channel, lost=True)
    assert (lost is Status.SECOND) is (item in (Item.PHONE, Item.STOP))
    waits = item is Item.STOP and channel is Channel.ONLINE
    assert rules.proven(item, channel, lost=False) is (Status.WAITING if waits else Status.DONE)


@pytest.mark.parametrize(("text", "hours"), [("48", 48), ("1", 24), ("9000", 72), ("", 72), ("²", 72), ("-5", 72)])
def test_a_waiting_period_is_never_shorter_than_a_day_or_longer_than_three(text, hours):
    assert accounts.waiting_period(text).total_seconds() == hours * 3600
