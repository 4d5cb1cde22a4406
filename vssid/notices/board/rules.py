"""What may stand on the notice board, where and for how long. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.notices.words import FiveWords
from vssid.notifications.inbox.rules import check_place

LONGEST_SPAN = timedelta(days=30)
KEPT = timedelta(days=400)
MOST_SHOWN = 3  # at once, on one page
MOST_STANDING = 50  # that have not ended
LONGEST_PLACE = 200


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    PUT = "board.put"
    CHANGED = "board.changed"
    TAKEN_DOWN = "board.taken_down"


class Severity(StrEnum):
    """How loud it is."""

    INFO = "thong-tin"
    IMPORTANT = "quan-trong"
    URGENT = "khan"

    @property
    def label(self) -> Label:
        """In words: colour alone tells nobody."""
        return _SEVERITIES[self]

    @property
    def rank(self) -> int:
        """The loudest first."""
        return -list(Severity).index(self)

    @property
    def role(self) -> str:
        """How a screen reader takes it: what is urgent interrupts."""
        return "alert" if self is Severity.URGENT else "status"


_SEVERITIES = {
    Severity.INFO: Np_("severity", "Thông tin"),
    Severity.IMPORTANT: Np_("severity", "Quan trọng"),
    Severity.URGENT: Np_("severity", "Khẩn"),
}


class Place(StrEnum):
    """On whose pages it stands; the last three are also what a page says of itself."""

    EVERYWHERE = "moi-noi"
    PUBLIC = "cong"
    SIGNED_IN = "dan"
    OFFICERS = "can-bo"

    @property
    def label(self) -> Label:
        """In words."""
        return _PLACES[self]


_PLACES = {
    Place.EVERYWHERE: N_("Mọi trang, cả trang cán bộ"),
    Place.PUBLIC: N_("Trang chưa đăng nhập"),
    Place.SIGNED_IN: N_("Trang đã đăng nhập"),
    Place.OFFICERS: N_("Trang cán bộ"),
}

ENDS_BEFORE = N_("Lúc gỡ phải sau lúc đăng.")
OVER = N_("Lúc gỡ đã qua. Hãy chọn một lúc chưa tới.")
TOO_LONG = N_("Một thông báo đứng tối đa 30 ngày. Hãy chọn lúc gỡ sớm hơn; khi cần thì gia hạn.")
NOT_OURS = N_("Chỉ nhận địa chỉ trong trang này, bắt đầu bằng /, ví dụ /tra-cuu.")
RACED = N_("Người khác vừa sửa thông báo này. Hãy xem bản mới bên dưới, rồi sửa lại nếu cần.")
TOO_MANY = N_("Bảng tin đã có 50 thông báo chưa hết hạn. Hãy gỡ bớt.")
ENDED = N_("Thông báo này đã hết hạn hoặc đã được gỡ.")


@dataclass(frozen=True)
class Item:
    """One notice: `begins_at` ≤ t < `ends_at` is when it stands; `href` is '' or a path of ours."""

    severity: Severity
    place: Place
    words: FiveWords
    href: str
    begins_at: datetime
    ends_at: datetime

    def stands(self, at: datetime) -> bool:
        """Whether it is to be seen at `at`, if at all."""
        return self.begins_at <= at < self.ends_at

    def is_for(self, audience: str) -> bool:
        """Whether it belongs on a page of `audience`."""
        return self.place is Place.EVERYWHERE or self.place == audience


@dataclass(frozen=True)
class Known:
    """A notice as the table has it."""

    id: UUID
    version: int
    item: Item


def check(item: Item, at: datetime) -> None:
    """Raise Refused for a notice that could not be seen, would stand too long, or leads out of the house."""
    if item.ends_at <= at:
        raise Refused(OVER, "ends_at")
    if item.ends_at <= item.begins_at:
        raise Refused(ENDS_BEFORE, "ends_at")
    if item.ends_at - max(item.begins_at, at) > LONGEST_SPAN:
        raise Refused(TOO_LONG, "ends_at")
    if item.href:
        try:
            check_place(item.href)
        except ValueError as wrong:
            raise Refused(NOT_OURS, "href") from wrong


def shown(items: list[Item], audience: str, at: datetime) -> list[Item]:
    """What a page of `audience` shows at `at`: three at most, the loudest first, of those the one that ends first."""
    standing = [one for one in items if one.stands(at) and one.is_for(audience)]
    return sorted(standing, key=lambda one: (one.severity.rank, one.ends_at))[:MOST_SHOWN]
