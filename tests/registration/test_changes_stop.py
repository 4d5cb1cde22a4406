"""The end of electronic transactions asked for online, its waiting period, and /huy."""

import io
import re
import threading
from datetime import date, timedelta
from uuid import uuid4

import pypdf
import pytest
from sqlalchemy import select

from tests import pages, people
from vssid import accounts
from vssid.accounts.models import Account, Device, LoginName, LoginSession
from vssid.content import TERMS_VERSION
from vssid.directory.models import Parameter
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Guardianship
from vssid.registration.changes import rules
from vssid.registration.changes.models import ChangeRequest

PHONE, MAIL = "+84900000101", "mau@vidu.vn"
WAIT = timedelta(hours=72)
STOP = "/tai-khoan/ngung-su-dung"


def ask(member, **form):
    return people.post(member.citizen, STOP, {"password": people.PASSWORD, **form})


@pytest.fixture
def stopping(member):
    """The stop is proven and waits."""
    assert ask(member).status_code == 303
    assert member.prove("stop").status_code == 303
    return member


def cancel_code(member, kind="change.stop_waits", channel="sms"):
    with reading(member.engine) as db:
        row = db.query(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == channel).one()
        text = opened(member.app.extensions["keyring"], row).text
    return re.search(r"\b\d{4} \d{4}\b", text)[0]


def test_the_page_says_what_ends_and_what_stays(member):
    html = pages.get(member.citizen, STOP)
    assert "vẫn khám chữa bệnh bằng thẻ" in html
    assert "72 giờ" in html
    assert "tài khoản riêng của con" not in html


@pytest.mark.parametrize(("password", "words"), [("", "nhập mật khẩu"), ("sai hoàn toàn", "chưa đúng")])
def test_without_the_password_nothing_is_asked(member, password, words):
    answer = ask(member, password=password)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert member.change is None


def test_passwords_are_guessed_five_times_only(member):
    for _n in range(5):
        ask(member, password="sai hoàn toàn")
    answer = ask(member)
    assert answer.status_code == 422
    assert "quá nhiều lần" in pages.inspected(answer)


def test_a_stop_waits_three_days_and_every_contact_can_stop_it(stopping):
    change = stopping.change
    assert change.status == "waiting"
    assert change.effective_at - change.asked_at >= WAIT
    assert stopping.told("stop_waits") == sorted([PHONE, MAIL])
    assert cancel_code(stopping) == cancel_code(stopping, channel="email")
    assert stopping.account.status == "active"
    assert "Xem và huỷ" in pages.get(stopping.citizen, "/")
    assert "Chờ đến giờ thực hiện" in pages.get(stopping.citizen, stopping.path)


def test_the_waiting_period_is_a_dated_parameter(member):
    with unit(member.engine) as db:
        db.add(
            Parameter(
                code=rules.WAIT_TO_STOP,
                value="48",
                valid_from=today(),
                valid_to=None,
                source="Quyết định mẫu của cơ quan",
            )
        )
    assert "48 giờ" in pages.get(member.citizen, STOP)
    ask(member)
    member.prove("stop")
    assert timedelta(hours=47) < member.change.effective_at - now() <= timedelta(hours=48)


def test_while_it_waits_nothing_else_is_asked(stopping):
    for path, form in (
        ("/tai-khoan/dien-thoai", {"phone": "0900000777"}), ("/tai-khoan/email/bo", {}), (STOP, {"password": people.PASSWORD}),
    ):  # fmt: skip
        answer = people.post(stopping.citizen, path, form, "/tai-khoan/mat-khau")
        assert answer.status_code == 422
        assert "chờ thực hiện" in pages.inspected(answer)
    assert stopping.change.item == "stop"


