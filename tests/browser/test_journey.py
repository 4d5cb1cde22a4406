"""The whole main job in a real browser: a phone of 360 × 640 with htmx, an officer's desk of 1280."""

import time

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import people
from tests.browser.conftest import DESK, PHONE, Served
from tests.browser.terms import accept, tick_all
from vssid.demo import pictures
from vssid.kernel.db import reading
from vssid.registration.models import Declaration


def fill_info(page: Page, who: people.Specimen) -> None:
    for name, value in people.info_form(who).items():
        if name in ("ma_so_bhxh", "full_name", "id_number", "address_line", "phone", "email"):
            page.fill(f"#{name}", value)


def choose_ward(page: Page) -> None:
    page.locator("#ward_query").press_sequentially("my thoi", delay=30)
    page.get_by_label("Phường Mỹ Thới, Tỉnh An Giang").click()
    expect(page.locator("#ward_code")).to_have_value("30301")


def take_photos(page: Page, tmp_path) -> None:
    bearer = pictures.Bearer(people.CITIZEN.name, people.CITIZEN.cccd, "04/09/1985", "Nữ")
    drawn = {"portrait": pictures.portrait(bearer.name), "front": pictures.front(bearer), "back": pictures.back()}
    for side, photo in drawn.items():
        path = tmp_path / f"{side}.jpg"
        path.write_bytes(photo.jpeg)
        page.set_input_files(f"#photo-{side}", str(path))
        expect(page.locator(f"#shot-{side}.done")).to_be_visible(timeout=15_000)


@pytest.fixture(scope="module")
def cast() -> dict:
    """What one test of this story leaves for the next."""
    return {}


def test_a_citizen_registers_on_a_phone(served: Served, open_page, look, tmp_path, cast):
    page = open_page()
    page.goto("/")
    look(page, "home")
    page.get_by_role("link", name="Đăng ký tài khoản").click()
    look(page)
    tick_all(page)
    look(page, "terms")
    page.get_by_role("button", name="Chấp nhận").click()
    look(page)
    page.get_by_role("link", name="Cá nhân", exact=True).click()
    fill_info(page, people.CITIZEN)
    choose_ward(page)
    look(page, "register-info")
    page.fill("#phone", "123")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator(".form-errors")).to_be_focused()
    look(page)
    expect(page.locator("#full_name")).to_have_value(people.CITIZEN.name)
    page.fill("#phone", people.CITIZEN.phone)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text("Ảnh của bạn")
    assert page.url.endswith("/anh")
    take_photos(page, tmp_path)
    look(page, "register-photos")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text("Cơ quan tiếp nhận")
    page.locator("#q").press_sequentially("my thoi", delay=30)
    page.locator("input[name=agency_code][value='08902']").first.check()
    look(page, "register-office")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text("Xem lại và gửi")
    expect(page.locator("[data-question]")).to_be_hidden(timeout=20_000)
    look(page, "register-review")
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/hoan-tat")
    look(page, "register-done")
    page.get_by_role("link", name="Theo dõi tờ khai", exact=True).first.click()
    look(page, "follow")
    with reading(served.engine) as db:
        cast["declaration"] = db.query(Declaration).one()


def test_the_draft_survives_a_killed_page(served: Served, open_page):
    page = open_page()
    page.goto("/dang-ky")
    accept(page)
    page.get_by_role("link", name="Cá nhân", exact=True).click()
    with page.expect_response("**/ca-nhan/luu"):
        page.fill("#full_name", "Trần Văn Mẫu Lạ")
        page.locator("#full_name").blur()
    page.goto("about:blank")
    page.goto("/dang-ky/ca-nhan/thong-tin")
    expect(page.locator("#full_name")).to_have_value("Trần Văn Mẫu Lạ")


def test_an_officer_reviews_and_approves(served: Served, open_page, look, cast):
    page = open_page(DESK)
    page.goto("/can-bo")
    look(page)
    page.goto("/can-bo/kich-hoat")
    look(page)
    for name, value in (
        ("code", "CB01"),
        ("setup_code", served.setup_code),
        ("password", people.OFFICER_PASSWORD),
        ("again", people.OFFICER_PASSWORD),
    ):
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Tiếp tục").click()
    look(page)
    totp = pyotp.TOTP(page.locator("[data-secret]").inner_text().replace(" ", ""))
    step = int(time.time()) // 30
    page.fill("#totp", totp.generate_otp(step))
    page.get_by_role("button", name="Hoàn tất").click()
    page.wait_for_url("**/dang-nhap**")
    for name, value in (("code", "CB01"), ("password", people.OFFICER_PASSWORD), ("totp", totp.generate_otp(step + 1))):
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/can-bo")
    look(page)
    page.get_by_role("link", name="Tờ khai đăng ký").first.click()
    look(page, "desk-queue")
    page.get_by_role("link", name=people.CITIZEN.name).click()
    page.wait_for_load_state("networkidle")
    look(page, "desk-review")
    awake = "body:not([data-asleep])"
    page.wait_for_selector(awake)
    page.keyboard.press("n")
    expect(page.get_by_label("Ảnh giấy tờ mờ")).to_be_visible()
    look(page)
    page.keyboard.press("p")
    page.get_by_label("Số CCCD", exact=True).check()
    page.locator("form[action$='/giay'] button").click()
    expect(page.get_by_text("Đã ghi nhận tờ khai giấy")).to_be_visible()
    page.wait_for_selector(awake)
    page.keyboard.press("a")
    expect(page.get_by_text(f"Đã duyệt tờ khai của {people.CITIZEN.name}")).to_be_visible()
    look(page)


