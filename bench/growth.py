"""What the same pages cost with a thousand people and with a million, and what loading a million takes.

Beside the people, everything that grows with them is grown: accounts, ended sessions, decided declarations, audit rows
and sent messages for two of five, and a queue of two pages or of one in two hundred. Both houses hold as many facilities
as a country has. The two servers run side by side and are asked in turns, by the same people of each house.
"""

import gzip
import html
import random
import re
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from bench import ground as places
from bench.client import Answer, fetch
from bench.ground import SERVE, Ground, cookies_of, empty_ground, serving
from bench.report import Row, Series, at_most, at_most_times, number
from vssid import directory
from vssid.accounts import sessions
from vssid.accounts.models import Account
from vssid.card.models import Card
from vssid.directory.models import Facility
from vssid.kernel.db import reading, unit
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.registration.models import Declaration
from vssid.registration.queries import QUEUE_PAGE
from vssid.web.db import db as request_db

PART = "growth"
FEW, SOME, MANY, MANY_QUICK = 1_000, 20_000, 1_000_000, 100_000
MOST_TIMES = 1.3
MOST_LOAD_SECONDS = 600.0
FACILITIES = 12_000
SOMEBODY = 40  # of each house, who ask in turns
TURNS, ASKED_A_TURN = 3, 300
TABLES = ("persons", "accounts", "declarations", "audit_entries", "outbox", "sessions")
FACILITY_WORDS = ("mau 177", "tram y te xa 12", "benh vien", "khong co dau")
WARDS = ("my thoi", "phuong binh", "an", "long xuyen an giang", "p. my hoa")
# What one real row stands for, told by its number; UUIDs are 32 hexadecimal digits in SQLite, whose CROSS JOIN keeps
# the order of the tables.
_ID = "lower(hex(randomblob(16)))"
_COPIES = f"""
CREATE TEMP TABLE grown AS
  SELECT persons.id AS person_id, row_number() OVER (ORDER BY persons.id) AS n, {_ID} AS account_id, {_ID} AS declaration_id
  FROM persons LEFT JOIN accounts ON accounts.person_id = persons.id WHERE accounts.id IS NULL LIMIT :accounts;
CREATE TEMP TABLE approved AS SELECT * FROM declarations WHERE status = 'approved' LIMIT 1;
CREATE TEMP TABLE waiting AS SELECT * FROM declarations WHERE status = 'waiting' AND agency_code = '08901' LIMIT 1;
INSERT INTO accounts (id, person_id, status, phone, phone_proven_at, language, terms_version, created_at)
  SELECT account_id, person_id, 'active', '+8400' || printf('%08d', n), :at, 'vi', terms, :at
  FROM grown, (SELECT max(terms_version) AS terms FROM accounts);
INSERT INTO login_names (value, account_id)
  SELECT person_identifiers.value, account_id FROM grown CROSS JOIN person_identifiers USING (person_id)
  WHERE kind IN ('ma_so_bhxh', 'cccd');
INSERT INTO sessions (id, token_digest, subject_kind, subject_id, created_at, last_seen_at, expires_at, ended_at)
  SELECT {_ID}, randomblob(32), 'citizen', account_id, :at, :at, :at, :at FROM grown;
INSERT INTO declarations (:columns) SELECT :values FROM grown, approved AS one;
INSERT INTO declarations (:columns) SELECT :waiting FROM grown, waiting AS one WHERE n <= :queue;
INSERT INTO audit_entries (at, tag, actor_kind, subject_kind, subject_id, detail)
  SELECT :at, 'declaration.sent', 'visitor', 'declaration', declaration_id, '{{}}' FROM grown;
INSERT INTO outbox (id, channel, kind, about_kind, about_id, state, attempts, created_at, due_at, sent_at)
  SELECT {_ID}, 'sms', 'declaration.received', 'declaration', declaration_id, 'sent', 1, :at, :at, :at FROM grown;
DROP TABLE grown;
DROP TABLE approved;
DROP TABLE waiting;
"""


@dataclass(frozen=True)
class Question:
    """Something to be asked, in as many ways as there are people or words to ask it."""

    what: str
    ways: list[Callable[[], object]]


