"""Thông tin hưởng and Ước tính in a browser: accessible, narrow enough, every step without script."""

import pytest

from tests import people
from tests.records.test_benefits import ROOM, adjust, give
from vssid.kernel.db import unit

pytestmark = pytest.mark.browser
ESTIMATES = "/ca-nhan/uoc-tinh"


@pytest.fixture
def signed_in(served, open_page):
    """The citizen on a phone: signed in over HTTP, their cookie given to browsers."""
    app, client = served.app, served.app.test_client()
    with app.app_context(), unit(served.engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)

    def browse(**options):
        page = open_page(**options)
        page.context.add_cookies([{"name": "vssid", "value": client.get_cookie("vssid").value, "url": served.url}])
        return page

    return browse


def test_benefits_and_estimates_on_an_old_phone(served, signed_in, look):
    page = signed_in(script=False, viewport={"width": 320, "height": 568})
    page.goto(f"{ROOM}/mot-lan")
    page.get_by_text("Chưa có khoản nào").wait_for()
    row = give(served.engine, people.CITIZEN)
    give(served.engine, people.CITIZEN, "thai_san", from_date="2025-01-01", to_date=None, amount=30_000_000)
    give(served.engine, people.CITIZEN, "huu_tri", from_date="2020-01-01", to_date=None, amount=4_000_000)
    adjust(served.engine, people.CITIZEN)
    page.goto(ROOM)
    page.get_by_label("Năm").select_option("2026")
    page.get_by_role("button", name="Xem").click()
    page.get_by_text("Tổng năm 2026").wait_for()
    page.get_by_role("link", name="1.234.000 đồng").click()
    page.get_by_role("link", name="Hiện đủ số tài khoản").click()
    page.get_by_text(row.account_number).wait_for()
    page.goto(f"{ROOM}/hang-thang")
    page.get_by_role("link", name="Phiếu điều chỉnh lương hưu").click()
    page.get_by_role("link", name="4.600.000 đồng").click()
    page.get_by_text("tăng 600.000 đồng").wait_for()
    page.goto(ESTIMATES)
    page.get_by_role("link", name="Ước tính: BHYT hộ gia đình").click()
    page.get_by_label("Số người cùng tham gia").fill("3")
    page.get_by_role("button", name="Tính", exact=True).click()
    page.get_by_text("3.142.260 đồng").first.wait_for()
    page.get_by_text("Số liệu đã dùng").click()
    page.get_by_text("Nghị định số 161/2026/NĐ-CP").wait_for()

    page = signed_in(viewport={"width": 320, "height": 568})
    for address, picture in (
        (f"{ROOM}/mot-lan", None),
        (f"{ROOM}/ngan-han", "benefits"),
        (f"{ROOM}/{row.id}", None),
        (f"{ROOM}/hang-thang", None),
        (f"{ROOM}/phieu-dieu-chinh", None),
        (ESTIMATES, None),
        (f"{ESTIMATES}/bhyt-ho-gia-dinh?so_nguoi=3&so_thang=12&tinh=1", "estimate"),
        (f"{ESTIMATES}/luong-huu?gioi_tinh=nam&sinh=1980&tinh=1", None),
        (f"{ESTIMATES}/muc-binh-quan", None),
        (f"{ESTIMATES}/bhxh-mot-lan?lang=en", None),
    ):
        page.goto(address)
        look(page, picture)
