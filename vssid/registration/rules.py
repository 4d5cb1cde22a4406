"""What a declaration is, what may become of it and until when. Pure: the day is handed in."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import CODE_ALPHABET
from vssid.registration.fields import Side

DAYS_TO_HAND_IN = 10
# On the fifth and the eighth day after sending, that is so many days before the last.
REMINDERS = (5, 2)
# How long a returned item may wait before the declaration lapses after all.
RETURNED_DAYS = 30
DRAFT_LIFE = timedelta(days=7)
PHOTOS_KEPT = timedelta(days=90)

CODE_LENGTH = 8  # 38 bits, and the phone must fit as well

OWN_FAMILY = N_("Cán bộ không xử lý hồ sơ của mình và người nhà. Hãy chuyển cho đồng nghiệp.")

DRAFT_PHOTO_LIMIT = (60, timedelta(hours=1))
NETWORK_PHOTO_LIMIT = (600, timedelta(hours=1))
NETWORK_SEND_LIMIT = (60, timedelta(hours=1))
NETWORK_SCAN_LIMIT = (600, timedelta(hours=1))
NETWORK_DRAFT_LIMIT = (200, timedelta(hours=1))
RESUME_LIMIT = (5, timedelta(hours=1))
FOLLOW_LIMIT = (5, timedelta(minutes=15))
FOLLOW_CODE_LIMIT = (10, timedelta(hours=1))
RESEND_MAIL_LIMIT = (3, timedelta(hours=1))
LOST_CODE_LIMIT = (3, timedelta(hours=1))


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    SENT = "declaration.sent"
    VIEWED = "declaration.viewed"
    PHOTO_VIEWED = "declaration.photo_viewed"
    FOLLOWED = "declaration.followed"
    FOLLOW_REFUSED = "declaration.follow_refused"
    PHONE_MENDED = "declaration.phone_mended"
    RETURNED = "declaration.returned"
    MENDED = "declaration.mended"
    REOPENED = "declaration.reopened"
    MERGED = "declaration.merged"
    FOUND_DISTINCT = "declaration.found_distinct"
    CODE_RESENT = "declaration.code_resent"
    WITHDRAWN = "declaration.withdrawn"
    PAPER_RECEIVED = "declaration.paper_received"
    FORM_ISSUED = "declaration.form_issued"
    SIGNED_FORM_RECEIVED = "declaration.signed_form_received"
    SIGNED_FORM_REFUSED = "declaration.signed_form_refused"
    SIGNED_FORM_VIEWED = "declaration.signed_form_viewed"
    APPROVED = "declaration.approved"
    REJECTED = "declaration.rejected"
    LAPSED = "declaration.lapsed"
    PHOTOS_REMOVED = "declaration.photos_removed"
    FORM_VIEWED = "declaration.form_viewed"


# What the person reads of an officer's look or act (“Ai đã xem hồ sơ của tôi”).
SEEN = {
    Tag.SENT: N_("Lập tờ khai tại quầy"),
    Tag.VIEWED: N_("Mở tờ khai để xem"),
    Tag.PHOTO_VIEWED: N_("Xem ảnh trong tờ khai"),
    Tag.FORM_VIEWED: N_("In tờ khai mẫu 01 tại quầy"),
    Tag.SIGNED_FORM_VIEWED: N_("Mở tờ khai ký số"),
    Tag.PAPER_RECEIVED: N_("Nhận tờ khai giấy"),
    Tag.RETURNED: N_("Trả lại mục cần sửa"),
    Tag.APPROVED: N_("Phê duyệt tờ khai"),
    Tag.REJECTED: N_("Từ chối tờ khai"),
    Tag.MERGED: N_("Gộp hai tờ khai trùng nhau"),
    Tag.FOUND_DISTINCT: N_("So với tờ khai khác, kết luận là hai người"),
}


class Status(StrEnum):
    """Where a declaration (tờ khai) stands."""

    WAITING = "waiting"
    RECEIVED = "received"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    MERGED = "merged"

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
        return self in (Status.WAITING, Status.RECEIVED, Status.RETURNED)

    @property
    def may_begin_again(self) -> bool:
        """Whether it ended in a way after which its contents may be sent once more."""
        return self in (Status.LAPSED, Status.REJECTED, Status.WITHDRAWN)


_STATUS_LABELS = {
    Status.WAITING: (N_("Chờ nộp bản giấy"), "warn"),
    Status.RECEIVED: (N_("Đã nhận, chờ duyệt"), "info"),
    Status.RETURNED: (N_("Chờ bạn sửa"), "warn"),
    Status.APPROVED: (N_("Đã duyệt"), "good"),
    Status.REJECTED: (N_("Bị từ chối"), "bad"),
    Status.WITHDRAWN: (N_("Đã rút"), "plain"),
    Status.LAPSED: (N_("Đã tự huỷ vì quá hạn"), "bad"),
    Status.MERGED: (N_("Đã gộp vào tờ khai khác"), "plain"),
}


class Rejection(StrEnum):
    """Common reasons, so that none is ever missing; the officer's own words are added."""

    PHOTO_UNCLEAR = "anh_mo"
    NAME_DIFFERS = "khac_ten"
    NUMBER_DIFFERS = "khac_so"
    NOT_THE_PERSON = "khong_dung_nguoi"
    NOT_IN_REGISTER = "khong_co_so_bo"
    DUPLICATE = "trung"
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
    Rejection.DUPLICATE: N_("Trùng với một tờ khai khác của cùng người."),
    Rejection.OTHER: N_("Lý do khác:"),
}


def new_code() -> str:
    """A declaration's code; what must not be guessed is guarded by the phone as well."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH))


def spoken_code(code: str) -> str:
    """The code as it is printed and read out: 7K3M-9QX2."""
    return f"{code[:4]}-{code[4:]}"


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


def check_approvable(status: Status, lapses_on: date, today: date, missing: Collection[Side]) -> None:
    """Raise Refused unless the declaration waits, is in time or has its paper, and no photo that it needs is missing."""
    check_decidable(status)
    if status is Status.RETURNED:
        raise Refused(N_("Không duyệt được: còn mục đang chờ người dân sửa."))
    if status is Status.WAITING and today > lapses_on:
        raise Refused(N_("Đã quá hạn nộp bản giấy %(date)s; tờ khai sẽ tự huỷ.", date=lapses_on))
    if missing:
        raise Refused(N_("Không duyệt được: thiếu ảnh giấy tờ."))


def check_paper(status: Status, has_paper: bool, lapses_on: date, today: date) -> None:
    """Raise Refused unless the paper can still be received."""
    if status not in (Status.WAITING, Status.RETURNED) or has_paper:
        raise Refused(N_("Tờ khai không còn chờ bản giấy: %(status)s.", status=status.label))
    if status is Status.WAITING and today > lapses_on:
        raise Refused(N_("Đã quá hạn nộp bản giấy %(date)s; tờ khai sẽ tự huỷ.", date=lapses_on))


def resumed(lapses_on: date, paused_on: date, today: date) -> date:
    """The last day for the paper once the returned items are mended: the days of waiting do not count."""
    return lapses_on + (today - paused_on)


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
