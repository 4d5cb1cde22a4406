"""The real server in its own processes, and Debian's Chromium in front of it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from sqlalchemy import Engine

from tests import people, serving
from tests.browser import counter
from tests.browser.counter import PHONE, House
from vssid import settings as environment
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import db as request_db

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 768}
# SCREENSHOTS=docs/screens makes the pictures of the README anew.
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@dataclass
class Served:
    """A running server: its address, an application on the same data for arranging, the officer's set-up code."""

    url: str
    app: Flask
    engine: Engine
    setup_code: str


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    values = serving.environment(tmp_path_factory.mktemp("served"), serving.free_port())
    app = create_app(environment.load(values))
    with app.app_context():
        engine = request_db.engine
        prepare_database(engine)
        with unit(engine) as db:
            people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
            people.add_agency(db, "08902", "BHXH cơ sở Mỹ Thới (mẫu)", "089")
            for who in (people.CITIZEN, people.STRANGER):
                people.add_card(db, people.add_person(db, who), who)
            setup_code = people.add_officer(app, db, "CB01", "08902")
    process = serving.start(values)
    try:
        yield Served(values["PUBLIC_URL"], app, engine, setup_code)
    finally:
        process.terminate()
        process.wait(timeout=40)


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Pages of separate browsers; a script error or a breach of the policy fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(viewport: dict = PHONE, script: bool = True, **options) -> Page:
        context = browser.new_context(
            viewport=viewport, java_script_enabled=script, **{"locale": "vi-VN", "base_url": served.url, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="module")
def kept(served: Served, browser_name: str) -> dict:
    """Cookies of the one sign-in."""
    with served.app.app_context(), unit(served.engine) as db:
        people.open_account(served.app, db, people.CITIZEN)
    people.citizen_signs_in(served.app, served.app.test_client(), people.CITIZEN.ma_so)
    return {}


@pytest.fixture
def mine(served: Served, open_page: Callable[..., Page], kept: dict) -> Callable[..., Page]:
    """Pages of a citizen who has signed in."""

    def make(**options) -> Page:
        if not kept:
            first = open_page()
            counter.sign_in(first, served)
            kept.update(first.context.storage_state())
        return open_page(storage_state=kept, **options)

    return make


@pytest.fixture
def remembering(playwright: Playwright, browser_name: str, served: Served) -> Iterator[Browser]:
    """A browser with the back/forward cache on, as people have it; Playwright switches it off by default.

    Tests of one `browser_name` run together: without asking for it this one would come before the rest of its story.
    """
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture
def look() -> Callable[..., None]:
    """Judge a screen as it stands: accessible, no sideways scroll, title equal to h1; keep a picture if asked to."""

    def judge(page: Page, picture: str | None = None) -> None:
        page.wait_for_timeout(50)
        page.wait_for_load_state("networkidle")
        # axe brings its script in by the debugging protocol, which the page's policy does not govern.
        found = Axe().run(page)
        assert found.violations_count == 0, (page.url, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{page.url} scrolls sideways"
        )
        assert page.title().split(" · ")[0] == page.locator("h1").inner_text().strip()
        if SCREENSHOTS and picture:
            Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=f"{SCREENSHOTS}/{picture}.png", caret="initial")

    return judge


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server of the test's own, which it may kill."""
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.stop()
