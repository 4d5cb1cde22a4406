"""After sign-out, a switch of person, wiping and freezing nothing personal is left: Back, caches, storages, service worker.

Playwright starts Chromium without the back/forward cache, which is where a page would come back from: here it is on.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import people
from tests.browser.conftest import PHONE, Served
from vssid.kernel.db import unit

PRIVATE = ("/", "/ca-nhan", "/ca-nhan/the-bhyt", "/tai-khoan?hien=1", "/tai-khoan/nhat-ky")


@pytest.fixture(scope="module")
def accounts(served: Served, browser_name: str) -> None:
    """Two people of one family with accounts of their own."""
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.CITIZEN)
    people.citizen_signs_in(served.app, served.app.test_client(), people.CITIZEN.ma_so)
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.STRANGER)
    people.citizen_signs_in(served.app, served.app.test_client(), people.STRANGER.ma_so)


@pytest.fixture
def phone(remembering: Browser, served: Served, accounts: None) -> Iterator[Page]:
    """A phone of the family."""
    context = remembering.new_context(viewport=PHONE, base_url=served.url, locale="vi-VN")
    yield context.new_page()
    context.close()


def looks_around(page: Page, served: Served, who: people.Specimen) -> None:
    """Sign in and open what is private."""
    signs_in(page, served, who)
    for path in PRIVATE:
        page.goto(path)
        expect(page.locator("body[data-private]")).to_have_count(1)


def signs_in(page: Page, served: Served, who: people.Specimen) -> None:
    page.goto("/dang-nhap?doi=1")
    page.get_by_label("Mã số BHXH").fill(who.ma_so)
    page.get_by_label("Mật khẩu").fill(people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/dang-nhap" not in url)
    if "/thiet-bi-moi" in page.url:
        page.get_by_label("Mã xác thực").fill(people.code_sent_to(served.app, "code.new_device", who.phone))
        page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url(served.url + "/")


def shows(page: Page, who: people.Specimen) -> bool:
    return who.name in page.locator("body").inner_text() or who.ma_so in page.locator("body").inner_text()


def nothing_left(page: Page, who: people.Specimen) -> None:
    """In no storage, in no cache of the service worker's, and on none of the pages behind Back."""
    kept = page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    texts.push(request.url);
                    const answer = await cache.match(request);
                    // One that the worker has just dropped is not left.
                    if (answer && /text|json/.test(answer.headers.get('Content-Type') || '')) texts.push(await answer.text());
                }
            }
            texts.push(JSON.stringify(await indexedDB.databases()));
            return texts;
        }"""
    )
    everything = json.dumps(kept, ensure_ascii=False)
    assert who.name not in everything
    assert who.ma_so not in everything
    assert kept[-1] == "[]"
    # Not even what the frame shows to who is signed in. (Among the storages htmx keeps the address of this very page.)
    assert not any("/ca-nhan" in text or "/tai-khoan" in text for text in kept[2:])
    for _step in range(len(PRIVATE) + 2):
        page.evaluate("history.back()")
        page.wait_for_timeout(400)
        page.wait_for_load_state()
        assert not shows(page, who), page.url


def restored(page: Page) -> bool:
    return bool(page.evaluate("window.cameBack === true"))


def test_this_browser_does_keep_pages_for_back(remembering: Browser, served: Served) -> None:
    """Without this the tests below would prove nothing."""
    context = remembering.new_context(viewport=PHONE, base_url=served.url)
    page = context.new_page()
    page.goto("/quyen-rieng-tu")
    page.evaluate("addEventListener('pageshow', (e) => { window.cameBack = e.persisted; })")
    page.goto("/dieu-khoan")
    page.evaluate("history.back()")
    page.wait_for_timeout(500)
    assert restored(page)
    context.close()


def test_sign_out_leaves_nothing(phone: Page, served: Served) -> None:
    looks_around(phone, served, people.CITIZEN)
    phone.goto("/tai-khoan")
    phone.get_by_role("main").get_by_role("button", name="Đăng xuất", exact=True).click()
    phone.wait_for_load_state()
    nothing_left(phone, people.CITIZEN)


def test_somebody_else_on_the_same_phone_sees_nothing_of_the_first(phone: Page, served: Served) -> None:
    looks_around(phone, served, people.CITIZEN)
    signs_in(phone, served, people.STRANGER)
    assert shows(phone, people.STRANGER)
    nothing_left(phone, people.CITIZEN)


def test_wiping_leaves_nothing(phone: Page, served: Served) -> None:
    looks_around(phone, served, people.CITIZEN)
    phone.goto("/tai-khoan")
    phone.get_by_role("button", name="Xong – xoá trên máy này").click()
    phone.wait_for_load_state()
    expect(phone.get_by_text("Đã xoá: trên máy này không còn gì")).to_be_visible()
    nothing_left(phone, people.CITIZEN)
    assert phone.context.cookies() == [] or all("device" not in cookie["name"] for cookie in phone.context.cookies())


def test_freezing_leaves_nothing(phone: Page, served: Served) -> None:
    # Three messages in ten minutes are all that the citizen gets.
    looks_around(phone, served, people.STRANGER)
    phone.goto("/tai-khoan/khong-phai-toi")
    phone.get_by_role("button", name="Khoá tài khoản ngay").click()
    phone.wait_for_load_state()
    expect(phone.get_by_role("heading", name="Tài khoản đã tạm khoá")).to_be_visible()
    nothing_left(phone, people.STRANGER)
