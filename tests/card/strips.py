"""Strips for tests: a key of their own, a card in words, and a verifier that shares no line with ours.

The verifier follows docs/card.md: base45 by RFC 9285 and Ed25519 by the arithmetic of RFC 8032, in plain Python.
"""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vssid.card.strips import rules
from vssid.card.strips.rules import Strip

TODAY = date(2026, 11, 29)
SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
STRIP = Strip(
    key=1, handle=bytes.fromhex("0102030405ff"), ma_so="8900000101", level=4, area_code="K2", object_code="DN",
    valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), five_years_from=date(2025, 2, 1), facility_code="89012",
    birth_year=1985, photo=bytes.fromhex("a1a2a3a4a5a6a7a8"), day=TODAY, last_day=TODAY, initials="ĐTMƯ",
)  # fmt: skip


def signed(strip: Strip = STRIP, private: Ed25519PrivateKey = PRIVATE, domain: bytes = rules.DOMAIN) -> str:
    """A strip as it stands in the QR code."""
    body = rules.payload(strip)
    return rules.written(body, private.sign(domain + body))


def changed(**values) -> Strip:
    """The strip with other values."""
    return replace(STRIP, **values)


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _x(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = _x(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(n: int, p: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = _add(found, p)
        p, n = _add(p, p), n >> 1
    return found


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x(_BASE_Y, 0)
assert _BASE_X is not None
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def right(public: bytes, signature: bytes, message: bytes) -> bool:
    """RFC 8032, section 5.1.7."""
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, other = _times(s, BASE), _add(r, _times(k, a))
    return (left[0] * other[2] - other[0] * left[2]) % P == 0 == (left[1] * other[2] - other[1] * left[2]) % P


def independently(text: str, keys: dict[int, bytes], today: date, revoked: frozenset[bytes] = frozenset()) -> str:
    """The verdict by docs/card.md alone."""
    try:
        data = _unbase45(text[7:]) if text.startswith("VSSID1:") else b""
    except (KeyError, ValueError):
        return "unreadable"
    body, signature = data[:-64], data[-64:]
    if len(body) < 44 or body[0] != 1 or body[3] > 7 or len(body) != 44 + body[43] or body[15] >> 4 > 3:
        return "unreadable"

    def day(at: int) -> date | None:
        count = int.from_bytes(body[at : at + 2], "big")
        return date(2020, 1, 1) + timedelta(days=count) if count else None

    start, end, of, until = day(18), day(20), day(39), day(41)
    if not 1 <= body[15] & 15 <= 5 or start is None or of is None or until is None:
        return "unreadable"
    public = keys.get(int.from_bytes(body[1:3], "big"))
    if public is None or not right(public, signature, b"vssid card strip 1\0" + body):
        return "forged"
    found = _worth(body, today, start, end, of, until, body[4:10] in revoked)
    return "specimen" if body[3] & 1 and found in ("good", "paper", "stale") else found


def _worth(body: bytes, today: date, start: date, end: date | None, of: date, until: date, revoked: bool) -> str:
    if revoked:
        return "revoked"
    if today < of:
        return "early"
    if today < start:
        return "not_yet"
    if end is not None and today > end:
        return "ended"
    if body[3] & 2:
        return "paper" if today <= until else "old"
    if today == of:
        return "good"
    return "stale" if today <= of + timedelta(days=1 if body[3] & 4 else 28) else "old"


def _unbase45(text: str) -> bytes:
    values = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
    found = b""
    for at in range(0, len(text), 3):
        chunk = [values[sign] for sign in text[at : at + 3]]
        if len(chunk) == 1:
            raise ValueError
        found += sum(value * 45**place for place, value in enumerate(chunk)).to_bytes(len(chunk) - 1, "big")
    return found
