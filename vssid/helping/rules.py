"""What can be lent to a helper, for how long, and the words for it. Pure."""

from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label

CODE_DIGITS = 8
OFFER_LIFE = timedelta(minutes=30)
MINUTES = (15, 30, 60)
HELPER_IDLE = timedelta(minutes=15)
KEEP_ENDED = timedelta(days=400)
LONGEST_NAME = 100

OFFERS = (10, timedelta(days=1))  # an account
# Half an hour of guessing at this rate finds one of a hundred open codes with a chance of one in four thousand.
TRIES_FROM_NETWORK = (10, timedelta(minutes=15))
TRIES_EVERYWHERE = (500, timedelta(hours=1))


class Task(StrEnum):
    """One thing that can be done for somebody; the pages that it needs are marked with it, all others stay shut."""

    CARD = "the_bhyt"
    ADDRESS = "dia_chi"
    CHILD = "cho_con"

    @property
    def label(self) -> Label:
        """The task as the owner chooses it."""
        return _TASKS[self][0]

    @property
    def hint(self) -> Label:
        """What the helper sees and can do with it, told to the owner."""
        return _TASKS[self][1]

    @property
    def advice(self) -> Label:
        """The same, told to the helper."""
        return _TASKS[self][3]

    @property
    def start(self) -> str:
        """The endpoint at which the helper begins."""
        return _TASKS[self][2]


_TASKS = {
    Task.CARD: (
        N_("Xem và in thẻ BHYT"),
        N_("Người giúp thấy thẻ BHYT và ảnh trên thẻ, in được thẻ. Không thấy gì khác."),
        "card.show",
        N_("Bạn thấy thẻ BHYT và ảnh trên thẻ, in được thẻ."),
    ),
    Task.ADDRESS: (
        N_("Đổi địa chỉ liên hệ"),
        N_("Người giúp điền địa chỉ mới. Mã xác thực gửi về điện thoại của bạn; có mã đó thì mới đổi được."),
        "changes.address_form",
        N_(
            "Bạn điền địa chỉ mới. Mã xác thực gửi về điện thoại của người được giúp; hãy làm khi hai người ở cạnh nhau."
        ),
    ),
    Task.CHILD: (
        N_("Đăng ký cho con"),
        N_(
            "Người giúp điền tờ khai và gửi ảnh giấy khai sinh của con. Thấy tên, mã số và số giấy tờ của bạn trên tờ khai."
        ),
        "family.info",
        N_(
            "Bạn điền tờ khai và gửi ảnh giấy khai sinh của con. Tên, mã số và số giấy tờ của người được giúp đã có trên tờ khai."
        ),
    ),
}


class Tag(StrEnum):
    """What the audit calls the acts of this room; the account is their subject."""

    OFFERED = "loan.offered"
    BEGUN = "loan.begun"
    OPENED = "loan.opened"
    ENDED = "loan.ended"


class Status(StrEnum):
    """Where a loan stands: its code can be typed, the helper is at it, it is over."""

    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"


OPEN = (Status.OFFERED, Status.ACTIVE)


class EndedBy(StrEnum):
    """Who ended it."""

    OWNER = "owner"
    HELPER = "helper"
    TIME = "time"

    @property
    def label(self) -> Label:
        """In words, for the list of loans."""
        return _ENDED[self]


_ENDED = {
    EndedBy.OWNER: N_("bạn kết thúc"),
    EndedBy.HELPER: N_("người giúp kết thúc"),
    EndedBy.TIME: N_("hết giờ"),
}

# What the owner reads of each act in the history of the account.
HISTORY: dict[str, Label] = {
    Tag.OFFERED: N_("Bạn tạo mã nhờ người giúp"),
    Tag.BEGUN: N_("Một người giúp bắt đầu"),
    Tag.OPENED: N_("Người giúp mở một trang"),
    Tag.ENDED: N_("Việc nhờ giúp kết thúc"),
}

WRONG = N_("Mã chưa đúng, đã dùng hoặc đã hết hạn. Hãy nhờ người được giúp tạo mã mới.")
TOO_MANY_OFFERS = N_("Hôm nay đã tạo quá nhiều mã. Hãy thử lại vào ngày mai.")
