"""What is told of a change: to the old and the new contact, whoever asked for it. An SMS fits one segment without marks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account, Ring
from vssid.kernel.clock import VIETNAM
from vssid.kernel.labels import N_, Label
from vssid.registration.changes.rules import Item
from vssid.registration.surroundings import Surroundings

_DONE = {
    Item.PHONE: N_(
        "VssID: Số điện thoại của tài khoản vừa được đổi. Nếu không phải bạn, hãy gọi %(hotline)s hoặc đến cơ quan BHXH ngay."
    ),
    Item.EMAIL: N_(
        "VssID: Email của tài khoản vừa được đổi hoặc bỏ. Nếu không phải bạn, hãy gọi %(hotline)s hoặc đến cơ quan BHXH ngay."
    ),
    Item.ADDRESS: N_(
        "VssID: Địa chỉ liên hệ của tài khoản vừa được đổi. Nếu không phải bạn, hãy gọi %(hotline)s hoặc đến cơ quan BHXH ngay."
    ),
    Item.STOP: N_(
        "VssID: Tài khoản đã ngừng sử dụng. Thẻ BHYT và quyền lợi không đổi. Muốn dùng lại, hãy đăng ký lại. Hỏi: %(hotline)s."
    ),
}
_WAITS = {
    Item.PHONE: N_(
        "VssID: Số điện thoại của tài khoản sẽ đổi lúc %(time)s %(date)s. Không phải bạn? Mở VssID, mục Huỷ thay đổi, nhập mã %(code)s."
    ),
    Item.STOP: N_(
        "VssID: Tài khoản sẽ ngừng sử dụng lúc %(time)s %(date)s. Không phải bạn? Mở VssID, mục Huỷ thay đổi, nhập mã %(code)s."
    ),
}
_WAITS_RINGS = {
    Item.PHONE: N_(
        "Số điện thoại của tài khoản sẽ đổi lúc %(time)s %(date)s. Không phải bạn? Mở mục Huỷ thay đổi, nhập mã trong tin nhắn."
    ),
    Item.STOP: N_(
        "Tài khoản sẽ ngừng sử dụng lúc %(time)s %(date)s. Không phải bạn? Mở mục Huỷ thay đổi, nhập mã trong tin nhắn."
    ),
}
_WAITS_NEW = N_(
    "VssID: Số này sẽ là số điện thoại của tài khoản bạn từ %(time)s %(date)s. Mã kích hoạt sẽ được gửi đến số này vào lúc đó."
)
_CANCELLED = N_("VssID: Đã huỷ thay đổi, tài khoản giữ nguyên như trước. Nếu không phải bạn huỷ, hãy gọi %(hotline)s.")
_REFUSED = N_(
    "VssID: Không đổi được số điện thoại vì số mới đã thuộc tài khoản khác. Hãy đến cơ quan BHXH hoặc gọi %(hotline)s."
)


_RING = Ring("/tai-khoan/thay-doi")


@dataclass(frozen=True)
class Reader:
    """Who is told: every contact the account has or had, once each."""

    account: Account
    contacts: tuple[str, ...]

    @classmethod
    def of(cls, db: Session, account: Account, *more: str) -> "Reader":
        """The account's contacts as they are now, and `more`."""
        given = (accounts.phone_of(db, account), account.email or "", *more)
        return cls(account, tuple(dict.fromkeys(one for one in given if one)))


def _tell(
    db: Session,
    house: Surroundings,
    reader: Reader,
    words: Label,
    what: str,
    at: datetime,
    expires_at: datetime | None = None,
    ring: Ring | None = _RING,
) -> None:
    account = reader.account
    for to in reader.contacts:
        accounts.tell(
            db, house.keyring, to, account.language, words, f"change.{what}", account.id, at, expires_at, ring=ring
        )


def done(db: Session, house: Surroundings, reader: Reader, item: Item, at: datetime) -> None:
    """It has happened."""
    _tell(db, house, reader, _with(_DONE[item], house), f"{item}_done", at)


def waits(
    db: Session, house: Surroundings, reader: Reader, item: Item, code: str, effective_at: datetime, at: datetime
) -> None:
    """It will happen, unless one who reads this types the code."""
    words = Label(str(_WAITS[item]), code=accounts.spoken_code(code), **_moment(effective_at))
    ring = Ring("/huy", Label(str(_WAITS_RINGS[item]), **_moment(effective_at)))
    _tell(db, house, reader, words, f"{item}_waits", at, effective_at, ring)


def waits_for_new(
    db: Session, house: Surroundings, account: Account, phone: str, effective_at: datetime, at: datetime
) -> None:
    """The new number learns when it will be the account's; it has nothing to stop."""
    words = Label(str(_WAITS_NEW), **_moment(effective_at))
    _tell(db, house, Reader(account, (phone,)), words, "new_phone_waits", at, effective_at, None)


def cancelled(db: Session, house: Surroundings, reader: Reader, at: datetime) -> None:
    """Somebody has stopped it."""
    _tell(db, house, reader, _with(_CANCELLED, house), "cancelled", at)


def refused(db: Session, house: Surroundings, reader: Reader, at: datetime) -> None:
    """The number belongs to somebody else by now."""
    _tell(db, house, reader, _with(_REFUSED, house), "refused", at)


def _with(words: Label, house: Surroundings) -> Label:
    return Label(str(words), hotline=house.hotline)


def _moment(at: datetime) -> dict[str, str]:
    local = at.astimezone(VIETNAM)
    return {"time": local.strftime("%H:%M"), "date": local.strftime("%d/%m/%Y")}
