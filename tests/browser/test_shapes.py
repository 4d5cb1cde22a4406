"""The smallest phones, upright and held sideways: nothing sticks out, is cut or ends behind the bar; the code fits the screen."""

import pytest
from playwright.sync_api import Page, expect

from vssid.web import copies
from vssid.web.i18n import LANGUAGES

SHAPES = ({"width": 320, "height": 568}, {"width": 640, "height": 360})
PUBLIC = (
    "/", "/dang-ky", "/dang-nhap", "/tra-cuu/ma-so", "/tra-cuu", "/tra-cuu/don-vi", "/xac-minh", "/xac-minh/chia-se", "/cai-dat-ung-dung", "/quen-mat-khau",
    "/to-khai", "/kich-hoat",
)  # fmt: skip
PRIVATE = (
    "/", "/ca-nhan", "/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung", "/ca-nhan/gia-dinh", "/tai-khoan",
    "/ca-nhan/qua-trinh/bhxh", "/ca-nhan/thong-tin-huong/mot-lan", "/ca-nhan/so-kham",
)  # fmt: skip
# A box that scrolls by itself (.scroll) may hold more than it shows; fields show what was typed by moving it.
FAULTS = """() => Array.from(document.querySelectorAll('body *')).filter(el => {
    const box = el.getBoundingClientRect();
    if (!box.width || !box.height || el.closest('.vh, .skip, svg, .scroll, input, select, textarea')) return false;
    if (box.right > innerWidth + 1 || box.left < -1) return true;
    return getComputedStyle(el).overflowX !== 'visible' && el.scrollWidth > el.clientWidth + 1;
}).map(el => el.outerHTML.slice(0, 120))"""
# What can be pressed in the page, brought to where the browser brings it when somebody moves there by keyboard.
BEHIND_THE_BAR = """() => {
    const bar = document.querySelector('.tabbar');
    if (!bar || getComputedStyle(bar).position !== 'sticky') return [];
    return Array.from(document.querySelectorAll('main a, main button, main summary, main input')).filter(el => {
        if (el.closest('[hidden], details:not([open]) > :not(summary)') || el.type === 'hidden') return false;
        el.focus();
        const box = el.getBoundingClientRect();
        return box.height && box.bottom > bar.getBoundingClientRect().top + 1 && box.top > 0;
    }).map(el => el.outerHTML.slice(0, 120));
}"""


def walks(page: Page, paths: tuple[str, ...], language: str) -> None:
    for path in paths:
        page.goto(f"{path}?lang={language}")
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(FAULTS) == [], path
        assert page.evaluate(BEHIND_THE_BAR) == [], path


@pytest.mark.parametrize("language", ["vi", "ja"])
@pytest.mark.parametrize("shape", SHAPES, ids=["320x568", "640x360"])
def test_everything_is_within_reach(open_page, mine, shape, language):
    walks(open_page(viewport=shape), PUBLIC, language)
    walks(mine(viewport=shape), PRIVATE, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_public_page_sticks_out_on_a_small_phone_in_large_letters(served, open_page, language):
    page = open_page(viewport=SHAPES[0])
    page.goto(f"/?lang={language}&co=xl")
    for path in [*copies.addresses(served.app), "/tim-kiem?q=bhyt", "/ho-tro/tro-ly", "/ho-tro/phan-anh/moi"]:
        answer = page.goto(path)
        if answer.headers["content-type"].startswith("text/html"):
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.evaluate(FAULTS) == [], path


@pytest.mark.parametrize("shape", SHAPES, ids=["320x568", "640x360"])
def test_the_code_for_the_counter_is_whole_on_the_screen(mine, shape):
    page = mine(viewport=shape)
    page.goto("/ca-nhan/the-bhyt/su-dung")
    box = page.locator(".use-qr svg").first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= shape["height"]
    assert box["width"] >= 200, "smaller than what a counter's camera reads at arm's length"


def test_held_sideways_every_line_begins_and_ends_beside_the_code(mine):
    page = mine(viewport=SHAPES[1])
    page.goto("/ca-nhan/the-bhyt/su-dung")
    code = page.locator(".use-qr").first.bounding_box()
    lines = [line.bounding_box() for line in page.locator(".use-read, .use-person, .plainly, .use-sheet summary").all()]
    assert code
    assert len(lines) > 4
    assert all(line["x"] >= code["x"] + code["width"] for line in lines)


@pytest.mark.parametrize("shape", SHAPES, ids=["320x568", "640x360"])
def test_the_bar_about_a_new_version_leaves_the_way_about_free(mine, shape):
    page = mine(viewport=shape)
    page.goto("/")
    script = page.locator("#update").get_attribute("data-script")
    page.add_script_tag(url=script)
    page.evaluate("window.offerUpdate({waiting: null})")
    bar = page.locator("#update")
    expect(bar).to_be_visible()
    box, tabs = bar.bounding_box(), page.locator(".tabbar").bounding_box()
    assert box
    assert tabs
    assert box["height"] < shape["height"] / 4
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= shape["width"]
    # Held sideways the bottom bar stays at the end of the page.
    assert tabs["y"] >= shape["height"] - 1 or abs(box["y"] + box["height"] - tabs["y"]) <= 1
