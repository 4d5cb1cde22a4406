"""`python -m vssid.serve`: one command, one process tree, nothing left behind."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import Database
from vssid.serve import WORKING_THREADS, options
from vssid.settings import PROJECT_ROOT, load
from vssid.web.bodies import LARGEST as LARGEST_BODY

Start = Callable[..., "subprocess.Popen[str]"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str = "/readyz", headers: dict[str, str] | None = None) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        response.read()
        return response.status, dict(response.getheaders())
    finally:
        connection.close()


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def tree(pid: int) -> set[int]:
    """`pid` and every process below it."""
    found = {pid}
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in listed.read_text().split():
            found |= tree(int(child))
    return found


def alive(pids: set[int]) -> set[int]:
    def lives(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return {pid for pid in pids if lives(pid)}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def prepared(built: Flask, database: Database, data_dir: Path) -> str:
    """The address of a migrated database."""
    return database.copy(data_dir)


@pytest.fixture
def start(prepared: str, data_dir: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **environ: str) -> "subprocess.Popen[str]":
        known = {"DATA_DIR": str(data_dir), "DATABASE_URL": prepared, "PATH": os.environ["PATH"], "LOG_LEVEL": "error"}
        process = subprocess.Popen(
            [sys.executable, "-m", "vssid.serve", *arguments],
            cwd=PROJECT_ROOT,
            env=known | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_it_is_ready_within_five_seconds_says_where_and_how_and_ends_whole(start: Start, data_dir: Path) -> None:
    (data_dir / "specimen.txt").write_text("Công dân mẫu: 9100000101\n")
    port, began = free_port(), time.monotonic()
    process = start(PORT=str(port))
    assert until(lambda: answer(port)[0] == 200)
    assert time.monotonic() - began < 5
    assert until(lambda: len(tree(process.pid)) == 5), "two workers, the keeper and its `flask work`"
    family = tree(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert until(lambda: not alive(family))
    said = process.stdout.read()
    assert f"http://127.0.0.1:{port}" in said
    assert "Công dân mẫu: 9100000101" in said


def test_ctrl_c_ends_the_whole_tree(start: Start) -> None:
    port = free_port()
    process = start(PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200 and len(tree(process.pid)) == 4)
    family = tree(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    assert until(lambda: not alive(family))


def test_nothing_outlives_a_killed_server(start: Start) -> None:
    port = free_port()
    process = start(PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200 and len(tree(process.pid)) == 4)
    family = tree(process.pid)
    process.kill()
    process.wait()
    assert until(lambda: not alive(family))


def test_a_worker_of_messages_that_dies_is_started_again(start: Start, data_dir: Path) -> None:
    port = free_port()
    process = start(PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: (data_dir / "work.lock").exists() and len(tree(process.pid)) == 4)
    [work] = [pid for pid in tree(process.pid) if b"--with-parent" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(work, signal.SIGKILL)
    assert until(lambda: len(alive(tree(process.pid)) - {work}) == 4)


def test_without_worker_there_is_only_the_web(start: Start, data_dir: Path) -> None:
    port = free_port()
    process = start("--no-worker", PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200)
    assert len(tree(process.pid)) == 2
    assert not (data_dir / "work.lock").exists()


def test_a_bad_setting_ends_it_in_one_line_with_status_2(start: Start) -> None:
    process = start(PORT="abc")
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert err == "PORT: must be a whole number from 1 to 65535, not 'abc'\n"


def test_old_tables_end_it_with_the_command_to_run(start: Start, database: Database, data_dir: Path) -> None:
    (data_dir / "vssid.sqlite").unlink(missing_ok=True)
    process = start(DATABASE_URL=database.empty(data_dir))
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (1, "")
    assert "flask db upgrade" in err


def test_prepared_it_starts_from_nothing(start: Start, database: Database, data_dir: Path) -> None:
    file = data_dir / "vssid.sqlite"
    file.unlink(missing_ok=True)
    port = free_port()
    start("--prepare", "--no-worker", PORT=str(port), WEB_CONCURRENCY="1", DATABASE_URL=database.empty(data_dir))
    assert until(lambda: answer(port)[0] == 200, 60)
    assert not file.exists() or file.stat().st_mode & 0o777 == 0o600


def test_an_unknown_argument_is_bad_usage(start: Start) -> None:
    process = start("--port=1")
    assert process.communicate(timeout=10)[1].startswith("usage: ")
    assert process.returncode == 2


def test_it_tells_no_version_and_writes_nothing_that_others_could_read(start: Start, data_dir: Path) -> None:
    port = free_port()
    start("--no-worker", PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200)
    assert answer(port)[1]["Server"] == "gunicorn"
    made = [path for path in data_dir.iterdir() if path.name != "vssid.sqlite"]
    assert made
    # SQLite gives its helpers the mode of the database, which this test copied.
    assert {path.stat().st_mode & 0o077 for path in made if "-" not in path.name} == {0}


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        connection.settimeout(3)
        answered = b""
        try:
            while chunk := connection.recv(4096):
                answered += chunk
        except TimeoutError:
            answered += b" [left open]"
        return answered


def test_a_request_that_two_servers_could_read_differently_is_refused(start: Start) -> None:
    port = free_port()
    start("--no-worker", PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200)
    host = b"Host: 127.0.0.1\r\n"
    smuggled = {
        "length and chunks": b"POST / HTTP/1.1\r\n"
        + host
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two lengths": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\naaaaa",
        "space before colon": b"GET / HTTP/1.1\r\n" + host + b"X-A : b\r\n\r\n",
        "folded header": b"GET / HTTP/1.1\r\n" + host + b"X-A: b\r\n c\r\n\r\n",
        "signed length": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: +4\r\n\r\naaaa",
        "long line": b"GET /" + b"a" * 4200 + b" HTTP/1.1\r\n" + host + b"\r\n",
        "long header": b"GET / HTTP/1.1\r\n" + host + b"X-A: " + b"a" * 8300 + b"\r\n\r\n",
    }
    for name, request in smuggled.items():
        answered = raw(port, request)
        assert answered.startswith(b"HTTP/1.1 4"), (name, answered[:80])
        assert b"[left open]" not in answered, name


@contextmanager
def trickling(port: int, clients: int) -> Iterator[None]:
    """Phones that send a form so slowly that it never ends."""
    head = (
        b"POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 4000\r\n\r\nname="
    )
    wires = [socket.create_connection(("127.0.0.1", port), timeout=5) for _client in range(clients)]
    for wire in wires:
        wire.sendall(head)
    yield
    for wire in wires:
        wire.close()


def test_slow_phones_hold_up_nobody(start: Start) -> None:
    port = free_port()
    start("--no-worker", PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200)
    with trickling(port, 4 * WORKING_THREADS):
        time.sleep(0.3)
        for _visitor in range(10):
            assert answer(port, "/")[0] == 200
    assert answer(port, "/")[0] == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_with_words(start: Start, chunked: bool) -> None:
    port = free_port()
    start("--no-worker", PORT=str(port), WEB_CONCURRENCY="1")
    assert until(lambda: answer(port)[0] == 200)
    body = b"a" * (LARGEST_BODY + 100_000)
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    head = b"POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=a\r\n" + length
    answered = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(head + b"\r\n\r\n")
        with contextlib.suppress(OSError):
            wire.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body)
        with contextlib.suppress(OSError):
            while piece := wire.recv(4096):
                answered += piece
                if b"</html>" in answered:
                    break
    assert answered.startswith(b"HTTP/1.1 413"), answered[:200]


def test_a_port_above_ipv6_is_bracketed(tmp_path: Path) -> None:
    given = load({"DATA_DIR": str(tmp_path), "HOST": "::1", "PORT": "8123"})
    assert options(given)["bind"] == "[::1]:8123"
