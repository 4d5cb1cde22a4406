"""A new version waits until somebody takes it, moves nothing on the page, and does not wait for ever."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect
from werkzeug.serving import make_server

from tests import serving
from tests.browser.conftest import Served

READY = "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)"
CACHES = "caches.keys().then(names => names.filter(name => name.startsWith('static-')).sort())"
ONLY_TWO = f"{CACHES}.then(names => names.join() === 'static-two')"


@dataclass
class Releases:
    """A server whose build can be changed under its visitors."""

    url: str
    app: Flask

    def publish(self, build: str) -> None:
        self.app.config["BUILD"] = build


@pytest.fixture
def releases(served: Served, browser_name: str) -> Iterator[Releases]:
    before, port = served.app.config["BUILD"], serving.free_port()
    served.app.config["BUILD"] = "one"
    server = make_server("127.0.0.1", port, served.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Releases(f"http://127.0.0.1:{port}", served.app)
    server.shutdown()
    served.app.config["BUILD"] = before


@pytest.fixture
def visit(open_page: Callable[..., Page], releases: Releases) -> Callable[[str], Page]:
    """A phone that has been here before: the first build's worker answers it."""

    def go(path: str = "/") -> Page:
        page = open_page(base_url=releases.url)
        page.goto(path)
        until(page, READY)
        return page

    return go


