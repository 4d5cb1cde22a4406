"""Choices in a browser that keeps pages: what was chosen shows at once, also on pages that were read a moment ago."""

from playwright.sync_api import expect


def test_a_page_read_a_moment_ago_comes_back_in_the_language_chosen_since(open_page, look):
    page = open_page()
    page.goto("/tra-cuu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tra cứu")
    page.goto("/cai-dat")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    look(page)
    page.goto("/tra-cuu")
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    page.goto("/cai-dat?lang=vi")
    page.goto("/tra-cuu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tra cứu")


def test_text_mode_is_one_tap_and_asks_the_network_for_the_page_alone(open_page, look):
    page = open_page()
    page.goto("/tra-cuu/co-quan")
    page.get_by_role("link", name="Chỉ hiện chữ").click()
    expect(page.locator("html")).to_have_attribute("data-text", "")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/tra-cuu/diem-thu")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.endswith("/favicon.ico")] == [page.url]
    look(page)
    page.get_by_role("link", name="Hiện đầy đủ").click()
    expect(page.locator("html")).not_to_have_attribute("data-text", "")


def test_more_contrast_holds_in_the_light_and_in_the_dark(open_page, look):
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        page.goto("/cai-dat?tuong-phan=cao")
        look(page)
        page.goto("/dang-nhap")
        look(page)
