"""`python -m vssid.serve`: the web server, and beside it the sender and scheduler, in one process tree.

The main process is gunicorn's; a keeper below it runs `flask work` and starts it again when it dies. Each process ends
when the one above it does, so that nothing is left behind however the tree is felled.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from sqlalchemy import create_engine

from vssid import migrations, settings
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import engine_options
from vssid.settings import BadSetting, Settings
from vssid.web.bodies import largest
from vssid.web.db import db as request_db
from vssid.web.turnstile import Turnstile

# Threads wait for slow phones, and few of them work at a time: each more that works costs a tenth of the throughput,
# because all queue for the interpreter.
THREADS = 64
WORKING_THREADS = 3
# Others on this machine have no business in the database or the outbox.
UMASK = 0o077
WORK = [sys.executable, "-m", "flask", "--app", "app", "work", "--with-parent"]
STEADY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 60.0
DISMISSAL_SECONDS = 30.0


def options(given: Settings) -> dict[str, Any]:
    """The settings of gunicorn. Forwarded headers are judged by `web.proxies`, so gunicorn itself trusts nobody's."""
    host = f"[{given.host}]" if ":" in given.host else given.host
    return {
        "bind": f"{host}:{given.port}",
        "worker_class": "gthread",
        "workers": given.web_concurrency,
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "proxy_allow_ips": "",
        "secure_scheme_headers": {},
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "limit_request_field_size": 8190,
        "accesslog": None,
        "loglevel": "warning",
        "preload_app": False,
        "control_socket_disable": True,
        "umask": UMASK,
        "chdir": str(settings.PROJECT_ROOT),
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - heartbeats, not data
        "proc_name": "vssid",
    }


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything by us and nothing by files or GUNICORN_CMD_ARGS."""

    def __init__(self, given: Settings, keeper: int | None) -> None:
        """`keeper` is the process to end with the server."""
        self._given = given
        self._keeper = keeper
        super().__init__()

    def load_config(self) -> None:
        """Called by the base class."""
        for name, value in options(self._given).items():
            self.cfg.set(name, value)
        self.cfg.set("when_ready", lambda _arbiter: announce(self._given))
        self.cfg.set("on_exit", lambda _arbiter: end(self._keeper))

    def load(self) -> Turnstile:
        """The application, made in each worker."""
        return Turnstile(create_app(self._given), WORKING_THREADS, largest)


def announce(given: Settings) -> None:
    """Say where the site is and, on a development machine with specimens, how to sign in."""
    say(f"VssID: {given.public_url}  (Ctrl-C ends it)")
    specimen = given.data_dir / "specimen.txt"
    if not given.production and specimen.is_file():
        say(specimen.read_text().rstrip())


def say(words: str) -> None:
    """To the person at the keyboard."""
    print(words, flush=True)  # noqa: T201


def migrated(given: Settings) -> bool:
    """Whether the database has this version's tables."""
    engine = create_engine(given.database_url, **engine_options(given.database_url))
    current = migrations.is_current(engine)
    engine.dispose()
    return current


def prepared(given: Settings) -> bool:
    """Bring the tables to this version and fill an empty development database with specimens; False if that failed.

    In a child, so that no thread or connection of it lives on in the server; what it imported it shares with us.
    """
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    code = 1
    try:
        app = create_app(given)
        with app.app_context():
            prepare_database(request_db.engine)
            if not given.production and "demo" in app.cli.commands:
                app.cli.main(["demo", "load", "--if-empty"], prog_name="flask", standalone_mode=False)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def keep_working() -> int:
    """Fork the keeper: it runs `flask work` until the server is gone. Returns its process id."""
    server = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _keep(server)
        code = 0
    finally:
        os._exit(code)


def _keep(server: int) -> None:
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, _frame: told.append(given))
    pause = 1.0
    while not told and os.getppid() == server:
        started = time.monotonic()
        child = subprocess.Popen(WORK, cwd=settings.PROJECT_ROOT)  # noqa: S603 - our own command
        while child.poll() is None and not told and os.getppid() == server:
            time.sleep(0.2)
        if child.poll() is None:
            _dismiss(child)
            return
        # At once after a long life, ever later when it dies at its start.
        pause = 1.0 if time.monotonic() - started > STEADY_SECONDS else min(2 * pause, LONGEST_PAUSE_SECONDS)
        resume = time.monotonic() + pause
        while time.monotonic() < resume and not told and os.getppid() == server:
            time.sleep(0.2)


def _dismiss(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(timeout=DISMISSAL_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def end(keeper: int | None) -> None:
    """Have the keeper end its child and itself, and wait for both: a message on its way is finished."""
    if keeper is None:
        return
    # Both errors mean that it is gone already.
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(keeper, signal.SIGTERM)
        latest = time.monotonic() + DISMISSAL_SECONDS + 2
        while time.monotonic() < latest and os.waitpid(keeper, os.WNOHANG) == (0, 0):
            time.sleep(0.05)


def main(arguments: list[str]) -> int:
    """Exit status: 0 ended as told, 1 the database is not ready, 2 a bad setting or argument."""
    if not set(arguments) <= {"--no-worker", "--prepare"}:
        return _refuse("usage: python -m vssid.serve [--prepare] [--no-worker]", 2)
    os.umask(UMASK)
    try:
        given = settings.load()
    except BadSetting as wrong:
        return _refuse(str(wrong), 2)
    if "--prepare" in arguments and not prepared(given):
        return _refuse("The database could not be prepared.", 1)
    if not migrated(given):
        return _refuse("The database has not this version's tables. Run: .venv/bin/flask db upgrade", 1)
    Server(given, None if "--no-worker" in arguments else keep_working()).run()
    return 0


def _refuse(why: str, status: int) -> int:
    print(why, file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
