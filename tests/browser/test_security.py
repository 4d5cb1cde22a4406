"""Devices, history, proving oneself, helpers and staff on a phone and at a desk, as people see them."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests import people
from tests.browser.conftest import DESK, Served
from vssid.accounts.models import LoginSession
from vssid.kernel.clock import now
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def owner(served: Served, browser_name: str) -> list[dict]:
    """The cookies of a citizen who is signed in."""
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.CITIZEN)
    client = served.app.test_client()
    people.citizen_signs_in(served.app, client, people.CITIZEN.ma_so)
    return cookies_of(client, served)


def cookies_of(client, served: Served) -> list[dict]:
    return [{"name": one.key, "value": one.value, "url": served.url} for one in client._cookies.values()]


@pytest.fixture
def phone(open_page, owner) -> Page:
    page = open_page()
    page.context.add_cookies(owner)
    return page


def was_proven_long_ago(served: Served) -> None:
    with served.app.app_context(), unit(served.engine) as db:
        db.execute(update(LoginSession).values(proven_at=now() - timedelta(minutes=6)))


@pytest.mark.parametrize(
    "path",
    ["/tai-khoan", "/tai-khoan/thiet-bi", "/tai-khoan/nhat-ky", "/tai-khoan/khong-phai-toi", "/tai-khoan/thong-bao", "/tai-khoan/nguoi-giup"],
)  # fmt: skip
def test_the_screens_of_the_account_are_readable_by_all(phone: Page, look, path):
    phone.goto(path)
    look(phone, "account-" + path.rsplit("/", 1)[1])


def test_a_sensitive_act_asks_in_between_and_goes_on(served: Served, phone: Page, look):
    was_proven_long_ago(served)
    phone.goto("/tai-khoan/dien-thoai")
    phone.fill("#phone", "0900000109")
    phone.get_by_role("main").get_by_role("button").first.click()
    expect(phone.locator("h1")).to_have_text("Xác nhận lại là bạn")
    phone.fill("#proof", "không phải thế")
    phone.get_by_role("button", name="Xác nhận và làm tiếp").click()
    expect(phone.get_by_role("alert")).to_contain_text("Mật khẩu chưa đúng")
    phone.fill("#proof", people.PASSWORD)
    phone.get_by_role("button", name="Xác nhận và làm tiếp").click()
    phone.wait_for_url(re.compile("/tai-khoan/thay-doi/"))
    expect(phone.get_by_text("09********09").or_(phone.get_by_text("090*****09")).first).to_be_visible()


def test_a_task_is_lent_by_a_code_and_done_in_the_owners_place(served: Served, phone: Page, open_page, look):
    phone.goto("/tai-khoan/nguoi-giup")
    phone.get_by_label("Xem và in thẻ BHYT").check()
    phone.get_by_label("15 phút").check()
    phone.get_by_role("button", name="Tạo mã cho người giúp").click()
    if phone.locator("#proof").count():
        phone.fill("#proof", people.PASSWORD)
        phone.get_by_role("button", name="Xác nhận và làm tiếp").click()
    expect(phone.locator("h1")).to_have_text("Mã cho người giúp")
    look(phone, "helping-offered")
    code = phone.locator("p.code").inner_text().replace(" ", "")

    helper = open_page()
    # As the camera of a phone opens the QR code.
    helper.goto(f"/giup-do#{code}")
    expect(helper.get_by_label("Mã nhờ giúp")).to_have_value(code)
    assert code not in helper.url
    look(helper, "helping-enter")
    helper.get_by_label("Họ và tên của bạn").fill("Lê Văn Mẫu Cháu")
    helper.get_by_label("Số điện thoại của bạn").fill("0900000105")
    helper.get_by_role("button", name="Bắt đầu giúp").click()
    helper.wait_for_url(served.url + "/giup-do/viec")
    look(helper, "helping-work")
    helper.get_by_role("link", name="Bắt đầu việc này").click()
    helper.wait_for_url(served.url + "/ca-nhan/the-bhyt")
    expect(helper.get_by_text(f"Bạn đang giúp {people.CITIZEN.name}")).to_be_visible()
    look(helper, "helping-card")
    helper.goto("/tai-khoan")
    helper.wait_for_url(served.url + "/giup-do/viec")

    phone.goto("/tai-khoan/nguoi-giup")
    expect(phone.get_by_text("Lê Văn Mẫu Cháu")).to_be_visible()
    look(phone)
    phone.get_by_role("button", name="Kết thúc ngay").click()
    expect(phone.get_by_text("Người giúp không vào được nữa")).to_be_visible()
    helper.goto("/ca-nhan/the-bhyt")
    helper.wait_for_url(re.compile("/dang-nhap"))


def test_administrators_grant_in_pairs(served: Served, open_page, look):
    pages = []
    for code in ("QT01", "QT02"):
        with served.app.app_context(), unit(served.engine) as db:
            setup = people.add_officer(served.app, db, code, "089", "quan_tri")
        client = served.app.test_client()
        people.officer_signs_in(served.app, client, code, setup)
        page = open_page(DESK)
        page.context.add_cookies(cookies_of(client, served))
        pages.append(page)
    first, second = pages
    first.goto("/can-bo")
    first.get_by_role("navigation", name="Hàng việc").get_by_role("link", name="Nhân sự").click()
    expect(first.locator("h1")).to_have_text("Nhân sự")
    look(first, "staff")
    first.get_by_role("link", name="Thêm cán bộ").click()
    look(first, "staff-new")
    for field, value in (
        ("code", "CB77"),
        ("name", "Cán bộ Mẫu Bảy"),
        ("email", "cb77@vidu.vn"),
        ("agency_code", "08902"),
    ):
        first.fill(f"#{field}", value)
    first.get_by_label("Cán bộ duyệt hồ sơ").check()
    first.get_by_role("button", name="Lập yêu cầu").click()
    expect(first.get_by_text("Một quản trị khác cần xác nhận")).to_be_visible()
    assert first.get_by_role("button", name="Xác nhận").count() == 0
    second.goto("/can-bo/nhan-su")
    look(second)
    second.get_by_role("button", name="Xác nhận").click()
    expect(second.get_by_text("Đã xác nhận")).to_be_visible()
    expect(second.get_by_role("link", name="CB77")).to_be_visible()
