"""The real server in its own process tree, and a small browser without script that talks to it over a socket."""

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
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

ROOT = Path(__file__).resolve().parents[1]


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


def start(values: dict[str, str]) -> subprocess.Popen:
    """Start it in a process group of its own and wait until it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "vssid.serve"],
        cwd=ROOT,
        env={**os.environ, **values},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    url = values["PUBLIC_URL"] + "/readyz"
    for _attempt in range(200):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return process
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not become ready")


def kill(process: subprocess.Popen) -> None:
    """Power cut: every process of the tree at once, no goodbye."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


@dataclass
class Answer:
    """Status, address to go to, text."""

    status: int
    location: str
    text: str
    body: bytes


@dataclass
class PlainBrowser:
    """Cookies and forms, nothing else."""

    url: str
    jar: CookieJar = field(default_factory=CookieJar)

    def _open(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPCookieProcessor(self.jar))
        try:
            reply = opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            body = reply.read()
            return Answer(reply.status, reply.headers.get("Location", ""), body.decode("utf-8", "replace"), body)

    def get(self, path: str) -> Answer:
        """One page, without following anything."""
        return self._open(urllib.request.Request(self.url + path))

    def token(self, path: str) -> str:
        """The form token on a page."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)[1]

    def post(self, path: str, data: dict, page: str | None = None, photo: bytes | None = None) -> Answer:
        """A form from `page`, with a photo if one is given."""
        fields = {"csrf_token": self.token(page or path), **data}
        if photo is None:
            body, kind = urllib.parse.urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
        else:
            import io

            boundary, body = encode_multipart(
                {**fields, "photo": FileStorage(io.BytesIO(photo), "a.jpg", "photo", "image/jpeg")}
            )
            kind = f"multipart/form-data; boundary={boundary}"
        return self._open(urllib.request.Request(self.url + path, data=body, headers={"Content-Type": kind}))
