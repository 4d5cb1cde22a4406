"""What form 01 may change of an account, which codes prove it, and when it takes effect. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from vssid.accounts import Purpose
from vssid.kernel.labels import N_, Label, Refused
from vssid.registration.fields import Address

# Dated parameters, in hours: a stop that was asked for online; what an officer was asked for without the old phone.
WAIT_TO_STOP = "thay_doi.gio_cho_ngung"
WAIT_WITHOUT_PHONE = "thay_doi.gio_cho_mat_so"

ASKED_LIFE = timedelta(hours=1)
LONGEST_REASON = 300

ASK_LIMIT = (10, timedelta(days=1))  # an account, online and at the counter together
SEARCH_LIMIT = (120, timedelta(hours=1))  # an officer
CANCEL_NETWORK_LIMIT = (10, timedelta(minutes=15))
# A hundred changes that wait and a day of guessing at this rate stop one of them with a chance of one in a hundred.
CANCEL_EVERYWHERE_LIMIT = (500, timedelta(hours=1))


class Tag(StrEnum):
    """What the audit calls the acts of this sub-room; the account is their subject."""

    ASKED = "change.asked"
    SECOND_ASKED = "change.second_asked"
    WAITS = "change.waits"
    DONE = "change.done"
    CANCELLED = "change.cancelled"
    REFUSED = "change.refused"
    VIEWED = "change.viewed"
    SEARCH_MISSED = "change.search_missed"


# What the owner reads of each act in the history of the account.
HISTORY: dict[str, Label] = {
    Tag.ASKED: N_("Một thay đổi được yêu cầu"),
    Tag.SECOND_ASKED: N_("Một thay đổi chờ cán bộ thứ hai"),
    Tag.WAITS: N_("Một thay đổi chờ đến giờ thực hiện"),
    Tag.DONE: N_("Một thay đổi đã thực hiện"),
    Tag.CANCELLED: N_("Một thay đổi bị huỷ"),
    Tag.REFUSED: N_("Một thay đổi không thực hiện được"),
    Tag.VIEWED: N_("Cán bộ mở thông tin tài khoản"),
}

# What the person reads of an officer's look or act (“Ai đã xem hồ sơ của tôi”).
SEEN = {
    Tag.VIEWED: N_("Mở thông tin tài khoản để xem"),
    Tag.ASKED: N_("Lập thay đổi tài khoản tại quầy"),
    Tag.SECOND_ASKED: N_("Chuyển thay đổi cho cán bộ thứ hai"),
    Tag.WAITS: N_("Xác nhận thay đổi tài khoản"),
    Tag.DONE: N_("Thực hiện thay đổi tài khoản"),
    Tag.CANCELLED: N_("Huỷ thay đổi tài khoản"),
}


class Item(StrEnum):
    """What is changed."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    STOP = "stop"

    @property
    def label(self) -> Label:
        """The change as the form calls it."""
        return _ITEMS[self]


_ITEMS = {
    Item.PHONE: N_("Đổi số điện thoại"),
    Item.EMAIL: N_("Đổi email"),
    Item.ADDRESS: N_("Đổi địa chỉ liên hệ"),
    Item.STOP: N_("Ngừng sử dụng tài khoản"),
}


class Channel(StrEnum):
    """Where it was asked for."""

    ONLINE = "online"
    COUNTER = "counter"

    @property
    def label(self) -> Label:
        """The place in words."""
        return N_("Trên mạng") if self is Channel.ONLINE else N_("Tại quầy")


class Status(StrEnum):
    """Where a change stands: its codes are to come, a second officer, its hour; or it has ended in one of three ways."""

    ASKED = "asked"
    SECOND = "second"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"

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
    Status.ASKED: (N_("Chờ nhập mã xác thực"), "warn"),
    Status.SECOND: (N_("Chờ cán bộ thứ hai"), "warn"),
    Status.WAITING: (N_("Chờ đến giờ thực hiện"), "info"),
    Status.DONE: (N_("Đã thực hiện"), "good"),
    Status.CANCELLED: (N_("Đã huỷ"), "plain"),
    Status.REFUSED: (N_("Không thực hiện được"), "bad"),
}
OPEN = (Status.ASKED, Status.SECOND, Status.WAITING)
# Of these an account has one at a time.
PENDING = (Status.SECOND, Status.WAITING)


