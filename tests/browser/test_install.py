"""On a home screen: Chromium finds nothing to object to, the page about it helps, the hint can be put off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests import people
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, Served
from tests.browser.test_left_behind import signs_in
from vssid.kernel.db import unit

PAGE = "/cai-dat-ung-dung"
READY = "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)"
# The browser's own event comes when it has seen enough of a visitor, which no test can wait for: this is one of its kind.
CAN_INSTALL = """() => {
    const event = new Event('beforeinstallprompt', {cancelable: true});
    event.prompt = () => { window.prompted = (window.prompted || 0) + 1; };
    dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture
def owned(playwright: Playwright, browser_name: str, served: Served, tmp_path) -> Iterator[Page]:
    """A browser with a profile of its own: in a private window nothing can be installed."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, base_url=served.url, locale="vi-VN"
    )
    yield context.pages[0]
    context.close()


@pytest.fixture(scope="module")
def account(served: Served, browser_name: str) -> None:
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.CITIZEN)
    # Agrees to the terms, which would stand before the first page.
    people.citizen_signs_in(served.app, served.app.test_client(), people.CITIZEN.ma_so)


def test_chromium_would_install_it(owned, served):
    owned.goto("/")
    owned.evaluate(READY)
    devtools = owned.context.new_cdp_session(owned)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"] == f"{served.url}/manifest.webmanifest"
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert devtools.send("Page.getAppId")["appId"] == f"{served.url}/"


def test_what_is_kept_is_less_than_a_small_photo(owned):
    owned.goto("/")
    owned.evaluate(READY)
    owned.wait_for_timeout(500)
    assert owned.evaluate("navigator.storage.estimate().then(one => one.usage)") < 1024**2


def test_without_a_network_the_page_about_that_answers(owned):
    owned.goto("/")
    owned.evaluate(READY)
    owned.reload()
    owned.context.set_offline(True)
    owned.goto("/tra-cuu/ma-so")
    expect(owned.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    owned.context.set_offline(False)


def test_pages_have_what_phones_ask_of_an_application(open_page):
    page = open_page()
    page.goto("/")
    expect(page.locator("meta[name=viewport]")).to_have_attribute("content", "width=device-width,initial-scale=1")
    assert page.locator("meta[name=theme-color]").count() == 2
    sizes = "src => fetch(src).then(a => a.blob()).then(createImageBitmap).then(one => [one.width, one.height])"
    touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    assert page.evaluate(sizes, touch) == [180, 180]
    told = page.evaluate("fetch('/manifest.webmanifest').then(answer => answer.json())")
    for icon in (one for one in told["icons"] if one["type"] == "image/png"):
        assert "{}x{}".format(*page.evaluate(sizes, icon["src"])) == icon["sizes"]
    for one in told["shortcuts"]:
        assert page.evaluate(sizes, one["icons"][0]["src"]) == [192, 192]


@pytest.mark.parametrize("script", [True, False])
def test_the_page_helps_whatever_the_browser_can(open_page, look, script):
    page = open_page(script=script)
    page.goto("/")
    page.get_by_role("link", name="Cài đặt", exact=True).click()
    page.get_by_role("link", name="Cài đặt ứng dụng").click()
    expect(page.get_by_role("button", name="Thêm vào màn hình chính")).to_have_count(0)
    page.get_by_text("iPhone, iPad – Safari").click()
    expect(page.get_by_text("chọn “Thêm vào MH chính”")).to_be_visible()
    if script:
        look(page)


def test_the_button_is_there_when_the_browser_can_install_and_asks_it_once(open_page, look):
    page = open_page()
    page.goto(PAGE)
    button = page.get_by_role("button", name="Thêm vào màn hình chính")
    assert page.evaluate(CAN_INSTALL) is True, "its own bar would stand over the button"
    look(page, "install")
    button.click()
    assert page.evaluate("window.prompted") == 1
    expect(button).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.get_by_text("Đã cài xong")).to_be_visible()
    look(page)


def test_elsewhere_the_browser_may_ask_in_its_own_way(open_page):
    page = open_page()
    page.goto("/")
    assert page.evaluate(CAN_INSTALL) is False


def test_the_hint_waits_for_the_browser_and_can_be_put_off_until_sign_out(open_page, served, account, look):
    page = open_page()
    signs_in(page, served, people.CITIZEN)
    hint = page.locator("[data-install-hint]")
    expect(hint).to_be_hidden()
    page.evaluate(CAN_INSTALL)
    expect(hint).to_be_visible()
    look(page, "install-hint")
    hint.get_by_role("button", name="Để sau").click()
    expect(hint).to_be_hidden()
    page.reload()
    page.evaluate(CAN_INSTALL)
    expect(hint).to_be_hidden()
    page.goto("/tai-khoan")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_load_state()
    assert page.evaluate("localStorage.length") == 0


def test_the_hint_leads_to_the_page(open_page, served, account):
    page = open_page()
    signs_in(page, served, people.CITIZEN)
    page.evaluate(CAN_INSTALL)
    page.get_by_role("link", name="Xem cách làm").click()
    expect(page.get_by_role("heading", name="Cài đặt ứng dụng")).to_be_visible()
