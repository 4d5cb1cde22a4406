"""A supervisor imports a file in Chromium: the worker reads it, the page follows by itself, a wrong file says where."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_officer_keys import by_totp, served, set_up  # noqa: F401 - the module's server

HEAD = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh"
GOOD = f"{HEAD}\n8900000701,Nguyễn Văn Mẫu Bảy,04/09/1985,Nam\n8900000702,Trần Thị Mẫu Tám,1990,Nữ\n"


def _signed_in(open_page, served, code: str) -> Page:  # noqa: F811
    set_up(served, code, "giam_sat")
    page = open_page(DESK)
    by_totp(served, page, code)
    page.wait_for_url("**/can-bo")
    return page


def _send(page: Page, folder: Path, content: str) -> None:
    path = folder / "nguoi-tham-gia.csv"
    path.write_text(content)
    page.goto("/can-bo/nhap-lieu")
    page.get_by_label("Tệp").set_input_files(path)
    page.get_by_role("button", name="Gửi tệp").click()
    page.wait_for_url("**/can-bo/nhap-lieu/*")


def test_a_file_is_followed_agreed_to_and_done(open_page, served, look, tmp_path):  # noqa: F811
    page = _signed_in(open_page, served, "CB11")
    page.goto("/can-bo")
    page.get_by_role("link", name="Nhập dữ liệu").click()
    look(page, "desk-imports")
    _send(page, tmp_path, GOOD)
    expect(page.get_by_text("Chờ bạn xem và đồng ý")).to_be_visible(timeout=20_000)
    look(page, "desk-import")
    page.set_viewport_size(PHONE)
    look(page, "desk-import-phone")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Đồng ý nhập").click()
    expect(page.get_by_text("Đã nhập", exact=True)).to_be_visible(timeout=20_000)
    _send(page, tmp_path, GOOD.replace("Mẫu Bảy", "Mẫu Chín"))
    expect(page.get_by_role("cell", name="Nguyễn Văn Mẫu Chín").first).to_be_visible(timeout=20_000)
    look(page, "desk-import-changes")


def test_a_wrong_file_leads_to_the_list_of_its_problems(open_page, served, look, tmp_path):  # noqa: F811
    page = _signed_in(open_page, served, "CB12")
    _send(page, tmp_path, GOOD + "77,Mẫu,1991,Nữ\n")
    expect(page.get_by_text("Không nhập: tệp có lỗi")).to_be_visible(timeout=20_000)
    look(page, "desk-import-refused")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải danh sách lỗi").click()
    assert "Mã số BHXH gồm đúng 10 chữ số." in Path(download.value.path()).read_text("utf-8-sig")
    assert people.CITIZEN.name not in page.content()
