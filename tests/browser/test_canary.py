"""Hostile words in every public place, in Chromium: none of them runs, asks another host or leaves its page."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.house.test_markup import HOSTILE
from tests.newsroom.conftest import Author, address_of, publish
from vssid.kernel.db import reading, unit
from vssid.newsroom.rules import Kind
from vssid.officers.models import Officer

RUNS = "window.canary = 1"
VECTORS = [one.replace("alert('CANARY')", RUNS).replace("alert(1)", RUNS) for one in HOSTILE]
WORDS = f"<script>{RUNS}</script><img src=x onerror='{RUNS}'>\"'&{{{{ 7*7 }}}} zyxcanary"


@pytest.fixture(scope="module")
def addresses(served) -> list[str]:
    """Articles whose every field is hostile."""
    with reading(served.engine) as db:
        author = Author(db.scalar(select(Officer.id).where(Officer.code == "CB01")))
    body = "\n\n".join(["Trước zyxcanary", *VECTORS, "Sau"])
    with unit(served.engine) as db:
        ids = [
            publish(db, author, WORDS, kind=kind, lead=WORDS, body=body) for kind in (Kind.NEWS, Kind.FAQ, Kind.GUIDE)
        ]
    return [address_of(served.engine, id) for id in ids]


@pytest.fixture
def watched(served, open_page) -> Iterator[Page]:
    """A page that may ask only this host; at the end nothing of the canary has run."""
    page = open_page()
    strangers: list[str] = []
    page.on("request", lambda asked: strangers.append(asked.url) if not asked.url.startswith(served.url) else None)
    page.on("dialog", lambda dialog: strangers.append(dialog.message))
    yield page
    assert strangers == []


def quiet(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.canary") is None
    assert "49 zyxcanary" not in page.content()


def test_articles_lists_and_search(watched, addresses):
    for path in [*addresses, "/", "/tin-tuc", "/ho-tro/hoi-dap", "/huong-dan", "/tim-kiem?q=zyxcanary"]:
        watched.goto(path)
        quiet(watched)
    expect(watched.locator("#found li strong")).to_have_count(3)


def test_what_is_typed_or_stands_in_an_address(watched, addresses):
    for words in [WORDS, *VECTORS[:6]]:
        for path in (
            "/tim-kiem?q=",
            "/tra-cuu/don-vi?q=",
            "/tra-cuu/co-quan?q=&noi=",
            "/ho-tro/phan-anh?q=",
            "/ho-tro/tro-ly?cau-hoi=",
        ):
            watched.goto(path + quote(words[:100]))
            quiet(watched)
    watched.goto("/tim-kiem")
    watched.get_by_label("Tìm gì?").press_sequentially(WORDS[:60])
    quiet(watched)


def test_what_the_assistant_and_the_shield_answer(watched, addresses):
    watched.goto("/ho-tro/tro-ly")
    watched.get_by_label("Bạn muốn hỏi gì?").fill(WORDS)
    watched.get_by_role("button", name="Hỏi", exact=True).click()
    expect(watched.get_by_role("heading", level=2).first).to_be_visible()
    quiet(watched)
    watched.goto("/kiem-tra")
    watched.get_by_label("Dán tin nhắn, đường dẫn, số điện thoại hoặc mã").fill(
        "\n".join([WORDS, *VECTORS[:10]])[:1_900]
    )
    watched.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(watched.get_by_role("main").get_by_role("status")).to_contain_text("chúng tôi")
    quiet(watched)
