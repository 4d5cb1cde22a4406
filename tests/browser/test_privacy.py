"""Dữ liệu của tôi in a browser: each screen accessible and narrow enough, the copy ready without a reload."""

import re

import pytest
from sqlalchemy import select

from tests import people
from vssid.kernel.db import unit
from vssid.registration.models import Declaration

pytestmark = pytest.mark.browser
HOME = "/tai-khoan/du-lieu"


@pytest.fixture
def signed_in(served, open_page):
    """The citizen on a phone and the officer at the desk: signed in over HTTP, their cookies given to browsers."""
    app, citizen, officer = served.app, served.app.test_client(), served.app.test_client()
    people.officer_signs_in(app, officer, "CB01", served.setup_code)
    people.send_declaration(citizen, people.CITIZEN)
    with unit(served.engine) as db:
        id = db.scalars(select(Declaration.id)).one()
    path = f"/can-bo/to-khai/{id}"
    assert people.post(officer, f"{path}/duyet", {}, path).status_code == 303
    people.citizen_signs_in(app, citizen, people.CITIZEN.ma_so)
    officer.get(path)

    def browse(client, **options):
        page = open_page(**options)
        cookie = client.get_cookie("vssid")
        page.context.add_cookies([{"name": "vssid", "value": cookie.value, "url": served.url}])
        return page

    return browse(citizen), browse(officer, viewport={"width": 1280, "height": 768})


def test_all_screens_of_ones_own_data(signed_in, look):
    page, desk = signed_in
    page.goto("/tai-khoan")
    page.get_by_role("link", name="Dữ liệu của tôi").click()
    look(page, "data")
    page.get_by_role("link", name="Ai đã xem hồ sơ của tôi").click()
    page.get_by_text("Mở tờ khai để xem").first.wait_for()
    look(page, "data-looks")
    # The officer who looked does not answer: the wish below is of another kind.
    page.get_by_role("link", name="Không đúng? Hỏi cơ quan").first.click()
    look(page, "data-look-ask")
    page.goto(f"{HOME}/yeu-cau")
    look(page, "data-requests-none")
    page.get_by_role("link", name="Gửi yêu cầu mới").click()
    look(page, "data-request-form")
    page.get_by_label("Sửa dữ liệu").check()
    page.get_by_label("Về dữ liệu nào?").select_option("ngay_sinh")
    page.get_by_label("Nội dung yêu cầu").fill("Ngày sinh đúng là 05/09/1985.\nXin sửa lại giúp tôi.")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    page.get_by_text("Đã gửi, chờ tiếp nhận").wait_for()
    look(page, "data-request")
    _the_desk_answers(desk, look)
    page.reload()
    page.get_by_text("Đã sửa theo giấy khai sinh.").wait_for()
    look(page, "data-request-answered")
    _a_copy_is_ready_without_a_reload(page, look)
    _a_consent_is_withdrawn(page, look)


def _the_desk_answers(desk, look):
    desk.goto("/can-bo/du-lieu")
    look(desk, "data-desk")
    desk.get_by_role("link", name=people.CITIZEN.name).click()
    look(desk, "data-desk-request")
    desk.get_by_label("Lời cho người dân").fill("Đã sửa theo giấy khai sinh.")
    desk.get_by_role("button", name="Đã làm, trả lời").click()
    desk.get_by_text("Người dân được báo").wait_for()


def _a_copy_is_ready_without_a_reload(page, look):
    page.goto(f"{HOME}/xuat")
    look(page, "data-export")
    page.get_by_label("Mật khẩu").fill(people.PASSWORD)
    page.get_by_role("button", name="Tạo bản dữ liệu").click()
    page.get_by_text("Đã sẵn sàng").wait_for(timeout=60_000)
    look(page, "data-export-ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp về").click()
    assert re.fullmatch(r".+\.zip", download.value.suggested_filename)


def _a_consent_is_withdrawn(page, look):
    page.goto(f"{HOME}/dong-y")
    look(page, "data-consents")
    page.locator("section", has_text="Nhắc tôi").get_by_role("link", name="Rút đồng ý").click()
    look(page, "data-withdraw")
    page.get_by_role("button", name="Rút đồng ý").click()
    page.get_by_text("Đã rút đồng ý.").wait_for()
    look(page)
