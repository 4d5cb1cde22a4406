"""Fetching from hosts that others name: to the open internet alone, small, soon over, and to the address that was checked.

A name is resolved once, every address it has is judged, and the connection goes to one of those: what the name means a
second later changes nothing. Redirects are judged as the first address was. Nothing of the environment (proxies) is heeded.
"""

import gzip
import http.client
import io
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

AGENT = "VssID (+feed reader)"
PORTS = {"http": (80, 8080), "https": (443, 8443)}
MOST_REDIRECTS = 3
SECONDS = 20.0
_CHUNK = 64 * 1024
_HIDDEN = re.compile(r"[^ -~]")
_REDIRECTS = (301, 302, 303, 307, 308)
# Special-purpose networks (IANA's registries) that the library of Python 3.11 takes for global, and all that wraps IPv4.
_SPECIAL = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "100.64.0.0/10",
            "198.18.0.0/15", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
            "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
        ),
    )
)  # fmt: skip
Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Collection[str]]


class NotFetched(Exception):
    """Why nothing came: `reason` is one of REASONS, a code for words that people read."""

    def __init__(self, reason: str) -> None:
        """`reason` names it."""
        super().__init__(reason)
        self.reason = reason


REASONS = ("address", "name", "inside", "away", "slow", "status", "size", "type", "redirects", "unchanged", "broken")


@dataclass(frozen=True)
class Fetched:
    """What came: content, its media type, where it finally stood, and what to send next time to hear whether it changed."""

    content: bytes
    media_type: str
    url: str
    etag: str = ""
    last_modified: str = ""


def resolve(host: str, port: int) -> Collection[str]:
    """The addresses of a name, as the system knows them."""
    return {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}


def fetch(
    url: str,
    *,
    limit: int,
    types: Collection[str],
    etag: str = "",
    last_modified: str = "",
    resolver: Resolver = resolve,
    allowed: Callable[[Address, int], bool] | None = None,
) -> Fetched:
    """Get `url`: at most `limit` bytes (also when unpacked), of one of the media `types`. Raises NotFetched.

    `resolver` and `allowed` (an address and port that may be asked) are parameters so that a test can have a server of its
    own on loopback; nothing that an operator sets reaches them.
    """
    may_ask = allowed or _is_outside
    ends = time.monotonic() + SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        parts = _checked(url)
        answer = _ask(parts, _chosen(parts, resolver, may_ask), ends, etag, last_modified)
        try:
            if answer.status in _REDIRECTS:
                url = _next(url, answer.getheader("Location", ""))
                continue
            return _read(answer, url, limit, types, ends)
        finally:
            answer.close()
    raise NotFetched("redirects")


def _checked(url: str) -> SplitResult:
    """The parts of an address that may be asked at all."""
    if len(url) > 2000 or any(not " " < sign <= "~" for sign in url) or "\\" in url:
        raise NotFetched("address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched("address") from None
    known = PORTS.get(parts.scheme, ())
    if not known or not parts.hostname or "@" in parts.netloc or "%" in parts.netloc:
        raise NotFetched("address")
    if port is not None and port not in known:
        raise NotFetched("address")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme][0]


def _chosen(parts: SplitResult, resolver: Resolver, may_ask: Callable[[Address, int], bool]) -> Address:
    """The address to connect to. One that lies inside spoils them all: such a name is not meant for us."""
    host, port = str(parts.hostname), _port(parts)
    try:
        found = [ip_address(text.partition("%")[0]) for text in resolver(host, port)]
    except (OSError, UnicodeError, ValueError):
        raise NotFetched("name") from None
    if not found:
        raise NotFetched("name")
    if not all(may_ask(address, port) for address in found):
        raise NotFetched("inside")
    return min(found, key=lambda address: (address.version, int(address)))


def _is_outside(address: Address, _port: int) -> bool:
    """Whether an address is of the open internet. What carries an IPv4 address within itself is not, wherever that lies."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _SPECIAL if network.version == address.version)


def _ask(parts: SplitResult, address: Address, ends: float, etag: str, last_modified: str) -> http.client.HTTPResponse:
    host, wire = str(parts.hostname), None
    try:
        wire = socket.create_connection((str(address), _port(parts)), timeout=_left(ends))
        if parts.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        connection = http.client.HTTPConnection(host, _port(parts))
        connection.default_port = PORTS[parts.scheme][0]  # else an https site is asked by the name "host:443"
        connection.sock = _Wire(wire, ends)
        path = parts.path or "/"
        connection.putrequest("GET", f"{path}?{parts.query}" if parts.query else path, skip_accept_encoding=True)
        wished = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        for name, value in {**wished, **{name: value for name, value in known.items() if value}}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError, NotFetched) as wrong:
        if wire is not None:
            wire.close()
        if isinstance(wrong, NotFetched):
            raise
        raise NotFetched("slow" if isinstance(wrong, TimeoutError) else "away") from None


class _Reading(io.RawIOBase):
    """What a socket says, until all must be over: a timeout for each reading would let a server drip."""

    def __init__(self, wire: socket.socket, ends: float) -> None:
        self._wire, self._ends = wire, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(_left(self._ends))
        return self._wire.recv_into(buffer)

    def close(self) -> None:
        self._wire.close()
        super().close()


class _Wire:
    """As much of a socket as `http.client` needs. It is closed with what is read from it."""

    def __init__(self, wire: socket.socket, ends: float) -> None:
        self._wire, self._ends = wire, ends

    def sendall(self, data: bytes) -> None:
        self._wire.settimeout(_left(self._ends))
        self._wire.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._wire, self._ends))

    def close(self) -> None:
        pass


def _left(ends: float) -> float:
    """Seconds until all must be over; a server that drips does not get more."""
    left = ends - time.monotonic()
    if left <= 0:
        raise NotFetched("slow")
    return left


def _next(url: str, location: str) -> str:
    if not location:
        raise NotFetched("status")
    target = urljoin(url, location)
    if url.startswith("https:") and not target.startswith("https:"):
        raise NotFetched("redirects")
    return target


def _read(answer: http.client.HTTPResponse, url: str, limit: int, types: Collection[str], ends: float) -> Fetched:
    if answer.status == 304:
        raise NotFetched("unchanged")
    if answer.status != 200:
        raise NotFetched("status")
    media_type = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if media_type not in types:
        raise NotFetched("type")
    encoding = (answer.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise NotFetched("type")
    content = _drained(answer, limit, ends)
    if encoding == "gzip":
        content = _unpacked(content, limit)
    known = {name: _HIDDEN.sub("", answer.getheader(name) or "")[:300] for name in ("ETag", "Last-Modified")}
    return Fetched(content, media_type, url, known["ETag"], known["Last-Modified"])


def _drained(answer: http.client.HTTPResponse, limit: int, ends: float) -> bytes:
    out = io.BytesIO()
    try:
        while chunk := answer.read1(_CHUNK):
            _left(ends)
            if out.tell() + len(chunk) > limit:
                raise NotFetched("size")
            out.write(chunk)
    except TimeoutError:
        raise NotFetched("slow") from None
    except (OSError, http.client.HTTPException):
        raise NotFetched("away") from None
    return out.getvalue()


def _unpacked(packed: bytes, limit: int) -> bytes:
    """The content of a gzip file, as long as it is no bomb."""
    try:
        with gzip.open(io.BytesIO(packed)) as file:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise NotFetched("broken") from None
    if len(content) > limit:
        raise NotFetched("size")
    return content
