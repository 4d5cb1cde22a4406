"""The ground that measurements stand on: a data dir of their own, the server in its processes, people signed in."""

import atexit
import contextlib
import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.client import ROOT, fetch
from vssid import settings as environment
from vssid.demo.cast import CITIZEN_PASSWORD, OFFICER_PASSWORD
from vssid.demo.people import MAIN_MA_SO
from vssid.factory import create_app
from vssid.kernel.db import reading
from vssid.officers import actions as officer_actions
from vssid.officers import queries as officer_queries
from vssid.serve import WORKING_THREADS
from vssid.web.db import db as request_db

PYTHON = sys.executable
SERVE = [PYTHON, "-m", "vssid.serve"]
READY_WITHIN_SECONDS = 60.0
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def plain_environment() -> dict[str, str]:
    """This shell's, without what would lead us to somebody's real database."""
    ours = {*environment.VARIABLES, "FLASK_APP", "GUNICORN_CMD_ARGS"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@dataclass(frozen=True)
class Ground:
    """A data dir and a port on loopback."""

    data_dir: Path
    port: int

    def values(self, level: str = "info") -> dict[str, str]:
        """The settings: those of development, on this ground."""
        url = f"http://127.0.0.1:{self.port}"
        return {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "PUBLIC_URL": url, "LOG_LEVEL": level}

    @property
    def environ(self) -> dict[str, str]:
        """What a process on this ground is started with."""
        return {**plain_environment(), **self.values()}

    def flask(self, *arguments: str) -> str:
        """Run `flask …` and return what it said; raises with its complaint when it fails."""
        command = [PYTHON, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments[:3])}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def watched(self, *arguments: str) -> tuple[float, float]:
        """Run `flask …`: the most memory that its process held, in MiB, and its seconds; raises when it fails.

        The kernel is asked while it runs: what `wait` tells of a child counts this process too, from which it was forked.
        """
        command = [PYTHON, "-m", "flask", "--app", "app", *arguments]
        started, most = time.perf_counter(), 0.0
        with tempfile.TemporaryFile() as words:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=words, stderr=words)
            while process.poll() is None:
                most = max(most, _high_water(process.pid))
                time.sleep(0.05)
            took = time.perf_counter() - started
            if process.returncode:
                words.seek(0)
                raise RuntimeError(f"flask {' '.join(arguments[:3])}: {words.read()[-2000:].decode(errors='replace')}")
        return most, took

    def app(self) -> Flask:
        """The application in this process."""
        return create_app(environment.load(self.values("error")))


def _high_water(pid: int) -> float:
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def empty_ground() -> Iterator[Ground]:
    """A data dir with nothing in it, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vssid-bench-"))
    try:
        yield Ground(folder / "data", free_port())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def specimen_ground(people: int = 500) -> Iterator[Ground]:
    """A data dir with the specimen province, in which nobody has signed in yet."""
    with empty_ground() as ground:
        shutil.copytree(_specimens(people), ground.data_dir)
        yield ground


@functools.cache
def _specimens(people: int) -> Path:
    """Loaded once a run and copied for each part; keys lie beside the data, so that a copy can be read."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    ground = kept.enter_context(empty_ground())
    ground.flask("db", "upgrade")
    ground.flask("demo", "load", "--people", str(people))
    return ground.data_dir


@dataclass(frozen=True)
class Running:
    """A server: the seconds that it took until its probe said 200, and the session of its processes."""

    ready_after: float
    session: int

    def cpu_seconds(self) -> float:
        """What all its processes have used of the processors so far; neighbours on the machine hardly change it."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            # A process may end while we look.
            with contextlib.suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: list[str], ground: Ground, probe: str = "/readyz") -> Iterator[Running]:
    """A server of its own processes until the block ends."""
    with tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=ground.environ, stdout=subprocess.DEVNULL, stderr=complaints, start_new_session=True
        )
        try:
            while not _answers(ground.port, probe):
                if process.poll() is not None or time.perf_counter() - started > READY_WITHIN_SECONDS:
                    complaints.seek(0)
                    raise RuntimeError(f"the server did not become ready: {complaints.read()[-2000:].decode()}")
                time.sleep(0.01)
            yield Running(time.perf_counter() - started, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=40)


def gunicorn(port: int, target: str, threads: int = WORKING_THREADS) -> list[str]:
    """A server of `target` (module:name or module:call()) with as many workers and working threads as we run with."""
    return [
        PYTHON, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(environment.workers()),
        "--threads", str(threads), "--keep-alive", "5", "--worker-tmp-dir", "/dev/shm", "--no-control-socket",
        "--log-level", "warning", "--bind", f"127.0.0.1:{port}", target,
    ]  # fmt: skip


def _answers(port: int, path: str) -> bool:
    try:
        return fetch(port, path).status == 200
    except OSError:
        return False


def form_token(client: FlaskClient, path: str) -> str:
    """The token of the form on a page."""
    found = _TOKEN.search(client.get(path).get_data(as_text=True))
    if found is None:
        raise RuntimeError(f"no form on {path}")
    return found[1]


def post(client: FlaskClient, path: str, **data: str | list[str]) -> TestResponse:
    """Fill in the form on a page and send it; raises when it is not taken."""
    answer = client.post(path, data={"csrf_token": form_token(client, path), **data})
    if answer.status_code != 303:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer


def citizen(app: Flask) -> FlaskClient:
    """The specimens' main citizen, signed in; once a data dir, or a second device is asked for a code."""
    client = app.test_client()
    post(client, "/dang-nhap", name=MAIN_MA_SO, password=CITIZEN_PASSWORD)
    return client


def officer(app: Flask, code: str = "CB01") -> FlaskClient:
    """An officer of the specimens, signed in with both factors."""
    client = app.test_client()
    with app.app_context(), reading(request_db.engine) as session:
        row = officer_queries.by_code(session, code)
        secret = officer_actions.totp_secret(app.extensions["keyring"], row) if row else ""
    post(client, "/can-bo/dang-nhap", code=code, password=OFFICER_PASSWORD, totp=pyotp.TOTP(secret).now())
    return client


def newcomer_who_agreed(app: Flask) -> FlaskClient:
    """A visitor who has accepted the terms."""
    client = app.test_client()
    post(client, "/dieu-khoan", purpose=["dich_vu", "giay_to", "nhac_viec"])
    return client


def cookies_of(client: FlaskClient) -> str:
    """The visitor's cookies as a browser sends them: they hold for every process on the same data dir."""
    kept = ((name, client.get_cookie(name)) for name in ("vssid", "vssid-device", "vssid-terms"))
    return "; ".join(f"{name}={cookie.value}" for name, cookie in kept if cookie)
