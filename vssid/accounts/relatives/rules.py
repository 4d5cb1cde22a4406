"""How many relatives one may name, and when their word counts. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label

MOST = 3
# An intruder must not name an accomplice and use them: the owner is told, and has this time to end it.
COUNTS_AFTER = timedelta(hours=72)
ASKED_LIFE = timedelta(days=14)
KEEP_ENDED = timedelta(days=90)
NAMED_BY_ACCOUNT = (10, timedelta(days=1))


class Tag(StrEnum):
    """What the audit calls the acts of this sub-room."""

    NAMED = "relative.named"
    ACCEPTED = "relative.accepted"
    ENDED = "relative.ended"


class Status(StrEnum):
    """Where a naming stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ENDED = "ended"


def state(status: Status, counts_from: datetime | None, at: datetime) -> tuple[Label, str]:
    """The state in words, and the badge's tone."""
    if status is Status.ASKED:
        return N_("Chờ đồng ý"), "warn"
    if counts_from is not None and counts_from > at:
        return N_("Đã đồng ý, chưa có tác dụng"), "info"
    return N_("Đang có tác dụng"), "good"


FULL = N_("Bạn đã chọn đủ %(count)s người. Hãy bỏ một người trước khi chọn người khác.", count=MOST)
TWICE = N_("Bạn đã chọn mã số này. Muốn đổi số điện thoại, hãy bỏ người này rồi chọn lại.")
ONESELF = N_("Đây là mã số của chính bạn. Hãy chọn một người khác.")
OF_CHILD = N_("Tài khoản của trẻ em không chọn người thân: người giám hộ nhận mã, hoặc đến quầy của cơ quan BHXH.")
GONE = N_("Không còn thấy lời mời này. Hãy xem lại danh sách.")
OFTEN = N_("Hôm nay bạn đã chọn quá nhiều lần. Hãy thử lại vào ngày mai.")
