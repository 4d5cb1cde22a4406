"""The visit book on a phone: one story, told in order."""

import re

import pytest
from playwright.sync_api import expect

from tests import people
from tests.visits.build import Visit, drug, file_of, material, service

pytestmark = pytest.mark.browser
HIV = {
    "MA_BENH_CHINH": "B20.1", "CHAN_DOAN_RV": "Bệnh nhạy cảm mẫu", "NGAY_VAO": "202603010900", "NGAY_RA": "202603011000",
    "NGAY_TTOAN": "",
}  # fmt: skip
STAY = {
    "NGAY_VAO": "202505010900", "NGAY_RA": "202505061000", "NGAY_TTOAN": "", "MA_LOAI_KCB": "03",
    "CHAN_DOAN_RV": "Viêm phổi do vi khuẩn, chưa phân loại nơi khác; Rối loạn chuyển hoá lipoprotein",
}  # fmt: skip


@pytest.fixture(scope="module")
def visited(served, tmp_path_factory):
    """A citizen with an account and three visits."""
    with served.app.app_context():
        from vssid.kernel.db import unit

        with unit(served.engine) as db:
            people.open_account(served.app, db, people.CITIZEN)
    many = [drug(), drug("Thuốc Mẫu B 500 mg viên nén bao phim"), drug("Thuốc Mẫu C"), drug("Thuốc Mẫu D")]
    costs = [service(), service("Tổng phân tích tế bào máu ngoại vi bằng máy đếm laser", "1"), material()]
    visits = Visit(drugs=many, services=costs), Visit("MAU0002", values=HIV), Visit("MAU0003", values=STAY)
    file = tmp_path_factory.mktemp("claims") / "ho-so.xml"
    file.write_text(file_of(*visits))
    done = served.app.test_cli_runner().invoke(args=["imports", "run", "claims-xml", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    return people.sent_code(served.app, "code.activation")


def sign_in(page, code: str) -> None:
    page.goto("/kich-hoat")
    for name, value in (
        ("name", people.CITIZEN.ma_so),
        ("code", code),
        ("password", people.PASSWORD),
        ("again", people.PASSWORD),
    ):
        page.fill(f"[name={name}]", value)
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/dang-nhap"))
    page.fill("[name=name]", people.CITIZEN.ma_so)
    page.fill("[name=password]", people.PASSWORD)
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/(?!dang-nhap)[^/]*$"))


def test_a_year_a_visit_and_the_press_before_a_private_one(visited, open_page, look):
    page = open_page()
    sign_in(page, visited)
    page.goto("/ca-nhan/so-kham?nam=2019")
    look(page)
    page.goto("/ca-nhan/so-kham")
    expect(page.locator("h2").first).to_have_text("Năm 2026: 2 lần khám")
    look(page, "visits")
    page.get_by_text("Tăng huyết áp vô căn").click()
    expect(page.locator("h1")).to_have_text("Lần khám ngày 15/1/2026")
    expect(page.get_by_text("Thuốc Mẫu D")).to_be_hidden()
    page.locator("summary").filter(has_text="Thuốc").click()
    expect(page.get_by_text("Thuốc Mẫu D")).to_be_visible()
    look(page, "visit")
    page.goto("/ca-nhan/so-kham")
    page.get_by_text("Bấm để xem chẩn đoán").click()
    expect(page.locator("main")).not_to_contain_text("nhạy cảm mẫu")
    look(page, "visit-ask")
    page.get_by_role("button", name="Xem lần khám này").click()
    expect(page.locator("main")).to_contain_text("Bệnh nhạy cảm mẫu")
