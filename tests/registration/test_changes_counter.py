"""At the counter: with the phone in hand at once, without it by two officers and a wait; then a new registration."""

import re
import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import pages, people
from vssid import accounts
from vssid.accounts.models import Account, Device, LoginName, LoginSession
from vssid.content import TERMS_VERSION
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.records.models import Guardianship, Person
from vssid.registration.models import Declaration

DESK = "/can-bo/thay-doi"
OLD, NEW, MAIL = "+84900000101", "+84900000777", "mau@vidu.vn"
LOST = {"phone": "0900000777", "id_shown": "cccd", "reason": "Mất điện thoại, đã báo khoá SIM."}
GONE = {"lost": "y", "id_shown": "cccd", "reason": "Mất điện thoại, đã báo khoá SIM."}
DAY = timedelta(hours=24)


def account_path(member):
    return f"{DESK}/tai-khoan/{member.account.id}"


def act(member, name, form, officer=None):
    path = f"{account_path(member)}/{name}"
    return people.post(officer or member.officer, path, form)


def change_path(member):
    return f"{DESK}/{member.change.id}"


def press(member, name, form=None, officer=None):
    path = change_path(member)
    return people.post(officer or member.officer, f"{path}/{name}", form or {}, path)


@pytest.fixture
def more_officers(app, engine, desk, new_client):
    """A function that signs in another officer."""

    def sign_in(code, agency="08902", role="duyet_ho_so", **more):
        with unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role, **more)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return sign_in


@pytest.fixture
def second(member, more_officers):
    """Another officer of the same agency."""
    return more_officers("CB02")


@pytest.fixture
def lost(member):
    """The new number is proven; the request waits for the second officer."""
    assert act(member, "mat-so", LOST).status_code == 303
    assert press(member, "ma", member.codes("phone_new")).status_code == 303
    return member


def find(officer, ma_so, number):
    return people.post(officer, DESK, {"ma_so_bhxh": ma_so, "id_number": number})


def test_both_numbers_together_find_an_account_and_it_is_noted(member):
    answer = find(member.officer, people.CITIZEN.ma_so, people.CITIZEN.cccd)
    assert (answer.status_code, answer.location) == (303, account_path(member))
    assert people.CITIZEN.ma_so not in answer.location
    html = pages.get(member.officer, answer.location)
    assert people.CITIZEN.name in html
    assert "090*****01" in html
    assert "0900 000 101" not in html
    assert MAIL not in html
    assert member.tags()[-1] == "change.viewed"


@pytest.mark.parametrize(
    ("ma_so", "number"),
    [(people.CITIZEN.ma_so, people.STRANGER.cccd), (people.STRANGER.ma_so, people.CITIZEN.cccd),
     (people.CITIZEN.ma_so, "089185000109"), ("8900000999", people.CITIZEN.cccd)],
)  # fmt: skip
def test_one_number_alone_finds_nothing_and_that_is_noted(member, ma_so, number):
    answer = find(member.officer, ma_so, number)
    assert answer.status_code == 422
    assert "Không thấy tài khoản" in pages.inspected(answer)
    assert member.tags()[-1] == "change.search_missed"


@pytest.mark.parametrize(("ma_so", "number"), [("", ""), ("x" * 300, "1"), ("<b>", "'; DROP TABLE accounts")])
def test_what_is_no_number_is_refused(member, ma_so, number):
    answer = find(member.officer, ma_so, number)
    assert answer.status_code == 422
    pages.inspected(answer)


def test_with_the_old_phone_in_hand_the_number_changes_at_once(member):
    answer = act(member, "doi-so", {"phone": "0900000777", "id_shown": "cccd"})
    assert (answer.status_code, answer.location) == (303, change_path(member))
    html = pages.get(member.officer, change_path(member))
    assert "090*****77" in html
    assert press(member, "ma", member.codes("phone_old", "phone_new")).status_code == 303
    assert member.account.phone == NEW
    assert member.told("phone_done") == sorted([OLD, NEW, MAIL])
    assert member.change.id_shown == "cccd"
    assert member.account.status == "active"


