"""The real server in its own process tree, and a small browser without script that talks to it over a socket."""

import functools
import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

ROOT = Path(__file__).resolve().parents[1]
SERVER = (sys.executable, "-m", "vssid.serve")
READY_WITHIN_SECONDS = 20.0
GONE_WITHIN_SECONDS = 5.0
# What a browser meets when the server dies before or while it answers.
CUT_OFF = (OSError, http.client.HTTPException)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data_dir: Path, port: int) -> dict[str, str]:
    """The settings of a server on a temporary folder."""
    return {
        "DATA_DIR": str(data_dir), "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "error",
        "WEB_CONCURRENCY": "2",
    }  # fmt: skip


def start(
    values: dict[str, str], command: Sequence[str] = SERVER, within: float = READY_WITHIN_SECONDS
) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own and wait until it is ready, at most `within` seconds."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **values},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    url = values["PUBLIC_URL"] + "/readyz"
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return process
        except CUT_OFF:
            time.sleep(0.05)
    kill(process)
    raise RuntimeError("the server did not become ready")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Power cut: every process of the tree at once, no goodbye; back when none of them is left."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()
    # The grandchildren are not ours to wait for, but their sockets and locks must be gone before the next start.
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class _FromAddress(urllib.request.HTTPHandler):
    """Connects from one of this machine's own addresses: to the server a visitor of another network."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._connection = functools.partial(http.client.HTTPConnection, source_address=(source, 0))

    def http_open(self, request):
        return self.do_open(self._connection, request)


@dataclass
class Answer:
    """Status, address to go to, text."""

    status: int
    location: str
    text: str
    body: bytes
    headers: Message


@dataclass
class PlainBrowser:
    """Cookies and forms, nothing else. `source` is the loopback address that it comes from."""

    url: str
    jar: CookieJar = field(default_factory=CookieJar)
    source: str = "127.0.0.1"

    def _open(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(
            _NoRedirect, urllib.request.HTTPCookieProcessor(self.jar), _FromAddress(self.source)
        )
        try:
            reply = opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            body = reply.read()
            location = reply.headers.get("Location", "")
            return Answer(reply.status, location, body.decode("utf-8", "replace"), body, reply.headers)

    def get(self, path: str) -> Answer:
        """One page, without following anything."""
        return self._open(urllib.request.Request(self.url + path))

    def token(self, path: str) -> str:
        """The form token on a page."""
        return token_on(self.get(path), path)

    def post(
        self,
        path: str,
        data: dict,
        page: str | None = None,
        photo: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """A form from `page` (asked for its token unless `data` has it), with a photo if one is given."""
        fields = data if "csrf_token" in data else {"csrf_token": self.token(page or path), **data}
        if photo is None:
            body, kind = urllib.parse.urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
        else:
            boundary, body = encode_multipart(
                {**fields, "photo": FileStorage(io.BytesIO(photo), "a.jpg", "photo", "image/jpeg")}
            )
            kind = f"multipart/form-data; boundary={boundary}"
        all_headers = {"Content-Type": kind, **(headers or {})}
        return self._open(urllib.request.Request(self.url + path, data=body, headers=all_headers))

    def cookie(self, name: str) -> str | None:
        """The value of a cookie."""
        return next((cookie.value for cookie in self.jar if cookie.name == name), None)


def token_on(answer: Answer, path: str) -> str:
    """The form token on a page that was asked for at `path`."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert found, f"no form on {path}: {answer.status} {answer.location} {answer.text[-300:]}"
    return found[1]
