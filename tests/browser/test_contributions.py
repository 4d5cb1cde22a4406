"""Quá trình tham gia on a phone: the timeline, the sentences, the periods, as people see them."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, Served
from tests.records.contributions.conftest import add
from vssid.kernel.clock import today
from vssid.kernel.db import unit
from vssid.records.contributions.rules import month_of, spoken

pytestmark = pytest.mark.browser
BHXH = "/ca-nhan/qua-trinh/bhxh"


@pytest.fixture(scope="module")
def insured(served: Served, browser_name: str) -> list[dict]:
    """The cookies of a citizen with fourteen years, a gap, and an employer who is late."""
    now = month_of(today())
    late = {"status": "cham_dong", "salary": 6_000_000, "coefficient": Decimal("3.99")}
    with served.app.app_context(), unit(served.engine) as db:
        me = people.open_account(served.app, db, people.CITIZEN)
        add(db, me, "03/2010", "06/2014", "Công ty TNHH Mẫu Một")
        add(db, me, "01/2014", "06/2016", "Trung tâm Mẫu Hai")
        add(
            db,
            me,
            "09/2016",
            spoken(now - 4),
            "Trung tâm Công nghệ thông tin Mẫu Ba",
            job="Chuyên viên (cao đẳng), Phó trưởng phòng",
        )
        add(db, me, spoken(now - 3), spoken(now - 1), "Trung tâm Công nghệ thông tin Mẫu Ba", **late)
        for fund in ("BHTN", "TNLD"):
            add(db, me, "09/2016", spoken(now - 4), "Trung tâm Mẫu Ba", fund=fund)
    client = served.app.test_client()
    people.citizen_signs_in(served.app, client, people.CITIZEN.ma_so)
    return [{"name": one.key, "value": one.value, "url": served.url} for one in client._cookies.values()]


@pytest.mark.parametrize(
    ("path", "name"),
    [(BHXH, "history"), ("/ca-nhan/qua-trinh/bhtn", "history-bhtn"), ("/ca-nhan/qua-trinh/bhyt", "history-none")],
)
def test_each_fund_is_readable_by_all(open_page, insured, look, path, name):
    for options, ending in (({}, ""), ({"color_scheme": "dark"}, "-dark"), ({"viewport": DESK}, "-desk")):
        page: Page = open_page(**options)
        page.context.add_cookies(insured)
        page.goto(path)
        look(page, name + ending)


def test_the_narrowest_phone_needs_no_sideways_scroll(open_page, insured, look):
    page: Page = open_page({"width": 320, "height": 568}, script=False)
    page.context.add_cookies(insured)
    page.goto(f"{BHXH}?co=xl")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["vi", "en", "ko", "zh", "ja"])
def test_on_the_narrowest_phone_four_tabs_stand_two_by_two(open_page, insured, language):
    page: Page = open_page({"width": 320, "height": 568}, script=False)
    page.context.add_cookies(insured)
    page.goto(f"{BHXH}?lang={language}")
    boxes = [one.bounding_box() for one in page.locator(".tabs li").all()]
    assert len({box["y"] for box in boxes}) == 2
    assert len({box["x"] for box in boxes}) == 2
    # A word that does not fit would be broken within.
    fits = "one => {one.style.overflowWrap = 'normal'; one.style.fontWeight = 700; return one.scrollWidth <= one.clientWidth}"
    assert page.evaluate(f"[...document.querySelectorAll('.tabs a')].every({fits})")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_list_to_a_period_and_back(open_page, insured, look):
    page: Page = open_page()
    page.context.add_cookies(insured)
    page.goto(BHXH)
    page.get_by_role("link", name="Đơn vị chậm đóng").click()
    expect(page.locator("h1")).to_have_text("Chi tiết quá trình tham gia")
    look(page, "history-detail")
    expect(page.get_by_role("link", name="Không phải tôi / sai")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Quá trình tham gia").click()
    expect(page.locator("h1")).to_have_text("Quá trình tham gia")
