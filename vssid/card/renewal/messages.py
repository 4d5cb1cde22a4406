"""What a reminder says: one SMS, without name, number and reason, for it may be read on somebody else's telephone."""

from vssid.card.renewal.days import Due
from vssid.kernel.labels import N_, Label

SUBJECT = N_("Thẻ BHYT sắp hết hạn")
# Ends an e-mail; an SMS has no room for it.
ENOUGH = N_("Không muốn được nhắc nữa? Mở VssID, mục Dữ liệu của tôi, rút đồng ý nhắc việc.")
OWN = N_(
    "VssID: Thẻ BHYT của bạn ghi dùng đến hết %(date)s. Mở VssID, mục Thẻ BHYT để xem cần làm gì. Không ai thu phí gia hạn."
    " Hỏi %(hotline)s."
)
CHILDS = N_(
    "VssID: Thẻ BHYT của con ghi dùng đến hết %(date)s. Mở VssID, mục Gia đình để xem cần làm gì. Không ai thu phí gia hạn."
    " Hỏi %(hotline)s."
)
HOUSEHOLDS = N_(
    "VssID: Thẻ BHYT hộ gia đình dùng đến hết %(date)s. Đóng tiếp trước ngày đó để thẻ nối liền. Xem VssID, mục Thẻ BHYT."
    " Hỏi %(hotline)s."
)


def words(found: Due, *, own: bool) -> Label:
    """What is told of a card that ends: of one's own, of one that one pays for, or of a child's."""
    if own and found.household:
        return Label(str(HOUSEHOLDS), date=found.last_day)
    return Label(str(OWN if own else CHILDS), date=found.last_day)