def test_an_email_changes_by_the_phone_and_the_new_mailbox(member):
    assert act(member, "email", {"email": "moi@vidu.vn", "id_shown": "cccd"}).status_code == 303
    assert press(member, "ma", member.codes("email_phone", "email_new")).status_code == 303
    assert member.account.email == "moi@vidu.vn"


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("doi-so", {"phone": "0900000777"}, "Chọn một mục"),
        ("doi-so", {"phone": "12", "id_shown": "cccd"}, "di động"),
        ("mat-so", {**LOST, "reason": "ngắn"}, "ít nhất 10"),
        ("mat-so", {**LOST, "reason": "x" * 301}, "300"),
        ("mat-so", {**LOST, "id_shown": "the_sinh_vien"}, "không hợp lệ"),
        ("ngung", {**GONE, "reason": ""}, "ít nhất 10"),
    ],
)
def test_an_act_without_its_particulars_is_refused(member, name, form, words):
    answer = act(member, name, form)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)
    assert member.change is None


def test_a_lost_phone_needs_a_second_officer_of_the_same_agency(lost, second, more_officers):
    assert lost.change.status == "second"
    assert people.CITIZEN.name in pages.get(second, DESK)
    html = pages.get(lost.officer, change_path(lost))
    assert "Bạn đã lập yêu cầu này" in html
    answer = press(lost, "xac-nhan")
    assert answer.status_code == 422
    assert "cán bộ khác" in pages.inspected(answer)
    assert lost.change.status == "second"
    elsewhere = more_officers("CB03", "08903")
    assert people.post(elsewhere, change_path(lost) + "/xac-nhan", {}, "/can-bo").status_code == 404
    assert press(lost, "xac-nhan", officer=second).status_code == 303
    change = lost.change
    assert change.status == "waiting"
    assert change.asked_by != change.confirmed_by
    assert timedelta(hours=23) < change.effective_at - now() <= DAY
    assert lost.told("phone_waits") == sorted([OLD, MAIL])
    assert lost.told("new_phone_waits") == [NEW]
    assert press(lost, "xac-nhan", officer=second).status_code == 422