def test_before_its_hour_nothing_happens_and_after_it_everything_ends(stopping):
    stopping.run(now() + WAIT - timedelta(minutes=1))
    assert stopping.account.status == "active"
    stopping.run(now() + WAIT + timedelta(minutes=1))
    account = stopping.account
    assert (account.status, account.phone, account.email, account.password_hash) == ("closed", None, None, None)
    assert stopping.change.status == "done"
    assert stopping.change.cancel_digest is None
    assert stopping.told("stop_done") == sorted([PHONE, MAIL])
    with reading(stopping.engine) as db:
        assert db.scalars(select(LoginName.value)).all() == []
        assert db.query(Device).all() == []
        assert {
            one.ended_at is None for one in db.query(LoginSession).where(LoginSession.subject_kind == "citizen")
        } == {False}
    assert stopping.citizen.get("/tai-khoan").status_code == 303
    answer = people.post(stopping.citizen, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    assert answer.status_code == 422
    assert {"account.closed", "change.done"} <= set(stopping.tags())


def test_the_job_may_run_again_and_late(stopping):
    for days in (30, 30, 31):
        stopping.run(now() + timedelta(days=days))
    assert stopping.tags().count("account.closed") == 1
    assert len(stopping.told("stop_done")) == 2


def test_the_owner_takes_it_back(stopping):
    assert people.post(stopping.citizen, stopping.path + "/huy", {}, stopping.path).status_code == 303
    assert stopping.change.status == "cancelled"
    assert stopping.told("cancelled") == sorted([PHONE, MAIL])
    stopping.run(now() + WAIT * 2)
    assert stopping.account.status == "active"
    assert "Xem và huỷ" not in pages.get(stopping.citizen, "/")
    people.post(stopping.citizen, stopping.path + "/huy", {}, "/tai-khoan/email")
    assert stopping.tags().count("change.cancelled") == 1


def test_whoever_has_the_message_stops_it_once(stopping, new_client):
    code, visitor = cancel_code(stopping), new_client()
    pages.get(visitor, "/huy")
    answer = people.post(visitor, "/huy", {"code": code})
    assert answer.status_code == 303
    html = pages.get(visitor, answer.location)
    assert "Ngừng sử dụng tài khoản" in html
    assert "Đổi mật khẩu" in html
    assert people.CITIZEN.name not in html
    assert stopping.change.status == "cancelled"
    again = people.post(visitor, "/huy", {"code": code})
    assert again.status_code == 422
    assert "chưa đúng" in pages.inspected(again)


@pytest.mark.parametrize(
    "code", ["", "00000000", "1234", "' OR 1=1 --", "x" * 500, "１２３４５６７８", "\u202e12345678"]
)
def test_a_wrong_code_stops_nothing(stopping, new_client, code):
    answer = people.post(new_client(), "/huy", {"code": code})
    assert answer.status_code == 422
    pages.inspected(answer)
    assert stopping.change.status == "waiting"


def test_codes_are_guessed_ten_times_from_one_network(stopping, new_client):
    visitor = new_client()
    for n in range(10):
        people.post(visitor, "/huy", {"code": f"0000000{n}"})
    answer = people.post(visitor, "/huy", {"code": cancel_code(stopping)})
    assert answer.status_code == 422
    assert "quá nhiều lần" in pages.inspected(answer)
    assert stopping.change.status == "waiting"


def test_who_has_stopped_nothing_is_sent_to_the_form(client):
    assert client.get("/huy/xong").location == "/huy"


def test_a_guardian_is_told_what_becomes_of_the_childs_account(app, engine, member, new_client):
    with app.app_context(), unit(engine) as db:
        child = people.add_person(db, people.CHILD)
        guardian = member.account.person_id
        db.add(
            Guardianship(
                id=uuid4(), child_id=child, guardian_id=guardian, valid_from=today(), valid_to=None, source="mau"
            )
        )
        made = accounts.create_for_child(
            db, app.extensions["keyring"], (child, people.CHILD.ma_so, people.CHILD.name), guardian,
            accounts.Contact("", "", "vi"), date(2037, 5, 5), by=OPERATOR, at=now(),
        )  # fmt: skip
        made.terms_version = TERMS_VERSION
    of_child = new_client()
    people.citizen_signs_in(app, of_child, people.CHILD.ma_so)
    assert "tài khoản riêng của con" in pages.get(member.citizen, STOP)
    answer = ask(member)
    assert answer.status_code == 422
    assert "đánh dấu ô này" in pages.inspected(answer)
    assert ask(member, children="y").status_code == 303
    member.prove("stop")
    member.run(now() + WAIT + timedelta(minutes=1))
    with reading(engine) as db:
        assert db.query(Guardianship).one().valid_to is None
        assert db.query(Account).where(Account.guardian_id.is_not(None)).one().status == "active"
    elsewhere = new_client()
    answer = people.post(elsewhere, "/dang-nhap", {"name": people.CHILD.ma_so, "password": people.PASSWORD})
    assert answer.status_code == 303
    assert "không có số điện thoại" in pages.get(elsewhere, answer.location)


def test_form_01_of_a_stop_has_its_purpose_ticked(stopping):
    answer = stopping.citizen.get(stopping.path + "/to-khai.pdf")
    flat = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())
    assert re.search(r"×\s*ngừng sử dụng", flat)
    assert not re.search(r"×\s*(điều chỉnh|đăng ký)", flat)


def test_of_the_job_the_owner_and_the_message_one_wins(app, stopping, engine):
    """Twenty at once; whichever comes first, the account is in one piece and told of it once."""
    code = cancel_code(stopping).replace(" ", "")
    late, path = stopping.change.effective_at + timedelta(minutes=1), stopping.path
    signed_in, visitor = stopping.citizen, app.test_client()
    tokens = people.csrf(signed_in, path), people.csrf(visitor, "/huy")
    cookies = signed_in.get_cookie("vssid").value, visitor.get_cookie("vssid").value
    forms = [people.captcha_answer(visitor.get("/huy").text) for _n in range(6)]
    seen: list[int] = []

    def press(n: int) -> None:
        with app.test_client() as client:
            if n % 3 == 0:
                client.set_cookie("vssid", cookies[0])
                seen.append(client.post(f"{path}/huy", data={"csrf_token": tokens[0]}).status_code)
            elif n % 3 == 1 and n // 3 < len(forms):
                client.set_cookie("vssid", cookies[1])
                data = {"csrf_token": tokens[1], "code": code, **forms[n // 3]}
                seen.append(client.post("/huy", data=data).status_code)
            else:
                stopping.run(late)

    threads = [threading.Thread(target=press, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 500 not in seen
    tags, status = stopping.tags(), stopping.change.status
    assert tags.count("change.done") + tags.count("change.cancelled") == 1
    assert (status == "done") == (stopping.account.status == "closed")
    with reading(engine) as db:
        assert db.query(ChangeRequest).one().cancel_digest is None
