"""The ladder on a phone and at the counter: htmx swaps, accessible, nothing scrolls sideways."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests import people
from tests.browser.conftest import DESK, Served
from tests.people import CITIZEN, OFFICER_PASSWORD, PASSWORD, STRANGER
from vssid.accounts.models import Account
from vssid.accounts.relatives.models import TrustedRelative
from vssid.kernel.clock import now
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser
NEW = "trăng sáng trên sông Hậu"


@pytest.fixture(scope="module")
def officer_code(served: Served) -> str:
    """The set-up code of an officer of the province; both citizens have accounts that wait for their activation."""
    with served.app.app_context(), unit(served.engine) as db:
        for who in (CITIZEN, STRANGER):
            people.open_account(served.app, db, who)
        db.execute(update(Account).values(email="mau@vidu.vn"))
        return people.add_officer(served.app, db, "CB09", "089")


def comes_in(page: Page, served: Served, who: people.Specimen) -> None:
    """Activate by the phone alone, and sign in."""
    page.goto("/quen-mat-khau")
    page.fill("#phone", who.phone)
    expect(page.locator("[data-question]")).to_be_hidden(timeout=20_000)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_have_text("Kích hoạt, đặt lại mật khẩu")
    page.fill("#name", who.phone)
    page.fill("#code", people.sent_code(served.app, "code.activation"))
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    page.fill("#name", who.ma_so)
    page.fill("#password", PASSWORD)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_contain_text("Xin chào")


def press(page: Page, name: str) -> None:
    """The button of exactly this name."""
    page.get_by_role("button", name=name, exact=True).click()


def asks(page: Page) -> str:
    """Leave a new password; the mã yêu cầu."""
    page.goto("/khoi-phuc")
    page.fill("#name", CITIZEN.ma_so)
    page.fill("#password", NEW)
    page.fill("#again", NEW)
    expect(page.locator("[data-question]")).to_be_hidden(timeout=20_000)
    page.click("#main [type=submit]")
    expect(page.locator("h1")).to_have_text("Mã yêu cầu của bạn")
    return page.locator("p.code").inner_text().replace(" ", "")


def test_two_relatives_and_a_mailbox(served: Served, open_page, look, officer_code):
    owner, relative, lost = open_page(), open_page(), open_page()
    comes_in(owner, served, CITIZEN)
    comes_in(relative, served, STRANGER)
    for path, name in (
        ("/quen-mat-khau", "forgotten"), ("/kich-hoat", "activate"), ("/quen-mat-khau/cach-khac", "ladder"),
        ("/khoi-phuc", "ask"), ("/khoi-phuc/trang-thai", "look"),
    ):  # fmt: skip
        lost.goto(path)
        look(lost, f"recovery-{name}")
    owner.goto("/tai-khoan")
    owner.click("text=Người thân tin cậy")
    look(owner, "recovery-relatives-none")
    owner.fill("#ma_so", STRANGER.ma_so)
    owner.fill("#phone", STRANGER.phone)
    owner.fill("#password", PASSWORD)
    press(owner, "Chọn người này")
    expect(owner.locator(".badge-warn")).to_be_visible()
    look(owner, "recovery-relatives-asked")
    relative.goto("/tai-khoan/nguoi-than")
    look(relative, "recovery-relatives-theirs")
    press(relative, "Đồng ý")
    expect(relative.locator(".badge-info")).to_be_visible()
    with unit(served.engine) as db:
        db.execute(update(TrustedRelative).values(counts_from=now()))
    code = asks(lost)
    look(lost, "recovery-asked")
    relative.goto("/tai-khoan/nguoi-than/xac-nhan")
    look(relative, "recovery-witness")
    relative.fill("#code", code)
    relative.fill("#password", PASSWORD)
    relative.click("#main [type=submit]")
    expect(relative.locator("h1")).to_contain_text(CITIZEN.name)
    look(relative, "recovery-vouch")
    press(relative, "Đúng người, xác nhận")
    expect(relative.locator("h1")).to_have_text("Người thân tin cậy")
    owner.goto("/tai-khoan")
    look(owner, "recovery-account")
    owner.goto("/")
    look(owner, "recovery-home")
    owner.goto("/tai-khoan/khoi-phuc")
    look(owner, "recovery-own")
    press(owner, "Huỷ yêu cầu này")
    expect(owner.locator("h2").first).to_have_text("Không có yêu cầu nào đang chờ")
    code = asks(lost)
    press(lost, "Gửi mã tới email")
    expect(lost.locator("h1")).to_have_text("Nhập mã trong email")
    look(lost, "recovery-mail")
    lost.fill("#mail_code", "00000000")
    press(lost, "Xác nhận")
    expect(lost.locator(".form-errors")).to_be_visible()
    lost.fill("#mail_code", people.sent_code(served.app, "code.recovery_email"))
    press(lost, "Xác nhận")
    expect(lost.locator(".badge-info")).to_be_visible()
    look(lost, "recovery-state")
    owner.goto("/tai-khoan/khoi-phuc")
    press(owner, "Huỷ yêu cầu này")


def test_the_counter(served: Served, open_page, look, officer_code):
    lost, page = open_page(), open_page(viewport=DESK)
    with served.app.app_context(), unit(served.engine) as db:
        assert db.scalar(select(Account.status).where(Account.phone == "+84" + CITIZEN.phone[1:])) == "active"
    code = asks(lost)
    page.goto("/can-bo/kich-hoat")
    page.fill("#code", "CB09")
    page.fill("#setup_code", officer_code)
    page.fill("#password", OFFICER_PASSWORD)
    page.fill("#again", OFFICER_PASSWORD)
    page.click("main [type=submit]")
    secret = re.sub(r"\s", "", page.locator("[data-secret]").inner_text())
    totp, step = pyotp.TOTP(secret), int(now().timestamp()) // 30
    page.fill("#totp", totp.generate_otp(step))
    page.click("main [type=submit]")
    expect(page.locator("h1")).not_to_have_text("Ứng dụng xác thực")
    page.goto("/can-bo/dang-nhap")
    page.fill("#code", "CB09")
    page.fill("#password", OFFICER_PASSWORD)
    page.fill("#totp", totp.generate_otp(step + 1))
    page.click("main [type=submit]")
    expect(page.locator(".desk-nav")).to_be_visible()
    page.goto("/can-bo/khoi-phuc")
    look(page, "recovery-desk-queue")
    page.fill("#ma_so_bhxh", CITIZEN.ma_so)
    page.fill("#code", code)
    press(page, "Tìm yêu cầu")
    expect(page.locator("h1")).to_contain_text(CITIZEN.name)
    look(page, "recovery-desk-request")
    page.check("#id_shown-0")
    press(page, "Đúng người, lập yêu cầu")
    expect(page.locator("text=cần một cán bộ khác")).to_be_visible()
    look(page, "recovery-desk-second")
    page.goto("/can-bo/khoi-phuc")
    look(page, "recovery-desk-waiting")
