"""The strip (dải mã) that a card shows for one day: its bytes, its text in the QR code, its spoken code, its verdict. Pure.

A strip is `payload | Ed25519 signature`, in base45 behind `VSSID1:`. The payload, big-endian: version (1), key (2), flags
(1), handle (6), mã số (5), level and area code (1), object code (2), valid from, valid to, five years from (2 each, days
since 2020-01-01, 0 for none), facility (5), year of birth (2), digest of the portrait (8, zeros for none), day (2), last
day (2), length of the initials (1), initials in UTF-8. docs/card.md has it with test vectors.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel import base45
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold, one_line

DAYS = 28  # how long a phone may stay without network, and the longest time until a revoked strip dies by itself
PAPER_DAYS = 366  # the longest life of a strip on paper
PREFIX = "VSSID1:"
DOMAIN = b"vssid card strip 1\0"  # signed before the payload: the same key signs documents too
ALPHABET = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285, which are the signs of a QR code's alphanumeric mode
)
HANDLE_BYTES = 6
PHOTO_BYTES = 8
SIGNATURE_BYTES = 64
LONGEST_INITIALS = 16  # bytes
LONGEST_TEXT = 260
DAY_AT = 39  # where the day stands in the payload: all that differs between the strips of one phone
SPOKEN_DIGITS = 7
VERSION, SPECIMEN, PAPER, BRIEF = 1, 1, 2, 4
CONSENT = "giu_the"  # the purpose that is agreed to when a phone is to keep a card
CONSENT_TEXT = N_(
    "Tôi đồng ý giữ thẻ BHYT này trên máy đang dùng: tên, số thẻ, ảnh, nơi khám ban đầu và các mã để quét, dùng được cả khi mất mạng."
)
CONSENT_DIGEST = hashlib.sha256(str(CONSENT_TEXT).encode()).hexdigest()
_HEAD = struct.Struct(">BHB6s5sB2sHHH5sH8sHHB")
_EPOCH = date(2020, 1, 1)
_AREAS = ("", "K1", "K2", "K3")


@dataclass(frozen=True)
class Strip:
    """What a strip says. `day` is the day it was made for (on paper: of printing), `last_day` the last on which it can be shown."""

    key: int
    handle: bytes
    ma_so: str
    level: int
    area_code: str
    object_code: str
    valid_from: date
    valid_to: date | None
    five_years_from: date | None
    facility_code: str
    birth_year: int
    photo: bytes
    day: date
    last_day: date
    initials: str
    specimen: bool = False
    paper: bool = False
    brief: bool = False  # of a page that nobody keeps: it cannot be revoked, so it is worth a day


class Verdict(StrEnum):
    """What a verifier finds; the tone is the colour of its screen."""

    GOOD = "good"
    PAPER = "paper"
    STALE = "stale"
    EARLY = "early"
    OLD = "old"
    NOT_YET = "not_yet"
    ENDED = "ended"
    REVOKED = "revoked"
    FORGED = "forged"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown_key"
    SPECIMEN = "specimen"

    @property
    def tone(self) -> str:
        """Good (green), warn (amber), bad (red), info (grey)."""
        return _VERDICTS[self][0]

    @property
    def words(self) -> Label:
        """What was found."""
        return _VERDICTS[self][1]

    @property
    def advice(self) -> Label:
        """What the clerk does now."""
        return _VERDICTS[self][2]


_ASK_PAPER = N_("Hãy xem giấy tờ có ảnh của người bệnh và tra trên hệ thống giám định.")
_VERDICTS = {
    Verdict.GOOD: (
        "good",
        N_("Thẻ đúng, mã của hôm nay."),
        N_("So ảnh và tên với người đang đứng trước bạn."),
    ),
    Verdict.PAPER: (
        "good",
        N_("Thẻ giấy đúng."),
        N_("Thẻ giấy in từ trước: hãy so với giấy tờ có ảnh."),
    ),
    Verdict.STALE: (
        "warn",
        N_("Thẻ đúng, nhưng mã không phải của hôm nay."),
        N_("Có thể là ảnh chụp màn hình, hoặc điện thoại sai ngày. Hãy xem giấy tờ có ảnh."),
    ),
    Verdict.EARLY: (
        "bad",
        N_("Mã của một ngày chưa tới."),
        N_("Ngày trên điện thoại của người bệnh hoặc trên máy này sai. Chỉnh lại ngày rồi quét lần nữa."),
    ),
    Verdict.OLD: ("bad", N_("Mã đã quá cũ."), N_("Nhờ người bệnh mở thẻ lúc có mạng để cập nhật, rồi quét lần nữa.")),
    Verdict.NOT_YET: ("bad", N_("Thẻ chưa có hiệu lực."), _ASK_PAPER),
    Verdict.ENDED: ("bad", N_("Thẻ đã hết hạn."), N_("Thẻ có thể đã được gia hạn. Hãy tra trên hệ thống giám định.")),
    Verdict.REVOKED: (
        "bad",
        N_("Mã đã bị thu hồi."),
        N_("Thẻ đã đổi, hoặc điện thoại này không còn được giữ thẻ. Nhờ người bệnh mở lại thẻ lúc có mạng."),
    ),
    Verdict.FORGED: ("bad", N_("Mã không do hệ thống này phát hành."), _ASK_PAPER),
    Verdict.UNKNOWN_KEY: (
        "warn",
        N_("Chưa kiểm tra được: máy này chưa có khoá mới."),
        N_("Mở trang này khi có mạng rồi quét lại. Trong lúc đó hãy xem giấy tờ có ảnh."),
    ),
    Verdict.UNREADABLE: (
        "bad",
        N_("Đây không phải mã thẻ của hệ thống này."),
        N_("Quét lại mã lớn trên màn hình “Sử dụng thẻ BHYT”, hoặc mã trên thẻ giấy do hệ thống này in."),
    ),
    Verdict.SPECIMEN: (
        "info",
        N_("Bản mẫu: người này không có thật."),
        N_("Chỉ để dùng thử. Không tiếp nhận khám chữa bệnh bằng mã này."),
    ),
}


# Why a phone keeps a card no longer, as its owner reads it there.
REASONS = {
    "again": N_("Thẻ này đã được giữ trên một máy khác."),
    "device": N_("Tài khoản đã chuyển sang máy khác, nên máy này không giữ thẻ nữa."),
    "sign_out": N_("Đã đăng xuất, nên máy này không giữ thẻ nữa."),
    "account": N_("Tài khoản đang bị khoá hoặc đã ngừng sử dụng, nên máy này không giữ thẻ nữa."),
    "guardian": N_("Bạn không còn đại diện cho người này, nên máy này không giữ thẻ nữa."),
    "person": N_("Hồ sơ đã thay đổi. Hãy đăng nhập để xem thẻ."),
    "card": N_("Thẻ không còn dùng được hoặc đã thay đổi. Hãy đăng nhập để xem thẻ."),
    "let_go": N_("Máy này đã thôi giữ thẻ."),
    "unknown": N_("Máy này không còn được giữ thẻ. Hãy đăng nhập và giữ lại thẻ."),
    "sign_in": N_("Đã lâu chưa đăng nhập. Hãy đăng nhập để cập nhật thẻ; các mã đang có vẫn dùng được đến hết hạn."),
    "later": N_("Hiện chưa cập nhật được. Hãy thử lại sau; các mã đang có vẫn dùng được."),
}


def initials(name: str) -> str:
    """The first letters of a name, as the clerk compares them with an ID: ĐTMƯ."""
    letters = "".join(word[0] for word in one_line(name).upper().split())
    while len(letters.encode()) > LONGEST_INITIALS:
        letters = letters[:-1]
    return letters


def photo_digest(portrait: bytes) -> bytes:
    """What a strip says of the portrait beside it."""
    return hashlib.sha256(portrait).digest()[:PHOTO_BYTES]


def payload(strip: Strip) -> bytes:
    """What is signed, without DOMAIN. Raises struct.error or ValueError for what no card can say."""
    letters = strip.initials.encode()
    flags = SPECIMEN * strip.specimen | PAPER * strip.paper | BRIEF * strip.brief
    head = _HEAD.pack(
        VERSION, strip.key, flags, strip.handle, int(strip.ma_so).to_bytes(5, "big"),
        _AREAS.index(strip.area_code) << 4 | strip.level, strip.object_code.encode().ljust(2, b"\0"),
        _count(strip.valid_from), _count(strip.valid_to), _count(strip.five_years_from), strip.facility_code.encode(),
        strip.birth_year, strip.photo.ljust(PHOTO_BYTES, b"\0"), _count(strip.day), _count(strip.last_day), len(letters),
    )  # fmt: skip
    return head + letters


def of_day(body: bytes, day: date) -> bytes:
    """The payload of the same strip for another day, which is its last one too."""
    count = struct.pack(">HH", _count(day), _count(day))
    return body[:DAY_AT] + count + body[DAY_AT + 4 :]


def read(body: bytes) -> Strip:
    """What a payload says; nothing of it holds before the signature is checked. Raises ValueError."""
    if len(body) < _HEAD.size:
        raise ValueError("too short")
    (version, key, flags, handle, number, level_area, group, first, last, five, facility, born, photo, day, until, length) = (
        _HEAD.unpack_from(body)
    )  # fmt: skip
    letters = body[_HEAD.size :]
    area, level = level_area >> 4, level_area & 15
    if version != VERSION or flags & ~(SPECIMEN | PAPER | BRIEF) or len(letters) != length or area >= len(_AREAS):
        raise ValueError("not of this version")
    if not 1 <= level <= 5 or not first or not day or not until:
        raise ValueError("no card says that")
    return Strip(
        key=key,
        handle=handle,
        ma_so=f"{int.from_bytes(number, 'big'):010}",
        level=level,
        area_code=_AREAS[area],
        object_code=group.rstrip(b"\0").decode("ascii"),
        valid_from=_day(first),
        valid_to=_day(last) if last else None,
        five_years_from=_day(five) if five else None,
        facility_code=facility.decode("ascii"),
        birth_year=born,
        photo=photo,
        day=_day(day),
        last_day=_day(until),
        initials=letters.decode(),
        specimen=bool(flags & SPECIMEN),
        paper=bool(flags & PAPER),
        brief=bool(flags & BRIEF),
    )


def _count(day: date | None) -> int:
    # Cards that hold from before 2020 hold all the more today.
    return max(1, (day - _EPOCH).days) if day else 0


def _day(count: int) -> date:
    return _EPOCH + timedelta(days=count)


def written(body: bytes, signature: bytes) -> str:
    """A strip as it stands in a QR code."""
    return PREFIX + base45.encode(body + signature)


def taken_apart(text: str) -> tuple[bytes, bytes]:
    """Payload and signature of a scanned text. Raises ValueError for what is no strip."""
    if len(text) > LONGEST_TEXT or not text.startswith(PREFIX):
        raise ValueError("no strip")
    both = base45.decode(text.removeprefix(PREFIX))
    if len(both) < _HEAD.size + SIGNATURE_BYTES:
        raise ValueError("too short")
    return both[:-SIGNATURE_BYTES], both[-SIGNATURE_BYTES:]


def judged(strip: Strip, today: date, *, revoked: bool) -> Verdict:
    """What a strip with a right signature is worth on `today`."""
    verdict = _judged(strip, today, revoked=revoked)
    return Verdict.SPECIMEN if strip.specimen and verdict.tone != "bad" else verdict


def _judged(strip: Strip, today: date, *, revoked: bool) -> Verdict:
    if revoked:
        return Verdict.REVOKED
    if today < strip.day:
        return Verdict.EARLY
    if today < strip.valid_from:
        return Verdict.NOT_YET
    if strip.valid_to is not None and today > strip.valid_to:
        return Verdict.ENDED
    if strip.paper:
        return Verdict.PAPER if today <= strip.last_day else Verdict.OLD
    if today == strip.day:
        return Verdict.GOOD
    stale_for = timedelta(days=1 if strip.brief else DAYS)
    return Verdict.STALE if today <= strip.day + stale_for else Verdict.OLD


def spoken_code(digest: bytes) -> str:
    """Seven digits that can be said on the phone: six of a keyed digest and one that shows a slip (Luhn)."""
    six = f"{int.from_bytes(digest[:8], 'big') % 10**6:06}"
    return six + str(_luhn(six))


def spoken_code_ok(code: str) -> bool:
    """Whether a typed code has its right last digit."""
    return len(code) == SPOKEN_DIGITS and code.isascii() and code.isdigit() and str(_luhn(code[:-1])) == code[-1]


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def typed(text: str) -> tuple[str, str] | None:
    """The mã số and the spoken code that somebody typed behind each other, or None."""
    digits = "".join(sign for sign in fold(text) if sign.isdigit())
    if len(digits) != 10 + SPOKEN_DIGITS or not set(text) <= set("0123456789 -./"):
        return None
    number, code = digits[:10], digits[10:]
    return (number, code) if spoken_code_ok(code) else None
