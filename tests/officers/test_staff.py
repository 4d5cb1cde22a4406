"""Nhân sự: two administrators grant, one takes away; nobody else sees the page."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.officers.models import Officer
from vssid.officers.staff import actions
from vssid.officers.staff.models import Grant

NEW = {"code": "cb77", "name": "Cán bộ Mẫu Bảy", "email": "cb77@vidu.vn", "agency_code": "08902", "role": "duyet_ho_so"}


@pytest.fixture
def sign_in(app, engine, new_client):
    """A browser in which an officer of this code and role is signed in."""
    with app.app_context(), unit(engine) as db:
        people.add_agency(db)
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai")

    def signed_in(code, role="quan_tri"):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, "08902", role)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return signed_in


@pytest.fixture
def first(sign_in):
    return sign_in("QT01")


@pytest.fixture
def second(sign_in, first):
    return sign_in("QT02")


def officer_row(engine, code):
    with reading(engine) as db:
        return db.scalar(select(Officer).where(Officer.code == code))


def newest(engine):
    with reading(engine) as db:
        return db.scalars(select(Grant).order_by(Grant.asked_at.desc())).first()


def ask_new(client, **changes):
    return people.post(client, "/can-bo/nhan-su/moi", {**NEW, **changes})


def agree(client, engine):
    return people.post(client, f"/can-bo/nhan-su/yeu-cau/{newest(engine).id}/xac-nhan", page="/can-bo/nhan-su")


def setup_mail(app, engine):
    with app.app_context(), reading(engine) as db:
        found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "officer.setup")).all()
        return [opened(app.extensions["keyring"], message) for message in found]


def test_two_administrators_add_an_officer_who_sets_themselves_up(app, first, second, new_client, engine):
    assert ask_new(first).status_code == 303
    assert officer_row(engine, "CB77") is None
    assert "CB77" in pages.get(second, "/can-bo/nhan-su")
    answer = agree(second, engine)
    assert answer.status_code == 303
    [mail] = setup_mail(app, engine)
    assert mail.to == "cb77@vidu.vn"
    code = re.search(r"Mã cài đặt: ([\d ]+\d)", mail.text)[1]
    # Neither of the two has seen it.
    for client in (first, second):
        assert code not in client.get("/can-bo/nhan-su").get_data(as_text=True)
    assert code not in answer.get_data(as_text=True)
    third = new_client()
    people.officer_signs_in(app, third, "CB77", code)
    assert third.get("/can-bo/to-khai").status_code == 200
    assert third.get("/can-bo/nhan-su").status_code == 403


def test_whoever_asked_cannot_agree(first, engine):
    ask_new(first)
    page = first.get("/can-bo/nhan-su").get_data(as_text=True)
    assert "/xac-nhan" not in page
    agree(first, engine)
    assert officer_row(engine, "CB77") is None
    assert newest(engine).status == "asked"
    assert "Cần một quản trị khác" in first.get("/can-bo/nhan-su").get_data(as_text=True)


def test_nobody_agrees_to_their_own_rise(app, first, second, engine):
    row = officer_row(engine, "QT02")
    form = {"name": row.name, "email": row.email, "agency_code": "08903", "role": "giam_sat"}
    assert (
        people.post(first, f"/can-bo/nhan-su/{row.id}/doi", form, page=f"/can-bo/nhan-su/{row.id}").status_code == 303
    )
    agree(second, engine)
    assert officer_row(engine, "QT02").role == "quan_tri"


def test_a_new_agency_holds_from_the_next_request(first, second, sign_in, engine):
    reviewer = sign_in("CB01", "duyet_ho_so")
    row = officer_row(engine, "CB01")
    form = {"name": row.name, "email": row.email, "agency_code": "08903", "role": "duyet_ho_so"}
    people.post(first, f"/can-bo/nhan-su/{row.id}/doi", form, page=f"/can-bo/nhan-su/{row.id}")
    assert reviewer.get("/can-bo/to-khai").status_code == 200
    agree(second, engine)
    assert officer_row(engine, "CB01").agency_code == "08903"
    # A new session for a new scope.
    assert "/can-bo/dang-nhap" in reviewer.get("/can-bo/to-khai").location


def test_a_scope_that_changes_under_a_session_holds_at_once(sign_in, engine):
    reviewer = sign_in("CB01", "duyet_ho_so")
    assert "BHXH cơ sở Mẫu Một" in reviewer.get("/can-bo").get_data(as_text=True)
    with unit(engine) as db:
        db.scalar(select(Officer).where(Officer.code == "CB01")).agency_code = "08903"
    assert "BHXH cơ sở Mẫu Hai" in reviewer.get("/can-bo").get_data(as_text=True)
    with unit(engine) as db:
        db.scalar(select(Officer).where(Officer.code == "CB01")).role = "bien_tap"
    assert reviewer.get("/can-bo/to-khai").status_code == 403


def test_a_renewed_set_up_ends_the_old_one(app, first, second, sign_in, engine):
    reviewer = sign_in("CB01", "duyet_ho_so")
    row = officer_row(engine, "CB01")
    people.post(first, f"/can-bo/nhan-su/{row.id}/cap-lai", page=f"/can-bo/nhan-su/{row.id}")
    agree(second, engine)
    assert "/can-bo/dang-nhap" in reviewer.get("/can-bo").location
    assert officer_row(engine, "CB01").totp_sealed is None
    assert len(setup_mail(app, engine)) == 1


def test_one_is_enough_to_take_access_away(first, sign_in, engine):
    reviewer = sign_in("CB01", "duyet_ho_so")
    row = officer_row(engine, "CB01")
    assert people.post(first, f"/can-bo/nhan-su/{row.id}/ket-thuc", page=f"/can-bo/nhan-su/{row.id}").status_code == 303
    assert officer_row(engine, "CB01").status == "ended"
    assert "/can-bo/dang-nhap" in reviewer.get("/can-bo").location


def test_nobody_ends_themselves(first, engine):
    row = officer_row(engine, "QT01")
    people.post(first, f"/can-bo/nhan-su/{row.id}/ket-thuc", page=f"/can-bo/nhan-su/{row.id}")
    assert officer_row(engine, "QT01").status == "active"


@pytest.mark.parametrize("role", ["duyet_ho_so", "giam_sat", "bien_tap", "kiem_toan"])
def test_only_administrators_see_the_page(sign_in, role):
    client = sign_in("CB09", role)
    assert client.get("/can-bo/nhan-su").status_code == 403
    assert client.get("/can-bo/nhan-su/moi").status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agency_code": "99999"}, "Không có cơ quan"),
        ({"email": "khong-phai"}, "Email không đúng"),
        ({"code": "cb 77!"}, "chữ không dấu"),
        ({"code": "QT01"}, "đã có"),
        ({"role": "vua"}, "không hợp lệ"),
        ({"name": ""}, "họ và tên"),
    ],
)
def test_what_cannot_be_is_refused_with_words(first, changes, words):
    answer = ask_new(first, **changes)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_a_wish_lapses_after_a_week(first, second, engine):
    ask_new(first)
    with unit(engine) as db:
        db.scalars(select(Grant)).one().asked_at = now() - timedelta(days=7, minutes=1)
    assert agree(second, engine).status_code == 404
    assert ask_new(first).status_code == 303


def test_one_wish_for_an_officer_at_a_time(first, second):
    ask_new(first)
    answer = ask_new(second)
    assert answer.status_code == 422
    assert "chờ xác nhận" in answer.get_data(as_text=True)


def test_after_a_while_away_the_password_is_asked(first):
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = ask_new(first)
        assert asked.status_code == 422
        assert "Xác nhận lại là bạn" in asked.get_data(as_text=True)


def test_of_fifty_who_agree_at_once_one_does(app, first, second, engine):
    ask_new(first)
    grant_id, other = newest(engine).id, officer_row(engine, "QT02")

    class Signed:
        id, code = other.id, other.code

        class by:  # noqa: N801 - stands for the property
            kind, id = "officer", other.id

    def once(_n):
        with app.app_context():
            try:
                with unit(engine) as db:
                    grant = db.get(Grant, grant_id)
                    actions.agree(db, app.extensions["keyring"], grant, by=Signed, at=now())
            except Exception as refused:
                return type(refused).__name__
            return "in"

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(once, range(50)))
    assert outcomes.count("in") == 1
    assert len(setup_mail(app, engine)) == 1


def test_what_a_dismissed_administrator_wanted_falls_away(first, second, engine):
    ask_new(first)
    row = officer_row(engine, "QT01")
    people.post(second, f"/can-bo/nhan-su/{row.id}/ket-thuc", page=f"/can-bo/nhan-su/{row.id}")
    assert newest(engine).status == "cancelled"
    assert agree(second, engine).status_code == 404
    assert officer_row(engine, "CB77") is None


@pytest.mark.parametrize("changes", [{"role": "duyet_ho_so"}, {"status": "ended"}])
def test_who_grants_nothing_any_more_is_no_first_administrator(first, second, engine, changes):
    ask_new(first)
    with unit(engine) as db:
        row = db.scalar(select(Officer).where(Officer.code == "QT01"))
        for name, value in changes.items():
            setattr(row, name, value)
    agree(second, engine)
    assert officer_row(engine, "CB77") is None
    assert newest(engine).status == "asked"


def test_an_officers_own_number_keeps_them_out_of_their_familys_files(app, first, second, engine):
    ask_new(first, ma_so_bhxh="8900000101")
    agree(second, engine)
    assert officer_row(engine, "CB77").ma_so_bhxh == "8900000101"
    assert "10 chữ số" in ask_new(first, code="CB78", ma_so_bhxh="12").get_data(as_text=True)
