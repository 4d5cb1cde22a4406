"""A school's day in a real browser: a list is checked and saved, sheets are made, an officer scans without a mouse."""

import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, Served
from tests.rosters.conftest import CHILD_ROW, TITLE, row, table
from vssid.kernel.db import reading, unit
from vssid.rosters.models import RosterRow

PHONE_NUMBER = "0900000201"


@pytest.fixture(scope="module")
def school(served: Served) -> None:
    """A school that waits for activation; the specimen child has declared on the public path."""
    app = served.app
    with app.app_context(), unit(served.engine) as db:
        people.add_person(db, people.GUARDIAN)
        people.add_person(db, people.CHILD)
        people.add_organisation(app, db, PHONE_NUMBER)
    client = app.test_client()
    people.accept_terms(client)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    assert people.post(client, "/dang-ky/tre-em/thong-tin", form).status_code == 303
    assert people.finish_child(client).status_code == 303


def sign_in(page: Page, served: Served, look) -> None:
    page.goto("/dang-nhap")
    page.get_by_role("link", name="Tổ chức", exact=True).click()
    look(page, "organisation-sign-in")
    page.get_by_role("link", name="Kích hoạt tài khoản").click()
    look(page)
    page.fill("#phone", PHONE_NUMBER)
    page.fill("#code", people.sent_code(served.app, "code.member_activation"))
    page.fill("#password", people.PASSWORD)
    page.fill("#again", people.PASSWORD)
    page.get_by_role("button", name="Hoàn tất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập cho tổ chức")
    page.fill("#phone", PHONE_NUMBER)
    page.fill("#password", people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Nhập mã xác thực")
    look(page)
    page.fill("#code", people.sent_code(served.app, "code.member_sign_in"))
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("h1")).to_have_text("Trường Tiểu học Mẫu Một")


def test_a_school_uploads_its_list_and_gets_its_sheets(served, school, open_page, look, tmp_path):
    page = open_page()
    sign_in(page, served, look)
    look(page)
    page.get_by_role("link", name="Thành viên").last.click()
    look(page)
    page.goto("/to-chuc/danh-sach")
    look(page)
    page.get_by_role("link", name="Tải danh sách lên").click()
    look(page, "roster-upload")
    path = tmp_path / "lop.csv"
    path.write_bytes(table(CHILD_ROW, *(row(n) for n in range(5)), row(9, "1B"), "12,Hỏng,2018,1A,"))
    page.fill("#title", TITLE)
    page.set_input_files("#file", str(path))
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.locator("h1")).to_have_text("Xem trước danh sách")
    look(page, "roster-look")
    page.get_by_role("button", name="Lưu danh sách").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    look(page, "roster")
    page.get_by_role("link", name="In phiếu theo lớp/tổ").click()
    look(page)
    page.get_by_role("button", name="Tạo phiếu").click()
    expect(page.get_by_text("Đang tạo phiếu")).to_be_visible()
    expect(page.get_by_role("link", name="Mở tệp PDF để in")).to_be_visible(timeout=30_000)
    look(page)
    page.goto("/to-chuc")
    look(page, "organisation")
    page.locator("summary").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập cho tổ chức")


def test_an_officer_scans_one_after_another_and_never_leaves_the_field(served, school, open_page, look):
    page = open_page(DESK)
    page.goto("/can-bo/kich-hoat")
    for name, value in {"code": "CB01", "setup_code": served.setup_code}.items():
        page.fill(f"#{name}", value)
    page.fill("#password", people.OFFICER_PASSWORD)
    page.fill("#again", people.OFFICER_PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    totp = pyotp.TOTP(page.locator("[data-secret]").inner_text().replace(" ", ""))
    step = int(time.time()) // 30
    page.fill("#totp", totp.generate_otp(step))
    page.get_by_role("main").get_by_role("button").click()
    page.fill("#code", "CB01")
    page.fill("#password", people.OFFICER_PASSWORD)
    page.fill("#totp", totp.generate_otp(step + 1))
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("link", name="Tổ chức", exact=True).click()
    look(page)
    page.get_by_role("link", name="Trường Tiểu học Mẫu Một").click()
    look(page, "desk-organisation")
    page.get_by_role("link", name="Nhận tờ khai giấy").click()
    field = page.locator("#code")
    expect(field).to_be_focused()
    with reading(served.engine) as db:
        codes = {one.ma_so_bhxh: one.code for one in db.query(RosterRow)}
    for code, words in (
        (codes["7900000001"], "chưa gửi tờ khai"),
        (codes[people.CHILD.ma_so], "Đã nhận tờ khai giấy"),
        (codes[people.CHILD.ma_so], "đã được nhận trước đó"),
        ("BCDFGHJKLM", "Không có tờ khai"),
    ):
        page.keyboard.type(f"R:{code}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value("")
        look(page, "desk-ticking" if "Đã nhận" in words else None)
    expect(page.locator("#ticked tbody tr")).to_have_count(1)
