"""The real server in its own processes, and Debian's Chromium in front of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine

from tests import people
from vssid import settings as environment
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import db as request_db

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 768}


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data_dir, port = tmp_path_factory.mktemp("served"), free_port()
    values = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "warning",
    }
    app = create_app(environment.load(values))
    with app.app_context():
        engine = request_db.engine
        prepare_database(engine)
        with unit(engine) as db:
            people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
            people.add_agency(db, "08902", "BHXH cơ sở Mỹ Thới (mẫu)", "089")
            people.add_card(db, people.add_person(db, people.CITIZEN), people.CITIZEN)
            people.add_card(db, people.add_person(db, people.STRANGER), people.STRANGER)
            setup_code = people.add_officer(app, db, "CB01", "08902")
    process = subprocess.Popen([sys.executable, "-m", "vssid.serve"], cwd=ROOT, env={**os.environ, **values})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url + "/readyz")
        yield Served(url, app, engine, setup_code)
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait_for(url: str) -> None:
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not become ready")


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Pages of separate browsers; anything that the console reports as an error fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(viewport: dict = PHONE, script: bool = True, **options) -> Page:
        context = browser.new_context(
            viewport=viewport, java_script_enabled=script, base_url=served.url, locale="vi-VN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []
