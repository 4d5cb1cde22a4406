"""Our card page behind several servers: why `vssid.serve` runs gunicorn behind a turnstile, and the way to ask again.

Not part of a normal run: `pip install granian waitress`, then `python -m bench --only servers`. Each server has as many
processes as we run with; beside throughput, latency and memory it is shown twelve clients that trickle a request in, and
it is ended while it answers.
"""

import contextlib
import os
import signal
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bench import ground as places
from bench.client import fetch, load, request_bytes
from bench.ground import PYTHON, SERVE, Ground, Running, serving, specimen_ground
from bench.report import Row, Series, number
from vssid.settings import workers
from vssid.web.db import db as request_db

PART = "servers"
CARD, PDF = "/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt.pdf"
WORKERS = str(workers())
PATIENCE_SECONDS = 25.0
SLOW_CLIENTS, QUICK_REQUESTS = 12, 30
TRICKLE = (
    b"POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 4000\r\n\r\nname="
)


def _gunicorn(threads: int) -> Callable[[int], list[str]]:
    return lambda port: places.gunicorn(port, "app:app", threads)


def _granian(threads: int) -> Callable[[int], list[str]]:
    return lambda port: [
        PYTHON, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", WORKERS,
        "--blocking-threads", str(threads), "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "app:app",
    ]  # fmt: skip


def _waitress(threads: int) -> Callable[[int], list[str]]:
    return lambda port: [PYTHON, "-m", "bench.forked_waitress", str(port), WORKERS, str(threads)]


SERVERS: dict[str, Callable[[int], list[str]]] = {
    "as we serve it (gunicorn gthread behind the turnstile)": lambda _port: [*SERVE, "--no-worker"],
    "gunicorn gthread, 3 threads": _gunicorn(3),
    "gunicorn gthread, 8 threads": _gunicorn(8),
    "granian, 3 threads": _granian(3),
    "granian, 8 threads": _granian(8),
    "waitress, 3 threads": _waitress(3),
    "waitress, 8 threads": _waitress(8),
}


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    missing = [name for name in ("granian", "waitress") if find_spec(name) is None]
    if missing:
        raise RuntimeError(f"not installed: {', '.join(missing)}")
    rows: list[Row] = []
    with specimen_ground() as ground:
        app = ground.app()
        cookies = places.cookies_of(places.citizen(app))
        with app.app_context():
            request_db.engine.dispose()
        for name, command in SERVERS.items():
            say(f"servers: {name}")
            rows += _of_server(name, command(ground.port), ground, cookies, quick)
    return rows


def _of_server(name: str, command: list[str], ground: Ground, cookies: str, quick: bool) -> list[Row]:
    with serving(command, ground) as running:
        load(ground.port, CARD, 1.5, cookies)
        runs = [load(ground.port, CARD, 2.0 if quick else 5.0, cookies) for _turn in range(1 if quick else 3)]
        memory = _memory(running)
        with _trickling(ground.port):
            held, lost = _beside_slow_clients(ground.port)
        whole, ended_after = _pdf_while_ending(running, ground.port, cookies)
    rate = Series([one.per_second for one in runs])
    p99 = statistics.median(one.p99 for one in runs)
    return [
        Row(PART, f"{name}: card page", f"{number(rate.median)}/s", figure=f"p99 {p99:.0f} ms", noisy=rate.noisy),
        Row(PART, "… memory under load (PSS of all processes)", f"{memory:.0f} MiB"),
        Row(PART, f"… `/` beside {SLOW_CLIENTS} slow clients", f"{held:.0f} ms", figure=f"{lost} of {QUICK_REQUESTS} got no answer in 5 s"),
        Row(PART, "… told to end while it makes a PDF", "the answer came" if whole else "the answer broke off", figure=ended_after),
    ]  # fmt: skip


def _memory(running: Running) -> float:
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        # A process may end while we look.
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[3]) == running.session:
                rollup = (path.parent / "smaps_rollup").read_text()
                total += int(rollup.partition("\nPss:")[2].split()[0])
    return total / 1024


@contextmanager
def _trickling(port: int) -> Iterator[None]:
    """Clients that send the head of a form and then hardly anything."""
    wires = [socket.create_connection(("127.0.0.1", port), timeout=5) for _client in range(SLOW_CLIENTS)]
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(0.3):
            for wire in wires:
                with contextlib.suppress(OSError):
                    wire.sendall(b"x")

    for wire in wires:
        wire.sendall(TRICKLE)
    dripping = threading.Thread(target=drip)
    dripping.start()
    time.sleep(0.5)
    yield
    ended.set()
    dripping.join()
    for wire in wires:
        wire.close()


def _beside_slow_clients(port: int) -> tuple[float, int]:
    """The median of what a quick visitor waits, in milliseconds, and how often there was no answer in five seconds."""
    taken, lost = [], 0
    for _request in range(QUICK_REQUESTS):
        started = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
                wire.sendall(request_bytes(port, "/"))
                if not wire.recv(100).startswith(b"HTTP/1.1 200"):
                    lost += 1
        except OSError:
            lost += 1
        taken.append((time.perf_counter() - started) * 1000)
        if lost >= 3:
            break
    return statistics.median(taken), lost


def _pdf_while_ending(running: Running, port: int, cookies: str) -> tuple[bool, str]:
    """Whether a PDF that is being made when the server is told to end still arrives, and when the server has ended."""
    found: list[bool] = []

    def ask() -> None:
        try:
            found.append(fetch(port, PDF, cookies).body.startswith(b"%PDF"))
        except OSError:
            found.append(False)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.15)
    os.kill(running.session, signal.SIGTERM)
    told = time.perf_counter()
    while time.perf_counter() - told < PATIENCE_SECONDS:
        if os.waitid(os.P_PID, running.session, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            ended = f"ended after {time.perf_counter() - told:.1f} s"
            break
        time.sleep(0.02)
    else:
        os.killpg(running.session, signal.SIGKILL)
        ended = f"had not ended after {PATIENCE_SECONDS:.0f} s"
    asking.join()
    return found == [True], ended
