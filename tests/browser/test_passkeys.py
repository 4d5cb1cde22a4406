"""Passkeys in Chromium with a virtual authenticator, at a host that has a name: one story, told in order."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import people, serving
from tests.browser.conftest import Served
from vssid import settings as environment
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import db as request_db

INSIDE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = serving.free_port()
    values = {
        **serving.environment(tmp_path_factory.mktemp("named"), port),
        "PUBLIC_URL": f"http://localhost:{port}", "HOST": "127.0.0.1",
    }  # fmt: skip
    app = create_app(environment.load(values))
    with app.app_context():
        engine = request_db.engine
        prepare_database(engine)
        with unit(engine) as db:
            people.add_agency(db)
            people.open_account(app, db, people.CITIZEN)
    process = serving.start(values)
    try:
        yield Served(values["PUBLIC_URL"], app, engine, "")
    finally:
        process.terminate()
        process.wait(timeout=40)


def activate(app, page: Page) -> None:
    page.goto("/kich-hoat")
    page.fill("#name", people.CITIZEN.ma_so)
    page.fill("#code", people.sent_code(app, "code.activation"))
    page.fill("#password", people.PASSWORD)
    page.fill("#again", people.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/dang-nhap")


def sign_in(page: Page) -> None:
    page.goto("/dang-nhap")
    page.fill("#name", people.CITIZEN.ma_so)
    page.fill("#password", people.PASSWORD)
    page.click("main button[type=submit]")


@pytest.fixture
def add(browser_name):
    def add(page: Page, name: str) -> None:
        page.goto("/tai-khoan/van-tay")
        page.fill("[data-passkey-box] #name", name)
        page.click("[data-passkey]")
        expect(page.locator(".panel h2", has_text=name)).to_be_visible()

    return add


def test_a_passkey_is_added_renamed_used_evicts_and_is_removed(served, open_page, look, add, browser_name):
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    phone = session.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})["authenticatorId"]
    activate(served.app, page)
    sign_in(page)
    page.wait_for_url(f"{served.url}/")
    page.goto("/tai-khoan/van-tay")
    expect(page.get_by_text("có bật JavaScript")).to_be_hidden()
    look(page, "passkeys_none")
    add(page, "Điện thoại của tôi")
    look(page, "passkeys")
    page.click("summary:has-text('Đổi tên')")
    page.fill("#name-1", "Máy nhà")
    page.click("main details button")
    expect(page.locator(".panel h2")).to_have_text("Máy nhà")

    for path in ("/tai-khoan/smart-otp", "/tai-khoan/ma-du-phong", "/dang-nhap?doi=1"):
        page.goto(path)
        look(page)
    page.goto("/tai-khoan")
    look(page, "account")
    page.locator("main").get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{served.url}/")
    page.goto("/dang-nhap")
    look(page, "sign_in")
    page.click("[data-passkey]")
    page.wait_for_url(f"{served.url}/")
    page.goto("/tai-khoan")
    expect(page.locator("h1")).to_have_text("Thông tin tài khoản")

    # A second browser to which the same passkey was synchronised: no code is asked, the first one hears why it ended.
    second = open_page()
    other = second.context.new_cdp_session(second)
    other.send("WebAuthn.enable")
    tablet = other.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})["authenticatorId"]
    [key] = session.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    second.goto("/dang-nhap")
    other.send("WebAuthn.addCredential", {"authenticatorId": tablet, "credential": {**key, "signCount": 50}})
    second.fill("#name", people.CITIZEN.ma_so)
    second.click("[data-passkey]")
    second.wait_for_url("**/")
    page.goto("/tai-khoan")
    expect(page.locator("main .notice-warn")).to_contain_text("vừa đăng nhập trên Máy tính Linux lúc")
    expect(page.locator("main .notice-warn")).to_contain_text("Không phải bạn?")
    look(page, "told_why")

    # The first one's counter is now behind: a copied key, refused in words.
    page.click("[data-passkey]")
    expect(page.locator("[data-passkey-says]")).to_contain_text("Không nhận ra")

    second.goto("/tai-khoan/van-tay")
    second.click("main button:has-text('Xoá')")
    expect(second.locator(".empty")).to_be_visible()
    look(second)

    third = open_page()
    sign_in(third)
    expect(third.locator("h1")).to_have_text("Thiết bị mới")
    look(third, "new_device")


def test_a_borrowed_phone_is_left_clean(served, open_page, look, browser_name):
    page = open_page()
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Thiết bị mới")
    page.fill("#code", people.sent_code(served.app, "code.new_device"))
    page.click("main button:has-text('Xác nhận')")
    page.wait_for_url(f"{served.url}/")
    page.evaluate("localStorage.setItem('left', 'behind')")
    page.goto("/tai-khoan")
    page.get_by_role("button", name="Xong – xoá trên máy này").click()
    expect(page.locator("main .notice-good")).to_contain_text("không còn gì của tài khoản")
    look(page, "wiped")
    assert page.evaluate("localStorage.length") == 0
    assert "vssid-device" not in {cookie["name"] for cookie in page.context.cookies()}
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((found) => !!found)")


def test_without_script_the_page_names_the_other_ways(served, open_page, look, browser_name):
    page = open_page(script=False)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Thiết bị mới")
    page.fill("#code", people.sent_code(served.app, "code.new_device"))
    page.click("main button:has-text('Xác nhận')")
    page.goto("/tai-khoan/van-tay")
    expect(page.get_by_text("có bật JavaScript")).to_be_visible()
    expect(page.locator("[data-passkey]")).to_be_hidden()
    expect(page.get_by_role("link", name="SmartOTP")).to_be_visible()
