"""Limits and sessions with several real worker processes: exact at any number of them, and over a restart."""

import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from tests import people, serving
from vssid import settings as environment
from vssid.accounts.models import Account, LoginSession, OneTimeCode
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import reading, unit
from vssid.web.db import db as request_db

WORKERS = (1, 2, 4, 8)
AT_ONCE = 12


class House:
    """A server with its data, and the application on the same data in this process."""

    def __init__(self, data_dir, workers=1):
        self.values = {
            **serving.environment(data_dir, serving.free_port()), "WEB_CONCURRENCY": str(workers), "CAPTCHA": "off",
        }  # fmt: skip
        self.url = self.values["PUBLIC_URL"]
        self.app = create_app(environment.load(self.values))
        self.process = None

    def found(self):
        """Two people whose accounts wait for activation."""
        with self.app.app_context():
            prepare_database(request_db.engine)
            with unit(request_db.engine) as db:
                people.open_account(self.app, db, people.CITIZEN)
                people.open_account(self.app, db, people.STRANGER)
            request_db.engine.dispose()

    def start(self):
        self.process = serving.start(self.values)

    def stop(self):
        serving.kill(self.process)
        with self.app.app_context():
            request_db.engine.dispose()

    def browser(self):
        return serving.PlainBrowser(self.url)

    def rows(self, model, *where):
        with self.app.app_context(), reading(request_db.engine) as db:
            return db.scalars(select(model).where(*where)).all()

    def letters(self, kind):
        folder = self.app.config["DATA_DIR"] / "outbox"
        return [one for one in (json.loads(path.read_text()) for path in folder.glob("*.json")) if one["kind"] == kind]


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """The data that each house begins with."""
    data_dir = tmp_path_factory.mktemp("ground")
    House(data_dir).found()
    return data_dir


@pytest.fixture(params=WORKERS, ids=lambda n: f"{n} workers")
def house(request, ground, tmp_path):
    data_dir = tmp_path / "data"
    shutil.copytree(ground, data_dir)
    made = House(data_dir, request.param)
    made.start()
    yield made
    made.stop()


def at_once(house, path, data, times=AT_ONCE):
    """The same form from so many browsers in the same moment: the statuses of the answers."""
    browsers = [house.browser() for _n in range(times)]
    tokens = [browser.token(path) for browser in browsers]
    start = Barrier(times)

    def send(browser, token):
        start.wait()
        return browser.post(path, {"csrf_token": token, **data}).status

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(send, browsers, tokens))


def activation(name, code):
    return {"name": name, "code": code, "password": people.PASSWORD, "again": people.PASSWORD}


def wrong(code):
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def account(house, who):
    [found] = house.rows(Account, Account.phone == "+84" + who.phone[1:])
    return found


def test_limits_are_exact_and_survive_a_restart(house):
    citizen, stranger = people.CITIZEN, people.STRANGER
    code = people.code_sent_to(house.app, "code.activation", citizen.phone)

    # A right code in parallel: one winner.
    assert at_once(house, "/kich-hoat", activation(citizen.ma_so, code)) == {303: 1, 422: AT_ONCE - 1}

    # Wrong ones in parallel: five are tried, then the right one is worth nothing either.
    other = people.code_sent_to(house.app, "code.activation", stranger.phone)
    assert at_once(house, "/kich-hoat", activation(stranger.ma_so, wrong(other))) == {422: AT_ONCE}
    subject = account(house, stranger).id
    [tried] = house.rows(OneTimeCode, OneTimeCode.subject_id == subject)
    assert tried.tries_left == 0
    assert house.browser().post("/kich-hoat", activation(stranger.ma_so, other)).status == 422

    # Password guesses: five of a network, then no more are looked at, also after a restart.
    guess = {"name": citizen.ma_so, "password": "chắc chắn là sai"}
    assert at_once(house, "/dang-nhap", guess) == {422: 5, 429: AT_ONCE - 5}
    house.stop()
    house.start()
    assert house.browser().post("/dang-nhap", guess).status == 429

    # Messages to a number: three in ten minutes, one of which was the activation's.
    ask = {"name": stranger.ma_so, "phone": stranger.phone}
    assert at_once(house, "/quen-mat-khau", ask) == {303: AT_ONCE}
    assert len(house.rows(OneTimeCode, OneTimeCode.subject_id == subject)) == 1 + 3


def test_a_second_device_ends_the_first_in_every_worker(house):
    citizen = people.CITIZEN
    code = people.code_sent_to(house.app, "code.activation", citizen.phone)
    first, second = house.browser(), house.browser()
    assert first.post("/kich-hoat", activation(citizen.ma_so, code)).status == 303
    sign_in = {"name": citizen.ma_so, "password": people.PASSWORD}
    assert first.post("/dang-nhap", sign_in).location == "/"
    assert first.get("/ca-nhan").status == 200

    # A password alone evicts nobody.
    assert second.post("/dang-nhap", sign_in).location.startswith("/thiet-bi-moi")
    assert first.get("/ca-nhan").status == 200

    code = people.code_sent_to(house.app, "code.new_device", citizen.phone)
    assert second.post("/thiet-bi-moi", {"code": code}).location == "/"
    # A connection each: all workers are met.
    answers = Counter(first.get("/ca-nhan").status for _n in range(24))
    assert answers == {303: 24}
    assert second.get("/ca-nhan").status == 200
    ended = [one for one in house.rows(LoginSession) if one.ended_at]
    assert [one.end_reason for one in ended] == ["other_device"]