def test_after_the_wait_only_the_new_phone_comes_in(app, lost, second, new_client):
    press(lost, "xac-nhan", officer=second)
    lost.run(now() + DAY - timedelta(minutes=5))
    assert lost.account.phone == OLD
    lost.run(now() + DAY + timedelta(minutes=5))
    account = lost.account
    assert (account.phone, account.status, account.password_hash) == (NEW, "new", None)
    assert lost.citizen.get("/tai-khoan").status_code == 303
    answer = people.post(lost.citizen, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    assert answer.status_code == 422
    with reading(lost.engine) as db:
        assert all(one.ended_at for one in db.query(Device))
        assert all(one.ended_at for one in db.query(LoginSession).where(LoginSession.subject_kind == "citizen"))
    assert lost.told("phone_done") == sorted([OLD, NEW, MAIL])
    people.citizen_signs_in(app, new_client(), people.CITIZEN.ma_so)
    assert lost.account.status == "active"


def test_the_officer_sees_no_code_and_no_whole_number(lost, second):
    press(lost, "xac-nhan", officer=second)
    code = re.search(r"\b\d{4} \d{4}\b", lost.text_of("change.phone_waits"))[0]
    for path in (DESK, change_path(lost), account_path(lost)):
        html = pages.get(second, path)
        assert code not in html
        assert "900000777" not in html.replace(" ", "")


def test_who_still_has_the_old_phone_stops_it_at_huy(lost, second, new_client):
    press(lost, "xac-nhan", officer=second)
    text = lost.text_of("change.phone_waits")
    code = re.search(r"\b\d{4} \d{4}\b", text)[0]
    assert people.post(new_client(), "/huy", {"code": code}).status_code == 303
    assert lost.change.status == "cancelled"
    assert lost.told("cancelled") == sorted([OLD, NEW, MAIL])
    lost.run(now() + DAY * 2)
    assert lost.account.phone == OLD


def test_a_number_that_has_an_account_by_then_is_not_taken(app, lost, second, engine):
    press(lost, "xac-nhan", officer=second)
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
        db.query(Account).where(Account.phone == "+84900000102").one().phone = NEW
    lost.run(now() + DAY + timedelta(minutes=5))
    assert lost.change.status == "refused"
    assert lost.account.phone == OLD
    assert lost.told("refused") == sorted([OLD, NEW, MAIL])
    lost.run(now() + DAY * 2)
    assert lost.tags().count("change.refused") == 1


def test_the_second_officer_may_refuse_and_anyone_of_the_agency_cancel_a_wait(lost, second):
    assert press(lost, "huy", officer=second).status_code == 303
    assert lost.change.status == "cancelled"
    assert press(lost, "huy", officer=second).status_code == 422
    assert press(lost, "xac-nhan", officer=second).status_code == 422


def test_officers_of_another_agency_find_nothing(lost, more_officers):
    elsewhere = more_officers("CB03", "08903")
    assert find(elsewhere, people.CITIZEN.ma_so, people.CITIZEN.cccd).status_code == 422
    for path in (
        account_path(lost),
        account_path(lost) + "/doi-so",
        change_path(lost),
        change_path(lost) + "/to-khai.pdf",
    ):
        assert elsewhere.get(path).status_code == 404
    for path in (account_path(lost) + "/ngung", change_path(lost) + "/ma", change_path(lost) + "/huy"):
        assert people.post(elsewhere, path, {**GONE, "first": "1"}, "/can-bo").status_code == 404
    assert people.CITIZEN.name not in pages.get(elsewhere, DESK)
    assert lost.change.status == "second"


def test_a_supervisor_sees_the_agencies_below(lost, more_officers):
    above = more_officers("GS01", "089", "giam_sat")
    assert people.CITIZEN.name in pages.get(above, DESK)
    assert press(lost, "xac-nhan", officer=above).status_code == 303


def test_who_may_not_decide_does_not_enter_and_citizens_are_sent_to_sign_in(member, more_officers, new_client):
    auditor = more_officers("KT01", role="kiem_toan")
    for path in (DESK, account_path(member)):
        assert auditor.get(path).status_code == 403
        assert member.citizen.get(path).status_code == 303
        assert new_client().get(path).status_code == 303


def test_officers_do_nothing_for_their_family(app, engine, member, more_officers):
    with unit(engine) as db:
        people.add_person(db, people.STRANGER)
        for person in db.query(Person):
            person.household_code = "HO-MAU"
    relative = more_officers("CB04", ma_so_bhxh=people.STRANGER.ma_so)
    answer = find(relative, people.CITIZEN.ma_so, people.CITIZEN.cccd)
    assert answer.status_code == 422
    assert "người nhà" in pages.inspected(answer)
    answer = act(member, "ngung", GONE, relative)
    assert answer.status_code == 422
    assert "người nhà" in pages.inspected(answer)
    assert act(member, "ngung", GONE).status_code == 303
    for name in ("xac-nhan", "huy"):
        assert "người nhà" in pages.inspected(press(member, name, officer=relative))
    assert member.change.status == "second"
    for path in (account_path(member), change_path(member), change_path(member) + "/to-khai.pdf"):
        answer = relative.get(path)
        assert (answer.status_code, answer.mimetype) == (422, "text/html"), path


def test_the_form_of_a_change_says_numbers_in_full_and_its_look_is_noted(lost):
    before = lost.tags().count("change.viewed")
    assert lost.officer.get(change_path(lost) + "/to-khai.pdf").mimetype == "application/pdf"
    assert lost.tags().count("change.viewed") == before + 1


def test_an_unknown_act_is_no_page(member):
    assert member.officer.get(account_path(member) + "/xoa").status_code == 404
    assert people.post(member.officer, account_path(member) + "/xoa", {}, DESK).status_code == 404


def test_what_is_asked_at_the_counter_is_not_proven_online_nor_the_other_way(member):
    act(member, "doi-so", {"phone": "0900000777", "id_shown": "cccd"})
    own = f"/tai-khoan/thay-doi/{member.change.id}"
    assert "cán bộ lập tại quầy" in pages.get(member.citizen, own)
    assert people.post(member.citizen, own, member.codes("phone_old", "phone_new")).status_code == 404
    assert people.post(member.citizen, own + "/huy", {}, own).status_code == 303
    people.post(member.citizen, "/tai-khoan/email/bo", {}, "/tai-khoan/email")
    assert press(member, "ma", {"first": "123456"}).status_code == 404


def test_extra_fields_change_nothing_else(member):
    form = {"phone": "0900000777", "id_shown": "cccd", "lost": "", "status": "done", "account_id": "1", "item": "stop"}
    act(member, "doi-so", form)
    change = member.change
    assert (change.item, change.status, change.lost) == ("phone", "asked", False)


# --- ending an account, and beginning anew ----------------------------------------------------------------------------


def registers_again(member, app, new_client):
    """Send → approve → activate → sign in, with the same mã số and phone."""
    citizen = new_client()
    people.send_declaration(citizen, people.CITIZEN)
    with reading(member.engine) as db:
        newest = db.query(Declaration).order_by(Declaration.sent_at.desc()).first()
    path = f"/can-bo/to-khai/{newest.id}"
    assert "Mã số này chưa có tài khoản" in pages.get(member.officer, path)
    answer = people.post(member.officer, path + "/duyet", {}, path)
    assert answer.status_code == 303
    people.citizen_signs_in(app, citizen, people.CITIZEN.ma_so)
    assert citizen.get("/tai-khoan").status_code == 200


def test_with_a_code_an_account_ends_at_once_and_the_same_person_registers_again(app, member, new_client):
    before = member.account.id
    assert act(member, "ngung", {"id_shown": "cccd"}).status_code == 303
    assert press(member, "ma", member.codes("stop")).status_code == 303
    assert member.account.status == "closed"
    html = pages.get(member.officer, account_path(member))
    assert "đăng ký lại" in html
    assert "/ngung" not in html
    registers_again(member, app, new_client)
    account = member.account
    assert (account.id, account.status, account.phone) == (before, "active", OLD)
    assert {"account.closed", "account.reopened"} <= set(member.tags())
    with reading(member.engine) as db:
        assert set(db.scalars(select(LoginName.value))) == {people.CITIZEN.ma_so, people.CITIZEN.cccd}
        assert db.query(Account).count() == 1


def test_who_has_the_old_phone_and_code_sends_no_code_of_the_account_begun_anew(member, app, new_client):
    with reading(member.engine) as db:
        old = db.query(Declaration).one()
    act(member, "ngung", {"id_shown": "cccd"})
    press(member, "ma", member.codes("stop"))
    people.send_declaration(new_client(), replace(people.CITIZEN, phone="0900000778"))
    with reading(member.engine) as db:
        newest = db.query(Declaration).where(Declaration.id != old.id).one()
    assert people.post(member.officer, f"/can-bo/to-khai/{newest.id}/duyet", {}, DESK).status_code == 303
    assert member.account.status == "new"
    finder = new_client()
    assert people.post(finder, "/to-khai", {"code": old.code, "phone": people.CITIZEN.phone}).status_code == 303
    assert "Gửi lại" not in pages.get(finder, "/to-khai/xem")
    assert people.post(finder, "/to-khai/gui-lai", {"kenh": "sms"}, "/to-khai").status_code == 422


def test_the_freed_phone_serves_another_person(app, member, engine):
    act(member, "ngung", {"id_shown": "cccd"})
    press(member, "ma", member.codes("stop"))
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, replace(people.STRANGER, phone=people.CITIZEN.phone))
    with reading(engine) as db:
        assert db.query(Account).where(Account.phone == OLD).one().status == "new"


