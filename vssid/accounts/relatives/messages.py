"""What is told of a trusted relative: to both. An SMS fits one segment without marks."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid.accounts import queries
from vssid.accounts.messages import Ring, short_name, tell
from vssid.accounts.models import Account
from vssid.kernel.clock import VIETNAM
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label

_INVITED = N_(
    "VssID: %(name)s chọn bạn làm người thân tin cậy. Nếu đồng ý, đăng nhập, mở Tài khoản, mục Người thân tin cậy."
)
_NAMED = N_(
    "VssID: Tài khoản vừa chọn một người thân tin cậy. Nếu không phải bạn, hãy đổi mật khẩu và gọi %(hotline)s."
)
_ACCEPTED = N_(
    "VssID: %(name)s đã nhận làm người thân tin cậy của bạn, có tác dụng từ %(date)s. Không phải bạn chọn? Gọi %(hotline)s."
)
_ENDED = N_("VssID: %(name)s không còn là người thân tin cậy của bạn. Bạn chọn được người khác trong Tài khoản.")

_RING, _INVITING = Ring("/tai-khoan/nguoi-than"), Ring("/tai-khoan/nguoi-than/xac-nhan")


def invited(db: Session, keyring: Keyring, relative: Account, name: str, at: datetime) -> None:
    """Somebody asks this account to vouch for them one day."""
    words = Label(str(_INVITED), name=short_name(name))
    tell(
        db, keyring, relative.phone or "", relative.language, words, "relative.invited", relative.id, at, ring=_INVITING
    )


def named(db: Session, keyring: Keyring, account: Account, at: datetime, hotline: str) -> None:
    """Every contact of the owner hears that somebody was named."""
    _tell_owner(db, keyring, account, Label(str(_NAMED), hotline=hotline), "named", at)


def accepted(
    db: Session, keyring: Keyring, account: Account, name: str, counts_from: datetime, at: datetime, hotline: str
) -> None:
    """Every contact of the owner hears that the relative agreed, and from when it counts."""
    date = counts_from.astimezone(VIETNAM).strftime("%d/%m/%Y")
    words = Label(str(_ACCEPTED), name=short_name(name), date=date, hotline=hotline)
    _tell_owner(db, keyring, account, words, "accepted", at)


def ended(db: Session, keyring: Keyring, account: Account, name: str, at: datetime) -> None:
    """The owner hears that the relative has left."""
    _tell_owner(db, keyring, account, Label(str(_ENDED), name=short_name(name)), "ended", at)


def _tell_owner(db: Session, keyring: Keyring, account: Account, words: Label, what: str, at: datetime) -> None:
    for to in filter(None, (queries.phone_of(db, account), account.email)):
        tell(db, keyring, to, account.language, words, f"relative.{what}", account.id, at, ring=_RING)