@dataclass(frozen=True)
class Wanted:
    """One change as it is asked for. `phone` is E.164; an `email` of '' gives the address up.

    `lost` says that nobody can read a code on the old phone (of an e-mail change: in the old mailbox).
    """

    item: Item
    phone: str = ""
    email: str = ""
    address: Address | None = None
    contact_name: str = ""
    lost: bool = False


class Contacts(NamedTuple):
    """Where an account's codes go: number (E.164) and address, '' where there is none."""

    phone: str
    email: str


@dataclass(frozen=True)
class Counter:
    """What the officer notes who asks for somebody at the counter: their agency, the paper shown, why."""

    agency_code: str
    id_shown: str
    reason: str = ""


def proofs(wanted: Wanted, has_email: bool) -> tuple[Purpose, ...]:
    """The codes that prove a change, the old contact's first (contract: old and new; a first or lost e-mail: phone and new)."""
    if wanted.item is Item.PHONE:
        return (Purpose.PHONE_NEW,) if wanted.lost else (Purpose.PHONE_OLD, Purpose.PHONE_NEW)
    if wanted.item is Item.EMAIL:
        if not wanted.email:
            return (Purpose.EMAIL_PHONE,)
        return (Purpose.EMAIL_OLD if has_email and not wanted.lost else Purpose.EMAIL_PHONE, Purpose.EMAIL_NEW)
    if wanted.item is Item.ADDRESS:
        return (Purpose.ADDRESS,)
    return () if wanted.lost else (Purpose.STOP,)


def contact(purpose: Purpose, held: Contacts, phone: str, email: str) -> str:
    """Where a code goes: to what the account has, or to the new `phone` or `email`; '' where there is nothing."""
    if purpose is Purpose.PHONE_NEW:
        return phone
    if purpose is Purpose.EMAIL_NEW:
        return email
    return held.email if purpose is Purpose.EMAIL_OLD else held.phone


def proven(item: Item, channel: Channel, lost: bool) -> Status:
    """Where a change stands once its codes were right."""
    if lost and item in (Item.PHONE, Item.STOP):
        return Status.SECOND
    return Status.WAITING if item is Item.STOP and channel is Channel.ONLINE else Status.DONE


BUSY = N_("Đang có một thay đổi chờ thực hiện. Hãy đợi, hoặc huỷ thay đổi đó trước.")
OVER = N_("Yêu cầu này đã kết thúc hoặc đã được xử lý. Hãy xem lại trạng thái.")
OF_CHILD = N_(
    "Tài khoản của trẻ em dùng số điện thoại của người giám hộ. Muốn ngừng sử dụng, người giám hộ mang giấy tờ đến cơ quan BHXH."
)
NO_PHONE = N_(
    "Tài khoản không có số điện thoại nào nhận mã. Việc này làm tại quầy của cơ quan BHXH, như khi không còn số cũ."
)
SAME_OFFICER = N_("Cần một cán bộ khác xác nhận: bạn là người đã lập yêu cầu này.")


def check_askable(wanted: Wanted, of_child: bool, status: str, held: Contacts) -> None:
    """Raise Refused for what this account cannot be asked to change: a child's contacts, a closed account, what it has already."""
    if status == "closed":
        raise Refused(N_("Tài khoản này đã ngừng sử dụng."))
    if of_child and wanted.item is not Item.STOP:
        raise Refused(OF_CHILD)
    if wanted.item is Item.PHONE and wanted.phone == held.phone:
        raise Refused(N_("Đây đang là số điện thoại của tài khoản. Hãy nhập số mới."), "phone")
    if wanted.item is Item.EMAIL and wanted.email == held.email:
        same = N_("Đây đang là email của tài khoản. Hãy nhập email mới.")
        raise Refused(same if held.email else N_("Tài khoản chưa có email."), "email")


def check_second(asked_by: object, by: object) -> None:
    """Raise Refused when the officer who asked would confirm it alone (safety 2.3.5)."""
    if asked_by == by:
        raise Refused(SAME_OFFICER)
