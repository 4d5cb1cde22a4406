"""Signing form 01 digitally on a phone: the three steps, and what is refused is said where it is read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import Served
from tests.signing.authority import DAY, YEAR, Province, authority, sign
from vssid.kernel.clock import now
from vssid.signing import store


@pytest.fixture(scope="module")
def province(served: Served) -> Province:
    """An authority that the operator of this server trusts."""
    dates = {"since": now() - DAY, "until": now() + YEAR}
    made = Province(authority("CA gốc (mẫu)", **dates))
    made.middle = authority("CA công cộng (mẫu)", made.root, **dates)
    data_dir = served.app.config["SETTINGS"].data_dir
    file = data_dir / "ca.pem"
    file.write_bytes(made.root.pem)
    store.keep(data_dir, store.read_file(file))
    return made


def choose_and_send(page: Page, file: Path) -> None:
    page.set_input_files("#signed", str(file))
    page.get_by_role("button", name="Gửi bản đã ký").click()


def test_a_citizen_signs_on_a_phone(served: Served, province: Province, open_page, look, tmp_path):
    with served.app.test_client() as sender:
        people.send_declaration(sender, people.CITIZEN)
        cookies = [{"name": "vssid", "value": sender.get_cookie("vssid").value, "url": served.url}]
    page = open_page()
    page.context.add_cookies(cookies)
    page.goto("/to-khai/xem")
    page.get_by_role("link", name="Ký số thay bản giấy").click()
    expect(page.locator("h1")).to_have_text("Ký số thay bản giấy")
    look(page)
    page.get_by_role("button", name="Tạo bản để ký").click()
    expect(page.locator("#signed")).to_be_visible()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bản để ký (PDF)").click()
    issued = Path(download.value.path())
    unsigned, signed = tmp_path / "a.pdf", tmp_path / "b.pdf"
    unsigned.write_bytes(issued.read_bytes())
    choose_and_send(page, unsigned)
    expect(page.locator(".form-errors")).to_be_focused()
    expect(page.get_by_role("alert").get_by_text("chưa có chữ ký số")).to_be_visible()
    look(page, "signing")
    dates = {"since": now() - DAY, "until": now() + YEAR}
    me = province.person(people.CITIZEN.name, f"CCCD:{people.CITIZEN.cccd}", **dates)
    # Playwright keeps a loop of its own in this thread, and pyHanko wants one.
    with ThreadPoolExecutor() as another:
        signed.write_bytes(another.submit(sign, unsigned.read_bytes(), me, province.middle).result())
    choose_and_send(page, signed)
    page.wait_for_url("**/to-khai/xem")
    expect(page.get_by_text("Nhận bản ký số")).to_be_visible()
    look(page)
