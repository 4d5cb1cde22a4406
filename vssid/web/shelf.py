"""Finished public pages: in memory for every visitor, on the disk for the days when the database is away.

A worker keeps what it rendered for half a minute and drops all of it when one of its own transactions writes to a table that
public pages show; what another process writes is seen when the half minute is over.
"""

import functools
import gzip
import hashlib
import os
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import brotli
from sqlalchemy import Connection, Engine, event

from vssid.kernel.clock import now
from vssid.kernel.db import Base
from vssid.web.i18n import LANGUAGES

FRESH_SECONDS = 30
# After a change of what is shown: a page that was begun before it must not be kept behind it.
SETTLING_SECONDS = 1
LARGEST = 16 * 1024 * 1024
LONGEST_QUERY = 300
FRESHNESS = f"public, max-age={FRESH_SECONDS}, stale-while-revalidate=600, stale-if-error=86400"
VARY = "Accept-Encoding, Accept-Language, Cookie, HX-Request"
# A copy on the disk is as its reader sees it who has chosen nothing but the language.
PLAIN = ("m", "thuong", "day-du")
_WRITING = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "?(\w+)')


class Key(NamedTuple):
    """What a public page depends on."""

    path: str
    query: str
    language: str
    size: str
    contrast: str
    mode: str
    part: bool


