"""Why a session ended, told to its holder; one phone for a family; a borrowed phone left clean."""

from datetime import timedelta

import pytest
import time_machine

from tests import pages, people
from tests.accounts.windows import rows, sign_in
from vssid.accounts import sessions
from vssid.accounts.models import Device, LoginSession
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import unit

SIGN_IN = "/dang-nhap"


def take_over(app, client):
    """Come in on another device with the code."""
    sign_in(client, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 9)"})
    code = people.sent_code(app, "code.new_device")
    headers = {"User-Agent": "Mozilla/5.0 (Linux; Android 9)"}
    assert people.post(client, "/thiet-bi-moi", {"code": code}, headers=headers).status_code == 303


def test_the_first_device_is_told_which_one_took_its_place(app, home, new_client):
    take_over(app, new_client())
    answer = home.get("/ca-nhan")
    assert answer.location == "/dang-nhap?tiep=/ca-nhan"
    html = pages.get(home, answer.location)
    assert "tài khoản vừa đăng nhập trên Điện thoại Android lúc" in html
    assert "Không phải bạn?" in html


def test_it_is_told_by_htmx_too(app, home, new_client):
    take_over(app, new_client())
    answer = home.get("/ca-nhan", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "vừa đăng nhập trên Điện thoại Android" in pages.get(home, answer.headers["HX-Redirect"])


def test_nobody_else_is_told(app, home, new_client):
    take_over(app, new_client())
    assert "Phiên" not in pages.get(new_client(), SIGN_IN).partition("<form")[0]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("password", "mật khẩu của tài khoản vừa được đổi"), ("device_forgotten", "vừa bị xoá khỏi tài khoản"),
        ("of_age", "đủ tuổi"), ("closed", "ngừng sử dụng"), ("frozen", "đang bị khoá"),
        ("phone_replaced", "thay tại quầy"), ("handed_over", "trao cho"), ("revoked", "đăng xuất từ nơi khác"),
        ("other_device", "vừa đăng nhập trên thiết bị khác"),
    ],
)  # fmt: skip
def test_each_reason_has_its_sentence(home, engine, active, reason, words):
    with unit(engine) as db:
        sessions.end_sessions_of(db, "citizen", active, now(), reason)
    assert words in pages.get(home, SIGN_IN)


def test_idleness_and_the_twelve_hours_are_told(home):
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert "30 phút" in pages.get(home, SIGN_IN)
    with time_machine.travel(now() + timedelta(hours=12, minutes=1), tick=False):
        assert "sau 12 giờ" in pages.get(home, SIGN_IN)


def test_whoever_signed_out_here_is_told_nothing(home, engine):
    people.post(home, "/dang-xuat", {}, "/ca-nhan")
    assert "notice" not in pages.get(home, SIGN_IN).partition("<form")[0].partition("<main")[2]


def test_signing_in_again_in_the_same_browser_is_no_theft(home, engine):
    assert sign_in(home).status_code == 303
    assert {one.end_reason for one in rows(engine, LoginSession)} == {"switched", None}


# --- a family's phone -------------------------------------------------------------------------------------------------


def test_who_is_signed_in_goes_home_unless_they_want_to_change(home):
    assert home.get(SIGN_IN).status_code == 303
    html = pages.get(home, "/dang-nhap?doi=1")
    assert "đang đăng nhập tài khoản 890*****01" in html
    assert people.CITIZEN.ma_so not in html
    assert "/dang-nhap?doi=1" in pages.get(home, "/tai-khoan")


def test_another_person_signs_in_and_finds_nothing_of_the_first(home, engine, active, second_account):
    answer = sign_in(home, people.STRANGER)
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert people.STRANGER.name in pages.get(home, "/")
    ended = [one for one in rows(engine, LoginSession) if one.ended_at]
    assert [(one.subject_id, one.end_reason) for one in ended] == [(active, "switched")]
    assert len([one for one in rows(engine, Device) if one.ended_at is None]) == 2, "trusted by both"
    assert "account.switched" in {one.tag for one in rows(engine, AuditEntry)}
    back = sign_in(home)
    assert back.location == "/", "no code on the way back"


def test_a_wrong_password_ends_nobodys_session(home, second_account):
    answer = sign_in(home, people.STRANGER, "không phải mật khẩu")
    assert answer.status_code == 422
    assert "đang đăng nhập tài khoản" in pages.inspected(answer)
    assert home.get("/ca-nhan").status_code == 200


def test_a_borrowed_phone_is_left_clean(home, engine, new_client):
    assert "Xong – xoá trên máy này" in pages.get(home, "/tai-khoan")
    answer = people.post(home, "/dang-xuat/xoa", {}, "/tai-khoan")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert home.get_cookie("vssid-device") is None
    assert home.get_cookie("vssid") is None
    html = pages.get(home, answer.location)
    assert "trên máy này không còn gì của tài khoản" in html
    assert rows(engine, LoginSession)[0].end_reason == "wiped"
    assert rows(engine, Device)[0].ended_at is not None
    assert {"account.wiped", "account.device_ended"} <= {one.tag for one in rows(engine, AuditEntry)}


def test_wiping_with_htmx_and_without_a_session(home, client):
    answer = people.post(home, "/dang-xuat/xoa", {}, "/tai-khoan", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/dang-nhap?xoa=1")
    assert people.post(client, "/dang-xuat/xoa", {}, SIGN_IN).status_code == 303


@pytest.mark.parametrize("way", ["wiped", "forgotten"])
def test_where_the_device_was_taken_out_the_password_alone_opens_nothing(home, new_client, engine, way):
    if way == "wiped":
        people.post(home, "/dang-xuat/xoa", {}, "/tai-khoan")
    else:
        id = rows(engine, Device)[0].id
        people.post(home, f"/tai-khoan/thiet-bi/{id}/xoa", {}, "/tai-khoan/thiet-bi")
    for client in (home, new_client()):
        assert sign_in(client).location.startswith("/thiet-bi-moi")
        assert "chưa tin cậy thiết bị này" in pages.get(client, "/thiet-bi-moi")


def test_after_a_reset_the_first_device_needs_no_second_code(app, home, new_client):
    people.post(home, "/dang-xuat/xoa", {}, "/tai-khoan")
    client = new_client()
    page = pages.get(client, "/quen-mat-khau")
    data = {"name": people.CITIZEN.ma_so, "phone": people.CITIZEN.phone, **people.captcha_answer(page)}
    people.post(client, "/quen-mat-khau", data)
    form = {"name": people.CITIZEN.ma_so, "code": people.sent_code(app, "code.reset")}
    people.post(
        client, "/kich-hoat", {**form, "password": "trăng sáng trên sông Hậu", "again": "trăng sáng trên sông Hậu"}
    )
    assert sign_in(client, password="trăng sáng trên sông Hậu").location == "/"
