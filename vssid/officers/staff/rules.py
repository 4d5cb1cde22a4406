"""What one administrator wants and another agrees to. Pure."""

from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused

GRANT_LIFE = timedelta(days=7)
PAGE_SIZE = 25


class Tag(StrEnum):
    """What the audit calls the acts of this folder."""

    ASKED = "officer.grant_asked"
    CHANGED = "officer.changed"
    CANCELLED = "officer.grant_cancelled"


class Kind(StrEnum):
    """What is wanted. Taking access away is no grant: it happens at once."""

    ADD = "add"
    CHANGE = "change"
    RENEW = "renew"

    @property
    def label(self) -> Label:
        """As the list of wishes calls it."""
        return _KINDS[self]


_KINDS = {
    Kind.ADD: N_("Thêm cán bộ"),
    Kind.CHANGE: N_("Đổi vai trò, cơ quan"),
    Kind.RENEW: N_("Cấp lại mã cài đặt"),
}


class Status(StrEnum):
    """Where a wish stands."""

    ASKED = "asked"
    DONE = "done"
    CANCELLED = "cancelled"


OVER = N_("Yêu cầu này đã hết hạn hoặc đã được xử lý. Hãy tải lại trang.")
WAITING = N_("Đang có một yêu cầu chờ xác nhận cho cán bộ này.")


def check_second(asked_by: object, by: object, about_themselves: bool) -> None:
    """Raise Refused for whoever asked, and for whoever it is about (safety 2.3.5)."""
    if asked_by == by:
        raise Refused(N_("Cần một quản trị khác xác nhận: bạn là người đã lập yêu cầu này."))
    if about_themselves:
        raise Refused(N_("Bạn không xác nhận được yêu cầu về chính mình."))
