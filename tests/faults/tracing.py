"""A server under strace, and what its trace says of the order of writing, syncing and answering."""

import functools
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests import serving

CALLS = "openat,mkdir,rename,unlink,write,pwrite64,fsync,fdatasync,sendto,sendmsg"
END_WITHIN_SECONDS = 30.0

_LINE = re.compile(r"(?P<pid>\d+) +\d+\.\d+ (?P<text>.*)")
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_BEGUN = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)")
_FILE = re.compile(r"\d+<(?P<path>[^>]*)>")
_QUOTED = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')


@functools.cache
def refusal() -> str:
    """Why strace cannot look into processes here, or ''."""
    try:
        tried = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-e", "trace=openat", "true"], capture_output=True, text=True
        )
    except FileNotFoundError:
        return "strace is not installed: deploy/system-packages faults"
    return "" if tried.returncode == 0 else f"strace may not look into processes here: {tried.stderr[-200:]}"


def start(values: dict[str, str], trace: Path, command: Sequence[str] = serving.SERVER) -> subprocess.Popen[bytes]:
    """Start a server whose calls are written to `trace`. The process is the server's: strace stands behind it (-D)."""
    # Without the sender, which writes to the database as well: what is in the trace belongs to the requests.
    strace = [
        "strace",
        "-D",
        "-f",
        "--seccomp-bpf",
        "-ttt",
        "-yy",
        "-s",
        "40",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
    ]
    return serving.start(values, [*strace, *command, "--no-worker"])


def end(process: subprocess.Popen[bytes], trace: Path) -> list[str]:
    """End the server, wait until strace has written its last line, and return all lines."""
    process.send_signal(signal.SIGTERM)
    process.wait(END_WITHIN_SECONDS)
    deadline = time.monotonic() + END_WITHIN_SECONDS
    while time.monotonic() < deadline:
        lines = trace.read_text(errors="replace").splitlines()
        if lines and re.match(rf"{process.pid} .*\+\+\+ exited", lines[-1]):
            return lines
        time.sleep(0.1)
    raise AssertionError("strace did not end with the server")


@dataclass(frozen=True)
class Acknowledgement:
    """A 303 at the moment when its first bytes leave: what was written for it, and what of that may still be lost."""

    written: int
    unsynced: dict[str, int]


@dataclass
class Ledger:
    """What of a data folder is on the disk for certain, told call by call.

    Doubt counts against the server: a write counts from its beginning, a sync from its end and only for what was
    written before it began. A new name in a folder counts until that folder was synced.
    """

    data_dir: str
    unsynced: Counter[str] = field(default_factory=Counter)
    acknowledgements: list[Acknowledgement] = field(default_factory=list)
    early_rows: int = 0  # writes to the log while a photo was not on the disk
    _known: set[str] = field(default_factory=set)
    _written: int = 0
    _pending: dict[str, tuple[str, int]] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> "Ledger":
        """Take the lines of a trace in their order."""
        for line in lines:
            found = _LINE.match(line)
            if found:
                self._line(found["pid"], found["text"])
        return self

    def _line(self, pid: str, text: str) -> None:
        resumed = _RESUMED.match(text)
        if resumed:
            begun, before = self._pending.pop(pid, ("", 0))
            self._ended(begun + resumed["rest"], before)
            return
        begun = text.removesuffix("<unfinished ...>").rstrip()
        before = self._begun(begun)
        if begun != text.rstrip():
            self._pending[pid] = (begun, before)
        else:
            self._ended(text, before)

    def _begun(self, text: str) -> int:
        """Count a write or an answer from its beginning; for a sync, return how much there was to sync."""
        call = _BEGUN.match(text)
        file = _FILE.match(call["arguments"]) if call else None
        if not call or not file:
            return 0
        name, path = call["name"], file["path"]
        if name in ("fsync", "fdatasync"):
            return self.unsynced[path]
        if name in ("write", "pwrite64") and self._watched(path):
            photos = f"{self.data_dir}/files"
            self.early_rows += path.endswith("-wal") and any(other.startswith(photos) for other in +self.unsynced)
            self.unsynced[path] += 1
            self._written += 1
        if path.startswith("TCP") and '"HTTP/1.1 ' in text:
            self._answered(text)
        return 0

    def _answered(self, text: str) -> None:
        if '"HTTP/1.1 303' in text:
            self.acknowledgements.append(Acknowledgement(self._written, dict(+self.unsynced)))
        self._written = 0

    def _ended(self, text: str, before: int) -> None:
        call = _CALL.match(text)
        if not call or call["result"].startswith("-"):
            return
        name, arguments = call["name"], call["arguments"]
        names = [quoted["text"] for quoted in _QUOTED.finditer(arguments)]
        if name in ("fsync", "fdatasync"):
            self.unsynced[_FILE.match(arguments)["path"]] -= before
        elif name == "mkdir" or (name == "openat" and "O_CREAT" in arguments):
            self._named(names[0])
        elif name == "rename":
            self.unsynced[names[1]] += self.unsynced.pop(names[0], 0)
            self._known.discard(names[0])
            self._named(names[1])
        elif name == "unlink":
            self._known.discard(names[0])

    def _named(self, path: str) -> None:
        """A name that was not in its folder before."""
        if self._watched(path) and path not in self._known:
            self._known.add(path)
            self.unsynced[str(Path(path).parent)] += 1

    def _watched(self, path: str) -> bool:
        return path == f"{self.data_dir}/vssid.sqlite-wal" or path.startswith(f"{self.data_dir}/files")
