"""What the lists cost the database: 12,000 facilities, a million employers, two million people in the register beside them.

Every statement of a search is noted and then asked again on the driver itself, rows fetched: the time of the database, no
template and no Python around it. Beside it one row by the primary key of the same table, asked in the same way in turns.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import event, insert

from bench.ground import specimen_ground
from bench.report import Row, at_most, at_most_times, number
from bench.wizard import register
from vssid.directory import listings
from vssid.directory.listings import Asked, Kind
from vssid.directory.models import Employer, Facility
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.text import without_marks
from vssid.web.db import db as request_db

PART = "lookups"
EMPLOYERS, FACILITIES, PEOPLE, QUICK = 1_000_000, 12_000, 2_000_000, 20
TURNS, QUICK_TURNS = 300, 60
MOST_TIMES, MOST_MILLISECONDS = 3.0, 300.0
AT_ONCE = 20_000
BARE = "SELECT code, name, address FROM employers WHERE code = ?"
_HEADS = (
    "Công ty TNHH",
    "Công ty TNHH MTV",
    "Công ty Cổ phần",
    "Công ty CP Xây dựng",
    "DNTN",
    "HTX",
    "Trường Tiểu học",
)
_GIVEN = [
    "An",
    "Bình",
    "Châu",
    "Đức",
    "Gia",
    "Hưng",
    "Khánh",
    "Linh",
    "Minh",
    "Nam",
    "Phát",
    "Phú",
    "Quang",
    "Sơn",
    "Tâm",
    "Thành",
    "Thịnh",
    "Tiến",
    "Trí",
    "Vinh",
    "Bảo",
    "Cường",
    "Dũng",
    "Đạt",
    "Hà",
    "Hải",
    "Hiếu",
    "Hoàng",
    "Huy",
    "Kiên",
    "Lâm",
    "Long",
    "Lộc",
    "Mai",
    "Ngọc",
    "Nguyên",
    "Nhật",
    "Phong",
    "Phúc",
    "Phương",
    "Quân",
    "Quốc",
    "Tài",
    "Tân",
    "Thái",
    "Thắng",
    "Thiên",
    "Thuận",
    "Toàn",
    "Trung",
    "Tuấn",
    "Uyên",
    "Việt",
    "Xuân",
    "Yến",
    "Sài",
    "Gòn",
    "Mê",
    "Kông",
    "Đông",
    "Tây",
    "Bắc",
    "Hồng",
    "Lam",
    "Trường",
]
_WARDS = (
    "Phường Long Xuyên, Tỉnh An Giang", "Phường Châu Đốc, Tỉnh An Giang", "Phường Bến Thành, Thành phố Hồ Chí Minh",
    "Phường Hoàn Kiếm, Thành phố Hà Nội", "Xã Phú Hoà, Tỉnh An Giang", "Phường Ninh Kiều, Thành phố Cần Thơ",
)  # fmt: skip
Call = tuple[str, Any]


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    share, turns = (QUICK, QUICK_TURNS) if quick else (1, TURNS)
    employers, people = EMPLOYERS // share, PEOPLE // share
    with specimen_ground() as ground:
        app = ground.app()
        say(f"lookups: {people:,} people, {employers:,} employers, {FACILITIES:,} facilities")
        register(app, people)
        names = _fill(app, employers)
        say("lookups: making the lists")
        with app.app_context():
            started = time.perf_counter()
            listings.bring_up_all(request_db.engine)
            made = time.perf_counter() - started
            say("lookups: asking")
            chance = random.Random(3)
            some = [names[chance.randrange(len(names))] for _turn in range(turns)]
            exact = _compared([code for code, _name in some])
            begun = _compared([" ".join(name.split()[:-1]) for _code, name in some])
            free = [_database_time(Kind.EMPLOYERS, text) for text in _typed(some, chance)]
            care = [_database_time(Kind.TREATING, text) for text in _typed(some, chance)]
            request_db.engine.dispose()
    return [
        _row(f"an employer's code, median of {turns}", *exact),
        _row(f"the beginning of an employer's name, median of {turns}", *begun),
        at_most(
            PART,
            f"an employer by words and with slips, 95th percentile of {turns}",
            _p95(free),
            MOST_MILLISECONDS,
            "ms",
        ),
        at_most(PART, f"a facility likewise, 95th percentile of {turns}", _p95(care), MOST_MILLISECONDS, "ms"),
        Row(
            PART,
            f"the lists of {number(employers)} employers and {number(FACILITIES)} facilities made",
            f"{made:.0f} s",
        ),
    ]


def _fill(app: Flask, employers: int) -> list[tuple[str, str]]:
    """Employers and facilities; returns (code, name) of the former."""
    chance = random.Random(1)
    named = [
        (f"TA{n:07}Z", f"{chance.choice(_HEADS)} {' '.join(chance.choices(_GIVEN, k=chance.choice((2, 3, 3, 4))))}")
        for n in range(employers)
    ]
    with app.app_context(), unit(request_db.engine) as db:
        for start in range(0, employers, AT_ONCE):
            rows = [
                {"code": code, "name": name, "address": f"Số {1 + n % 900} đường {_GIVEN[n % 60]}, {_WARDS[n % 6]}"}
                for n, (code, name) in enumerate(named[start : start + AT_ONCE])
            ]
            db.execute(insert(Employer), rows)
        houses = [
            {"code": f"{n // 1000:02}{n % 1000:03}", "name": f"Trạm Y tế {' '.join(chance.choices(_GIVEN, k=2))}", "address": _WARDS[n % 6], "folded": ""}
            for n in range(FACILITIES)
        ]  # fmt: skip
        db.execute(insert(Facility).prefix_with("OR IGNORE", dialect="sqlite"), houses)
        listings.touch(db, Kind.EMPLOYERS, Kind.TREATING, Kind.CERTIFYING, at=now())
    return named


def _typed(some: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[str]:
    """As people type: without marks, words left out or turned round, a letter wrong, a place behind it."""
    for nth, (_code, name) in enumerate(some):
        words = without_marks(name).lower().split()
        kind = nth % 5
        if kind == 0:
            yield " ".join(words[-2:])
        elif kind == 1:
            yield " ".join(reversed(words[-3:]))
        elif kind == 2:
            word = max(words, key=len)
            at = chance.randrange(1, len(word))
            yield " ".join([*words, "long xuyen"]).replace(word, word[:at] + word[at + 1 :], 1)
        elif kind == 3:
            yield f"{words[-1]} an giang"
        else:
            yield words[0]


def _compared(texts: Sequence[str]) -> tuple[float, float]:
    """Medians in milliseconds: of these questions to the employers, and of a row by its key in turns."""
    ours, bare = [], []
    with reading(request_db.engine) as db:
        driver: Any = db.connection().connection.driver_connection
        for nth, text in enumerate(texts):
            ours.append(_database_time(Kind.EMPLOYERS, text))
            bare.append(_asked_again(driver, [(BARE, (f"TA{nth:07}Z",))]))
    return statistics.median(ours), statistics.median(bare)


def _database_time(kind: Kind, text: str) -> float:
    """Milliseconds that the statements of one search take on the driver."""
    calls: list[Call] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        calls.append((statement, parameters))

    with reading(request_db.engine) as db:
        driver: Any = db.connection().connection.driver_connection
        event.listen(request_db.engine, "before_cursor_execute", note)
        listings.find(db, Asked(kind, text), today())
        event.remove(request_db.engine, "before_cursor_execute", note)
        return _asked_again(driver, calls)


def _asked_again(driver: Any, calls: Sequence[Call]) -> float:
    """The best of three, for the first one after another question pays for that."""
    taken = []
    for _turn in range(3):
        started = time.perf_counter()
        for statement, parameters in calls:
            driver.execute(statement, parameters).fetchall()
        taken.append(time.perf_counter() - started)
    return min(taken) * 1000


def _row(what: str, ours: float, bare: float) -> Row:
    return at_most_times(PART, what, f"{ours:.3f} ms", f"a row by its key: {bare:.3f} ms", ours / bare, MOST_TIMES)


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
