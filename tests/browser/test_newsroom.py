"""An editor writes in Chromium with the preview beside the form, publishes, and a phone reads it."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_officer_keys import by_totp, served, set_up  # noqa: F401 - the module's server


def test_the_preview_follows_the_form_and_a_phone_reads_the_article(open_page, served, look, tmp_path: Path):  # noqa: F811
    set_up(served, "BT11", "bien_tap")
    page = open_page(DESK)
    by_totp(served, page, "BT11")
    page.wait_for_url("**/can-bo")
    page.get_by_role("link", name="Nội dung", exact=True).click()
    look(page, "desk-articles")
    page.get_by_role("link", name="Viết bài mới").click()
    page.get_by_label("Tiêu đề").fill("Đổi giờ tiếp nhận")
    page.get_by_label("Nội dung", exact=True).fill("Từ **1/12**.")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url(re.compile(r"noi-dung/[0-9a-f-]{36}$"))
    place = page.url
    for number in (2, 3):
        page.get_by_label("Nội dung", exact=True).fill(f"Từ **{number}/12**.")
        page.get_by_role("button", name="Lưu và xem thử").click()
        # The version came with the preview: the second press meets no conflict with the first.
        expect(page.locator("#preview strong", has_text=f"{number}/12")).to_be_visible()
    assert page.url == place
    look(page, "desk-article")
    page.set_viewport_size(PHONE)
    look(page, "desk-article-phone")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Lưu, thêm ảnh và tệp").click()
    picture = tmp_path / "anh.jpg"
    picture.write_bytes(people.photo_bytes())
    page.locator("[name=anh-file]").set_input_files(picture)
    page.get_by_label("Ảnh cho thấy gì?").fill("Quầy tiếp nhận")
    page.get_by_role("button", name="Thêm ảnh").click()
    line = page.get_by_label("Chép dòng này vào bài").input_value()
    page.get_by_role("button", name="Làm ảnh bìa").click()
    look(page, "desk-article-files")
    page.goto(place)
    page.get_by_label("Nội dung", exact=True).fill(f"Từ **3/12**.\n\n{line}\n")
    page.get_by_role("button", name="Lưu và đăng").click()
    page.wait_for_url("**/dang")
    look(page, "desk-article-publish")
    page.get_by_role("button", name="Đăng", exact=True).click()
    expect(page.get_by_text("Ai cũng đọc được")).to_be_visible()

    phone = open_page(PHONE)
    for path in ("/huong-dan", "/chinh-sach/bhyt-ho-gia-dinh", "/gioi-thieu", "/ho-tro/hoi-dap"):
        phone.goto(path)
        look(phone, "newsroom" + path.replace("/", "-"))
    phone.goto("/tin-tuc")
    look(phone, "newsroom-news")
    phone.get_by_role("link", name="Đổi giờ tiếp nhận").click()
    expect(phone.get_by_role("heading", name="Đổi giờ tiếp nhận")).to_be_visible()
    expect(phone.get_by_role("img", name="Quầy tiếp nhận")).to_have_attribute("height", "540")
    look(phone, "newsroom-article")
