"""The board on the page without network, and the phone's own sheet for an invitation."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests import people
from tests.browser.conftest import Served
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.notices.board.models import BoardItem
from vssid.officers.models import Officer

READY = "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)"
KEPT = "caches.match('/thong-bao/bang.json').then(kept => !!kept)"
WORDS = "Bảo trì <b>tối nay</b> & mai."


@pytest.fixture
def board(served: Served, browser_name: str) -> None:
    at = now()
    with unit(served.engine) as db:
        by = db.scalars(select(Officer.id)).first()
        for words, ends in ((WORDS, timedelta(hours=1)), ("Sắp hết.", timedelta(minutes=2))):
            db.add(
                BoardItem(
                    id=people.uuid4(), severity="khan", place="moi-noi", words_vi=words, words_en="", words_ko="",
                    words_zh="", words_ja="", href="", begins_at=at - timedelta(minutes=1), ends_at=at + ends,
                    version=1, changed_at=at, changed_by=by,
                )
            )  # fmt: skip


def test_without_a_network_the_last_notice_stands_until_it_ends(board, open_page):
    page = open_page()
    page.goto("/cai-dat-ung-dung")
    page.evaluate(READY)
    page.wait_for_function(KEPT)
    page.reload()
    page.context.set_offline(True)
    page.goto("/tra-cuu")
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    told = page.locator("[data-board] .notice")
    expect(told).to_have_count(2)
    expect(told.last).to_have_text(f"Khẩn {WORDS}")
    expect(page.locator("[data-board] time")).not_to_be_empty()
    assert page.locator("[data-board] b").count() == 0
    page.clock.set_fixed_time(now() + timedelta(minutes=5))
    page.goto("/tra-cuu")
    expect(told).to_have_count(1)
    page.clock.set_fixed_time(now() + timedelta(minutes=61))
    page.goto("/tra-cuu")
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    expect(page.locator("[data-board]")).to_be_hidden()
    page.context.set_offline(False)


def test_an_invitation_goes_by_the_phones_own_sheet(open_page):
    page = open_page()
    page.add_init_script(
        "navigator.share = (what) => { window.shared = what; return Promise.reject(new Error('closed')); };"
    )
    page.goto("/moi")
    page.get_by_role("button", name="Gửi bằng ứng dụng khác").click()
    shared = page.evaluate("window.shared")
    assert "/moi/" in shared["text"]
    assert page.locator("[data-words]").inner_text() == shared["text"]


def test_without_such_a_sheet_there_is_no_button_for_it(open_page):
    page = open_page()
    page.add_init_script("delete Navigator.prototype.share;")
    page.goto("/moi")
    expect(page.get_by_role("link", name="Gửi bằng tin nhắn")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi bằng ứng dụng khác")).to_be_hidden()
