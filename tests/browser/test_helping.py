"""Helper mode on two phones, and what stands on a small screen after a form was sent from far down the page."""

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import Served
from tests.people import CITIZEN
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser


def signed_in(page: Page, served: Served) -> None:
    """The citizen, after activation by the code from the message."""
    page.goto("/kich-hoat")
    page.fill("#name", CITIZEN.ma_so)
    page.fill("#code", people.sent_code(served.app, "code.activation"))
    page.fill("#password", people.PASSWORD)
    page.fill("#again", people.PASSWORD)
    page.click("#main [type=submit]")
    page.wait_for_url("**/dang-nhap")
    page.fill("#name", CITIZEN.ma_so)
    page.fill("#password", people.PASSWORD)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_contain_text("Xin chào")


def test_what_a_form_brings_is_on_the_screen(served: Served, open_page, look):
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, CITIZEN)
    owner, helper = open_page(), open_page()
    signed_in(owner, served)

    owner.goto("/tai-khoan/nguoi-than")
    owner.fill("#ma_so", people.STRANGER.ma_so)
    owner.fill("#phone", people.STRANGER.phone)
    owner.fill("#password", "sai mật khẩu rồi")
    owner.click("#main form [type=submit]")
    expect(owner.locator(".form-errors")).to_be_focused()
    bar = owner.locator(".tabbar").bounding_box()["y"]
    notice = owner.locator(".form-errors").bounding_box()
    assert notice["y"] >= 0
    assert notice["y"] + notice["height"] <= bar

    owner.goto("/tai-khoan/nguoi-giup")
    owner.check("[name=task][value=dia_chi]")
    owner.check("[name=minutes][value='30']")
    owner.click("#main form [type=submit]")
    expect(owner.locator("h1")).to_have_text("Mã cho người giúp")
    expect(owner.locator("h1")).to_be_in_viewport(ratio=1)
    expect(owner.locator("p.code")).to_be_in_viewport(ratio=1)
    look(owner)

    helper.goto("/giup-do")
    helper.fill("#code", owner.locator("p.code").inner_text())
    helper.fill("#name", "Lê Văn Mẫu Cháu")
    helper.fill("#phone", "0900000105")
    expect(helper.locator("[data-question]")).to_be_hidden(timeout=20_000)
    helper.click("#main form [type=submit]")
    expect(helper.locator("h1")).to_have_text("Việc đang giúp")
    look(helper)
