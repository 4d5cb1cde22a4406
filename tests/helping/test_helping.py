"""Helper mode: one task, lent for a while; nothing else is visible, both are told, everything is in the history."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from vssid.accounts.models import Account, LoginSession
from vssid.helping.models import Loan
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage

HELPER = {"name": "Lê Văn Mẫu Cháu", "phone": "0900000105"}


@pytest.fixture
def owner(app, client, engine):
    """A citizen with a card, signed in."""
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


def lend(client, task="the_bhyt", minutes="30"):
    """The code that the owner sees."""
    answer = people.post(client, "/tai-khoan/nguoi-giup", {"task": task, "minutes": minutes})
    assert answer.status_code == 200, answer.status_code
    return re.search(r'class="code">([\d ]+)<', pages.inspected(answer))[1].replace(" ", "")


def take(client, typed, **more):
    return people.post(client, "/giup-do", {"code": typed, **HELPER, **more})


@pytest.fixture
def helper(owner, new_client):
    other = new_client()
    assert take(other, lend(owner)).status_code == 303
    return other


def rows(engine, model):
    with reading(engine) as db:
        return db.scalars(select(model)).all()


def told(app, engine, kind):
    with app.app_context(), reading(engine) as db:
        found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
        return [opened(app.extensions["keyring"], message) for message in found]


def test_the_helper_does_the_task_and_every_page_says_whose_it_is(helper):
    page = pages.get(helper, "/giup-do/viec")
    assert people.CITIZEN.name in page
    for path in ("/giup-do/viec", "/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung", "/", "/quyen-rieng-tu"):
        html = pages.get(helper, path)
        assert f"Bạn đang giúp {people.CITIZEN.name}" in html, path
    assert helper.get("/ca-nhan/the-bhyt.pdf").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/ca-nhan", "/ca-nhan?hien=1", "/tai-khoan", "/tai-khoan/nhat-ky", "/tai-khoan/thiet-bi", "/tai-khoan/mat-khau", "/tai-khoan/dia-chi",
        "/tai-khoan/nguoi-giup", "/tai-khoan/thay-doi", "/tai-khoan/khong-phai-toi", "/ca-nhan/gia-dinh", "/ca-nhan/gia-dinh/dang-ky",
    ],
)  # fmt: skip
def test_nothing_else_is_visible(helper, path):
    answer = helper.get(path)
    assert answer.status_code == 303
    assert answer.location == "/giup-do/viec"


def test_every_citizens_view_that_is_not_the_task_is_shut(app, helper):
    """By the list of all routes: one that is added later is shut as well."""
    from vssid.web.cli import routes

    for route in routes(app):
        if route["guard"] not in ("citizen", "guardian") or route["task"] == "the_bhyt":
            continue
        path = re.sub(r"<[^>]*uuid:[^>]*>", "00000000-0000-0000-0000-000000000000", route["rule"])
        path = re.sub(r"<[^>]*>", "x", path)
        get = route["method"] == "GET"
        answer = helper.get(path) if get else people.post(helper, path, page="/giup-do/viec")
        assert answer.status_code in (303, 404), (route["rule"], answer.status_code)
        assert answer.status_code == 404 or answer.location.endswith("/giup-do/viec"), route["rule"]


def test_a_helper_on_the_way_to_the_hospital_sees_no_way_to_complain(helper):
    for path in ("/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung", "/ca-nhan/the-bhyt/hom-nay"):
        html = pages.get(helper, path)
        assert people.CITIZEN.name in html
        for shut in ("/bi-tu-choi", "/lich.ics", "/uoc-tinh"):
            assert shut not in html, (path, shut)


def test_both_are_told_and_the_owners_history_has_all_of_it(app, helper, owner, engine):
    helper.get("/ca-nhan/the-bhyt")
    [to_owner] = told(app, engine, "helping.begun")
    assert to_owner.to == "+84900000101"
    assert "Le Van Mau Chau" in to_owner.text
    [to_helper] = told(app, engine, "helping.helper")
    assert to_helper.to == "+84900000105"
    assert "Dang Thi Mau Ung" in to_helper.text
    for message in (to_owner, to_helper):
        assert len(message.text) <= 160, message.text
    assert people.post(helper, "/giup-do/ket-thuc", page="/giup-do/viec").status_code == 303
    [ended] = told(app, engine, "helping.ended")
    assert ended.to == "+84900000101"
    history = pages.get(owner, "/tai-khoan/nhat-ky")
    for words in (
        "Bạn tạo mã nhờ người giúp",
        "Một người giúp bắt đầu",
        "Người giúp mở một trang",
        "Việc nhờ giúp kết thúc",
    ):
        assert words in history
    loans = pages.get(owner, "/tai-khoan/nguoi-giup")
    assert "Lê Văn Mẫu Cháu" in loans
    assert "người giúp kết thúc" in loans


def test_what_a_helper_does_has_the_helper_as_its_author(app, owner, new_client, engine):
    other = new_client()
    take(other, lend(owner, "dia_chi"))
    form = {"ward_code": people.WARD, "address_line": "Số 9, tổ 9"}
    answer = people.post(other, "/tai-khoan/dia-chi", form)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    loan = rows(engine, Loan)[0]
    asked = [entry for entry in rows(engine, AuditEntry) if entry.tag == "change.asked"]
    assert [(entry.actor_kind, entry.actor_id) for entry in asked] == [("helper", loan.id)]
    # The owner reads the code out; only then is anything changed.
    code = people.sent_code(app, "code.address")
    assert people.post(other, answer.location, {"first": code}).status_code == 303


@pytest.mark.parametrize("task", ["the_bhyt", "dia_chi", "cho_con"])
def test_the_helper_is_not_told_that_the_owners_things_are_theirs(owner, new_client, task):
    other = new_client()
    take(other, lend(owner, task))
    html = pages.get(other, "/giup-do/viec")
    assert "điện thoại của bạn" not in html
    assert "giấy tờ của bạn" not in html
    assert "Người giúp" not in html


def test_pages_that_messages_send_people_to_stand_in_the_menu_of_who_is_signed_in(owner):
    html = pages.get(owner, "/tai-khoan")
    assert 'href="/huy"' in html
    assert 'href="/giup-do"' in html


def test_a_helper_for_the_address_sees_no_other_change(app, owner, new_client, engine):
    answer = people.post(owner, "/tai-khoan/dien-thoai", {"phone": "0900000109"})
    other = new_client()
    take(other, lend(owner, "dia_chi"))
    assert other.get(answer.location).status_code == 404


def test_the_owner_ends_it_at_once(owner, helper, engine):
    loan = rows(engine, Loan)[0]
    assert (
        people.post(owner, f"/tai-khoan/nguoi-giup/{loan.id}/ket-thuc", page="/tai-khoan/nguoi-giup").status_code == 303
    )
    answer = helper.get("/ca-nhan/the-bhyt")
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.location
    assert people.CITIZEN.name not in pages.get(helper, "/")


def test_it_ends_with_its_hour(app, helper, engine):
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert helper.get("/ca-nhan/the-bhyt").status_code == 303
        from vssid.helping.actions import end_due

        with unit(engine) as db:
            assert end_due(db, now()) == 1
        with unit(engine) as db:
            assert end_due(db, now()) == 0


def test_a_code_that_nobody_types_dies(owner, new_client):
    code = lend(owner)
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert take(new_client(), code).status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "00000000"}, "Mã chưa đúng"),
        ({"code": "123"}, "8 chữ số"),
        ({"name": ""}, "họ và tên"),
        ({"phone": "12"}, "di động"),
    ],
)
def test_a_wrong_beginning_says_why(owner, new_client, change, words):
    answer = take(new_client(), lend(owner), **change)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)


def test_a_code_works_once(owner, new_client):
    code = lend(owner)
    assert take(new_client(), code).status_code == 303
    assert take(new_client(), code).status_code == 422


def test_of_fifty_who_type_it_at_once_one_gets_in(app, owner, new_client, engine):
    from vssid.helping import actions

    code = lend(owner)

    def begin(_n):
        with app.app_context():
            try:
                with unit(engine) as db:
                    actions.begin(
                        db, app.extensions["keyring"], code, actions.Introduction("Mẫu", "+84900000105"), at=now()
                    )
            except Exception as refused:
                return type(refused).__name__
            return "in"

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(begin, range(50)))
    assert outcomes.count("in") == 1
    assert set(outcomes) == {"in", "Refused"}


def test_a_new_code_ends_what_was_lent_before(owner, new_client):
    first = lend(owner)
    second = lend(owner)
    assert take(new_client(), first).status_code == 422
    assert take(new_client(), second).status_code == 303


def test_guessing_codes_ends_soon(owner, new_client):
    with time_machine.travel(now(), tick=False):
        for n in range(10):
            take(new_client(), f"{n:08}")
        answer = take(new_client(), lend(owner))
    assert answer.status_code == 422
    assert "quá nhiều lần" in answer.get_data(as_text=True)


def test_whoever_was_signed_in_there_is_signed_out(app, owner, new_client, engine):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    other = new_client()
    people.citizen_signs_in(app, other, people.STRANGER.ma_so)
    assert "được đăng xuất khỏi máy này" in pages.get(other, "/giup-do")
    take(other, lend(owner))
    assert other.get("/tai-khoan").location == "/giup-do/viec"
    with reading(engine) as db:
        stranger = db.scalar(select(Account).where(Account.phone == "+84900000102"))
        ended = db.scalars(select(LoginSession).where(LoginSession.subject_id == stranger.id)).all()
    assert [session.end_reason for session in ended] == ["switched"]


@pytest.mark.parametrize("what", ["closed", "frozen", "password"])
def test_an_account_that_is_shut_shuts_its_helper_out(helper, engine, what):
    with unit(engine) as db:
        account = db.scalars(select(Account)).one()
        if what == "closed":
            account.status = "closed"
        elif what == "frozen":
            account.frozen_until = now() + timedelta(hours=1)
        else:
            account.password_set_at = now()
    assert "/dang-nhap" in helper.get("/ca-nhan/the-bhyt").location


def test_a_strangers_loan_cannot_be_ended(app, owner, helper, new_client, engine):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    loan = rows(engine, Loan)[0]
    answer = people.post(stranger, f"/tai-khoan/nguoi-giup/{loan.id}/ket-thuc", page="/tai-khoan/nguoi-giup")
    assert answer.status_code == 404
    assert helper.get("/ca-nhan/the-bhyt").status_code == 200


def test_a_child_is_declared_by_a_helper(app, owner, new_client, engine):
    with app.app_context(), unit(engine) as db:
        people.add_agency(db)
    other = new_client()
    take(other, lend(owner, "cho_con"))
    people.accept_terms(other)
    page = pages.get(other, "/ca-nhan/gia-dinh/dang-ky")
    assert people.CITIZEN.name in page
    form = {
        "full_name": people.CHILD.name,
        "ma_so_bhxh": people.CHILD.ma_so,
        "ward_code": people.WARD,
        "address_line": "Số 1, tổ 2",
        "relation": re.search(r'name="relation"[^>]*value="([^"]+)"|<option value="([a-z_]+)"', page)[1] or "me",
    }
    answer = people.post(other, "/ca-nhan/gia-dinh/dang-ky", form)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    assert people.finish_child(other).status_code == 303
    loan = rows(engine, Loan)[0]
    assert people.post(other, "/giup-do/ket-thuc", page="/giup-do/viec").status_code == 303
    assert loan.task == "cho_con"


def test_a_draft_of_the_owners_child_shuts_with_the_loan(app, owner, new_client, engine):
    other = new_client()
    take(other, lend(owner, "cho_con"))
    people.accept_terms(other)
    page = pages.get(other, "/ca-nhan/gia-dinh/dang-ky")
    form = {
        "full_name": people.CHILD.name,
        "ma_so_bhxh": people.CHILD.ma_so,
        "ward_code": people.WARD,
        "address_line": "Số 1, tổ 2",
        "relation": re.search(r'name="relation"[^>]*value="([^"]+)"|<option value="([a-z_]+)"', page)[1] or "me",
    }
    assert people.post(other, "/ca-nhan/gia-dinh/dang-ky", form).status_code == 303
    assert other.get("/dang-ky/tre-em/anh").status_code == 200
    loan = rows(engine, Loan)[0]
    people.post(owner, f"/tai-khoan/nguoi-giup/{loan.id}/ket-thuc", page="/tai-khoan/nguoi-giup")
    assert other.get("/dang-ky/tre-em/anh").status_code == 303


def test_helpers_are_forgotten_long_after_the_end(helper, engine):
    from vssid.helping.actions import purge

    people.post(helper, "/giup-do/ket-thuc", page="/giup-do/viec")
    with unit(engine) as db:
        purge(db, now())
    assert len(rows(engine, Loan)) == 1
    with unit(engine) as db:
        purge(db, now() + timedelta(days=401))
    assert rows(engine, Loan) == []


def test_wrong_codes_cost_the_typed_number_no_message(owner, new_client, engine):
    code = lend(owner)
    stranger = new_client()
    for n in range(4):
        assert take(stranger, f"{(int(code) + 1 + n) % 10**8:08}").status_code == 422
    assert take(stranger, code).status_code == 303