def test_the_citizen_activates_signs_in_and_shows_the_card(served: Served, open_page, look, cast):
    code = people.sent_code(served.app, "code.activation")
    page = open_page()
    page.goto("/kich-hoat")
    look(page, "activate")
    for name, value in (
        ("name", people.CITIZEN.ma_so),
        ("code", code),
        ("password", people.PASSWORD),
        ("again", people.PASSWORD),
    ):
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Hoàn tất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    look(page, "sign-in")
    page.fill("#name", people.CITIZEN.ma_so)
    page.fill("#password", people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".strip-card")).to_be_visible()
    look(page, "home-signed-in")
    for path, picture in (
        ("/ca-nhan", "profile"), ("/ca-nhan/the-bhyt", "card"), ("/ca-nhan/the-bhyt/su-dung", "use"), ("/tai-khoan", None),
        ("/tai-khoan/thiet-bi", None), ("/tai-khoan/mat-khau", None),
    ):  # fmt: skip
        page.goto(path)
        look(page, picture)
    for language in ("en", "ko", "zh", "ja"):
        for path in ("/ca-nhan/the-bhyt", "/", "/ca-nhan", "/tai-khoan"):
            page.goto(f"{path}?lang={language}")
            look(page, f"card-{language}" if path.endswith("bhyt") else None)
    page.goto("/ca-nhan/the-bhyt?lang=vi")
    cast["state"] = page.context.storage_state()


def test_the_screens_stand_at_320_pixels_large_and_dark(served: Served, open_page, look, cast):
    for options in ({"viewport": {"width": 320, "height": 568}}, {"color_scheme": "dark"}):
        page = open_page(**options, storage_state=cast["state"])
        for path in ("/", "/ca-nhan", "/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung", "/tai-khoan"):
            page.goto(path + "?co=xl")
            look(page)
    page = open_page(viewport={"width": 320, "height": 568})
    for path in (
        "/",
        "/bat-dau",
        "/dieu-khoan",
        "/dang-nhap",
        "/kich-hoat",
        "/quen-mat-khau",
        "/to-khai",
        "/quyen-rieng-tu",
    ):
        for language in ("vi", "en", "ko", "zh", "ja"):
            page.goto(f"{path}?lang={language}")
            look(page)


def test_the_rarer_screens_are_as_good(served: Served, open_page, look, cast):
    page = open_page()
    for path in (
        "/to-khai/quen-ma",
        "/nowhere-at-all",
        "/dia-ban/phuong-xa?q=my+thoi",
        "/dia-ban/co-quan",
        "/can-bo/kich-hoat",
    ):
        page.goto(path)
        look(page)
    page.goto("/dang-ky/to-chuc")
    accept(page)
    look(page)
    page.goto("/dang-nhap")
    page.fill("#name", people.CITIZEN.ma_so)
    page.fill("#password", people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Thiết bị mới")
    look(page)
    page.fill("#code", "000000")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".form-errors")).to_be_visible()
    look(page)


def test_after_signing_out_back_shows_nothing(served: Served, remembering: Browser, cast):
    page = remembering.new_context(viewport=PHONE, base_url=served.url, storage_state=cast["state"]).new_page()
    page.goto("/ca-nhan")
    expect(page.get_by_text(people.CITIZEN.ma_so)).to_be_visible()
    page.locator("details[data-menu] summary").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(served.url + "/")
    page.evaluate("history.back()")
    page.wait_for_timeout(1500)
    assert people.CITIZEN.ma_so not in page.content()
    stored = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert people.CITIZEN.ma_so not in stored
    assert "htmx-history-cache" not in stored
    cached = page.evaluate(
        """async () => {
            const names = await caches.keys();
            const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return lists.flat().map((request) => request.url);
        }"""
    )
    assert [url for url in cached if "ca-nhan" in url] == []


def test_without_a_network_a_page_says_so(served: Served, open_page, look):
    page = open_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/dang-ky")
    expect(page.locator("h1")).to_have_text("Chưa có mạng")
    page.context.set_offline(False)
