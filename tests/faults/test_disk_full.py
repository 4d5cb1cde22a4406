"""The disk is full: writing stops with words, reading goes on, and room is all that is needed to go on."""

import json
import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import func, select, update

from tests import people, serving
from tests.faults import importing, inspection
from tests.faults.disks import fill, on_a_small_disk, small_disk
from tests.faults.province import Province, activate, add_citizen, add_officer, found, officer_signs_in, sign_in
from tests.faults.visitors import INFO, OFFICE, PHOTOS, REVIEW, SIDES, Crowd, Visitor, invented, photo
from tests.serving import Answer, PlainBrowser
from vssid.accounts.models import LoginSession
from vssid.accounts.rules import LAST_SEEN_GRAIN
from vssid.kernel.clock import now
from vssid.kernel.db import Base, reading, unit

SIZE = "160m"
QUEUE = "/can-bo/to-khai"
# Of a page or a part that was asked for, and of a form that was sent.
NOTHING_CHANGED = ("Chưa có gì bị thay đổi", "Chưa có gì được gửi")
RECOVERED_WITHIN_SECONDS = 10.0
CROWD_SECONDS = 4.0

Act = Callable[[dict[str, str]], Answer]


@dataclass
class House:
    """A running server, and people in the middle of things, each with an act ahead."""

    province: Province
    citizen: PlainBrowser
    officer: PlainBrowser
    declaration: str  # the officer's page of one that waits
    newcomer: Visitor  # has read the terms
    photographer: Visitor  # lacks the third photo
    sender: Visitor  # lacks nothing but “Gửi”

    def acts(self) -> dict[str, Act]:
        """Everything that writes, by its name; each takes further headers."""
        mine, paper = people.info_form(self.newcomer.who), {"channel": "tai_noi", "id_shown": "cccd"}
        by_post = {"agency_code": "08902", "hand_in": "buu_chinh"}
        known = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD}
        newcomer, photographer, sender = self.newcomer.browser, self.photographer.browser, self.sender.browser
        return {
            "draft": lambda more: newcomer.post(INFO, mine, headers=more),
            "photo": lambda more: photographer.post(f"{PHOTOS}/back", {}, PHOTOS, photo(), headers=more),
            "office": lambda more: sender.post(OFFICE, by_post, headers=more),
            "send": lambda more: sender.post(REVIEW, {}, headers=more),
            "paper": lambda more: self.officer.post(f"{self.declaration}/giay", paper, QUEUE, headers=more),
            "sign-in": lambda more: self.province.browser().post("/dang-nhap", known, headers=more),
            "sign-out": lambda more: self.citizen.post("/dang-xuat", {}, "/ca-nhan", headers=more),
        }

    def readings(self) -> dict[str, PlainBrowser]:
        """Every kind of page that only reads, with somebody who may."""
        visitor = self.province.browser()
        return {
            **dict.fromkeys(("/", "/dieu-khoan", "/dang-nhap", "/to-khai", "/healthz"), visitor),
            **dict.fromkeys(("/dang-ky", REVIEW), self.sender.browser),
            **dict.fromkeys(("/ca-nhan", "/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung"), self.citizen),
            **dict.fromkeys(("/can-bo", QUEUE), self.officer),
        }


def settled(folder: Path) -> tuple[Province, Callable[[], House]]:
    """A province on `folder` and, once its server runs, the people in it."""
    province = found(folder, CAPTCHA="off")
    activation, setup = add_citizen(province), add_officer(province)

    def come() -> House:
        citizen, officer = province.browser(), province.browser()
        assert activate(citizen, activation).status == 303
        assert sign_in(citizen).status == 303
        officer_signs_in(officer, setup)
        earlier, newcomer, photographer, sender = (Visitor(invented(n), province.browser()) for n in range(4))
        earlier.register()
        sender.prepare()
        photographer.prepare(SIDES[:2])
        assert newcomer.browser.post("/dieu-khoan", {"purpose": ["dich_vu", "giay_to"]}).status == 303
        path = re.search(rf'href="({QUEUE}/[0-9a-f-]{{36}})"', officer.get(QUEUE).text)[1]
        return House(province, citizen, officer, path, newcomer, photographer, sender)

    return province, come


@contextmanager
def running(folder: Path) -> Iterator[House]:
    """The house on a disk of its own."""
    with small_disk(folder, SIZE):
        province, come = settled(folder)
        server = serving.start(province.values)
        try:
            yield come()
        finally:
            province.let_go()
            serving.kill(server)


def rows(province: Province) -> Counter[str]:
    """How many rows each table has."""
    with reading(province.engine) as db:
        tables = Base.metadata.sorted_tables
        return Counter({table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in tables})


def become_full(province: Province) -> Path:
    """No block is left, not even in the log: room within it would let some writes through, which is luck."""
    with province.engine.connect() as connection:
        driver = connection.connection.driver_connection
        deadline = time.monotonic() + RECOVERED_WITHIN_SECONDS
        while driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] and time.monotonic() < deadline:
            time.sleep(0.1)
    return fill(Path(province.values["DATA_DIR"]))


def let_time_pass(province: Province) -> None:
    """Everybody was last seen so long ago that their next page is to be noted."""
    with unit(province.engine) as db:
        db.execute(update(LoginSession).values(last_seen_at=now() - 2 * LAST_SEEN_GRAIN))


def readiness(province: Province) -> tuple[int, dict[str, str]]:
    """Status of /readyz and what it says of each part."""
    try:
        answer = urlopen(province.url + "/readyz", timeout=10)
    except HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, json.loads(answer.read())["checks"]


