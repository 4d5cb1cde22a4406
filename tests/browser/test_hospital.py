"""The way to the hospital on a phone: one story, told in order, every screen read by axe at 320 pixels too."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from tests import people
from tests.browser.test_visits import sign_in
from tests.card.conftest import add_facility
from vssid.card.models import Card
from vssid.directory.models import Facility
from vssid.kernel.clock import today
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def code(served):
    """A citizen with an account whose household card ends in ten days, and a health post round the corner."""
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.CITIZEN)
        add_facility(db, "89101", "Trạm Y tế Mẫu Long Xuyên", care_level="Cấp ban đầu")
        near = {"address": "20 đường Mẫu Hoa, Phường Long Xuyên, Tỉnh An Giang", "phone": "0296 000 032"}
        db.execute(update(Facility).where(Facility.code == "89012").values(care_level="Cấp cơ bản", **near))
        ends = {"object_code": "GD", "valid_from": date(2026, 1, 1), "valid_to": today() + timedelta(days=10)}
        db.execute(update(Card).where(Card.ma_so_bhxh == people.CITIZEN.ma_so).values(**ends))
    return people.sent_code(served.app, "code.activation")


def test_from_the_home_page_to_the_report_of_a_refused_card(code, open_page, look):
    page = open_page()
    sign_in(page, code)
    page.get_by_role("link", name=re.compile("Đi khám hôm nay")).click()
    expect(page.locator("h1")).to_have_text("Đi khám hôm nay?")
    expect(page.locator("main")).to_contain_text("để thẻ nối liền")
    page.locator("summary").filter(has_text="Trạm Y tế Mẫu").click()
    page.locator("summary").filter(has_text="Ba cấp cơ sở").click()
    look(page, "today")
    page.fill("[name=q]", "benh vien")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("details", has_text="Khu vực Mẫu")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Bị từ chối")).click()
    look(page)
    page.get_by_role("radio", name=re.compile("Khu vực Mẫu")).check()
    page.get_by_role("radio", name="Việc khác").check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator(".form-errors")).to_contain_text("Hãy viết vài lời")
    look(page)
    page.get_by_role("radio", name="Đòi thẻ BHYT giấy").check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("h1")).to_have_text("Báo cáo thẻ bị từ chối")
    look(page)
