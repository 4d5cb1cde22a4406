"""What a declaration is, what may become of it and until when. Pure: the day is handed in."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused

DAYS_TO_HAND_IN = 10
REMIND_DAYS_BEFORE = 3
DRAFT_LIFE = timedelta(days=7)
PHOTOS_KEPT = timedelta(days=90)

# No vowels, no look-alikes (0/O, 1/I): 30 signs, eight of them are 39 bits, and the phone must fit as well.
CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8

DRAFT_PHOTO_LIMIT = (60, timedelta(hours=1))
NETWORK_PHOTO_LIMIT = (600, timedelta(hours=1))
NETWORK_SEND_LIMIT = (60, timedelta(hours=1))
NETWORK_DRAFT_LIMIT = (200, timedelta(hours=1))
RESUME_LIMIT = (5, timedelta(hours=1))
FOLLOW_LIMIT = (5, timedelta(minutes=15))
FOLLOW_CODE_LIMIT = (10, timedelta(hours=1))
LOST_CODE_LIMIT = (3, timedelta(hours=1))


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    SENT = "declaration.sent"
    VIEWED = "declaration.viewed"
    PHOTO_VIEWED = "declaration.photo_viewed"
    FOLLOWED = "declaration.followed"
    FOLLOW_REFUSED = "declaration.follow_refused"
    PHONE_MENDED = "declaration.phone_mended"
    WITHDRAWN = "declaration.withdrawn"
    PAPER_RECEIVED = "declaration.paper_received"
    APPROVED = "declaration.approved"
    REJECTED = "declaration.rejected"
    LAPSED = "declaration.lapsed"
    PHOTOS_REMOVED = "declaration.photos_removed"


class Status(StrEnum):
    """Where a declaration (tờ khai) stands."""

    WAITING = "waiting"
    RECEIVED = "received"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def label(self) -> Label:
        """The state in a citizen's words."""
        return _STATUS_LABELS[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATUS_LABELS[self][1]

    @property
    def open(self) -> bool:
        """Whether a decision is still to come."""
        return self in (Status.WAITING, Status.RECEIVED)


_STATUS_LABELS = {
    Status.WAITING: (N_("Chờ nộp bản giấy"), "warn"),
    Status.RECEIVED: (N_("Đã nhận bản giấy, chờ duyệt"), "info"),
    Status.APPROVED: (N_("Đã duyệt"), "good"),
    Status.REJECTED: (N_("Bị từ chối"), "bad"),
    Status.WITHDRAWN: (N_("Đã rút"), "plain"),
    Status.LAPSED: (N_("Đã tự huỷ vì quá hạn"), "bad"),
}


class Side(StrEnum):
    """The three photos of an adult's declaration."""

    PORTRAIT = "portrait"
    FRONT = "front"
    BACK = "back"

    @property
    def label(self) -> Label:
        """The photo's name on the screen."""
        return _SIDES[self][0]

    @property
    def advice(self) -> Label:
        """How to take it so that it is accepted."""
        return _SIDES[self][1]


_SIDES = {
    Side.PORTRAIT: (N_("Ảnh chân dung"), N_("Ảnh 3×4 hoặc tự chụp: mặt sáng, tươi cười, không đeo kính râm")),
    Side.FRONT: (N_("Mặt trước"), N_("Mặt trước giấy tờ: đặt trên nền tối, đủ bốn góc, không loá")),
    Side.BACK: (N_("Mặt sau"), N_("Mặt sau giấy tờ: đặt trên nền tối, đủ bốn góc, không loá")),
}


class Portal(StrEnum):
    """Where electronic transactions are to be made (nơi đăng ký giao dịch)."""

    STATE = "cong"
    IVAN = "ivan"

    @property
    def label(self) -> Label:
        """The place's name on form 01."""
        return N_("Cổng TTĐT BHXH Việt Nam") if self is Portal.STATE else N_("Tổ chức I-VAN")


class HandIn(StrEnum):
    """How the signed form reaches the agency (hình thức nộp hồ sơ)."""

    COUNTER = "tai_noi"
    POST = "buu_chinh"
    THROUGH = "qua_don_vi"

    @property
    def label(self) -> Label:
        """The way in words, with who pays."""
        return _HAND_IN[self]


_HAND_IN = {
    HandIn.COUNTER: N_("Nộp tại nơi tiếp nhận"),
    HandIn.POST: N_("Nộp tại nhà qua bưu chính công ích (tự trả cước)"),
    HandIn.THROUGH: N_("Nộp qua đơn vị, đại lý thu hoặc nhà trường"),
}


class Rejection(StrEnum):
    """Common reasons, so that none is ever missing; the officer's own words are added."""

    PHOTO_UNCLEAR = "anh_mo"
    NAME_DIFFERS = "khac_ten"
    NUMBER_DIFFERS = "khac_so"
    NOT_THE_PERSON = "khong_dung_nguoi"
    NOT_IN_REGISTER = "khong_co_so_bo"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The reason as the citizen reads it."""
        return _REJECTIONS[self]


_REJECTIONS = {
    Rejection.PHOTO_UNCLEAR: N_("Ảnh giấy tờ mờ hoặc bị che, không đọc được."),
    Rejection.NAME_DIFFERS: N_("Họ và tên khác với sổ bộ BHXH."),
    Rejection.NUMBER_DIFFERS: N_("Số giấy tờ khác với ảnh hoặc với sổ bộ BHXH."),
    Rejection.NOT_THE_PERSON: N_("Ảnh chân dung không đúng người trên giấy tờ."),
    Rejection.NOT_IN_REGISTER: N_("Mã số BHXH không có trong sổ bộ của cơ quan BHXH."),
    Rejection.OTHER: N_("Lý do khác:"),
}


@dataclass(frozen=True)
class Info:
    """Step 1 as it was checked. `phone` is E.164, `ward_code` names a ward of today's numbering."""

    ma_so_bhxh: str
    full_name: str
    id_kind: str
    id_number: str
    province_code: str
    ward_code: str
    address_line: str
    phone: str
    contact_name: str
    email: str
    portal: str


@dataclass(frozen=True)
class Office:
    """Step 3 as it was checked."""

    agency_code: str
    hand_in: str
    wants_form_by_email: bool
    email: str


def new_code() -> str:
    """A declaration's code; what must not be guessed is guarded by the phone as well."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH))


def spoken_code(code: str) -> str:
    """The code as it is printed and read out: 7K3M-9QX2."""
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str:
    """A code as people type it: any case, with or without the dash."""
    return re.sub(r"[\s.\-]", "", text).upper()


def ma_so_of(text: str) -> str:
    """The ten digits from what was typed: a whole 15-sign card number is as good as its last ten digits."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    return plain[-10:] if re.fullmatch(r"[A-Z]{2}[0-9]{13}", plain) else plain


def lapse_day(sent_on: date) -> date:
    """The last day for the paper: the tenth day after the day of sending (seed 002, “sau 10 ngày”)."""
    return sent_on + timedelta(days=DAYS_TO_HAND_IN)


def days_left(lapses_on: date, today: date) -> int:
    """Whole days that remain; 0 on the last day, negative when it is over."""
    return (lapses_on - today).days


def check_decidable(status: Status) -> None:
    """Raise Refused unless the declaration still waits for a decision."""
    if not status.open:
        raise Refused(N_("Tờ khai này đã kết thúc: %(status)s.", status=status.label))


def check_approvable(status: Status, lapses_on: date, today: date, sides: set[Side]) -> None:
    """Raise Refused unless the declaration waits, is in time or has its paper, and both sides of the ID are there."""
    check_decidable(status)
    if status is Status.WAITING and today > lapses_on:
        raise Refused(N_("Đã quá hạn nộp bản giấy %(date)s; tờ khai sẽ tự huỷ.", date=lapses_on))
    if not {Side.FRONT, Side.BACK} <= sides:
        raise Refused(N_("Không duyệt được: thiếu ảnh một mặt của giấy tờ tuỳ thân."))


def check_paper(status: Status, lapses_on: date, today: date) -> None:
    """Raise Refused unless the paper can still be received."""
    if status is not Status.WAITING:
        raise Refused(N_("Tờ khai không còn chờ bản giấy: %(status)s.", status=status.label))
    if today > lapses_on:
        raise Refused(N_("Đã quá hạn nộp bản giấy %(date)s; tờ khai sẽ tự huỷ.", date=lapses_on))


def check_withdrawable(status: Status) -> None:
    """Raise Refused unless the citizen can still take it back."""
    check_decidable(status)


def check_reason(code: str, words: str) -> Rejection:
    """The common reason, to which the officer's own words are added. Raises Refused when together they say nothing."""
    try:
        reason = Rejection(code)
    except ValueError as wrong:
        raise Refused(N_("Hãy chọn lý do từ chối."), "reason_code") from wrong
    if reason is Rejection.OTHER and len(words) < 10:
        raise Refused(N_("Hãy ghi rõ lý do, ít nhất 10 ký tự, để người dân biết phải sửa gì."), "reason")
    return reason