@on_a_small_disk
def test_on_a_full_disk_writes_are_refused_with_words_and_reads_go_on(tmp_path: Path) -> None:
    with running(tmp_path / "disk") as house:
        become_full(house.province)
        before = rows(house.province)
        for name, act in house.acts().items():
            refused_with_words(name, act({}))
            refused_with_words(name, act({"HX-Request": "true"}), whole=False)
        assert rows(house.province) == before
        read_everything(house)


@on_a_small_disk
def test_on_a_full_disk_people_read_on_who_were_last_seen_a_while_ago(tmp_path: Path) -> None:
    """That somebody is still there is noted once a minute; when it cannot be noted, they may read all the same."""
    with running(tmp_path / "disk") as house:
        let_time_pass(house.province)
        become_full(house.province)
        read_everything(house)


def read_everything(house: House) -> None:
    for path, browser in house.readings().items():
        answer = browser.get(path)
        assert answer.status == 200, (path, answer.status, answer.text[-300:])


def refused_with_words(name: str, answer: Answer, *, whole: bool = True) -> None:
    assert answer.status == 503, (name, answer.status, answer.location, answer.text[-300:])
    assert int(answer.headers["Retry-After"]) > 0, name
    assert any(words in answer.text for words in NOTHING_CHANGED), (name, answer.text[-300:])
    assert ("<html" in answer.text) == whole, name
    assert "Traceback" not in answer.text, name


@on_a_small_disk
def test_what_cannot_be_noted_is_not_shown_to_an_officer(tmp_path: Path) -> None:
    with running(tmp_path / "disk") as house:
        become_full(house.province)
        for path in (house.declaration, f"{house.declaration}/anh/front.jpg"):
            answer = house.officer.get(path)
            refused_with_words(path, answer)
            assert "Nguyễn Văn Mẫu" not in answer.text


@on_a_small_disk
def test_with_room_everything_goes_on_without_a_restart(tmp_path: Path, report: Callable[[str], None]) -> None:
    with running(tmp_path / "disk") as house:
        province = house.province
        assert readiness(province)[0] == 200
        filler = become_full(province)
        for act in house.acts().values():
            refused_with_words("while full", act({}))
        status, checks = readiness(province)
        assert (status, checks["disk"], checks["database"], checks["migrations"]) == (503, "failed", "failed", "ok")
        filler.unlink()
        freed = time.monotonic()
        for name, act in house.acts().items():
            assert act({}).status in (204, 303), name
        seconds = time.monotonic() - freed
        assert seconds < RECOVERED_WITHIN_SECONDS
        report(
            f"disk full: {len(house.acts())} kinds of writes refused, all accepted {seconds:.1f} s after there was room"
        )
        assert readiness(province)[0] == 200
        assert_delivered(province, "+84" + house.sender.who.phone[1:])
        with unit(province.engine) as db:
            assert inspection.faults(db, province.app.extensions["files"]) == []


@on_a_small_disk
def test_nobody_loses_what_was_acknowledged_while_the_disk_filled_up(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    """Here the log still has room when the disk has none: some writes get through, and those count."""
    with running(tmp_path / "disk") as house:
        province = house.province
        crowd = Crowd(province.url, at_once=3, first=100)
        crowd.power.set()
        crowd.open()
        time.sleep(CROWD_SECONDS)
        filler = fill(tmp_path / "disk")
        time.sleep(CROWD_SECONDS)
        filler.unlink()
        time.sleep(CROWD_SECONDS)
        crowd.close()
        assert crowd.problems == []
        assert crowd.turned_away, "nobody met the full disk: the test proves nothing"
        with unit(province.engine) as db:
            assert inspection.forgotten(db, province.app.extensions["keyring"], crowd.visitors) == []
            assert inspection.faults(db, province.app.extensions["files"]) == []
        report(f"  {crowd.sent} people registered meanwhile, turned away {crowd.turned_away} times, none lost a step")


def assert_delivered(province: Province, phone: str) -> None:
    """The sender has recovered as well: the message about the new declaration has left."""
    outbox = Path(province.values["DATA_DIR"]) / "outbox"
    deadline = time.monotonic() + RECOVERED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if any(json.loads(path.read_text())["to"] == phone for path in outbox.glob("*.json")):
            return
        time.sleep(0.2)
    raise AssertionError("the sender did not recover")


@on_a_small_disk
def test_an_import_on_a_full_disk_says_so_and_takes_nothing_over(tmp_path: Path) -> None:
    with running(tmp_path / "disk") as house:
        province = house.province
        table = importing.write_participants(tmp_path / "participants.csv", 0)
        filler = become_full(province)
        before = rows(province)
        import_is_refused(province, table)
        assert rows(province) == before
        filler.unlink()
        assert run_import(province, table).returncode == 0
        assert rows(province)["persons"] == before["persons"] + importing.ROWS


@on_a_small_disk
def test_an_import_that_fills_the_disk_takes_nothing_over_and_lets_go(tmp_path: Path) -> None:
    with running(tmp_path / "disk") as house:
        province = house.province
        table = importing.write_participants(tmp_path / "participants.csv", 0)
        filler = become_full(province)
        # Room for some of its rows, not for all.
        with filler.open("r+b") as file:
            file.truncate(filler.stat().st_size - 3 * 1024**2)
        before = rows(province)["persons"]
        import_is_refused(province, table)
        assert rows(province)["persons"] == before
        filler.unlink()
        assert run_import(province, table).returncode == 0
        with unit(province.engine) as db:
            assert inspection.faults(db, province.app.extensions["files"]) == []


def import_is_refused(province: Province, table: Path) -> None:
    refused = run_import(province, table)
    assert refused.returncode == 1, refused.stderr
    assert "Traceback" not in refused.stderr
    assert "đĩa" in refused.stderr


def run_import(province: Province, table: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        importing.command(table),
        cwd=serving.ROOT, env={**os.environ, **province.values}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
