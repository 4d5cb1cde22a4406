"""Over HTTP, with what specimen.txt says and nothing else."""

import re

import pyotp
import pytest

from tests import people
from vssid import settings as environment
from vssid.factory import create_app

STRIP = "người và số liệu đều là mẫu"


@pytest.fixture
def words(loaded):
    return (loaded.config["DATA_DIR"] / "specimen.txt").read_text()


def _said(words, label, at=0):
    return re.findall(rf"{label}\s+(\S+)", words)[at]


def test_every_page_says_that_people_are_specimens(loaded, new_app):
    assert STRIP in loaded.test_client().get("/").get_data(as_text=True)
    assert STRIP not in new_app().test_client().get("/").get_data(as_text=True)


def test_the_strip_comes_without_a_restart_once_loaded(new_app):
    app = new_app()
    client = app.test_client()
    assert STRIP not in client.get("/").get_data(as_text=True)
    assert app.test_cli_runner().invoke(args=["demo", "load", "--people", "200"]).exit_code == 0
    assert STRIP in client.get("/").get_data(as_text=True)


def test_the_mark_asks_the_database_once_for_many_pages(loaded, monkeypatch):
    mark, asked = loaded.extensions["specimen"], []
    mark.forget()
    monkeypatch.setattr("vssid.demo.mark.is_specimen", lambda session: asked.append(session) or True)
    with loaded.app_context():
        assert [mark() for _page in range(5)] == [True] * 5
    assert len(asked) == 1
    mark.forget()


def test_the_mark_survives_a_database_that_is_away(tmp_path):
    app = create_app(environment.load({"DATA_DIR": str(tmp_path), "LOG_LEVEL": "error"}))
    with app.app_context():
        assert app.extensions["specimen"]() is False


def test_the_citizen_signs_in_and_sees_card_and_portrait(loaded, words):
    client = loaded.test_client()
    form = {"name": _said(words, "Mã số BHXH"), "password": _said(words, "Mật khẩu")}
    answer = people.post(client, "/dang-nhap", form)
    assert (answer.status_code, answer.location) == (303, "/"), answer.get_data(as_text=True)[-1500:]
    page = client.get("/ca-nhan/the-bhyt").get_data(as_text=True)
    assert "Bệnh viện Đa khoa Khu vực Mẫu" in page
    assert "01/02/2020" in page
    assert client.get("/ca-nhan/anh-chan-dung.jpg").mimetype == "image/jpeg"


def test_the_school_signs_in_with_the_code_of_the_outbox(loaded, words):
    client = loaded.test_client()
    form = {"phone": _said(words, "Số điện thoại"), "password": _said(words, "Mật khẩu", -1)}
    answer = people.post(client, "/to-chuc/dang-nhap", form)
    assert answer.location.startswith("/to-chuc/xac-thuc"), answer.get_data(as_text=True)[-1500:]
    answer = people.post(client, "/to-chuc/xac-thuc", {"code": people.sent_code(loaded, "code.member_sign_in")})
    assert answer.status_code == 303
    assert "Trường Tiểu học Mẫu" in client.get("/to-chuc").get_data(as_text=True)


def test_the_reception_of_a_facility_signs_in_and_checks_the_citizens_card(loaded, words):
    client = loaded.test_client()
    form = {"phone": _said(words, "Số điện thoại", -1), "password": _said(words, "Mật khẩu", -1)}
    answer = people.post(client, "/to-chuc/dang-nhap", form)
    assert answer.location.startswith("/to-chuc/xac-thuc"), answer.get_data(as_text=True)[-1500:]
    people.post(client, "/to-chuc/xac-thuc", {"code": people.sent_code(loaded, "code.member_sign_in")})
    asked = {"qr_text": _said(words, "Mã số BHXH"), "birth": "04/09/1985"}
    html = people.post(client, "/to-chuc/tiep-nhan", asked).get_data(as_text=True)
    for shown in ("Bệnh viện Đa khoa Khu vực Mẫu", "Có trong sổ", STRIP, "/anh.jpg"):
        assert shown in html


def test_the_officer_signs_in_with_the_printed_code_and_reviews(loaded, words):
    client = loaded.test_client()
    code, password = _said(words, "Mã cán bộ"), _said(words, "Mật khẩu", 1)
    printed = loaded.test_cli_runner().invoke(args=["demo", "code", code.lower()])
    assert re.fullmatch(r"\d{6}\n", printed.output)
    form = {"code": code, "password": password, "totp": printed.output.strip()}
    answer = people.post(client, "/can-bo/dang-nhap", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
    queue = client.get("/can-bo/to-khai").get_data(as_text=True)
    assert STRIP in queue
    paths = re.findall(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', queue)
    assert len(set(paths)) >= 12
    assert client.get(paths[0]).status_code == 200
    assert client.get(paths[0] + "/anh/front.jpg").data.startswith(b"\xff\xd8\xff")


def test_the_supervisor_signs_in_with_the_authenticator_key_and_sees_every_office(loaded, words):
    client = loaded.test_client()
    key = re.findall(r"authenticator app: ([A-Z2-7]{32})", words)[1]
    form = {"code": "GS01", "password": _said(words, "Mật khẩu", 2), "totp": pyotp.TOTP(key).now()}
    answer = people.post(client, "/can-bo/dang-nhap", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
    assert client.get("/can-bo/to-khai").status_code == 200


def test_a_waiting_declaration_can_be_approved(loaded, words):
    app, client = loaded, loaded.test_client()
    code = app.test_cli_runner().invoke(args=["demo", "code", "CB02"])
    form = {"code": "CB02", "password": _said(words, "Mật khẩu", 1), "totp": code.stdout.strip()}
    assert people.post(client, "/can-bo/dang-nhap", form).status_code == 303
    queue = client.get("/can-bo/to-khai").get_data(as_text=True)
    path = re.search(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', queue)[1]
    answer = people.post(client, path + "/duyet", {}, path)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))


def test_codes_are_for_specimen_databases_only(new_app, loaded):
    answer = new_app().test_cli_runner().invoke(args=["demo", "code", "CB01"])
    assert answer.exit_code == 1
    assert "no specimen database" in answer.output
    unknown = loaded.test_cli_runner().invoke(args=["demo", "code", "XX99"])
    assert unknown.exit_code == 1
