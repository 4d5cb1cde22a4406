"""What the counter of a health facility is told about a card: what its code proves, how it stands today. Pure.

The codes are ours, in the manner of the list by which the national portal answers (000 fine, 010 expired, 050 unknown,
110 withdrawn); they are not that list, and nothing here has asked that portal.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from vssid.card.rules import Face, Validity, validity
from vssid.card.strips.rules import Strip, Verdict, initials, payload
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import without_marks
from vssid.records.rules import IdKind, PartialDate, ma_so_bhxh_ok

LONGEST_TEXT = 4000  # the code of a card or a CCCD, as a scanner types it
CHECKS_A_PAGE = 25
PORTRAIT_LIVES = timedelta(minutes=5)
KEPT_YEARS = "kiem_tra_the.nam_luu"
KEPT_AT_LEAST = 5  # years, where no parameter says how long

MEMBER_HOURLY, ORGANISATION_DAILY = (300, timedelta(hours=1)), (5_000, timedelta(days=1))
# Where nothing was scanned: whoever types numbers may be trying them out.
TYPED_HOURLY, TYPED_DAILY = (120, timedelta(hours=1)), (1_500, timedelta(days=1))
SAME_NUMBER_DAILY = (8, timedelta(days=1))
TOO_OFTEN = N_(
    "Tài khoản này đã kiểm tra quá nhiều lần trong một giờ. Hãy đợi một lát, hoặc dùng tài khoản của người khác trong cơ sở."
)
TOO_MANY_TODAY = N_("Hôm nay cơ sở đã kiểm tra quá nhiều lần. Hãy liên hệ cơ quan BHXH nếu thật sự cần thêm.")
TYPED_TOO_OFTEN = N_(
    "Đã gõ số quá nhiều lần mà không quét mã. Hãy quét mã trên điện thoại hoặc trên thẻ, hoặc đợi một giờ."
)
NUMBER_TOO_OFTEN = N_("Hôm nay số này đã được gõ quá nhiều lần. Hãy quét mã, hoặc tra trên hệ thống giám định.")

_CARD_NUMBER = re.compile(r"[A-Z]{2}[0-9]{13}")
_CCCD = re.compile(r"[0-9]{12}")
_RANK = {"good": 0, "info": 1, "warn": 2, "bad": 3}


class Tag(StrEnum):
    """What the audit calls the acts of this room; the person is their subject."""

    CHECKED = "card.checked"
    CHECKED_IN = "card.checked_in"
    PORTRAIT = "card.portrait_compared"


# What the person reads of it (“Ai đã xem hồ sơ của tôi”).
SEEN: Mapping[Tag, Label] = {
    Tag.CHECKED: N_("Kiểm tra thẻ BHYT"),
    Tag.CHECKED_IN: N_("Ghi nhận vào khám bằng thẻ BHYT"),
    Tag.PORTRAIT: N_("Xem ảnh chân dung để so với người đến khám"),
}


class How(StrEnum):
    """By what a card was checked."""

    STRIP = "strip"
    SPOKEN = "spoken"
    NUMBER = "number"

    @property
    def label(self) -> Label:
        """The way in words."""
        return _HOWS[self]


_HOWS = {
    How.STRIP: N_("quét mã trên điện thoại hoặc thẻ giấy"),
    How.SPOKEN: N_("gõ mã đọc trên điện thoại"),
    How.NUMBER: N_("tra theo số và ngày sinh, không có mã"),
}


class Purpose(StrEnum):
    """What somebody was checked in for (mục đích)."""

    EXAM = "kham"
    EMERGENCY = "cap_cuu"
    INPATIENT = "noi_tru"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The purpose in words."""
        return _PURPOSES[self]


_PURPOSES = {
    Purpose.EXAM: N_("Khám bệnh"),
    Purpose.EMERGENCY: N_("Cấp cứu"),
    Purpose.INPATIENT: N_("Điều trị nội trú"),
    Purpose.OTHER: N_("Việc khác"),
}


class ByNumber(StrEnum):
    """What a check without any code finds; the rest is said by `Verdict`."""

    UNPROVEN = "unproven"
    UNKNOWN = "unknown"

    @property
    def tone(self) -> str:
        """The colour of the screen."""
        return "warn" if self is ByNumber.UNPROVEN else "bad"

    @property
    def words(self) -> Label:
        """What was found."""
        if self is ByNumber.UNPROVEN:
            return N_("Có trong sổ, nhưng không có mã nào chứng minh.")
        return N_("Không tìm thấy ai khớp với số và ngày sinh đã nhập.")

    @property
    def advice(self) -> Label:
        """What the clerk does now."""
        if self is ByNumber.UNPROVEN:
            return N_("Số và ngày sinh thì người khác cũng biết được. Hãy xem giấy tờ có ảnh.")
        return N_("Xem lại số và ngày sinh trên giấy tờ, hoặc nhờ người bệnh mở thẻ trên điện thoại.")


Found = Verdict | ByNumber
# A code that anybody could have, or that somebody else may be holding, opens no record.
_OPENS_NOTHING = (Verdict.FORGED, Verdict.UNREADABLE, Verdict.REVOKED, Verdict.EARLY, ByNumber.UNKNOWN)


def found_of(value: str) -> Found:
    """What a row says was found."""
    return ByNumber(value) if value in list(ByNumber) else Verdict(value)


def opens(found: Found) -> bool:
    """Whether the counter is told what the register says."""
    return found not in _OPENS_NOTHING


