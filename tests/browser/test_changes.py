"""Changes of an account on a phone and at the counter: htmx swaps, accessible, nothing scrolls sideways."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, Served
from tests.people import CITIZEN, PASSWORD
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def second(served: Served) -> str:
    """The set-up code of a second officer."""
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, CITIZEN)
        return people.add_officer(served.app, db, "CB08", "089")


def citizen(served: Served, page: Page) -> None:
    page.goto("/kich-hoat")
    page.fill("#name", CITIZEN.ma_so)
    page.fill("#code", people.sent_code(served.app, "code.activation"))
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    page.fill("#name", CITIZEN.ma_so)
    page.fill("#password", PASSWORD)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_contain_text("Xin chào")


def test_a_citizen_changes_the_phone_and_takes_a_stop_back(served: Served, open_page, look, second):
    page = open_page()
    citizen(served, page)
    page.goto("/tai-khoan")
    look(page, "changes-account")
    page.click("text=Đổi số điện thoại")
    look(page, "changes-phone")
    page.fill("#phone", "0900000777")
    page.click("#main [type=submit]")
    expect(page.locator("#first")).to_be_visible()
    look(page, "changes-codes")
    page.fill("#first", "000000")
    page.fill("#second", "000000")
    page.click("text=Xác nhận")
    expect(page.locator(".form-errors")).to_be_visible()
    look(page, "changes-codes-wrong")
    page.fill("#first", people.sent_code(served.app, "code.phone_old"))
    page.fill("#second", people.sent_code(served.app, "code.phone_new"))
    page.click("text=Xác nhận")
    expect(page.locator(".badge-good")).to_be_visible()
    look(page, "changes-done")
    for name in ("email", "dia-chi", "ngung-su-dung", "thay-doi"):
        page.goto(f"/tai-khoan/{name}")
        look(page, f"changes-{name}")
    page.goto("/tai-khoan/ngung-su-dung")
    page.fill("#password", PASSWORD)
    page.click("#main [type=submit]")
    page.fill("#first", people.sent_code(served.app, "code.stop"))
    page.click("text=Xác nhận")
    expect(page.locator(".badge-info")).to_be_visible()
    look(page, "changes-waiting")
    page.goto("/")
    look(page, "changes-home")
    visitor = open_page()
    visitor.goto("/huy")
    look(visitor, "changes-huy")
    code = re.search(r"\d{4} \d{4}", people._newest_text(served.app, "change.stop_waits") or "")
    assert code
    visitor.fill("#code", code[0])
    visitor.click("#main [type=submit]")
    expect(visitor.locator("h1")).to_contain_text("Đã dừng thay đổi")
    look(visitor, "changes-stopped")


def test_an_officer_finds_the_account_and_asks_for_a_second_one(served: Served, open_page, look, second):
    officer = served.app.test_client()
    people.officer_signs_in(served.app, officer, "CB08", second)
    page = open_page(DESK)
    cookie = officer.get_cookie("vssid")
    assert cookie
    page.context.add_cookies([{"name": "vssid", "value": cookie.value, "url": served.url}])
    page.goto("/can-bo/thay-doi")
    look(page, "desk-changes")
    page.fill("#ma_so_bhxh", CITIZEN.ma_so)
    page.fill("#id_number", CITIZEN.cccd)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_have_text(CITIZEN.name)
    look(page, "desk-changes-account")
    page.click("text=Đổi số, mất số cũ")
    look(page, "desk-changes-ask")
    page.fill("#phone", "0900000778")
    page.check("[value=cccd]")
    page.fill("#reason", "Mất điện thoại, đã báo khoá SIM.")
    page.click("#main [type=submit]")
    look(page, "desk-changes-codes")
    page.fill("#first", people.sent_code(served.app, "code.phone_new"))
    page.click("text=Xác nhận mã")
    expect(page.locator(".badge-warn")).to_be_visible()
    look(page, "desk-changes-second")
    page.goto("/can-bo/thay-doi")
    look(page, "desk-changes-queue")
