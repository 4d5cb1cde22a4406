"""Where people look for an answer, with and without script: Tìm kiếm, Trợ lý, Kiểm tra tin nhắn."""

import re

import pytest
from playwright.sync_api import expect

SWINDLE = "BHXH: the BHYT cua ban sap bi khoa. Bam http://vssid-bhxh.xyz/xac-nhan va doc ma OTP 123456"
ways = pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])


def test_results_of_search_come_while_one_types_and_the_address_keeps_them(open_page, look):
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="Tìm kiếm").first.click()
    with page.expect_response(
        lambda answer: "san" in answer.url and answer.request.headers.get("hx-request") == "true"
    ):
        page.get_by_label("Tìm gì?").press_sequentially("thai san", delay=30)
    expect(page.locator("#found li").first).to_contain_text("Chế độ thai sản")
    expect(page.get_by_label("Tìm gì?")).to_be_focused()
    page.wait_for_url(re.compile(r"q=thai(\+|%20)san"))
    look(page)
    page.reload()
    page.locator("#found li a").first.click()
    expect(page.get_by_role("heading", name="Chế độ thai sản", exact=True)).to_be_visible()


def test_search_without_script_leads_on_to_the_assistant(open_page):
    page = open_page(script=False)
    page.goto("/huong-dan")
    page.get_by_label("Tìm gì?").fill("xyzzyx qwertyq")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("heading", name="Không thấy bài nào")).to_be_visible()
    page.get_by_role("link", name=re.compile("Hỏi trợ lý")).click()
    expect(page.get_by_label("Bạn muốn hỏi gì?")).to_have_value("xyzzyx qwertyq")


@ways
def test_the_assistant_answers_with_its_source_and_hands_over_what_it_cannot(open_page, look, script):
    page = open_page(script=script)
    page.goto("/ho-tro/tro-ly")
    page.get_by_label("Bạn muốn hỏi gì?").fill("tôi mất sim rồi thì làm sao")
    page.get_by_role("button", name="Hỏi", exact=True).click()
    expect(page.get_by_role("heading", name="Tôi mất SIM hoặc đổi số điện thoại thì làm thế nào?")).to_be_visible()
    expect(page.get_by_text("Nguồn:")).to_be_visible()
    if script:
        look(page)
    page.get_by_label("Bạn muốn hỏi gì?").fill("thẻ của tôi còn hạn không?")
    page.get_by_role("button", name="Hỏi tiếp").click()
    expect(page.get_by_text("Cần đăng nhập để xem điều này")).to_be_visible()
    page.get_by_label("Bạn muốn hỏi gì?").fill("hôm nay xổ số ra con gì")
    page.get_by_role("button", name="Hỏi tiếp").click()
    expect(page.get_by_role("heading", name="Tôi chưa có câu trả lời")).to_be_visible()
    page.get_by_role("button", name="Gửi câu hỏi cho người thật").click()
    # The chat in working hours, a letter at other times.
    expect(page).to_have_url(re.compile("/ho-tro/(tro-chuyen|phan-anh/moi)$"))
    expect(page.locator("textarea#text")).to_have_value(re.compile("hôm nay xổ số ra con gì"))


@ways
def test_a_swindlers_message_is_told_from_ours(open_page, look, script):
    page = open_page(script=script)
    page.goto("/kiem-tra")
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(page.get_by_text("Hãy dán hoặc gõ điều bạn nghi ngờ.").first).to_be_visible()
    page.get_by_label("Dán tin nhắn, đường dẫn, số điện thoại hoặc mã").fill(SWINDLE)
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Không phải của chúng tôi")
    expect(page.get_by_text("vssid-bhxh.xyz").first).to_be_visible()
    if script:
        look(page)