class Reason(StrEnum):
    """How a card stands in the register today (mã kết quả), by codes of our own."""

    FINE = "000"
    OTHER_NUMBER = "003"
    CHANGED = "004"
    EXPIRED = "010"
    NOT_YET = "011"
    NO_CARD = "050"
    NAME = "060"
    BIRTH = "070"
    PORTRAIT = "080"
    WITHDRAWN = "110"
    DIED = "120"

    @property
    def tone(self) -> str:
        """Good, warn (look twice) or bad (no card to use today)."""
        return _REASONS[self][0]

    @property
    def words(self) -> Label:
        """The state in words."""
        return _REASONS[self][1]


_REASONS = {
    Reason.FINE: ("good", N_("Thẻ dùng được hôm nay")),
    Reason.OTHER_NUMBER: (
        "warn",
        N_("Mã số này đã gộp vào mã số khác của cùng một người: dùng mã số trên màn hình này"),
    ),
    Reason.CHANGED: ("warn", N_("Thông tin thẻ đã đổi từ khi có mã: theo thông tin trên màn hình này")),
    Reason.EXPIRED: ("bad", N_("Thẻ đã hết hạn")),
    Reason.NOT_YET: ("bad", N_("Thẻ chưa đến ngày có hiệu lực")),
    Reason.NO_CARD: ("bad", N_("Trong sổ không có thẻ BHYT nào của người này")),
    Reason.NAME: ("warn", N_("Tên trong mã khác tên trong sổ")),
    Reason.BIRTH: ("warn", N_("Năm sinh trong mã khác năm sinh trong sổ")),
    Reason.PORTRAIT: ("warn", N_("Ảnh trên điện thoại hoặc thẻ giấy khác ảnh trong sổ")),
    Reason.WITHDRAWN: ("bad", N_("Thẻ đã bị thu hồi")),
    Reason.DIED: ("bad", N_("Theo sổ, người này đã mất")),
}
_STATES = {
    Validity.VALID: Reason.FINE,
    Validity.NOT_YET: Reason.NOT_YET,
    Validity.EXPIRED: Reason.EXPIRED,
    Validity.WITHDRAWN: Reason.WITHDRAWN,
}


@dataclass(frozen=True)
class Registered:
    """What the register says of somebody now: `birth` as it is kept, possibly partial; `photo` the digest of the portrait."""

    person_id: UUID
    full_name: str
    birth: PartialDate
    sex: str
    died: bool
    face: Face | None
    portrait_file_id: UUID | None
    photo: bytes


def reasons(known: Registered, strip: Strip | None, today: date) -> tuple[Reason, ...]:
    """How the card stands, that first, and in what the code in the patient's hand differs from the register."""
    state = Reason.NO_CARD if known.face is None else _STATES[validity(known.face, today)]
    differs = _differences(known, strip) if strip is not None else {}
    found = (*([Reason.DIED] if known.died else []), state, *(reason for reason, holds in differs.items() if holds))
    return tuple(one for one in found if not (known.died and one is Reason.FINE))


def _differences(known: Registered, strip: Strip) -> dict[Reason, bool]:
    face = known.face
    return {
        Reason.OTHER_NUMBER: face is not None and strip.ma_so != face.ma_so,
        Reason.CHANGED: face is not None and _changed(face, strip),
        Reason.NAME: strip.initials != initials(known.full_name),
        Reason.BIRTH: strip.birth_year != known.birth.year,
        Reason.PORTRAIT: any(strip.photo) and strip.photo != known.photo,
    }


def _changed(face: Face, strip: Strip) -> bool:
    """Whether the card says something else today: compared as a strip writes it, which knows no day before 2020."""
    today = replace(
        strip,
        level=face.level,
        area_code=face.area_code,
        object_code=face.object_code,
        valid_from=face.valid_from,
        valid_to=face.valid_to,
        five_years_from=face.five_years_from,
        facility_code=face.facility_code,
    )
    return payload(today) != payload(strip)


def tone_of(found: Found, why: Collection[Reason]) -> str:
    """The colour of the whole answer: the worst of what the code and what the register says."""
    return max((found.tone, *(one.tone for one in why)), key=lambda tone: _RANK[tone])


@dataclass(frozen=True)
class Asked:
    """What the counter asks about: a scanned or spoken code as `text`, or a number (`kind`, `value`) with a birth date."""

    how: How
    text: str = ""
    kind: IdKind | None = None
    value: str = ""
    birth: PartialDate | None = None

    @property
    def typed(self) -> str:
        """The number that somebody typed, if nothing was scanned."""
        return self.value if self.how is How.NUMBER else self.text[:10] if self.how is How.SPOKEN else ""


def number_in(text: str) -> tuple[IdKind, str] | None:
    """The number that was typed: mã số, a whole card number (its last ten digits), or a CCCD."""
    plain = without_marks(re.sub(r"[\s.-]", "", text)).upper()
    if ma_so_bhxh_ok(plain):
        return IdKind.MA_SO_BHXH, plain
    if _CARD_NUMBER.fullmatch(plain):
        return IdKind.MA_SO_BHXH, plain[-10:]
    return (IdKind.CCCD, plain) if _CCCD.fullmatch(plain) else None


def same_birth(known: PartialDate, typed: PartialDate) -> bool:
    """Whether what was typed is the birth date: of somebody of whom only the year is known, the year must do."""
    pairs = ((known.year, typed.year), (known.month, typed.month), (known.day, typed.day))
    return all(ours is None or ours == theirs for ours, theirs in pairs)


def check_may_check_in(told: bool, checked_in: bool, checked_on: date, today: date) -> None:
    """Raise Refused unless somebody was found by this check, today, and is not checked in yet."""
    if not told:
        raise Refused(N_("Chưa tìm thấy người bệnh, nên không ghi nhận được."))
    if checked_in:
        raise Refused(N_("Đã ghi nhận vào khám rồi."))
    if checked_on != today:
        raise Refused(N_("Lần kiểm tra này không phải của hôm nay. Hãy kiểm tra thẻ lại."))