@dataclass
class House:
    """A ground with people on it, the questions, and what each answer took, in milliseconds by question and turn."""

    ground: Ground
    questions: list[Question] = field(default_factory=list)
    taken: dict[str, list[list[float]]] = field(default_factory=dict)


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    many = MANY_QUICK if quick else MANY
    with ExitStack() as kept:
        small, large = (House(kept.enter_context(empty_ground())) for _house in range(2))
        say(f"growth: loading {FEW:,} people, and {SOME:,} to see what memory a load takes")
        loaded(small.ground, FEW)
        with empty_ground() as passing:
            _seconds, memory_of_some = loaded(passing, SOME)
        say(f"growth: loading {many:,} people")
        seconds, memory = loaded(large.ground, many)
        for house, people in ((small, FEW), (large, many)):
            say(f"growth: everything else that {people:,} people leave behind")
            furnish(house, people)
        ask_in_turns(small, large, 1 if quick else TURNS, say)
        size = sum(path.stat().st_size for path in large.ground.data_dir.glob("vssid.sqlite*")) / 1024**2
        rows = [
            at_most(PART, f"`flask demo load --people {many}`", seconds, MOST_LOAD_SECONDS, "s"),
            _memory(memory, memory_of_some),
            Row(PART, "… the database with all that they leave behind", f"{number(size)} MiB"),
        ]
        return rows + [row for one in small.questions for row in compared(one.what, small, large, many)]


# --- filling ----------------------------------------------------------------------------------------------------------


def loaded(ground: Ground, people: int) -> tuple[float, float]:
    """Load the specimen province; the seconds that took, and the most memory of the process in MiB."""
    ground.flask("db", "upgrade")
    memory, seconds = ground.watched("demo", "load", "--people", str(people))
    return seconds, memory


def _memory(memory: float, memory_of_some: float) -> Row:
    beside = f"{SOME:,} people: {number(memory_of_some)} MiB"
    return at_most_times(
        PART, "… the most memory that it took", f"{number(memory)} MiB", beside, memory / memory_of_some, MOST_TIMES
    )


def furnish(house: House, people: int) -> None:
    """Grow what grows with people, and let some of them in."""
    app = house.ground.app()
    with app.app_context():
        engine = request_db.engine
    with unit(engine) as db:
        _add_facilities(db)
    _grow(engine, accounts=people * 2 // 5, queue=max(QUEUE_PAGE, people // 200))
    chance = random.Random(people)
    citizens = [_citizen(app, engine, id) for id in _some(engine, Account.id, chance)]
    visitors = [_visitor(app, id) for id in _some(engine, Declaration.id, chance)]
    supervisor, reviewer = (cookies_of(places.officer(app, code)) for code in ("GS01", "CB01"))
    queue, wards = "/can-bo/to-khai", [f"/dia-ban/phuong-xa?q={text.replace(' ', '+')}" for text in WARDS]
    second = _next_page(house.ground, queue, reviewer)

    def asked(paths: list[str], cookies: list[str]) -> list[Callable[[], object]]:
        return [partial(_ask, house.ground.port, path, cookie) for path, cookie in product(paths, cookies)]

    house.questions = [
        Question("card page `/ca-nhan/the-bhyt`", asked(["/ca-nhan/the-bhyt"], citizens)),
        Question("profile `/ca-nhan`", asked(["/ca-nhan"], citizens)),
        Question("queue `/can-bo/to-khai`, first page", asked([queue], [reviewer])),
        Question("queue, second page", asked([second], [reviewer])),
        Question("queue of a supervisor of all agencies", asked([queue], [supervisor])),
        Question("`/to-khai/xem`", asked(["/to-khai/xem"], visitors)),
        Question("ward search", asked(wards, [""])),
        Question("facility search (the query)", [partial(_search_facilities, engine, text) for text in FACILITY_WORDS]),
    ]


def _add_facilities(db: Session) -> None:
    names = [(f"{code:05}", f"Trạm Y tế xã Mẫu {code} (mẫu)") for code in range(10_000, 10_000 + FACILITIES)]
    db.execute(insert(table_of(Facility)), [
        {"code": code, "name": name, "address": "", "phone": "", "province_code": "91", "care_level": "",
         "bhyt_contract": True, "issues_sick_leave": False, "folded": fold(name)}
        for code, name in names
    ])  # fmt: skip


def _grow(engine: Engine, *, accounts: int, queue: int) -> None:
    """Copy a declaration for each of `accounts` more people and let `queue` more wait."""
    columns = [column.name for column in table_of(Declaration).columns]
    copied = {"id": "declaration_id", "code": "'G' || printf('%07d', n)", "ma_so_bhxh": "printf('%010d', n)",
              "phone": "'+8400' || printf('%08d', n)", "id_number": "printf('%012d', n)", "person_id": "grown.person_id"}  # fmt: skip
    waits = {**copied, "id": _ID, "code": "'Q' || printf('%07d', n)", "person_id": "NULL"}
    script = (
        _COPIES.replace(":columns", ", ".join(columns))
        .replace(":values", ", ".join(copied.get(name, f"one.{name}") for name in columns))
        .replace(":waiting", ", ".join(waits.get(name, f"one.{name}") for name in columns))
    )
    values = {"accounts": accounts, "queue": queue, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"}
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for statement in script.split(";\n"):
            if statement.strip():
                named = {name: value for name, value in values.items() if f":{name}" in statement}
                driver.execute(statement, named)
        connection.connection.commit()


def _some(engine: Engine, column: Any, chance: random.Random) -> list[UUID]:
    """Ids of some rows, spread over the whole table."""
    found: list[UUID] = []
    with reading(engine) as db:
        while len(found) < SOMEBODY:
            after = UUID(int=chance.getrandbits(128))
            query = select(column).where(column >= after).order_by(column).limit(1)
            if column is Account.id:
                query = query.join(Card, Card.person_id == Account.person_id).where(Account.status == "active")
            found += db.scalars(query)
    return found


def _citizen(app: Flask, engine: Engine, account_id: UUID) -> str:
    with unit(engine) as db:
        secret = sessions.open_session(db, "citizen", account_id, None, datetime.now(UTC), timedelta(hours=8))
    return _with_session(app.test_client(), "c", secret)


def _visitor(app: Flask, declaration_id: UUID) -> str:
    return _with_session(app.test_client(), "declaration", str(declaration_id))


def _with_session(client: FlaskClient, name: str, value: str) -> str:
    with client.session_transaction() as session:
        session[name] = value
    return cookies_of(client)


def _next_page(ground: Ground, path: str, cookies: str) -> str:
    """The address of the queue's second page."""
    with serving([*SERVE, "--no-worker"], ground):
        text = html.unescape(_text(_ask(ground.port, path, cookies)))
    found = re.search(r'href="([^"]*[?&]sau=[^"]+)"', text)
    if found is None:
        raise RuntimeError("the queue has one page only")
    return found[1]


def _ask(port: int, path: str, cookies: str) -> Answer:
    answer = fetch(port, path, cookies)
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer


def _search_facilities(engine: Engine, text: str) -> None:
    """No page asks this yet."""
    with reading(engine) as db:
        directory.search_facilities(db, text)


def _text(answer: Answer) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.body) if packed else answer.body).decode()


