"""A small province that can be struck: a database, one agency, and when needed a citizen with a card and an officer."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pyotp
from flask import Flask
from sqlalchemy import Engine

from tests import people, serving
from tests.serving import Answer, PlainBrowser
from vssid import settings
from vssid.accounts import actions
from vssid.content import TERMS_VERSION
from vssid.factory import create_app, prepare_database
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.web.db import db as request_db

CITIZEN, OFFICER = people.CITIZEN, "CB01"
TOTP_SECONDS = 30


@dataclass(frozen=True)
class Province:
    """A server's settings, and the same application in this process for arranging and looking."""

    values: dict[str, str]
    app: Flask
    engine: Engine

    @property
    def url(self) -> str:
        """Where the server answers."""
        return self.values["PUBLIC_URL"]

    def browser(self) -> PlainBrowser:
        """A browser that knows nothing yet."""
        return PlainBrowser(self.url)

    def let_go(self) -> None:
        """Close this process's connections: while one is open, no server finds the database as a crash left it."""
        self.engine.dispose()


def found(data_dir: Path, **more: str) -> Province:
    """A migrated database in a new folder, with the shipped lists and one agency; `more` are settings."""
    values = {**serving.environment(data_dir, serving.free_port()), **more}
    app = create_app(settings.load(values))
    with app.app_context():
        engine = request_db.engine
    prepare_database(engine)
    with unit(engine) as db:
        people.add_agency(db)
    province = Province(values, app, engine)
    province.let_go()
    return province


def add_citizen(province: Province) -> str:
    """A person with a card and an account that waits for activation; returns the code."""
    with province.app.app_context(), unit(province.engine) as db:
        person = people.add_person(db, CITIZEN)
        people.add_card(db, person, CITIZEN)
        contact = actions.Contact("+84" + CITIZEN.phone[1:], "", "vi")
        keyring, names = province.app.extensions["keyring"], [CITIZEN.ma_so, CITIZEN.cccd]
        account = actions.create(db, keyring, person, names, contact, by=OPERATOR, at=now())
        account.terms_version = TERMS_VERSION
    code = people.sent_code(province.app, "code.activation")
    province.let_go()
    return code


def activate(browser: PlainBrowser, code: str) -> Answer:
    """The citizen's first password."""
    form = {"name": CITIZEN.ma_so, "code": code, "password": people.PASSWORD, "again": people.PASSWORD}
    return browser.post("/kich-hoat", form)


def sign_in(browser: PlainBrowser) -> Answer:
    """The citizen comes in."""
    return browser.post("/dang-nhap", {"name": CITIZEN.ma_so, "password": people.PASSWORD})


def add_officer(province: Province) -> str:
    """An officer of the agency; returns the set-up code."""
    with province.app.app_context(), unit(province.engine) as db:
        code = people.add_officer(province.app, db, OFFICER, "08902")
    province.let_go()
    return code


def officer_signs_in(browser: PlainBrowser, setup_code: str) -> None:
    """The officer sets up both factors and comes in."""
    password = people.OFFICER_PASSWORD
    form = {"code": OFFICER, "setup_code": setup_code, "password": password, "again": password}
    _redirected(browser.post("/can-bo/kich-hoat", form))
    page = browser.get("/can-bo/kich-hoat/ung-dung").text
    totp = pyotp.TOTP(re.search(r"data-secret>([A-Z2-7 ]+)<", page)[1].replace(" ", ""))
    step = int(time.time()) // TOTP_SECONDS
    _redirected(browser.post("/can-bo/kich-hoat/ung-dung", {"totp": totp.generate_otp(step)}))
    # The same code is not taken twice; the next one is, within the tolerance.
    form = {"code": OFFICER, "password": password, "totp": totp.generate_otp(step + 1)}
    _redirected(browser.post("/can-bo/dang-nhap", form))


def _redirected(answer: Answer) -> None:
    assert answer.status == 303, re.findall(r'class="error".*', answer.text)
