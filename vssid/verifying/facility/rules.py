"""What the counter of a health facility asks about, and what a code proves; how the card stands is in `reasons`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.card.strips.rules import Verdict
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
    """What a check without a signed code finds; the rest is said by `Verdict`.

    `CARD` and `CCCD`: the number and the birth date stood in the code of a card or of a CCCD, which anybody can copy.
    """

    UNPROVEN = "unproven"
    CARD = "card"
    CCCD = "cccd"
    UNKNOWN = "unknown"

    @property
    def tone(self) -> str:
        """The colour of the screen."""
        return "bad" if self is ByNumber.UNKNOWN else "warn"

    @property
    def words(self) -> Label:
        """What was found."""
        return _BY_NUMBER[self][0]

    @property
    def advice(self) -> Label:
        """What the clerk does now."""
        return _BY_NUMBER[self][1]


_COPIED = (
    N_("Có trong sổ. Mã này sao chép được: hãy xem giấy tờ có ảnh."),
    N_("So ảnh và tên với người đang đứng trước bạn."),
)
_BY_NUMBER = {
    ByNumber.UNPROVEN: (
        N_("Có trong sổ, nhưng không có mã nào chứng minh."),
        N_("Số và ngày sinh thì người khác cũng biết được. Hãy xem giấy tờ có ảnh."),
    ),
    ByNumber.CARD: _COPIED,
    ByNumber.CCCD: _COPIED,
    ByNumber.UNKNOWN: (
        N_("Không tìm thấy ai khớp với số và ngày sinh đã nhập."),
        N_("Xem lại số và ngày sinh trên giấy tờ, hoặc nhờ người bệnh mở thẻ trên điện thoại."),
    ),
}
_COPIED_HOWS = {ByNumber.CARD: N_("quét mã theo mẫu thẻ"), ByNumber.CCCD: N_("quét mã QR trên CCCD")}


Found = Verdict | ByNumber
# A code that anybody could have, or that somebody else may be holding, opens no record.
_OPENS_NOTHING = (Verdict.FORGED, Verdict.UNREADABLE, Verdict.REVOKED, Verdict.EARLY, ByNumber.UNKNOWN)


def found_of(value: str) -> Found:
    """What a row says was found."""
    return ByNumber(value) if value in list(ByNumber) else Verdict(value)


def way(how: How, found: Found) -> Label:
    """How a check was made, in words."""
    return _COPIED_HOWS[found] if isinstance(found, ByNumber) and found in _COPIED_HOWS else how.label


MISHEARD = N_("7 số chưa khớp. Số này đổi mỗi ngày: hãy nhờ người bệnh mở thẻ và đọc lại.")


def words_of(how: How, found: Found) -> Label:
    """What was found, as the counter reads it: seven digits are misheard more often than made up."""
    if how is How.SPOKEN and found is Verdict.FORGED:
        return MISHEARD
    return found.words


def opens(found: Found) -> bool:
    """Whether the counter is told what the register says."""
    return found not in _OPENS_NOTHING


@dataclass(frozen=True)
class Asked:
    """What the counter asks about: a scanned or spoken code as `text`, or a number (`kind`, `value`) with a birth date.

    `proof` is what is found where number and birth date are right: less for what was typed than for a code that was scanned.
    """

    how: How
    text: str = ""
    kind: IdKind | None = None
    value: str = ""
    birth: PartialDate | None = None
    proof: ByNumber = ByNumber.UNPROVEN

    @property
    def typed(self) -> str:
        """The number that somebody typed, if nothing was scanned."""
        return self.value if self.how is How.NUMBER else self.text[:10] if self.how is How.SPOKEN else ""


def misheard(text: str) -> bool:
    """Whether this has the length of a mã số with the seven digits behind it."""
    return re.fullmatch(r"[0-9]{17}", re.sub(r"[\s./-]", "", text)) is not None


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
