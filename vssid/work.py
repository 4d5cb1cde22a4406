"""`flask work`: what happens without anybody asking. Messages leave, the audit is sealed, deadlines pass.

Each way out has a thread of its own, so that a mail server that hangs delays no SMS code. Periodic jobs run in the one
process that holds `DATA_DIR/work.lock`; a second `flask work` only delivers messages and makes what was asked for, which
is safe (both are leased).
"""

import fcntl
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from vssid.kernel import audit, limits
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.notifications import Channel, deliver_due
from vssid.web.db import db as request_db

log = structlog.get_logger()

PAUSE_SECONDS = 1.0
LAST_WORDS_SECONDS = 25.0

Job = Callable[[Session, datetime], object]
Maker = Callable[[Flask, datetime], bool]


@dataclass
class Periodic:
    """One job, how often it runs, and when it is due next. Each run is one transaction: keep it short, in batches."""

    name: str
    every: timedelta
    job: Job
    due_at: datetime | None = None


def register_periodic(app: Flask, name: str, every: timedelta, job: Job) -> None:
    """Have `flask work` call `job(db, at)` about `every` so often, in a transaction of its own that it commits.

    A job is idempotent: it may run again after a crash, and at once after a restart. One that returns True has done a
    batch and has more: it runs again at the next beat. An exception is logged by its class and rolls back that run only.
    """
    jobs: list[Periodic] = app.extensions.setdefault("periodic", [])
    if any(known.name == name for known in jobs):
        raise ValueError(f"the periodic job {name} is registered already")
    jobs.append(Periodic(name, every, job))


def register_maker(app: Flask, name: str, step: Maker) -> None:
    """Have `flask work` call `step(app, at)` in a thread of its own, again at once while it returns True.

    For what takes longer than a transaction may: it leases its work, does it outside any, and settles it. Any number of
    `flask work` may run it.
    """
    app.extensions.setdefault("makers", []).append((name, step))


def init_app(app: Flask) -> None:
    """Add the command; the house's own jobs are those of the kernel."""
    app.cli.add_command(work)


def house_jobs(app: Flask) -> list[Periodic]:
    """What the kernel needs done: the audit sealed within seconds, counters and orphaned files removed."""
    files = app.extensions["files"]
    return [
        Periodic("audit.seal", timedelta(seconds=5), lambda db, _at: audit.seal(db)),
        Periodic("limits.purge", timedelta(minutes=10), limits.purge),
        Periodic("files.sweep", timedelta(hours=1), files.sweep),
    ]


def run_due(app: Flask, jobs: Iterable[Periodic], at: datetime) -> bool:
    """Run those of `jobs` whose time has come, each on its own: none can stop another. True when one of them has more to do."""
    more = False
    with app.app_context():
        for periodic in jobs:
            if periodic.due_at is not None and at < periodic.due_at:
                continue
            periodic.due_at = at + periodic.every
            try:
                with unit(request_db.engine) as db:
                    again = periodic.job(db, at) is True
            except Exception as wrong:
                log.error("job failed", job=periodic.name, problem=type(wrong).__name__, at=_place(wrong))
                continue
            if again:
                periodic.due_at, more = at, True
    return more


def _place(error: Exception) -> str:
    # The message may hold a person's data; class and place are enough to find the fault.
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


class Leadership:
    """The right to run periodic jobs: an advisory lock on a file, given back by the kernel when its holder dies."""

    def __init__(self, path: Path) -> None:
        """`path` is made when it is first asked for."""
        self._path = path
        self._file: IO[str] | None = None

    def held(self) -> bool:
        """Whether this process has it, taking it if it is free."""
        if self._file is None:
            attempt = open(self._path, "a", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - kept
            try:
                fcntl.flock(attempt, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                attempt.close()
                return False
            self._file = attempt
        return True

    def give_back(self) -> None:
        """Let another process have it."""
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass
class Worker:
    """The threads of one `flask work`."""

    app: Flask
    stop: threading.Event = field(default_factory=threading.Event)
    leads: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """The jobs as registered when the command starts."""
        self.leadership = Leadership(self.app.config["DATA_DIR"] / "work.lock")
        self.house = house_jobs(self.app)
        self.rooms: list[Periodic] = list(self.app.extensions.get("periodic", []))
        self.makers: list[tuple[str, Maker]] = list(self.app.extensions.get("makers", []))

    def once(self) -> None:
        """Everything that is due now: each job, then what is to be made and sent, until nothing is left."""
        if self.leadership.held():
            while run_due(self.app, [*self.rooms, *self.house], now()):
                pass
            self.leadership.give_back()
        while any(deliver_due(self.app, now(), channels=(channel,)).handled for channel in Channel):
            pass
        for _name, step in self.makers:
            while step(self.app, now()):
                pass

    def forever(self, parent: int | None) -> None:
        """Until `stop` is set or the process `parent` is gone."""
        threads = [
            *(self._thread(f"send {channel}", self._sending(channel)) for channel in Channel),
            self._thread("house", lambda: self._jobs(self.house)),
            *(self._thread(f"make {name}", self._making(step)) for name, step in self.makers),
            self._thread("rooms", lambda: self._jobs(self.rooms)),
        ]
        while not self.stop.is_set() and (parent is None or os.getppid() == parent):
            if self.leadership.held():
                self.leads.set()
            self.stop.wait(PAUSE_SECONDS)
        self.stop.set()
        deadline = now() + timedelta(seconds=LAST_WORDS_SECONDS)
        for thread in threads:
            thread.join(max(0.0, (deadline - now()).total_seconds()))
        self.leadership.give_back()

    def _thread(self, name: str, step: Callable[[], bool]) -> threading.Thread:
        def loop() -> None:
            while not self.stop.is_set():
                again = False
                try:
                    again = step()
                except Exception as wrong:
                    # The database may be away: the next beat tries again.
                    log.error("work failed", job=name, problem=type(wrong).__name__, at=_place(wrong))
                if not again:
                    self.stop.wait(PAUSE_SECONDS)

        thread = threading.Thread(target=loop, name=name, daemon=True)
        thread.start()
        return thread

    def _sending(self, channel: Channel) -> Callable[[], bool]:
        return lambda: bool(deliver_due(self.app, now(), channels=(channel,)).handled)

    def _making(self, step: Maker) -> Callable[[], bool]:
        return lambda: step(self.app, now())

    def _jobs(self, jobs: list[Periodic]) -> bool:
        if self.leads.is_set():
            run_due(self.app, jobs, now())
        return False


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--with-parent", is_flag=True, help="End when the process that started this one does.")
@with_appcontext
def work(once: bool, with_parent: bool) -> None:
    """Send messages and run the periodic jobs until told to stop."""
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]
    if once:
        worker.once()
        return
    parent = os.getppid() if with_parent else None

    def end(_signal: int, _frame: Any) -> None:
        worker.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    worker.forever(parent)
