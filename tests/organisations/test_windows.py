"""Members: activated by a code, in with password and a code by SMS each time; nothing tells who is one."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tests import pages, people
from tests.organisations.conftest import CLERK, MANAGER, row_of
from vssid import accounts
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.organisations import actions
from vssid.organisations.models import Member


def sign_in(client, phone=MANAGER, password=people.PASSWORD, **options):
    return people.post(client, "/to-chuc/dang-nhap", {"phone": phone, "password": password}, **options)


def confirm(app, client, code=None):
    code = code or people.sent_code(app, "code.member_sign_in")
    return people.post(client, "/to-chuc/xac-thuc", {"code": code})


def bare(answer) -> str:
    """A page without what differs between any two visits."""
    return re.sub(r'"[^"]*"', "", pages.inspected(answer))


def test_the_first_manager_activates_and_comes_in(school):
    html = pages.get(school.manager, "/to-chuc")
    assert "Trường Tiểu học Mẫu Một" in html
    assert "TH0001" in html


def test_texts_are_one_segment(app, engine, school):
    with reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind.like("code.member_%"))).all()
        texts = [opened(app.extensions["keyring"], row).text for row in rows]
    assert texts
    assert all(len(text) <= 160 and "http" not in text for text in texts)


def test_each_sign_in_needs_a_code_from_the_phone(app, school, new_client):
    client = new_client()
    answer = sign_in(client)
    assert answer.location == "/to-chuc/xac-thuc?tiep=/to-chuc"
    assert client.get("/to-chuc").location.startswith("/to-chuc/dang-nhap")
    assert "090*****01" in pages.get(client, "/to-chuc/xac-thuc")
    assert confirm(app, client, "000000").status_code == 422
    assert confirm(app, client).location == "/to-chuc"
    assert client.get("/to-chuc").status_code == 200


def test_a_code_fits_the_browser_that_gave_the_password(app, school, new_client):
    first, second = new_client(), new_client()
    sign_in(first)
    stolen = people.sent_code(app, "code.member_sign_in")
    sign_in(second)
    assert confirm(app, second, stolen).status_code == 422


def test_a_sign_in_code_works_once(app, school, new_client):
    client = new_client()
    sign_in(client)
    kept = client.get_cookie("vssid").value
    code = people.sent_code(app, "code.member_sign_in")
    assert confirm(app, client, code).status_code == 303
    replay = new_client()
    replay.set_cookie("vssid", kept)
    assert confirm(app, replay, code).status_code == 422


def test_without_a_password_there_is_no_place_for_a_code(client):
    assert client.get("/to-chuc/xac-thuc").location.startswith("/to-chuc/dang-nhap")


def test_a_second_sign_in_ends_the_first(app, school, new_client):
    sign_in(again := new_client())
    confirm(app, again)
    assert school.manager.get("/to-chuc").status_code == 303
    assert again.get("/to-chuc").status_code == 200


def test_signing_out_ends_it_everywhere(school):
    cookie = school.manager.get_cookie("vssid").value
    assert people.post(school.manager, "/to-chuc/dang-xuat", page="/to-chuc").status_code == 303
    school.manager.set_cookie("vssid", cookie)
    assert school.manager.get("/to-chuc").status_code == 303


def test_idle_members_are_out_after_fifteen_minutes(school):
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert school.manager.get("/to-chuc").status_code == 303


def test_which_of_phone_and_password_was_wrong_is_not_said(school, new_client):
    answers = [sign_in(new_client(), password="sai mật khẩu rồi"), sign_in(new_client(), phone="0900000999")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert bare(answers[0]) == bare(answers[1])


def test_five_guesses_then_429(school, new_client):
    client = new_client()
    for _n in range(5):
        sign_in(client, password="sai mật khẩu rồi")
    assert sign_in(client).status_code == 429


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_is_shown_with_and_without_htmx(school, new_client, htmx):
    client = new_client()
    answer = sign_in(client, password="sai mật khẩu rồi", headers={"HX-Request": "true"} if htmx else {})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert ("<html" in html) is not htmx


def test_a_forgotten_password_answers_everybody_alike(app, engine, school, new_client):
    answers = [
        people.post(new_client(), "/to-chuc/quen-mat-khau", {"phone": phone}, follow_redirects=True)
        for phone in (MANAGER, "0900000999")
    ]
    assert bare(answers[0]) == bare(answers[1])
    with reading(engine) as db:
        sent = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "code.member_reset")).all()
    assert len(sent) == 1


def test_a_reset_code_sets_a_new_password_and_ends_sessions(app, engine, school, new_client):
    people.post(new_client(), "/to-chuc/quen-mat-khau", {"phone": MANAGER})
    code, new = people.sent_code(app, "code.member_reset"), "một mùa nước nổi khác"
    form = {"phone": MANAGER, "code": code, "password": new, "again": new}
    assert people.post(new_client(), "/to-chuc/kich-hoat", form).status_code == 303
    assert people.post(new_client(), "/to-chuc/kich-hoat", form).status_code == 422
    assert school.manager.get("/to-chuc").status_code == 303
    assert sign_in(new_client(), password=new).status_code == 303


@pytest.mark.parametrize("password", ["ngắn", "0900000201", "password1"])
def test_a_poor_password_is_refused(app, engine, new_client, agencies, password):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db)
    form = {"phone": MANAGER, "code": people.sent_code(app, "code.member_activation")}
    answer = people.post(new_client(), "/to-chuc/kich-hoat", {**form, "password": password, "again": password})
    assert answer.status_code == 422
    assert row_of(engine, MANAGER).password_hash is None


def test_the_way_back_stays_within_the_organisations_pages(app, school, new_client):
    client = new_client()
    assert sign_in(client, query_string={"tiep": "/ca-nhan"}).location.endswith("tiep=/to-chuc")
    assert sign_in(client, query_string={"tiep": "//vidu.vn"}).location.endswith("tiep=/to-chuc")
    assert client.get("/to-chuc/thanh-vien").location == "/to-chuc/dang-nhap?tiep=/to-chuc/thanh-vien"


@pytest.mark.parametrize("path", ["/ca-nhan", "/can-bo"])
def test_a_members_session_opens_nothing_else(school, path):
    assert "dang-nhap" in school.manager.get(path).location


def test_tabs_lead_from_one_sign_in_to_the_other(client):
    assert 'href="/to-chuc/dang-nhap"' in pages.get(client, "/dang-nhap")
    assert 'href="/dang-nhap"' in pages.get(client, "/to-chuc/dang-nhap")


def test_staying_renews_a_members_session(school):
    page = school.manager.get("/to-chuc").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = school.manager.post("/phien", data={"csrf_token": token})
    assert answer.status_code == 204
    assert int(answer.headers["X-Session-Ends"])


# --- members ----------------------------------------------------------------------------------------------------------


def test_a_clerk_sees_members_and_changes_none(engine, school):
    html = pages.get(school.clerk, "/to-chuc/thanh-vien")
    assert "Phan Thị Mẫu Giáo" in html
    assert "Thêm thành viên" not in html
    manager = row_of(engine, MANAGER)
    token = people.csrf(school.clerk, "/to-chuc/thanh-vien")
    for path in ("/to-chuc/thanh-vien", f"/to-chuc/thanh-vien/{manager.id}/ket-thuc"):
        assert school.clerk.post(path, data={"csrf_token": token, "full_name": "Ai Đó"}).status_code == 403
    assert row_of(engine, MANAGER).status == "active"


def test_a_member_of_another_organisation_does_not_exist(engine, school):
    path = f"/to-chuc/thanh-vien/{row_of(engine, MANAGER).id}/ket-thuc"
    assert people.post(school.stranger, path, page="/to-chuc/thanh-vien").status_code == 404
    assert "Phan Thị Mẫu Giáo" in pages.get(school.manager, "/to-chuc/thanh-vien")


def test_visitors_are_sent_to_sign_in(client, engine, school):
    for path in ("/to-chuc", "/to-chuc/thanh-vien"):
        assert client.get(path).location.startswith("/to-chuc/dang-nhap")


def test_who_is_ended_is_out_at_once_and_may_come_back(app, engine, school):
    end = f"/to-chuc/thanh-vien/{row_of(engine, CLERK).id}/ket-thuc"
    assert people.post(school.manager, end, page="/to-chuc/thanh-vien").status_code == 303
    assert school.clerk.get("/to-chuc").status_code == 303
    add = {"full_name": "Đỗ Văn Mẫu Nhập", "phone": CLERK, "role": "quan_ly"}
    assert people.post(school.manager, "/to-chuc/thanh-vien", add).status_code == 303
    assert row_of(engine, CLERK).status == "new"


def test_a_code_that_was_tried_before_somebody_was_ended_brings_nobody_back(app, engine, school, new_client):
    """The request that tried it may be anywhere between its try and its act when the member ends."""
    clerk, at = row_of(engine, CLERK), now()
    people.post(new_client(), "/to-chuc/quen-mat-khau", {"phone": CLERK})
    keyring, limiter, typed = (
        app.extensions["keyring"],
        app.extensions["limiter"],
        people.sent_code(app, "code.member_reset"),
    )
    purposes = (accounts.Purpose.MEMBER_RESET,)
    tried = accounts.attempt_code(engine, limiter, keyring, purposes, clerk.id, typed, at)
    assert tried is not None
    people.post(school.manager, f"/to-chuc/thanh-vien/{clerk.id}/ket-thuc", page="/to-chuc/thanh-vien")
    with pytest.raises(Refused), unit(engine) as db:
        actions.set_password(db, clerk.id, tried, "hash", at=at)
    with reading(engine) as db:
        kept = db.get_one(Member, clerk.id)
        assert (kept.status, kept.password_hash) == ("ended", None)


def test_the_last_manager_cannot_end_themselves(engine, school):
    end = f"/to-chuc/thanh-vien/{row_of(engine, MANAGER).id}/ket-thuc"
    answer = people.post(school.manager, end, page="/to-chuc/thanh-vien")
    assert answer.status_code == 422
    assert "quản lý cuối cùng" in pages.inspected(answer)
    assert row_of(engine, MANAGER).status == "active"


def test_a_phone_is_one_members(engine, school):
    answer = people.post(
        school.stranger, "/to-chuc/thanh-vien", {"full_name": "Ai Đó Mẫu", "phone": CLERK, "role": "nhap_lieu"}
    )
    assert answer.status_code == 422
    with reading(engine) as db:
        assert len(db.scalars(select(Member).where(Member.phone == "+84" + CLERK[1:])).all()) == 1


@pytest.mark.parametrize("form", [{"full_name": ""}, {"phone": "123"}, {"role": "vua"}, {"full_name": "a\x1bb"}])
def test_a_bad_member_is_refused_with_words(engine, school, form):
    good = {"full_name": "Ai Đó Mẫu", "phone": "0900000209", "role": "nhap_lieu"}
    answer = people.post(school.manager, "/to-chuc/thanh-vien", {**good, **form})
    assert answer.status_code == 422
    assert 'class="error"' in pages.inspected(answer)
    assert row_of(engine, "0900000209") is None


def test_names_are_escaped(school):
    name = "<script>alert(1)</script>"
    form = {"full_name": name, "phone": "0900000209", "role": "nhap_lieu"}
    assert people.post(school.manager, "/to-chuc/thanh-vien", form).status_code == 303
    assert name not in pages.get(school.manager, "/to-chuc/thanh-vien")


def test_everything_is_in_the_audit(engine, school):
    with reading(engine) as db:
        tags = set(db.scalars(select(AuditEntry.tag)))
    assert {"organisation.created", "member.added", "member.code_sent", "member.activated", "member.signed_in"} <= tags


def test_two_managers_cannot_end_each_other_at_once(app, engine, school):
    add = {"full_name": "Hà Thị Mẫu Hai", "phone": "0900000209", "role": "quan_ly"}
    people.post(school.manager, "/to-chuc/thanh-vien", add)
    with unit(engine) as db:
        db.execute(update(Member).where(Member.phone == "+84900000209").values(status="active"))
    ids = [row_of(engine, phone).id for phone in (MANAGER, "0900000209")]

    def end(id) -> bool:
        try:
            with unit(engine) as db:
                actions.end_member(db, db.get_one(Member, id), by=OPERATOR, at=now())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, ids)) == [False, True]
