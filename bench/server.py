"""What the card page costs the server: statements, and answers a second beside a bare Flask on the same gunicorn."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench import ground as places
from bench.client import CONNECTIONS, PROCESSES, load
from bench.ground import SERVE, Ground, Running, gunicorn, serving, specimen_ground
from bench.report import Row, Series, at_least_share, at_most, number
from vssid.web.db import db as request_db

PART = "server"
CARD = "/ca-nhan/the-bhyt"
MOST_STATEMENTS = 6
LEAST_SHARE = 0.15
WARM_SECONDS = 1.5
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
_REVIEW = re.compile(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"')


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        app = ground.app()
        say("server: statements")
        citizen, officer = places.citizen(app), places.officer(app)
        rows = statements(app, citizen, officer)
        with app.app_context():
            request_db.engine.dispose()
        return rows + throughput(ground, places.cookies_of(citizen), quick, say)


# --- statements -------------------------------------------------------------------------------------------------------


def statements(app: Flask, citizen: FlaskClient, officer: FlaskClient) -> list[Row]:
    """How many statements a page takes that was shown before."""
    review = _REVIEW.search(officer.get("/can-bo/to-khai").get_data(as_text=True))
    pages = [
        (app.test_client(), "/", "`/` signed out"), (citizen, "/", "`/` signed in"), (citizen, "/ca-nhan", ""),
        (citizen, "/ca-nhan/the-bhyt/su-dung", ""), (officer, "/can-bo/to-khai", ""),
        *([(officer, review[1], "`/can-bo/to-khai/<id>` (review)")] if review else []),
    ]  # fmt: skip
    card = at_most(PART, f"`{CARD}`: SQL statements", count(app, citizen, CARD), MOST_STATEMENTS, "statements")
    others = [
        Row(PART, f"{name or f'`{path}`'}: SQL statements", f"{count(app, client, path)} statements")
        for client, path, name in pages
    ]
    return [card, *others]


def count(app: Flask, client: FlaskClient, path: str) -> int:
    """The statements of a second visit, without those that begin and end transactions."""
    client.get(path)
    with app.app_context():
        engine = request_db.engine
    with counting(engine) as seen:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(seen)


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the cursor until the block ends."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


# --- throughput -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """A stretch of load after a warm-up; all but `failed` in answers a second or milliseconds a request."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    failed: int

    @classmethod
    def of(cls, running: Running, port: int, path: str, seconds: float, cookies: str) -> "Stretch":
        load(port, path, WARM_SECONDS, cookies)
        before = running.cpu_seconds()
        found = load(port, path, seconds, cookies)
        cpu = (running.cpu_seconds() - before) / found.answers * 1000
        return cls(found.per_second, found.p50, found.p99, cpu, found.failed)


def throughput(
    ground: Ground, cookies: str, quick: bool, say: Callable[[str], None], *, part: str = PART, path: str = CARD,
    least: float = LEAST_SHARE,
) -> list[Row]:  # fmt: skip
    """`path` beside a bare Flask: one server at a time, in turns, so that a slow minute of the machine hits both."""
    turns, seconds = (1, 2.0) if quick else (3, 6.0)
    ours: list[Stretch] = []
    theirs: list[Stretch] = []
    for turn in range(turns):
        say(f"{part}: load, turn {turn + 1} of {turns}")
        with serving([*SERVE, "--no-worker"], ground) as running:
            ours.append(Stretch.of(running, ground.port, path, seconds, cookies))
        with serving(gunicorn(ground.port, "bench.hello:app"), ground, "/") as running:
            theirs.append(Stretch.of(running, ground.port, "/", seconds, ""))
    our_rate, their_rate = (Series([one.per_second for one in runs]) for runs in (ours, theirs))
    share = our_rate.median / their_rate.median
    what = f"`{path}` under load ({CONNECTIONS} connections from {PROCESSES} processes)"
    failed = sum(one.failed for one in ours)
    return [
        at_least_share(
            part, f"{what}: answers a second", number(our_rate.median), f"bare Flask: {number(their_rate.median)}",
            share, least, noisy=our_rate.noisy or their_rate.noisy,
        ),
        *(
            _beside(part, name, Series([getattr(one, key) for one in ours]), Series([getattr(one, key) for one in theirs]))
            for name, key in (
                ("… latency, median", "p50"),
                ("… latency, 99th percentile", "p99"),
                ("… processor time a request", "cpu"),
            )
        ),
        Row(part, "… answers other than 200", number(failed), "", "", "none", not failed),
    ]  # fmt: skip


def _beside(part: str, what: str, ours: Series, theirs: Series) -> Row:
    ratio = f"{ours.median / theirs.median:.1f} ×"
    noisy = ours.noisy or theirs.noisy
    return Row(part, what, f"{ours.median:.2f} ms", f"{theirs.median:.2f} ms", ratio, noisy=noisy)
