"""An empty or wrong field is answered by us beside the field, never by a bubble of the browser: with script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_registration import agree

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])


def answers(page: Page, button: str, *words: str) -> None:
    """Sent as it stands, the form comes back with `words` beside its fields and in the list at its top."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.get_by_role("main").get_by_role("button", name=button).click()
    assert sent.value.status == 422
    for one in words:
        expect(page.locator(".field.bad").get_by_text(one)).to_be_visible()
        expect(page.locator(".form-errors").get_by_text(one)).to_be_visible()


@BOTH
def test_an_empty_report_of_a_refusal_says_what_is_missing(mine, script):
    page = mine(script=script)
    page.goto("/ca-nhan/the-bhyt/bi-tu-choi")
    answers(page, "Gửi báo cáo", "Hãy chọn nơi đã từ chối thẻ.", "Hãy chọn một mục.")


@BOTH
def test_a_facility_that_signs_up_is_told_what_is_missing_and_taken_from_the_directory(open_page, script):
    page = open_page(script=script)
    agree(page, "/dang-ky/to-chuc/thong-tin")
    answers(page, "Tiếp tục", "Hãy nhập tên cơ quan, tổ chức.", "Hãy nhập mã số thuế.")
    page.get_by_label("Mã số thuế").fill("1600000009")
    page.get_by_label("Cơ sở khám bệnh, chữa bệnh").check()
    page.get_by_label("Tìm trong danh mục").fill("khu vuc mau")
    page.locator("[name=find_facility]").click()
    page.get_by_role("button", name="[89012]").click()
    expect(page.get_by_text("Đã chọn: Bệnh viện Đa khoa Khu vực Mẫu")).to_be_in_viewport()
    expect(page.get_by_label("Tên cơ quan, tổ chức")).to_have_value("Bệnh viện Đa khoa Khu vực Mẫu")
    expect(page.get_by_label("Mã số thuế")).to_have_value("1600000009")


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        ("24a6", "24a6", "Mã chỉ gồm các chữ số 0 đến 9."),
        ("123", "123", "Mã cần từ 4 đến 8 chữ số."),
        ("123456789", "123456789", "Mã cần từ 4 đến 8 chữ số."),
        ("2468", "2486", "Hai lần gõ chưa giống nhau."),
        ("", "", "Hãy đánh dấu đồng ý"),
    ],
)
def test_a_pin_or_a_consent_that_will_not_do_is_answered_beside_its_field(mine, pin, again, words):
    page = mine()
    page.goto("/ca-nhan/the-bhyt/giu-tren-may")
    page.get_by_label("Mã khoá màn hình").fill(pin)
    page.get_by_label("Gõ lại mã").fill(again)
    if pin:
        page.get_by_label(re.compile("Tôi đồng ý giữ thẻ")).check()
    page.get_by_role("button", name="Giữ thẻ trên máy này").click()
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    wrong = page.locator("input[aria-invalid=true]")
    expect(wrong).to_have_count(1)
    expect(wrong).to_be_focused()
    assert words in page.locator(f"#{wrong.get_attribute('id')}-error").inner_text()
