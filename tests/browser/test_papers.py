"""Papers on a phone: one story, told in order."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.test_visits import sign_in
from tests.papers.build import attached, treated

pytestmark = pytest.mark.browser
HIV = {"CHAN_DOAN_RV": "B20.1 - Bệnh nhạy cảm mẫu"}
LONG = {
    "DON_VI": "Công ty Trách nhiệm hữu hạn Một thành viên Chế biến Thuỷ sản Mẫu " * 3,
    "QT_BENHLY": "Ho.\n" + "a" * 300,
}


@pytest.fixture(scope="module")
def treated_citizen(served, tmp_path_factory):
    """A citizen with an account and papers of a stay."""
    with served.app.app_context():
        from vssid.kernel.db import unit

        with unit(served.engine) as db:
            people.open_account(served.app, db, people.CITIZEN)
    file = tmp_path_factory.mktemp("claims") / "ho-so.xml"
    file.write_text(treated(attached("XML7"), attached("XML8", LONG), attached("XML11", HIV)))
    done = served.app.test_cli_runner().invoke(args=["imports", "run", "claims-xml", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    return people.sent_code(served.app, "code.activation")


def test_a_list_a_paper_its_print_and_the_press_before_a_private_one(treated_citizen, open_page, look):
    page = open_page()
    sign_in(page, treated_citizen)
    page.goto("/ca-nhan/so-kham")
    page.get_by_role("link", name="Giấy tờ", exact=True).click()
    expect(page.locator("h1")).to_have_text("Giấy tờ khám chữa bệnh")
    look(page, "papers")
    page.goto("/ca-nhan/giay-to?nam=2019")
    look(page)
    page.goto("/ca-nhan/giay-to")
    page.get_by_text("Tóm tắt hồ sơ bệnh án").click()
    expect(page.locator("h1")).to_have_text("Tóm tắt hồ sơ bệnh án")
    look(page, "paper")
    answer = page.request.get(page.url + ".pdf")
    assert answer.headers["content-type"] == "application/pdf"
    page.goto("/ca-nhan/giay-to")
    page.get_by_text("hỏi lại trước khi mở").click()
    expect(page.locator("main")).not_to_contain_text("nhạy cảm mẫu")
    look(page, "paper-ask")
    page.get_by_role("button", name="Xem giấy này").click()
    expect(page.locator("main")).to_contain_text("Bệnh nhạy cảm mẫu")
    look(page, "paper-opened")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải bản in (PDF)").click()
    assert download.value.suggested_filename == "giay-to-ct07.pdf"
