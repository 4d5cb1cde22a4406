"""A counter: a server that a test may kill, a phone that keeps a card, and what a reader sees on its screen."""

import re
from pathlib import Path
from subprocess import Popen
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import people, serving
from vssid import settings as environment
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import db as request_db

PHONE = {"width": 360, "height": 640}


class House:
    """A server of one test's own, which it may stop and start."""

    def __init__(self, folder: Path) -> None:
        """One citizen with a card and an account that is in use; `folder` is the server's."""
        self.values = serving.environment(folder, serving.free_port())
        self.url = self.values["PUBLIC_URL"]
        self.app = create_app(environment.load(self.values))
        with self.app.app_context():
            self.engine = request_db.engine
            prepare_database(self.engine)
            with unit(self.engine) as db:
                people.add_agency(db, "08902")
        self.takes_in(people.CITIZEN)
        self.process: Popen[Any] | None = None
        self.start()

    def takes_in(self, who: people.Specimen) -> None:
        """Somebody with a card and an account that is in use."""
        with self.app.app_context(), unit(self.engine) as db:
            people.add_card(db, people.add_person(db, who), who)
            people.open_account(self.app, db, who)
        people.citizen_signs_in(self.app, self.app.test_client(), who.ma_so)

    def start(self) -> None:
        """Serve."""
        self.process = serving.start(self.values)

    def stop(self) -> None:
        """Be gone."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=40)
        self.process = None


def phone(browser: Browser, house: House, **options: Any) -> BrowserContext:
    """A browser of its own, as small as a phone."""
    return browser.new_context(viewport=PHONE, base_url=house.url, locale="vi-VN", **options)


def sign_in(page: Page, house: House, who: people.Specimen = people.CITIZEN, where: str = "/dang-nhap") -> None:
    """Into somebody's account, as on a device of theirs."""
    page.goto(where)
    page.get_by_label("Mã số BHXH").fill(who.ma_so)
    page.get_by_label("Mật khẩu").fill(people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/dang-nhap" not in url)
    if "/thiet-bi-moi" in page.url:
        page.get_by_label("Mã xác thực").fill(people.code_sent_to(house.app, "code.new_device", who.phone))
        page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url(house.url + "/")


def keep(page: Page, pin: str = "") -> None:
    """Agree that this phone keeps the card."""
    page.goto("/ca-nhan/the-bhyt/giu-tren-may")
    page.evaluate("navigator.serviceWorker.ready")
    page.get_by_label("Mã khoá màn hình").fill(pin)
    page.get_by_label("Gõ lại mã").fill(pin)
    page.get_by_label(re.compile("Tôi đồng ý giữ thẻ")).check()
    page.get_by_role("button", name=re.compile("Giữ thẻ trên máy này|Giữ lại và làm mới")).click()
    page.wait_for_url("**/the-da-luu#*")


def code_on(page: Page, tmp_path: Path) -> str:
    """What a reader sees in the picture of the big code."""
    expect(page.locator("[data-fill=strip] svg")).to_be_visible()
    page.locator("[data-fill=strip]").screenshot(path=tmp_path / "code.png")
    found = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert len(found) == 1
    return found[0].text
