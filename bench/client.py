"""HTTP by hand: single exchanges counted to the byte, and load from processes of its own.

`python -m bench.client` is one such process: it takes its task as JSON from standard input and answers with latencies.
"""

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
CONNECTIONS = 16
HEAD_END = b"\r\n\r\n"
START_IN_SECONDS = 0.6
COUNTED = b"##########"
# What Chromium says, so that the answer is the one a browser gets.
BROWSER = (
    "Connection: keep-alive\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate\r\n"
    "Accept-Language: vi-VN,vi;q=0.9\r\n"
)


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the wire: `size` counts status line, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


@dataclass(frozen=True)
class Load:
    """What a stretch of load found; latencies in milliseconds."""

    answers: int
    per_second: float
    p50: float
    p99: float
    failed: int


def request_bytes(port: int, path: str, cookies: str = "") -> bytes:
    """A GET as a browser sends it."""
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{BROWSER}{cookie}\r\n".encode()


def fetch(port: int, path: str, cookies: str = "") -> Answer:
    """Ask once on a new connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(request_bytes(port, path, cookies))
        raw = b""
        while not (size := _complete(raw)):
            part = wire.recv(65536)
            if not part:
                raise ConnectionError(f"the answer to {path} broke off")
            raw += part
    head, _sep, body = raw[:size].partition(HEAD_END)
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), headers, body, size)


def _complete(raw: bytes | bytearray) -> int:
    """The length of a whole answer with Content-Length, 0 while it is not all there."""
    end = raw.find(HEAD_END)
    if end < 0:
        return 0
    at = raw.find(b"Content-Length: ", 0, end)
    length = int(raw[at + 16 : raw.find(b"\r", at)]) if at >= 0 else 0
    size = end + len(HEAD_END) + length
    return size if len(raw) >= size else 0


def post_bytes(port: int, path: str, cookies: str, form: dict[str, str]) -> bytes:
    """A form as a browser sends it."""
    body = urlencode(form, safe="#").encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{BROWSER}Cookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(port: int, path: str, seconds: float, cookies: str = "") -> Load:
    """Keep `CONNECTIONS` connections busy with a GET from `PROCESSES` processes for `seconds`."""
    return load_with(port, [request_bytes(port, path, cookies)], seconds)


def load_with(
    port: int, requests: list[bytes], seconds: float, connections: int = CONNECTIONS, status: int = 200
) -> Load:
    """The same with requests of one's own, one for each connection in turn; answers with `status` count.

    Ten digits `COUNTED` in a request become another number each time that it is sent.
    """
    start = time.monotonic() + START_IN_SECONDS
    share = connections // PROCESSES
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.client"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _client in range(PROCESSES)
    ]
    for n, client in enumerate(clients):
        mine = [requests[(n * share + at) % len(requests)].decode() for at in range(share)]
        task = {
            "port": port,
            "requests": mine,
            "start": start,
            "seconds": seconds,
            "status": status,
            "first": n * 10**8,
        }
        assert client.stdin
        client.stdin.write(json.dumps(task))
        client.stdin.close()
    found = [json.loads(client.stdout.read()) for client in clients if client.stdout]
    for client in clients:
        client.wait()
        if client.stdout:
            client.stdout.close()
    latencies = sorted(ms for one in found for ms in one["latencies"])
    if not latencies:
        raise RuntimeError(f"no answer with {status} to {requests[0][:60]!r} within {seconds} s")
    cuts = statistics.quantiles(latencies, n=100)
    return Load(len(latencies), len(latencies) / seconds, cuts[49], cuts[98], sum(one["failed"] for one in found))


class Driver:
    """Some keep-alive connections, each with one request on its way at a time."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._port, self._expected = task["port"], f"HTTP/1.1 {task['status']}".encode()
        self._count = task["first"]
        self._ready = selectors.DefaultSelector()
        self.latencies: list[float] = []
        self.failed = 0
        for request in task["requests"]:
            self._open(request.encode())

    def _open(self, request: bytes) -> None:
        wire = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ready.register(wire, selectors.EVENT_READ, [bytearray(), 0.0, request])

    def run(self, start: float, seconds: float) -> None:
        """From `start` (time.monotonic) on; answers that come after the end do not count."""
        time.sleep(max(0.0, start - time.monotonic()))
        for key in list(self._ready.get_map().values()):
            self._send(key)
        end = start + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _events in self._ready.select(left):
                self._hear(key)

    def _send(self, key: selectors.SelectorKey) -> None:
        self._count += 1
        key.data[1] = time.perf_counter()
        key.fileobj.sendall(key.data[2].replace(COUNTED, b"%010d" % self._count))  # type: ignore[union-attr]

    def _hear(self, key: selectors.SelectorKey) -> None:
        part = key.fileobj.recv(65536)  # type: ignore[union-attr]
        raw: bytearray = key.data[0]
        raw += part
        if not part:
            self._replace(key)
        elif _complete(raw):
            if raw.startswith(self._expected):
                self.latencies.append((time.perf_counter() - key.data[1]) * 1000)
            else:
                self.failed += 1
            closing = b"Connection: close" in raw[: raw.find(HEAD_END)]
            raw.clear()
            if closing:
                self._replace(key)
            else:
                self._send(key)

    def _replace(self, key: selectors.SelectorKey) -> None:
        """A connection that the server closed between two requests is no failure; within an answer it is."""
        self.failed += bool(key.data[0])
        self._ready.unregister(key.fileobj)
        key.fileobj.close()  # type: ignore[union-attr]
        self._open(key.data[2])
        self._send(next(new for new in self._ready.get_map().values() if not new.data[1]))


def main() -> None:
    """One process of `load`."""
    task = json.load(sys.stdin)
    driver = Driver(task)
    driver.run(task["start"], task["seconds"])
    json.dump({"latencies": driver.latencies, "failed": driver.failed}, sys.stdout)


if __name__ == "__main__":
    main()
