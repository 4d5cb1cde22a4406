"""What each step of an adult's registration costs the server where a million people are registered, and where few are.

Both houses are asked in turns by the same visitors, whose numbers lie all over the large register. In this process,
without network; the captcha is off, because answering it is the visitor's work.
"""

import io
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.ground import newcomer_who_agreed, specimen_ground
from bench.report import Row, Series, at_most_times
from vssid import settings as environment
from vssid.demo import pictures
from vssid.factory import create_app
from vssid.web.db import db as request_db

PART = "wizard"
SPECIMENS, MANY, MANY_QUICK = 500, 1_000_000, 50_000
TURNS, TURNS_QUICK, WARM_TURNS = 60, 15, 3
MOST_TIMES = 1.3
NAME, WARD, AGENCY = "Nguyễn Thị Mẫu An", "30307", "08901"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# Eight hundred names, as a register has them, each of them some thousand times; numbers by the rules of CCCD.
_PEOPLE = """
CREATE TEMP TABLE many AS
  WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :people)
  SELECT n, lower(hex(randomblob(16))) AS id FROM counted;
CREATE TEMP TABLE named AS
  WITH family(a, name, folded) AS (VALUES (0, 'Nguyễn', 'nguyen'), (1, 'Trần', 'tran'), (2, 'Lê', 'le'), (3, 'Phạm', 'pham'),
      (4, 'Huỳnh', 'huynh'), (5, 'Phan', 'phan'), (6, 'Võ', 'vo'), (7, 'Đặng', 'dang')),
    middle(b, name, folded) AS (VALUES (0, 'Thị Mẫu', 'thi mau'), (1, 'Văn Mẫu', 'van mau'), (2, 'Ngọc Mẫu', 'ngoc mau'),
      (3, 'Minh Mẫu', 'minh mau'), (4, 'Thanh Mẫu', 'thanh mau')),
    given(c, name, folded) AS (VALUES (0, 'An', 'an'), (1, 'Bình', 'binh'), (2, 'Châu', 'chau'), (3, 'Dung', 'dung'),
      (4, 'Giang', 'giang'), (5, 'Hà', 'ha'), (6, 'Hòa', 'hoa'), (7, 'Khoa', 'khoa'), (8, 'Lan', 'lan'), (9, 'Mai', 'mai'),
      (10, 'Nam', 'nam'), (11, 'Oanh', 'oanh'), (12, 'Phúc', 'phuc'), (13, 'Quý', 'quy'), (14, 'Sơn', 'son'),
      (15, 'Tâm', 'tam'), (16, 'Uyên', 'uyen'), (17, 'Vinh', 'vinh'), (18, 'Xuân', 'xuan'), (19, 'Yến', 'yen'))
  SELECT a * 100 + b * 20 + c AS number, family.name || ' ' || middle.name || ' ' || given.name AS name,
    family.folded || ' ' || middle.folded || ' ' || given.folded AS folded FROM family, middle, given;
INSERT INTO persons (id, full_name, name_folded, birth_date, sex, phone, email, address, unit_system, province_code,
    ward_code, household_code, household_relation, nationality, created_at, updated_at)
  SELECT many.id, name, folded, printf('1985-%02d-%02d', 1 + n % 12, 1 + n % 28), 'F', '', '', 'Tổ 1', '2025', '91', '30307',
    '', '', 'VN', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'
  FROM many JOIN named ON named.number = n % 800;
INSERT INTO person_identifiers (id, person_id, kind, value)
  SELECT lower(hex(randomblob(16))), id, 'ma_so_bhxh', printf('01%08d', n) FROM many;
INSERT INTO person_identifiers (id, person_id, kind, value)
  SELECT lower(hex(randomblob(16))), id, 'cccd', printf('001185%06d', n) FROM many;
DROP TABLE many;
DROP TABLE named;
"""


@dataclass
class House:
    """An application on its ground, and what each step took there, in milliseconds."""

    app: Flask
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    many, turns = (MANY_QUICK, TURNS_QUICK) if quick else (MANY, TURNS)
    with ExitStack() as kept:
        few, much = (House(_app(kept.enter_context(specimen_ground(SPECIMENS)))) for _house in range(2))
        say(f"wizard: registering {many:,} people")
        register(much.app, many)
        say(f"wizard: {turns} visitors in each house")
        for turn in range(-WARM_TURNS, turns):
            # Each goes first in turn: whoever comes second finds the processor's caches as the other left them.
            for house in (few, much) if turn % 2 else (much, few):
                for step, milliseconds in steps(house.app, turn + WARM_TURNS, many):
                    if turn >= 0:
                        house.taken[step].append(milliseconds)
        for house in (few, much):
            workshop = house.app.extensions["workshop"]
            workshop._discard(workshop._open())  # its child is not to outlive the measurement
        return [row for step in much.taken for row in compared(step, few, much, many)]


