"""What is told about copies and requests: to every contact of the account, without any of the data. One SMS segment each."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account, Ring
from vssid.kernel.labels import N_, Label
from vssid.registration import Surroundings

EXPORT_ASKED = N_(
    "VssID: Vừa có yêu cầu tải toàn bộ dữ liệu của tài khoản. Nếu không phải bạn, hãy đổi mật khẩu và gọi %(hotline)s."
)
EXPORT_READY = N_(
    "VssID: Bản dữ liệu của bạn đã sẵn sàng, tải trong 24 giờ tại mục Dữ liệu của tôi. Không phải bạn? Gọi %(hotline)s."
)
ASKED = N_(
    "VssID: Đã nhận yêu cầu %(code)s về dữ liệu cá nhân. Cơ quan BHXH tiếp nhận chậm nhất ngày %(date)s. Không phải bạn? Gọi %(hotline)s."
)
ACKNOWLEDGED = N_("VssID: Yêu cầu %(code)s đã được tiếp nhận, giải quyết chậm nhất ngày %(date)s. Hỏi: %(hotline)s.")
EXTENDED = N_("VssID: Yêu cầu %(code)s được gia hạn đến ngày %(date)s. Xem lý do tại mục Dữ liệu của tôi.")
ENDED = N_("VssID: Yêu cầu %(code)s về dữ liệu đã có trả lời. Mở VssID, mục Dữ liệu của tôi để xem.")

_RING = Ring("/tai-khoan/du-lieu")


def tell(
    db: Session, house: Surroundings, account: Account, words: Label, kind: str, at: datetime, **values: Any
) -> None:
    """Queue `words` for the account's phone and e-mail; a closed account has neither."""
    filled = Label(str(words), hotline=house.hotline, **values)
    contacts = (accounts.phone_of(db, account), account.email or "")
    for to in dict.fromkeys(one for one in contacts if one):
        accounts.tell(db, house.keyring, to, account.language, filled, f"privacy.{kind}", account.id, at, ring=_RING)
