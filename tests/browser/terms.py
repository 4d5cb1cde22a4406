"""The way through the terms, which whoever registers or follows a declaration meets first."""

from playwright.sync_api import Page, expect


def tick_all(page: Page) -> None:
    """From the introduction to the terms, every purpose agreed to; none is ticked beforehand."""
    page.get_by_role("link", name="Bỏ qua").click()
    # Where the terms end: their boxes are there, which `all` would not wait for.
    expect(page.get_by_role("button", name="Chấp nhận")).to_be_visible()
    for purpose in page.locator("input[name=purpose]").all():
        expect(purpose).not_to_be_checked()
        purpose.check()


def accept(page: Page) -> None:
    """Agree to all of it."""
    tick_all(page)
    page.get_by_role("button", name="Chấp nhận").click()