@dataclass(frozen=True)
class Copy:
    """One finished page: packed once, with the headers that it was sent with."""

    zipped: bytes
    squeezed: bytes
    tag: str
    headers: tuple[tuple[str, str], ...]
    made_at: float
    until: float = float("inf")

    @classmethod
    def of(cls, body: bytes, headers: Iterable[tuple[str, str]], until: float = float("inf")) -> "Copy":
        """A page as it leaves the views, not packed; `until` when something on it begins or ends, if that is known."""
        kept = tuple((name, value) for name, value in headers if name.lower() not in _OF_THE_ANSWER)
        tag = hashlib.sha256(body).hexdigest()[:20]
        squeezed = brotli.compress(body, mode=brotli.MODE_TEXT, quality=6)
        return cls(gzip.compress(body, 7, mtime=0), squeezed, tag, kept, now().timestamp(), until)

    @property
    def body(self) -> bytes:
        """The page as it was rendered."""
        return gzip.decompress(self.zipped)

    def answer(self, accepted: str, known: str) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body for a browser that takes the encodings `accepted` and has the versions `known`."""
        if "br" in accepted:
            encoding, body = "br", self.squeezed
        elif "gzip" in accepted:
            encoding, body = "gzip", self.zipped
        else:
            encoding, body = "", self.body
        tag = f'"{self.tag}{encoding and "-" + encoding}"'
        headers = [*self.headers, ("Cache-Control", FRESHNESS), ("Vary", VARY), ("ETag", tag)]
        if tag in known or known.strip() == "*":
            return "304 NOT MODIFIED", headers, b""
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return "200 OK", [*headers, ("Content-Length", str(len(body)))], body


_OF_THE_ANSWER = {"content-length", "content-encoding", "etag", "vary", "cache-control"}


@dataclass
class Shelf:
    """The copies of one process, and the folder that all share."""

    folder: Path
    _copies: OrderedDict[Key, Copy] = field(default_factory=OrderedDict)
    _weight: int = 0
    _closed_until: float = 0
    _written: dict[Key, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fresh(self, key: Key) -> Copy | None:
        """The copy that may be shown without asking anybody."""
        copy = self._copies.get(key)
        if copy is None or copy.made_at < self._closed_until:
            return None
        return copy if 0 <= now().timestamp() - copy.made_at < min(FRESH_SECONDS, copy.until - copy.made_at) else None

    def put(self, key: Key, copy: Copy, *, on_disk: bool = False) -> None:
        """Keep `copy`; the oldest make room. One that may be older than a change is good enough for the disk alone.

        `on_disk` for pages that we asked for ourselves: visitors' addresses are theirs to choose, and a disk has an end.
        """
        if copy.made_at >= self._closed_until:
            with self._lock:
                self._drop(key)
                self._copies[key] = copy
                self._weight += _weight_of(copy)
                while self._weight > LARGEST:
                    self._drop(next(iter(self._copies)))
        if on_disk and not key.query and not key.part and (key.size, key.contrast, key.mode) == PLAIN:
            self._write(key, copy)

    def _drop(self, key: Key) -> None:
        gone = self._copies.pop(key, None)
        if gone is not None:
            self._weight -= _weight_of(gone)

    def expire(self) -> None:
        """What is shown has changed: nothing that is kept may be shown unasked any more."""
        self._closed_until = now().timestamp() + SETTLING_SECONDS

    def forget(self, path: str) -> None:
        """What stood here was taken away: no copy of it may come back."""
        with self._lock:
            for key in [key for key in self._copies if key.path == path]:
                self._drop(key)
        for code in LANGUAGES:
            key = Key(path, "", code, *PLAIN, False)
            self._written.pop(key, None)
            self._place(key).unlink(missing_ok=True)

    def prune(self, paths: Iterable[str]) -> None:
        """Drop the copies on the disk of all other pages: what is not worth a copy must not outlive its withdrawal."""
        kept = {self._place(Key(path, "", code, *PLAIN, False)).name for path in paths for code in LANGUAGES}
        for file in self.folder.glob("*.gz"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def last_known(self, key: Key) -> tuple[Copy, bool] | None:
        """The newest copy of whatever age, and whether it answers what `key` asks (else it is the page without the question)."""
        copy = self._copies.get(key)
        if copy is not None:
            return copy, True
        if key.part:
            return None
        for language in (key.language, "vi"):
            plain = Key(key.path, "", language, *PLAIN, False)
            copy = self._copies.get(plain) or self._read(plain)
            if copy is not None:
                return copy, not key.query
        return None

    def _write(self, key: Key, copy: Copy) -> None:
        """Put it on the disk, once a version. A full disk is no reason to refuse a page."""
        path = self._place(key)
        if self._written.get(key) == copy.tag and path.exists():
            return
        partial = path.with_name(f"{uuid4()}.part")
        head = "\n".join(f"{name}: {value}" for name, value in copy.headers)
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            partial.write_bytes(gzip.compress(f"{copy.made_at}\n{head}\n\n".encode() + copy.body, 6))
            os.replace(partial, path)
            self._written[key] = copy.tag
        except OSError:
            partial.unlink(missing_ok=True)

    def _read(self, key: Key) -> Copy | None:
        try:
            head, body = gzip.decompress(self._place(key).read_bytes()).split(b"\n\n", 1)
            made_at, *lines = head.decode().split("\n")
            headers = [(name, value) for name, _colon, value in (line.partition(": ") for line in lines)]
            copy = Copy.of(body, headers)
            return Copy(copy.zipped, copy.squeezed, copy.tag, copy.headers, float(made_at))
        except (OSError, EOFError, ValueError, zlib.error):
            return None

    def _place(self, key: Key) -> Path:
        return self.folder / (hashlib.sha256(f"{key.language} {key.path}".encode()).hexdigest()[:32] + ".gz")

    def watch(self, engine: Engine) -> None:
        """Expire with each transaction of this process that writes to a table marked `info={"published": True}`."""

        @event.listens_for(engine, "after_cursor_execute")
        def note(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
            written = _WRITING.match(statement)
            if written is not None and written[1] in _published_tables():
                connection.info["published"] = True

        @event.listens_for(engine, "commit")
        def changed(connection: Connection) -> None:
            if connection.info.pop("published", False):
                self.expire()


@functools.cache
def _published_tables() -> frozenset[str]:
    return frozenset(table.name for table in Base.metadata.tables.values() if table.info.get("published"))


def _weight_of(copy: Copy) -> int:
    return len(copy.zipped) + len(copy.squeezed) + 2_000  # headers and bookkeeping


class Counter:
    """WSGI middleware: hands out what lies ready, and passes everything else on."""

    def __init__(self, app: Any, shelf: Shelf, key_of: Callable[[dict[str, Any]], Key | None]) -> None:
        """`key_of` gives a visitor's key from a WSGI environment, or None where no copy may be shown."""
        self._app, self._shelf, self._key_of = app, shelf, key_of

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer from the shelf, or let the application do it."""
        key = self._key_of(environ)
        copy = self._shelf.fresh(key) if key is not None else None
        if copy is None:
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer
        status, headers, body = copy.answer(
            environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
        )
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
