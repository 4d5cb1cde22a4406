"""/tra-cuu in a browser: results while one types, addresses that come back, the same without script."""

import re

import pytest
from playwright.sync_api import expect

from vssid.directory import listings
from vssid.directory.listings import Kind
from vssid.directory.models import Facility
from vssid.kernel.clock import now
from vssid.kernel.db import unit

LIST = "/tra-cuu/kham-chua-benh"


@pytest.fixture
def hospitals(served):
    names = {"89101": "Bệnh viện Mẫu Chợ Rẫy", "89102": "Phòng khám Mẫu Chợ Lớn", "89103": "Trạm Y tế Mẫu Phú Hoà"}
    with unit(served.engine) as db:
        for code, name in names.items():
            if db.get(Facility, code) is None:
                db.add(
                    Facility(
                        code=code,
                        name=name,
                        address="Phường Long Xuyên, Tỉnh An Giang",
                        phone="0296 000 001",
                        folded="",
                    )
                )
        listings.touch(db, Kind.TREATING, at=now())
    listings.bring_up_all(served.engine)


def test_results_come_while_one_types_and_the_address_keeps_them(open_page, hospitals, look):
    page = open_page()
    page.goto(LIST)
    with page.expect_response(
        lambda answer: "ray" in answer.url and answer.request.headers.get("hx-request") == "true"
    ):
        page.get_by_label("Tìm gì?").press_sequentially("cho ray", delay=30)
    expect(page.get_by_role("heading", name="Bệnh viện Mẫu Chợ Rẫy")).to_be_visible()
    expect(page.get_by_role("heading", name="Trạm Y tế Mẫu Phú Hoà")).to_have_count(0)
    expect(page.get_by_label("Tìm gì?")).to_be_focused()
    page.wait_for_url(re.compile(r"q=cho(\+|%20)ray"))
    look(page)
    page.reload()
    expect(page.get_by_role("heading", name="Bệnh viện Mẫu Chợ Rẫy")).to_be_visible()
    expect(page.get_by_label("Tìm gì?")).to_have_value("cho ray")


def test_without_network_it_says_so_and_shows_no_answer_to_something_else(open_page, hospitals):
    page = open_page()
    page.goto(f"{LIST}?q=cho+ray")
    page.context.set_offline(True)
    page.get_by_label("Tìm gì?").fill("phu hoa")
    said = page.locator("#flash").get_by_text("Không có mạng nên chưa gửi.")
    expect(said).to_be_visible()
    expect(page.locator("article.entry")).to_have_count(0)
    page.context.set_offline(False)
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("heading", name="Trạm Y tế Mẫu Phú Hoà")).to_be_visible()
    expect(said).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])
def test_an_old_place_finds_what_stands_there_today(open_page, hospitals, script):
    page = open_page(script=script)
    page.goto(LIST)
    page.get_by_text("Chỉ tìm ở một nơi").click()
    page.get_by_label("Phường, xã").fill("p my binh long xuyen")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_text("Nay là: Phường Long Xuyên, Tỉnh An Giang")).to_be_visible()
    expect(page.locator("article.entry")).to_have_count(3)
    expect(page.get_by_role("link", name="Gọi 0296 000 001").first).to_have_attribute("href", "tel:0296000001")