# --- asking -----------------------------------------------------------------------------------------------------------


def ask_in_turns(small: House, large: House, turns: int, say: Callable[[str], None]) -> None:
    """Ask both houses for each page, one after the other, so that the machine's moods meet both alike."""
    with ExitStack() as kept:
        for house in (small, large):
            kept.enter_context(serving([*SERVE, "--no-worker"], house.ground))
        for turn in range(-1, turns):  # the first turn warms caches and does not count
            say(f"growth: asking, turn {turn + 1} of {turns}")
            for few, many in zip(small.questions, large.questions, strict=True):
                found = _asked(few, many)
                if turn >= 0:
                    for house, taken in zip((small, large), found, strict=True):
                        house.taken.setdefault(few.what, []).append(taken)


def _asked(*both: Question) -> list[list[float]]:
    taken: list[list[float]] = [[] for _house in both]
    for turn in range(ASKED_A_TURN):
        for question, times in zip(both, taken, strict=True):
            way = question.ways[turn % len(question.ways)]
            started = time.perf_counter()
            way()
            times.append((time.perf_counter() - started) * 1000)
    return taken


def compared(what: str, small: House, large: House, many: int) -> list[Row]:
    """Median and 99th percentile of one page in the large house beside the small one; medians of the turns."""
    rows = []
    for name, at in (("median", 49), ("99th percentile", 98)):
        few, much = (
            Series([statistics.quantiles(taken, n=100)[at] for taken in house.taken[what]]) for house in (small, large)
        )
        rows.append(at_most_times(
            PART, f"{what}, {many:,} people: {name}" if at == 49 else f"… {name}", f"{much.median:.2f} ms",
            f"{FEW:,} people: {few.median:.2f} ms", much.median / few.median, MOST_TIMES, noisy=few.noisy or much.noisy,
        ))  # fmt: skip
    return rows