def test_without_the_phone_it_ends_after_two_officers_and_a_day(app, member, second, new_client):
    assert act(member, "ngung", GONE).status_code == 303
    assert member.change.status == "second"
    assert member.change.proofs == ""
    assert press(member, "xac-nhan").status_code == 422
    assert press(member, "xac-nhan", officer=second).status_code == 303
    assert member.told("stop_waits") == sorted([OLD, MAIL])
    member.run(now() + DAY + timedelta(minutes=5))
    assert member.account.status == "closed"
    registers_again(member, app, new_client)


def test_an_account_that_is_not_closed_is_not_opened_twice(member, new_client):
    other = new_client()
    people.send_declaration(other, people.CITIZEN)
    with reading(member.engine) as db:
        newest = db.query(Declaration).order_by(Declaration.sent_at.desc()).first()
    path = f"/can-bo/to-khai/{newest.id}"
    answer = people.post(member.officer, path + "/duyet", {}, path)
    assert answer.status_code == 422
    assert "đã có tài khoản" in pages.inspected(answer)


def test_a_code_that_was_tried_before_the_end_opens_nothing_after_it(app, engine, member):
    """The request that tried it may be anywhere between its try and its act when the account ends."""
    people.post(member.citizen, "/tai-khoan/dien-thoai", {"phone": "0900000777"})
    keyring, limiter, asked = app.extensions["keyring"], app.extensions["limiter"], member.change
    typed = member.codes("phone_old")["first"]
    tried = accounts.attempt_code(
        engine, limiter, keyring, (accounts.Purpose.PHONE_OLD,), asked.account_id, typed, now(), bound_to=str(asked.id)
    )
    assert tried is not None
    act(member, "ngung", {"id_shown": "cccd"})
    press(member, "ma", member.codes("stop"))
    with unit(engine) as db:
        assert not accounts.use_code(db, tried, now())
    with reading(engine) as db:
        assert db.query(Account).one().phone is None


