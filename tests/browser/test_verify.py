"""A clinic checks cards: without network by script, with script off by a form, in old browsers by a library."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.counter import code_on, keep, phone, sign_in
from tests.card.strips import PUBLIC, STRIP, changed, signed
from vssid.attesting import keys
from vssid.card.strips.models import KeptCard
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit

VECTORS = json.loads((Path(__file__).parents[2] / "docs" / "card-vectors.json").read_text())
# What an older browser does: it has cryptography, but no Ed25519.
NO_ED25519 = """const own = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, key, how, ...rest) => how && how.name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : own(form, key, how, ...rest);"""


def opened(page: Page) -> None:
    """The page has learnt what it needs, and the phone keeps it."""
    page.goto("/xac-minh")
    expect(page.get_by_text("Kiểm tra được không cần mạng")).to_be_visible()
    until = time.monotonic() + 20
    while not page.evaluate("caches.open('verify').then(c => c.match('/lang')).then(Boolean)"):
        assert time.monotonic() < until
        page.wait_for_timeout(200)


def scan(page: Page, text: str) -> None:
    """A hardware scanner types and ends with Enter."""
    field = page.get_by_label("Mã trên thẻ hoặc trên giấy")
    field.fill(text)
    field.press("Enter")


def test_a_second_offline_browser_verifies_the_card_of_the_first_with_the_server_dead(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    opened(desk)
    house.stop()
    owner.set_offline(True)
    clinic.set_offline(True)
    page.goto("/ca-nhan/the-bhyt/su-dung")
    text = code_on(page, tmp_path)
    desk.close()
    desk = clinic.new_page()
    desk.goto("/xac-minh")
    expect(desk.get_by_text("Kiểm tra được không cần mạng")).to_be_visible()
    scan(desk, text)
    expect(desk.locator(".verdict-good")).to_contain_text("Thẻ đúng, mã của hôm nay.")
    expect(desk.get_by_text("ĐTMƯ")).to_be_visible()
    expect(desk.get_by_text("89 0000 0101")).to_be_visible()
    # A photo of the screen.
    desk.get_by_label("Ảnh chụp mã QR").set_input_files(tmp_path / "code.png")
    expect(desk.locator(".verdict-good")).to_be_visible()
    scan(desk, text[:-3] + "000")
    expect(desk.locator(".verdict-bad")).to_contain_text("không do hệ thống này phát hành")
    scan(desk, "8900000101 0000000")
    expect(desk.locator("[data-result]")).to_contain_text("Mất mạng: chỉ kiểm tra được mã QR của thẻ")
    expect(desk.locator(".verdict")).to_have_count(0)
    owner.close()
    clinic.close()


def test_with_network_the_register_overrules_a_strip_that_looks_right(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    text = code_on(page, tmp_path)
    opened(desk)
    scan(desk, text)
    expect(desk.get_by_text("Theo sổ bộ lúc này: thẻ dùng được.")).to_be_visible()
    with unit(house.engine) as db:
        db.query(KeptCard).update({"ended_at": now(), "end_reason": "device"})
    with desk.expect_response("**/xac-minh/thu-hoi.json"):
        scan(desk, text)
        expect(desk.locator(".verdict-bad")).to_contain_text("Mã đã bị thu hồi")
    desk.wait_for_timeout(500)
    clinic.set_offline(True)
    desk.reload()
    expect(desk.get_by_text("Kiểm tra được không cần mạng")).to_be_visible()
    scan(desk, text)
    expect(desk.locator(".verdict-bad")).to_contain_text("Mã đã bị thu hồi")
    owner.close()
    clinic.close()


@pytest.mark.parametrize("older", [False, True])
def test_the_published_vectors_hold_in_chromium_with_and_without_its_own_ed25519(served, open_page, older):
    page = open_page()
    if older:
        page.add_init_script(NO_ED25519)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/xac-minh")
    for one in VECTORS["dai_ma"]:
        found = page.evaluate(
            """([one, keys]) => checkStrip(one.van_ban, keys, new Set(one.thu_hoi),
               (Date.parse(one.hom_nay) - Date.UTC(2020, 0, 1)) / 86400000).then(found => found.verdict)""",
            [one, VECTORS["khoa_cong_khai"]],
        )
        assert found == one["ket_qua"], one["ten"]
    assert any("noble" in url for url in fetched) is older


def test_with_script_off_the_server_checks_what_was_typed_or_photographed(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house, java_script_enabled=False)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    text = code_on(page, tmp_path)
    desk.goto("/xac-minh")
    scan(desk, text)
    expect(desk.locator(".verdict-good")).to_contain_text("Thẻ đúng, mã của hôm nay.")
    desk.get_by_label("Ảnh chụp mã QR").set_input_files(tmp_path / "code.png")
    desk.get_by_role("button", name="Kiểm tra").click()
    expect(desk.locator(".verdict-good")).to_be_visible()
    spoken = page.locator("[data-fill=code]").inner_text()
    scan(desk, f"{people.CITIZEN.ma_so} {spoken}")
    expect(desk.locator(".verdict-good")).to_be_visible()
    scan(desk, signed(changed(key=STRIP.key)))
    expect(desk.locator(".verdict-bad")).to_contain_text("không do hệ thống này phát hành")
    assert PUBLIC
    owner.close()
    clinic.close()


def test_a_new_key_is_fetched_when_a_strip_tells_of_it(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    opened(desk)
    with house.app.app_context(), unit(house.engine) as db:
        keys.retire(db, today())
        keys.signing(db, house.app.extensions["keyring"], today())
    with page.expect_response("**/the-da-luu/lam-moi"):
        page.reload()
    text = code_on(page, tmp_path)
    scan(desk, text)
    expect(desk.locator(".verdict-good")).to_contain_text("Thẻ đúng, mã của hôm nay.")
    owner.close()
    clinic.close()


def test_a_clock_that_is_far_ahead_makes_no_right_card_wrong(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    text = code_on(page, tmp_path)
    clinic.clock.install(time=now() + timedelta(days=40))
    desk = clinic.new_page()
    opened(desk)
    clinic.set_offline(True)
    scan(desk, text)
    expect(desk.locator(".verdict-good")).to_be_visible()
    owner.close()
    clinic.close()


def test_an_ill_server_takes_nothing_from_a_page_that_was_open_before(browser, house, tmp_path):
    owner, clinic = phone(browser, house), phone(browser, house)
    page, desk = owner.new_page(), clinic.new_page()
    sign_in(page, house)
    keep(page)
    text = code_on(page, tmp_path)
    opened(desk)
    clinic.route("**/xac-minh/*.json", lambda route: route.fulfill(status=503, body="{}"))
    desk.reload()
    expect(desk.get_by_text("Kiểm tra được không cần mạng")).to_be_visible()
    scan(desk, text)
    expect(desk.locator(".verdict-good")).to_be_visible()
    owner.close()
    clinic.close()
