"""What a document that leaves the house says of itself: its kind, its code, its seal, and what a check finds. Pure.

A seal is `payload | Ed25519 signature` in base64url. The payload, big-endian: version (1), key (2), kind (1), code (10),
day of issue and last day as days since 2020-01-01 (2 and 2), digest of what the document says (16), flags (1).
"""

import hashlib
import json
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import CODE_ALPHABET, typed_code

CODE_LENGTH = 16  # 15 signs by chance, 72 bits, and one that shows a slip
HOLDS_DAYS = 30  # long enough for a loan or a school; what was true then may not be now
KEPT_DAYS = 365  # after the last day: whoever checks an old document is told that it is old
MOST_FACTS = 12
DOMAIN = b"vssid document 1\0"  # signed before the payload: the same key may sign other things
VERSION, SPECIMEN = 1, 1
_LAYOUT = struct.Struct(">BHB10sHH16sB")
_SIGNATURE = 64
_EPOCH = date(2020, 1, 1)
_SEAL = re.compile(r"[A-Za-z0-9_-]{130,140}")


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ISSUED = "document.issued"
    CHECKED = "document.checked"
    WITHDRAWN = "document.withdrawn"
    KEY_ROTATED = "issuer_key.rotated"
    KEY_REVOKED = "issuer_key.revoked"


SEEN = {Tag.CHECKED: N_("Kiểm tra một giấy của bạn bằng mã xác minh")}


class Document(StrEnum):
    """The kinds of documents that carry a code."""

    PARTICIPATION = "qua_trinh"
    VISITS = "so_kham"
    PAPER = "giay_to"

    @property
    def label(self) -> Label:
        """What it is called."""
        return _LABELS[self]

    @property
    def number(self) -> int:
        """Its number within a seal."""
        return list(Document).index(self) + 1


_LABELS = {
    Document.PARTICIPATION: N_("Bản kê quá trình tham gia"),
    Document.VISITS: N_("Bản kê các lần khám chữa bệnh"),
    Document.PAPER: N_("Bản sao giấy tờ khám chữa bệnh"),
}


@dataclass(frozen=True)
class Fact:
    """One line for whoever checks: what it is, the value exactly as it is printed, and what that means where it is a text of ours."""

    label: Label
    value: str
    means: Label | None = None


# By what people tell their printed documents apart. Values of the second kind are texts of ours.
_NAMES = (N_("Họ và tên"), N_("Năm khám chữa bệnh"), N_("Ngày cấp"))
_WORDS = (N_("Loại chứng từ"), N_("Chẩn đoán"))
_OURS = (N_("chưa có dữ liệu"), N_("Chủ giấy đang khiếu nại"))
_PAID = re.compile(r"([0-9]+) năm ([0-9]+) tháng(?:, chậm đóng ([0-9]+) tháng)?")
_MONEY = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})*) đồng")


def meaning(label: str, value: str) -> Label | None:
    """What a printed value says, as it can be said in other languages; None for names, numbers, days and places."""
    if label in _WORDS or value in _OURS:
        return Label(value)
    paid, money = _PAID.fullmatch(value), _MONEY.fullmatch(value)
    if money:
        return N_("%(amount)s đồng", amount=Decimal(money[1].replace(".", "")))
    if not paid:
        return None
    total = N_("%(years)s năm %(months)s tháng", years=paid[1], months=paid[2])
    return N_("%(total)s · chậm đóng %(late)s tháng", total=total, late=paid[3]) if paid[3] else total


def telling(facts: Sequence[Sequence[str]]) -> list[tuple[Label, str]]:
    """Of a document's facts as they are kept ([label, value]) those that tell it from others.

    A value is a Label where it can be said in other languages; what is printed stays Vietnamese.
    """
    kept = [(label, value) for label, value in facts if value and label in (*_NAMES, *_WORDS)]
    return [(Label(label), meaning(label, value) or value) for label, value in kept]


@dataclass(frozen=True)
class Statement:
    """A document about one person before it is issued: `facts` (at most 12) are what a checker compares with the paper.

    `content` is any text that differs when the document says something else: its digest goes into the seal.
    """

    kind: Document
    person_id: UUID
    facts: Sequence[Fact]
    content: str

    @property
    def digest(self) -> bytes:
        """What tells two documents apart, 16 bytes."""
        text = json.dumps([self.content, *([str(one.label), one.value] for one in self.facts)], ensure_ascii=False)
        return hashlib.sha256(text.encode()).digest()[:16]


class Verdict(StrEnum):
    """What a check has found."""

    GENUINE = "genuine"
    SPECIMEN = "specimen"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNLISTED = "unlisted"
    ALTERED = "altered"
    MISTYPED = "mistyped"
    UNKNOWN = "unknown"

    @property
    def words(self) -> Label:
        """In a few words."""
        return _VERDICTS[self][0]

    @property
    def advice(self) -> Label:
        """What it means, and what to do next."""
        return _VERDICTS[self][1]

    @property
    def tone(self) -> str:
        """The colour of its box."""
        return _VERDICTS[self][2]


