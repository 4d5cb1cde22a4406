"""`flask work`: jobs run in one process, each on its own; the process ends when it should."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.databases import environ_of
from vssid import notifications, work
from vssid.kernel import audit
from vssid.kernel.db import reading, unit
from vssid.kernel.limits import LimitCounter
from vssid.notifications.models import OutboxMessage
from vssid.settings import PROJECT_ROOT

AT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


class Tag(StrEnum):
    SEEN = "test:seen"


@pytest.fixture(autouse=True)
def no_jobs(app: Flask) -> Iterator[None]:
    kept = app.extensions.pop("periodic", None)
    yield
    app.extensions.pop("periodic", None)
    if kept is not None:
        app.extensions["periodic"] = kept


def write(app: Flask, engine: Engine) -> None:
    with unit(engine) as db:
        notifications.send(
            db,
            app.extensions["keyring"],
            channel="sms",
            to="+84900000123",
            text="Chào",
            kind="greeting",
            about=("person", uuid4()),
            at=AT,
        )


def sent(engine: Engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).where(OutboxMessage.state == "sent")) or 0


def sealed(engine: Engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(audit.AuditSeal)) or 0


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_once_sends_what_waits_seals_the_audit_and_runs_every_job(app: Flask, engine: Engine) -> None:
    seen: list[datetime] = []
    work.register_periodic(app, "look", timedelta(hours=1), lambda _db, at: seen.append(at))
    for _ in range(25):
        write(app, engine)
    with unit(engine) as db:
        audit.record(db, Tag.SEEN, audit.SYSTEM, ("person", uuid4()), AT)
    work.Worker(app).once()
    assert (sent(engine), sealed(engine), len(seen)) == (25, 1, 1)


def test_a_job_that_fails_is_rolled_back_logged_without_its_message_and_stops_no_other(
    app: Flask, engine: Engine
) -> None:
    def failing(db: Session, at: datetime) -> None:
        db.add(LimitCounter(key=b"k", window_end=at, count=1))
        db.flush()
        raise RuntimeError("Nguyễn Văn Mẫu 0900000123")

    seen: list[datetime] = []
    jobs = [
        work.Periodic("failing", timedelta(0), failing),
        work.Periodic("look", timedelta(0), lambda _db, at: seen.append(at)),
    ]
    with capture_logs() as logged:
        work.run_due(app, jobs, AT)
    assert seen == [AT]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(LimitCounter)) == 0
    assert [(line["job"], line["problem"]) for line in logged] == [("failing", "RuntimeError")]
    assert "Mẫu" not in str(logged)


def test_a_job_runs_at_once_and_then_when_its_time_has_come(app: Flask) -> None:
    seen: list[datetime] = []
    jobs = [work.Periodic("look", timedelta(minutes=10), lambda _db, at: seen.append(at))]
    for minutes in (0, 9, 10, 19, 20):
        work.run_due(app, jobs, AT + timedelta(minutes=minutes))
    assert [at - AT for at in seen] == [timedelta(0), timedelta(minutes=10), timedelta(minutes=20)]


def test_a_job_that_has_more_to_do_runs_again_at_the_next_beat(app: Flask) -> None:
    left = [1, 2, 3]

    def batch(_db: Session, _at: datetime) -> bool:
        left.pop()
        return bool(left)

    jobs = [work.Periodic("batch", timedelta(hours=6), batch), work.Periodic("count", timedelta(hours=6), lambda *_: 1)]
    assert [work.run_due(app, jobs, AT) for _beat in range(4)] == [True, True, False, False]
    assert left == []
    assert [job.due_at for job in jobs] == [AT + timedelta(hours=6)] * 2


def test_a_job_is_registered_once(app: Flask) -> None:
    work.register_periodic(app, "look", timedelta(hours=1), lambda _db, _at: None)
    with pytest.raises(ValueError, match="look is registered already"):
        work.register_periodic(app, "look", timedelta(hours=1), lambda _db, _at: None)


def test_only_one_process_leads_and_the_next_may_when_it_ends(tmp_path: Path) -> None:
    first, second = work.Leadership(tmp_path / "work.lock"), work.Leadership(tmp_path / "work.lock")
    assert first.held()
    assert first.held()
    assert not second.held()
    first.give_back()
    assert second.held()
    second.give_back()


def test_the_second_worker_delivers_but_runs_no_jobs(app: Flask, engine: Engine) -> None:
    leader = work.Leadership(app.config["DATA_DIR"] / "work.lock")
    assert leader.held()
    seen: list[datetime] = []
    work.register_periodic(app, "look", timedelta(0), lambda _db, at: seen.append(at))
    write(app, engine)
    work.Worker(app).once()
    leader.give_back()
    assert (sent(engine), seen) == (1, [])


@pytest.fixture
def start(app: Flask) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """`flask work` in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, through: str | None = None) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "flask", "--app", "app", "work", *arguments]
        if through:
            command = [sys.executable, "-c", through, *command]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environ_of(app), stdout=subprocess.PIPE)
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_it_sends_while_it_runs_and_ends_at_once_when_told(app: Flask, engine: Engine, start) -> None:
    process = start()
    for number in (1, 2):
        write(app, engine)
        assert until(lambda wanted=number: sent(engine) == wanted)
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        process.send_signal(signal_number)
        assert process.wait(5) == 0
        process = start()
        write(app, engine)
        assert until(lambda: sent(engine) >= 3)


def test_another_worker_takes_the_lead_when_the_first_is_killed(app: Flask, engine: Engine, start) -> None:
    first = start()
    with unit(engine) as db:
        audit.record(db, Tag.SEEN, audit.SYSTEM, ("person", uuid4()), AT)
    assert until(lambda: sealed(engine) == 1)
    start()
    first.kill()
    first.wait()
    with unit(engine) as db:
        audit.record(db, Tag.SEEN, audit.SYSTEM, ("person", uuid4()), AT)
    assert until(lambda: sealed(engine) == 2)


PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_with_parent_it_does_not_outlive_a_killed_parent(app: Flask, engine: Engine, start) -> None:
    parent = start("--with-parent", through=PARENT)
    child = int(parent.stdout.readline())
    write(app, engine)
    assert until(lambda: sent(engine) == 1)
    parent.kill()
    parent.wait()
    assert until(
        lambda: (
            not Path(f"/proc/{child}/cmdline").exists() or b"flask" not in Path(f"/proc/{child}/cmdline").read_bytes()
        ),
        6,
    )


def test_a_maker_is_called_again_while_it_has_made_something(app: Flask) -> None:
    left = [1, 2, 3]
    kept = app.extensions.pop("makers", [])
    try:
        work.register_maker(app, "test", lambda _app, _at: bool(left and left.pop()))
        work.Worker(app).once()
    finally:
        app.extensions["makers"] = kept
    assert left == []
