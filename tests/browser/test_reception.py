"""The counter of a facility in a real browser: one scan after the other without a mouse, and the same with script off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, PHONE, Served
from vssid.card import holder
from vssid.card.strips import actions as strips
from vssid.card.strips.actions import Shown
from vssid.kernel.clock import today
from vssid.kernel.db import unit
from vssid.records import IdKind, person_by

MEMBER = "0900000221"


@pytest.fixture(scope="module")
def clinic(served: Served) -> None:
    """A facility whose member waits for activation."""
    facts = {"kind": "co_so_kcb", "name": "Bệnh viện Mẫu", "ma_don_vi": "", "facility_code": "89012"}
    with served.app.app_context(), unit(served.engine) as db:
        people.add_organisation(served.app, db, MEMBER, **facts)


def strip_of(served: Served, who: people.Specimen) -> str:
    """What the patient's phone shows today."""
    with served.app.app_context(), unit(served.engine) as db:
        person = person_by(db, IdKind.MA_SO_BHXH, who.ma_so)
        by_whom = strips.issuer(db, served.app.extensions["keyring"], specimen=False, today=today())
        about = Shown(person.id, holder(db, person.id, today()).face, b"")
        return strips.page_strip(by_whom, about, today()).text()


def sign_in(page: Page, served: Served, first: bool) -> None:
    if first:
        code = people.sent_code(served.app, "code.member_activation")
        page.goto("/to-chuc/kich-hoat")
        for field, value in (
            ("phone", MEMBER), ("code", code), ("password", people.PASSWORD), ("again", people.PASSWORD),
        ):  # fmt: skip
            page.fill(f"#{field}", value)
        page.get_by_role("button", name="Hoàn tất").click()
        expect(page.locator("h1")).to_have_text("Đăng nhập cho tổ chức")
    page.goto("/to-chuc/dang-nhap?tiep=/to-chuc/tiep-nhan")
    page.fill("#phone", MEMBER)
    page.fill("#password", people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Nhập mã xác thực")
    page.fill("#code", people.code_sent_to(served.app, "code.member_sign_in", MEMBER))
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("h1")).to_have_text("Tiếp nhận khám chữa bệnh")


def marked(page: Page, words: str) -> None:
    """What was refused is marked, a moment after it is there: the next scan writes over it."""
    page.wait_for_function("words => getSelection().toString() === words", arg=words)


def test_a_queue_is_checked_without_a_mouse(served, clinic, open_page, look):
    page = open_page(DESK)
    sign_in(page, served, first=True)
    look(page, "reception")
    field = page.locator("#qr_text")
    expect(field).to_be_focused()
    page.keyboard.type(strip_of(served, people.CITIZEN) + "\n")
    expect(page.locator(".verdict-good .headline")).to_have_text("Thẻ đúng, mã của hôm nay.")
    expect(page.locator(".patient h2")).to_have_text(people.CITIZEN.name)
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    look(page, "reception-answer")
    page.get_by_role("button", name="Ghi nhận vào khám").click()
    expect(page.locator(".verdict .headline")).to_have_text("Đã ghi nhận vào khám.")
    expect(field).to_be_focused()
    page.keyboard.type(strip_of(served, people.STRANGER) + "\n")
    expect(page.locator(".patient h2")).to_have_text(people.STRANGER.name)
    page.keyboard.type(people.STRANGER.ma_so + "\n")
    expect(page.locator("#result .form-errors")).to_contain_text("hãy nhập cả ngày sinh")
    expect(field).to_have_value(people.STRANGER.ma_so)
    expect(field).to_be_focused()
    marked(page, people.STRANGER.ma_so)
    page.fill("#birth", "1980")
    page.press("#birth", "Enter")
    expect(page.locator(".verdict-warn .headline")).to_contain_text("không có mã nào chứng minh")
    expect(field).to_be_focused()
    page.goto("/to-chuc/tiep-nhan/hom-nay")
    look(page, "reception-today")
    page.set_viewport_size(PHONE)
    page.goto("/to-chuc/tiep-nhan")
    look(page)


def test_after_one_that_was_mistyped_scans_go_on(served, clinic, open_page):
    page = open_page(DESK)
    sign_in(page, served, first=False)
    field = page.locator("#qr_text")
    expect(field).to_be_focused()
    page.keyboard.type("xin chào\n")
    expect(page.locator("#result .form-errors")).to_contain_text("Chưa đúng")
    expect(field).to_have_value("xin chào")
    expect(field).to_be_focused()
    marked(page, "xin chào")
    for who in (people.CITIZEN, people.STRANGER):
        page.keyboard.type(strip_of(served, who) + "\n")
        expect(page.locator(".patient h2")).to_have_text(who.name)
        expect(field).to_be_focused()
        expect(field).to_have_value("")
        expect(page.locator(".bad, .form-errors, #qr_text-error, [aria-invalid]")).to_have_count(0)


def test_the_same_with_script_off(served, clinic, open_page):
    page = open_page(PHONE, script=False)
    sign_in(page, served, first=False)
    page.fill("#qr_text", strip_of(served, people.CITIZEN))
    page.keyboard.press("Enter")
    expect(page.locator(".patient h2")).to_have_text(people.CITIZEN.name)
    page.get_by_label("Cấp cứu").check()
    page.get_by_role("button", name="Ghi nhận vào khám").click()
    expect(page.locator("body")).to_contain_text("Đã ghi nhận vào khám.")
    page.get_by_role("link", name="Danh sách hôm nay").click()
    expect(page.locator("main")).to_contain_text(re.compile("Đã vào khám: Cấp cứu"))