def until(page: Page, expression: str) -> None:
    """Wait for it across visits; the policy of our pages forbids Playwright's own way, which evaluates text."""
    deadline = time.monotonic() + 10
    while not holds(page, expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(30)


def holds(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error:  # asked in the middle of a visit
        return False


def comes_back(page: Page, path: str | None = None) -> None:
    """Another visit, after which the waiting worker is known."""
    page.goto(path) if path else page.reload()
    is_offered(page)


def is_offered(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => { one.update(); })")
    until(page, "navigator.serviceWorker.getRegistration().then(one => !!(one && one.waiting))")


def marked(page: Page) -> bool:
    """Whether the document is still the one that `mark` was called on."""
    return bool(page.evaluate("window.sameDocument === true"))


def mark(page: Page) -> None:
    page.evaluate("window.sameDocument = true")


def test_the_first_worker_takes_over_at_once_and_offers_nothing(visit):
    page = visit()
    assert page.evaluate(CACHES) == ["static-one"]
    page.wait_for_timeout(300)
    expect(page.locator("#update")).to_be_hidden()


def test_a_new_version_is_offered_without_moving_the_page_and_taken_when_wanted(visit, releases, look):
    page = visit()
    releases.publish("two")
    page.evaluate(
        "new PerformanceObserver(list => { window.shifts = list.getEntries(); }).observe({type: 'layout-shift', buffered: true})"
    )
    comes_back(page)
    bar = page.locator("#update")
    expect(bar.get_by_text("Đã có bản mới.")).to_be_visible()
    assert page.evaluate(CACHES) == ["static-one", "static-two"]
    assert page.evaluate("(window.shifts || []).reduce((sum, shift) => sum + shift.value, 0)") == 0
    look(page, "update")
    mark(page)
    bar.get_by_role("button", name="Dùng bản mới").click()
    until(page, "window.sameDocument !== true")
    until(page, ONLY_TWO)
    mark(page)
    page.wait_for_timeout(1200)
    assert marked(page), "it visited the page more than once"
    expect(bar).to_be_hidden()


def test_later_means_not_again_during_this_visit(visit, releases):
    page = visit()
    releases.publish("two")
    comes_back(page)
    page.locator("#update").get_by_role("button", name="Để sau").click()
    expect(page.locator("#update")).to_be_hidden()
    comes_back(page, "/quyen-rieng-tu")
    page.wait_for_timeout(900)
    expect(page.locator("#update")).to_be_hidden()
    assert page.evaluate(CACHES) == ["static-one", "static-two"]
    again = page.context.new_page()
    again.goto("/")
    expect(again.locator("#update")).to_be_visible()


def test_what_somebody_is_writing_is_not_taken_away(visit, releases, look):
    page = visit("/dang-nhap")
    releases.publish("two")
    comes_back(page)
    page.get_by_label("Mã số BHXH").fill("8900000101")
    mark(page)
    bar = page.locator("#update")
    bar.get_by_role("button", name="Dùng bản mới").click()
    expect(bar.get_by_text("Bản mới được dùng từ trang kế tiếp")).to_be_visible()
    until(page, ONLY_TWO)
    page.wait_for_timeout(300)
    assert marked(page)
    expect(page.get_by_label("Mã số BHXH")).to_have_value("8900000101")
    look(page)
    bar.get_by_role("button", name="Đóng").click()
    expect(bar).to_be_hidden()


def test_the_answer_to_a_form_is_not_asked_for_again(visit, releases):
    page = visit("/dang-nhap")
    releases.publish("two")
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form').submit()")
    is_offered(page)
    mark(page)
    page.locator("#update").get_by_role("button", name="Dùng bản mới").click()
    page.wait_for_timeout(600)
    assert marked(page)


def test_neither_is_an_answer_that_came_into_the_page(visit):
    page = visit("/huy")
    expect(page.locator("body")).not_to_have_attribute("data-keep", "")
    # Set without a keystroke, or that alone would keep the page.
    page.evaluate("document.querySelector('main input[name=code]').value = '0000000000'")
    page.locator("main form button").first.click()
    expect(page.locator("main .form-errors").first).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-keep", "")


def waited(page: Page, hours: float, build: str = "two") -> None:
    """Say that the worker of the build has waited for so long."""
    page.evaluate(
        f"""hours => caches.open('static-{build}').then(cache => cache.put('/sw.js?since',
            new Response(String(Date.now() - hours * 3600 * 1000))))""",
        hours,
    )


@pytest.mark.parametrize(("hours", "taken"), [(23.9, False), (24.1, True), (-3, True)])
def test_after_a_day_the_next_visit_takes_the_new_version_unasked(visit, releases, hours, taken):
    page = visit()
    releases.publish("two")
    comes_back(page)
    page.locator("#update").get_by_role("button", name="Để sau").click()
    waited(page, hours)
    page.goto("/quyen-rieng-tu")
    mark(page)
    page.wait_for_timeout(1500)
    for _turn in range(40 if taken else 0):  # a slow machine needs longer than people would wait
        if page.evaluate(CACHES) == ["static-two"]:
            break
        page.wait_for_timeout(250)
    assert page.evaluate(CACHES) == (["static-two"] if taken else ["static-one", "static-two"])
    assert marked(page)
    expect(page.locator("#update")).to_be_hidden()


def test_many_releases_do_not_prolong_the_day(visit, releases):
    page = visit()
    releases.publish("two")
    comes_back(page)
    page.locator("#update").get_by_role("button", name="Để sau").click()
    waited(page, 24.1)
    releases.publish("three")
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => { one.update(); })")
    until(page, f"{CACHES}.then(names => names.includes('static-three'))")
    page.wait_for_timeout(500)
    page.goto("/quyen-rieng-tu")
    until(page, f"{CACHES}.then(names => names.join() === 'static-three')")
    until(page, "caches.match('/sw.js?since').then(one => !one)")


def test_a_page_of_the_old_build_still_gets_its_scripts(visit, releases):
    page = visit()
    stale = page.evaluate("document.querySelector('#update').dataset.script").replace("v=", "v=0")
    fetched = "src => fetch(src).then(answer => answer.ok && answer.text()).then(text => text.includes('offerUpdate'))"
    releases.publish("two")
    comes_back(page)
    assert page.evaluate(fetched, stale)
    page.locator("#update").get_by_role("button", name="Dùng bản mới").click()
    until(page, ONLY_TWO)
    page.wait_for_load_state()
    assert page.evaluate(fetched, stale)
