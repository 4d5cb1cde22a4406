"""Trò chuyện in two browsers: who asks and who answers see each other's words without reloading."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from tests import people
from tests.browser.conftest import DESK as WIDE
from tests.support.chats import DESK, QUESTION, REPLY, START
from vssid.directory.models import Parameter
from vssid.kernel.db import unit


@pytest.fixture
def always_open(served) -> None:
    """Officers answer day and night: the test's hour is any."""
    with unit(served.engine) as db:
        db.execute(update(Parameter).where(Parameter.code == "tro_chuyen.gio").values(value="T2-CN 00:00-24:00"))
        db.execute(delete(Parameter).where(Parameter.code == "tro_chuyen.ngay_nghi"))


@pytest.fixture
def officer_page(served, open_page) -> Page:
    """An officer's window, signed in by the cookie of a client of ours."""
    browser = served.app.test_client()
    people.officer_signs_in(served.app, browser, "CB01", served.setup_code)
    page = open_page(viewport=WIDE)
    page.context.add_cookies([{"name": "vssid", "value": browser.get_cookie("vssid").value, "url": served.url}])
    return page


def ask(page: Page) -> None:
    page.goto(START)
    page.get_by_label("Thẻ BHYT").check()
    page.get_by_label("Câu hỏi").fill(QUESTION)
    expect(page.get_by_label("Mã kiểm tra")).to_be_hidden()
    page.get_by_role("button", name="Bắt đầu trò chuyện").click()
    expect(page.get_by_role("log")).to_contain_text(QUESTION)


def press(page: Page, name: str) -> None:
    """A decision of the desk, whose column sleeps for half a second."""
    button = page.get_by_role("button", name=name)
    expect(button).to_be_visible()
    page.wait_for_selector("body:not([data-asleep])", state="attached")
    button.click()


def test_two_windows_talk_without_reloading(open_page, officer_page, always_open, look):
    officer_page.goto(DESK)
    citizen = open_page()
    citizen.goto(START)
    expect(citizen.get_by_text("Đang có cán bộ trực.")).to_be_visible()
    look(citizen)
    ask(citizen)
    expect(citizen.get_by_text("Bạn là người kế tiếp.")).to_be_visible()
    look(citizen)

    officer_page.get_by_role("link", name=re.compile("Thẻ BHYT")).click(timeout=15_000)
    press(officer_page, "Nhận cuộc này")
    citizen.get_by_label("Lời nhắn").fill("Tôi đang viết dở")
    officer_page.get_by_label("Lời nhắn").fill(REPLY)
    officer_page.get_by_role("button", name="Gửi", exact=True).click()
    expect(officer_page.get_by_role("log")).to_contain_text(REPLY)
    expect(officer_page.get_by_label("Lời nhắn")).to_have_value("")
    look(officer_page)

    expect(citizen.get_by_role("log")).to_contain_text(REPLY, timeout=15_000)
    expect(citizen.get_by_label("Lời nhắn")).to_have_value("Tôi đang viết dở")
    citizen.get_by_role("button", name="Gửi", exact=True).click()
    expect(officer_page.get_by_role("log")).to_contain_text("Tôi đang viết dở", timeout=15_000)
    assert citizen.get_by_role("log").get_by_text("Tôi đang viết dở").count() == 1

    press(officer_page, "Kết thúc")
    expect(citizen.get_by_text("Cán bộ đã kết thúc cuộc trò chuyện.")).to_be_visible(timeout=15_000)
    citizen.get_by_role("link", name="Đánh giá cuộc trò chuyện").click()
    citizen.get_by_role("button", name="Hữu ích").click()
    expect(citizen.get_by_text("Bạn đánh giá: Hữu ích")).to_be_visible()
    look(citizen)


def test_an_empty_message_says_so_without_losing_the_log(open_page, always_open):
    page = open_page()
    ask(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy viết lời nhắn.")
    expect(page.get_by_role("log")).to_contain_text(QUESTION)
    page.get_by_label("Lời nhắn").fill("Bây giờ có chữ")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("Bây giờ có chữ")
    expect(page.get_by_role("alert")).to_have_count(0)
