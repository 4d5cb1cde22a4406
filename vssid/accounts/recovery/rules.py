"""Who comes back in how: the rungs, what a request for recovery may become, how long it waits. Pure."""

import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused

# Codes by SMS that one network may ask for; carriers hide many people behind one address.
ASKED_FROM_NETWORK = (60, timedelta(hours=1))

REQUEST_LIFE = timedelta(days=14)
KEEP_ENDED = timedelta(days=90)
REQUESTS_FROM_NETWORK = (20, timedelta(hours=1))
REQUESTS_FOR_NAME = (10, timedelta(days=1))  # from one network: nobody elsewhere uses up the owner's
REQUESTS_EVERYWHERE = (3_000, timedelta(days=1))
LOOKED_FROM_NETWORK = (60, timedelta(hours=1))
CONFIRMED_BY_RELATIVE = (10, timedelta(days=1))
SEARCHED_BY_OFFICER = (120, timedelta(hours=1))

# Digits of a length of their own: whoever reads one out cannot mistake it for a code that opens something.
CODE_DIGITS = 9


class Tag(StrEnum):
    """What the audit calls the acts of this sub-room; the account is their subject, where there is one."""

    ASKED = "recovery.asked"
    CODE_SENT = "recovery.code_sent"
    SECOND_ASKED = "recovery.second_asked"
    WAITS = "recovery.waits"
    DONE = "recovery.done"
    CANCELLED = "recovery.cancelled"
    REFUSED = "recovery.refused"
    VIEWED = "recovery.viewed"
    SEARCH_MISSED = "recovery.search_missed"


# What the person reads of an officer's look or act (“Ai đã xem hồ sơ của tôi”).
SEEN = {
    Tag.VIEWED: N_("Mở yêu cầu khôi phục để xem"),
    Tag.SECOND_ASKED: N_("Lập khôi phục tài khoản tại quầy"),
    Tag.WAITS: N_("Xác nhận khôi phục tài khoản"),
    Tag.CANCELLED: N_("Huỷ yêu cầu khôi phục"),
}


class Way(StrEnum):
    """Who confirmed that it is the owner who asks."""

    EMAIL = "email"
    RELATIVE = "relative"
    COUNTER = "counter"

    @property
    def label(self) -> Label:
        """The way in words."""
        return _WAYS[self][0]

    @property
    def parameter(self) -> str:
        """The dated parameter that says how many hours such a request waits."""
        return _WAYS[self][1]


_WAYS = {
    Way.EMAIL: (N_("Bằng mã gửi tới email"), "khoi_phuc.gio_cho_email"),
    Way.RELATIVE: (N_("Nhờ người thân tin cậy"), "khoi_phuc.gio_cho_nguoi_than"),
    Way.COUNTER: (N_("Tại quầy"), "khoi_phuc.gio_cho_quay"),
}


class Status(StrEnum):
    """Where a request stands: nobody confirmed it yet, a second officer, its hour; or it has ended in one of four ways."""

    ASKED = "asked"
    SECOND = "second"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXPIRED = "expired"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATUSES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATUSES[self][1]

    @property
    def open(self) -> bool:
        """Whether it can still be cancelled."""
        return self in OPEN


_STATUSES = {
    Status.ASKED: (N_("Chờ xác nhận"), "warn"),
    Status.SECOND: (N_("Chờ cán bộ thứ hai"), "warn"),
    Status.WAITING: (N_("Chờ đến giờ thực hiện"), "info"),
    Status.DONE: (N_("Đã thực hiện"), "good"),
    Status.CANCELLED: (N_("Đã huỷ"), "plain"),
    Status.REFUSED: (N_("Không thực hiện được"), "bad"),
    Status.EXPIRED: (N_("Đã hết hạn"), "plain"),
}
OPEN = (Status.ASKED, Status.SECOND, Status.WAITING)
# What an officer has begun or what will happen: the console shows these.
PENDING = (Status.SECOND, Status.WAITING)

UNKNOWN = N_("Không thấy yêu cầu nào đang mở với mã này. Hãy xem lại từng số, hoặc lập yêu cầu mới.")
OVER = N_("Yêu cầu này đã kết thúc hoặc đã được xử lý. Hãy xem lại trạng thái.")
BUSY = N_("Tài khoản đang có một yêu cầu khôi phục khác chờ thực hiện. Hãy đợi, hoặc huỷ yêu cầu đó trước.")
SAME_OFFICER = N_("Cần một cán bộ khác xác nhận: bạn là người đã lập yêu cầu này.")
OFTEN = N_("Đã thử quá nhiều lần. Hãy đợi một giờ rồi thử lại, hoặc đến cơ quan BHXH.")
NOT_ACTIVE = N_("Tài khoản chưa kích hoạt hoặc đã ngừng sử dụng: không khôi phục được. Hãy xem lại tài khoản.")
WRONG_MAIL_CODE = N_("Mã chưa đúng hoặc đã hết hạn. Hãy xem lại email mới nhất, hoặc gửi lại mã.")
WRONG_CODE_BY_PHONE = N_(
    "Mã chưa đúng hoặc đã hết hạn. Nếu số điện thoại này còn nhận mã cho con, hãy nhập mã số BHXH thay cho số điện thoại."
)


def new_code() -> str:
    """A fresh mã yêu cầu: eight random digits and one that tells a slip of the pen."""
    digits = str(secrets.randbelow(10 ** (CODE_DIGITS - 1))).zfill(CODE_DIGITS - 1)
    return digits + _check_digit(digits)


def typed_code(text: str) -> str | None:
    """A mã yêu cầu as it was typed, without its blanks; None when it was misread."""
    code = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code) or _check_digit(code[:-1]) != code[-1]:
        return None
    return code


def _check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly all swapped neighbours."""
    check = 10
    for digit in digits:
        check = (check + int(digit)) % 10 or 10
        check = check * 2 % 11
    return str((11 - check) % 10)


def still_fits(status: str, password_set_at: datetime | None, asked_at: datetime) -> bool:
    """Whether a request of `asked_at` may still replace the password: whoever set one since needs no recovery."""
    return status == "active" and (password_set_at is None or password_set_at <= asked_at)


def check_second(asked_by: object, by: object) -> None:
    """Raise Refused when the officer who began it would confirm it alone (safety 2.3.5)."""
    if asked_by == by:
        raise Refused(SAME_OFFICER)


def halfway(begun_at: datetime, effective_at: datetime) -> datetime:
    """When those who were told are reminded."""
    return begun_at + (effective_at - begun_at) / 2