def test_a_childs_account_ends_with_the_guardians_paper_and_phone(app, engine, member):
    with app.app_context(), unit(engine) as db:
        child, guardian = people.add_person(db, people.CHILD), member.account.person_id
        db.add(
            Guardianship(
                id=uuid4(), child_id=child, guardian_id=guardian, valid_from=today(), valid_to=None, source="mau"
            )
        )
        made = accounts.create_for_child(
            db, app.extensions["keyring"], (child, people.CHILD.ma_so, people.CHILD.name), guardian,
            accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version, id = TERMS_VERSION, made.id
        code = people.add_officer(app, db, "CB09", "089")
    top = app.test_client()
    people.officer_signs_in(app, top, "CB09", code)
    assert find(member.officer, people.CHILD.ma_so, people.CITIZEN.cccd).status_code == 422
    answer = find(top, people.CHILD.ma_so, people.CITIZEN.cccd)
    assert answer.status_code == 303, "who was registered without a declaration belongs to the province's agency"
    html = pages.get(top, answer.location)
    assert "/ngung" in html
    assert "/doi-so" not in html
    assert people.post(top, answer.location + "/doi-so", {"phone": "0900000777", "id_shown": "cccd"}).status_code == 422
    assert people.post(top, answer.location + "/ngung", {"id_shown": "cccd"}).status_code == 303
    path = f"{DESK}/{member.change.id}"
    assert member.citizen.get(f"/tai-khoan/thay-doi/{member.change.id}").status_code == 404, "not the guardian's own"
    assert people.post(top, path + "/ma", member.codes("stop"), path).status_code == 303
    with reading(engine) as db:
        assert db.get(Account, id).status == "closed"
        assert db.get(Account, member.account.id).status == "active"
    with app.app_context(), unit(engine) as db:
        accounts.create_for_child(
            db, app.extensions["keyring"], (child, people.CHILD.ma_so, people.CHILD.name), guardian,
            accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        assert db.get(Account, id).status == "new"


def test_of_many_second_officers_one_confirms(app, lost, second):
    path = change_path(lost)
    token, cookie = people.csrf(second, path), second.get_cookie("vssid").value
    seen: list[int] = []

    def confirm() -> None:
        with app.test_client() as client:
            client.set_cookie("vssid", cookie)
            seen.append(client.post(path + "/xac-nhan", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=confirm) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count(303) == 1
    assert set(seen) <= {303, 422, 503}
    assert lost.tags().count("change.waits") == 1
    assert len(lost.told("phone_waits")) == 2


def test_the_right_codes_work_once_in_twenty_parallel_tries(app, member):
    """Online: five tries a code are allowed, so most are refused; no more than one changes anything."""
    people.post(member.citizen, "/tai-khoan/email/bo", {}, "/tai-khoan/email")
    path, codes = member.path, member.codes("email_phone")
    token, cookie = people.csrf(member.citizen, path), member.citizen.get_cookie("vssid").value
    seen: list[int] = []

    def prove() -> None:
        with app.test_client() as client:
            client.set_cookie("vssid", cookie)
            seen.append(client.post(path, data={"csrf_token": token, **codes}).status_code)

    threads = [threading.Thread(target=prove) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count(303) == 1
    assert member.tags().count("change.done") == 1


def test_the_desk_renders_alone_and_counts_what_waits_for_a_second(lost, second):
    for path in (DESK, account_path(lost), change_path(lost)):
        assert pages.part(second, path).startswith("<title>")
    html = pages.get(second, DESK)
    assert re.search(r"Thay đổi, ngừng sử dụng</span> <b>1</b>", html)
    assert "Tờ khai đăng ký" in html