_VERDICTS = {
    Verdict.GENUINE: (
        N_("Đúng là giấy do chúng tôi cấp"),
        N_("Hãy so từng dòng dưới đây với giấy bạn đang cầm. Khác một chữ số là giấy đã bị sửa."),
        "good",
    ),
    Verdict.SPECIMEN: (
        N_("Bản mẫu: người và số liệu không có thật"),
        N_(
            "Mã đúng: giấy này do hệ thống in ra, hãy so từng dòng dưới đây. Bản mẫu chỉ để dùng thử, không chứng minh điều gì."
        ),
        "info",
    ),
    Verdict.EXPIRED: (
        N_("Giấy do chúng tôi cấp, nhưng đã quá hạn xác minh"),
        N_("Số liệu có thể đã khác. Hãy đề nghị người đưa giấy in bản mới."),
        "warn",
    ),
    Verdict.WITHDRAWN: (
        N_("Giấy này đã bị thu hồi"),
        N_("Đừng dùng giấy này. Hãy đề nghị người đưa giấy in bản mới."),
        "bad",
    ),
    Verdict.UNLISTED: (
        N_("Chữ ký đúng, nhưng giấy không có trong sổ của chúng tôi"),
        N_("Có thể sổ vừa được khôi phục. Hãy đề nghị người đưa giấy in bản mới."),
        "warn",
    ),
    Verdict.ALTERED: (
        N_("Mã QR không phải do chúng tôi ký"),
        N_("Đừng tin giấy này. Hãy gõ 16 ký tự của mã xác minh in trên giấy để kiểm tra lại."),
        "bad",
    ),
    Verdict.MISTYPED: (
        N_("Mã gõ chưa đúng"),
        N_("Hãy gõ lại đủ 16 ký tự, theo nhóm 4, như in trên giấy."),
        "warn",
    ),
    Verdict.UNKNOWN: (
        N_("Chúng tôi không cấp giấy nào mang mã này"),
        N_("Hãy xem lại mã. Nếu mã đã đúng thì đừng tin giấy này."),
        "bad",
    ),
}


@dataclass(frozen=True)
class Sealed:
    """What a seal says, once its signature is found right."""

    key: int
    kind: int
    code: str
    issued_on: date
    last_day: date
    digest: bytes
    specimen: bool


def new_code() -> str:
    """A code for one document: 72 bits by chance and the check sign."""
    body = "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH - 1))
    return body + _check_sign(body)


def _check_sign(body: str) -> str:
    """ISO 7064, hybrid system MOD n+1, n for our n signs: it finds every single slip and nearly every swap."""
    base = len(CODE_ALPHABET)
    product = base
    for sign in body:
        total = (CODE_ALPHABET.index(sign) + product) % base or base
        product = total * 2 % (base + 1)
    return CODE_ALPHABET[(base + 1 - product) % base]


def spoken(code: str) -> str:
    """In groups of four, as it is printed: 7K3M-9QX2-BDFG-2345."""
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def code_in(text: str) -> str | None:
    """The code that somebody typed, or None when it is none."""
    code = typed_code(text)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return None
    return code if _check_sign(code[:-1]) == code[-1] else None


def seal_in(text: str) -> str | None:
    """The seal within a text that somebody scanned (an address of ours, or the seal alone), or None."""
    last = text.strip().rpartition("#")[2]
    return last if _SEAL.fullmatch(last) else None


def payload(sealed: Sealed) -> bytes:
    """What is signed, without DOMAIN."""
    number = 0
    for sign in sealed.code:
        number = number * len(CODE_ALPHABET) + CODE_ALPHABET.index(sign)
    days = ((day - _EPOCH).days for day in (sealed.issued_on, sealed.last_day))
    flags = SPECIMEN if sealed.specimen else 0
    return _LAYOUT.pack(VERSION, sealed.key, sealed.kind, number.to_bytes(10, "big"), *days, sealed.digest, flags)


def written(body: bytes, signature: bytes) -> str:
    """A seal as it stands in a QR code."""
    return urlsafe_b64encode(body + signature).decode().rstrip("=")


def taken_apart(seal: str) -> tuple[bytes, bytes]:
    """Payload and signature. Raises ValueError for what is no seal, or is written in a second way."""
    body = urlsafe_b64decode(seal + "=" * (-len(seal) % 4))
    if len(body) != _LAYOUT.size + _SIGNATURE or written(body, b"") != seal:
        raise ValueError("not a seal")
    return body[:-_SIGNATURE], body[-_SIGNATURE:]


def said(body: bytes) -> Sealed:
    """What a payload says; nothing of it holds before the signature is checked. Raises ValueError."""
    version, key, kind, number, issued, last, digest, flags = _LAYOUT.unpack(body)
    if version != VERSION or flags not in (0, SPECIMEN):
        raise ValueError("not of this version")
    value, signs = int.from_bytes(number, "big"), []
    for _sign in range(CODE_LENGTH):
        value, sign = divmod(value, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[sign])
    code = "".join(reversed(signs))
    return Sealed(key, kind, code, _day(issued), _day(last), digest, flags == SPECIMEN)


def _day(count: int) -> date:
    return _EPOCH + timedelta(days=count)


def last_day(issued_on: date) -> date:
    """The last day on which a document can be checked as valid."""
    return issued_on + timedelta(days=HOLDS_DAYS)