def _app(ground: Any) -> Flask:
    return create_app(environment.load({**ground.values("error"), "CAPTCHA": "off"}))


def register(app: Flask, people: int) -> None:
    """Persons with mã số BHXH and CCCD, by a handful of statements."""
    with app.app_context(), request_db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        for statement in _PEOPLE.split(";\n"):
            if statement.strip():
                driver.execute(statement, {"people": people} if ":people" in statement else {})
        driver.execute("COMMIT")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def steps(app: Flask, turn: int, people: int) -> Iterator[tuple[str, float]]:
    """One visitor's way through the four steps; each answer with its milliseconds."""
    # Networks have limits of their own: each visitor comes from another.
    client = newcomer_who_agreed(app)
    client.environ_base["REMOTE_ADDR"] = f"10.{turn // 250}.{turn % 250}.1"
    number = turn * 7_919 % people
    start, photo = "/dang-ky/ca-nhan", pictures.front(pictures.Bearer(NAME, "001185000001", "04/09/1985", "Nữ")).jpeg
    info = {
        "ma_so_bhxh": f"01{number:08}", "full_name": NAME, "id_number": f"001185{number:06}", "ward_code": WARD,
        "address_line": "Số 1, tổ 2", "phone": f"09{turn:08}", "email": "", "portal": "cong",
    }  # fmt: skip
    yield from _step(client, f"{start}/thong-tin", info)
    yield _asked(client, f"{start}/anh")[:2]
    for side in ("portrait", "front", "back"):
        data = {"photo": (io.BytesIO(photo), "a.jpg")}
        name, milliseconds, _answer = _asked(client, f"{start}/anh/{side}", data, page=f"{start}/anh")
        if side == "front":  # the first one starts the workshop's child
            yield name.replace("/front", "/<one photo>"), milliseconds
    yield _asked(client, f"{start}/anh", {}, page=f"{start}/anh")[:2]
    yield from _step(client, f"{start}/co-quan", {"agency_code": AGENCY, "hand_in": "tai_noi"})
    yield from _step(client, f"{start}/xem-lai", {})


def _step(client: FlaskClient, path: str, form: dict[str, Any]) -> Iterator[tuple[str, float]]:
    yield _asked(client, path)[:2]
    yield _asked(client, path, form, page=path)[:2]


def _asked(
    client: FlaskClient, path: str, form: dict[str, Any] | None = None, page: str = ""
) -> tuple[str, float, TestResponse]:
    """What was asked, the milliseconds until all of its answer was there, and the answer. The token's page is not timed."""
    data, method, expected = {}, "GET", 200
    if form is not None:
        token = _TOKEN.search(client.get(page).get_data(as_text=True))
        data = {"csrf_token": token[1] if token else "", **form}
        method, expected = "POST", 303
    kind = "multipart/form-data" if "photo" in data else None
    started = time.perf_counter()
    answer = client.open(path, method=method, data=data, content_type=kind, buffered=True)
    milliseconds = (time.perf_counter() - started) * 1000
    if answer.status_code != expected:
        raise RuntimeError(f"{method} {path} answered {answer.status_code}")
    return f"{method} `{path}`", milliseconds, answer


def compared(step: str, few: House, much: House, people: int) -> list[Row]:
    """Median with its bound and 95th percentile of one step."""
    ours, beside = (Series(house.taken[step]) for house in (much, few))
    ninety = [statistics.quantiles(one.values, n=20)[18] for one in (ours, beside)]
    return [
        at_most_times(
            PART, f"{step}, {people:,} people: median", f"{ours.median:.1f} ms", f"{SPECIMENS} people: {beside.median:.1f} ms",
            ours.median / beside.median, MOST_TIMES, noisy=ours.noisy or beside.noisy,
        ),
        Row(PART, "… 95th percentile", f"{ninety[0]:.1f} ms", f"{SPECIMENS} people: {ninety[1]:.1f} ms"),
    ]  # fmt: skip
