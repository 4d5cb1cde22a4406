"""What may be exported, who agrees, and what becomes of a wish. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Np_, Refused

MOST_DAYS = 366
MOST_ROWS = 100_000
LONGEST_REASON = 300
# How long a wish waits for the second officer, and a file for whoever wanted it.
WISH_LIFE = timedelta(days=7)
FILE_LIFE = timedelta(hours=24)
# How long a wish that ended is still shown; the audit keeps it for good.
KEPT = timedelta(days=366)
ASKED_A_DAY = (10, timedelta(days=1))

ALL_MINE = N_("Tất cả cơ quan của tôi")
ALL_STATES = N_("Mọi tình trạng")

COLUMNS = (
    "Mã tờ khai", "Loại", "Họ và tên", "Mã số BHXH", "Ngày gửi", "Tình trạng", "Ngày nhận giấy", "Ngày quyết định",
    "Cán bộ quyết định", "Cơ quan",
)  # fmt: skip


class Tag(StrEnum):
    """What the audit calls the acts of this folder."""

    ASKED = "export.asked"
    AGREED = "export.agreed"
    DECLINED = "export.declined"
    WITHDRAWN = "export.withdrawn"
    MADE = "export.made"
    FETCHED = "export.fetched"


class State(StrEnum):
    """Where a wish stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MADE = "made"
    FAILED = "failed"
    GONE = "gone"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATES[self][1]


_STATES = {
    State.ASKED: (N_("Chờ cán bộ thứ hai"), "warn"),
    State.AGREED: (N_("Đã đồng ý, đang tạo tệp"), "info"),
    State.DECLINED: (Np_("state", "Không đồng ý"), "bad"),
    State.WITHDRAWN: (N_("Đã rút"), "plain"),
    State.MADE: (N_("Có tệp để tải"), "good"),
    State.FAILED: (N_("Không tạo được tệp"), "bad"),
    State.GONE: (N_("Tệp đã huỷ"), "plain"),
}


def check_period(first: date, last: date, today: date) -> None:
    """Raise Refused unless the days stand in order, are over or today, and are at most 366."""
    if last < first:
        raise Refused(N_("Đến ngày phải là hoặc sau từ ngày."), "last")
    if last > today:
        raise Refused(N_("Đến ngày không được sau hôm nay."), "last")
    if (last - first).days >= MOST_DAYS:
        raise Refused(N_("Mỗi lần xuất tối đa %(days)s ngày. Hãy chia thành nhiều lần.", days=MOST_DAYS), "last")


def check_size(rows: int) -> None:
    """Raise Refused when there is nothing to export, or more than a file may hold."""
    if not rows:
        raise Refused(N_("Không có tờ khai nào như vậy. Hãy chọn ngày hoặc tình trạng khác."))
    if rows > MOST_ROWS:
        raise Refused(
            N_("Có %(rows)s tờ khai, tối đa %(most)s mỗi tệp. Hãy chọn ít ngày hơn.", rows=rows, most=MOST_ROWS)
        )
