"""What is told of a recovery: to every contact, whoever asked for it. An SMS fits one segment without marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid.accounts.messages import Ring, short_name, tell
from vssid.accounts.models import Account
from vssid.accounts.rules import CODE_RULES, Purpose, spoken_code
from vssid.kernel.clock import VIETNAM
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label

_NAME_NEEDED = N_(
    "VssID: Số này nhận mã cho nhiều tài khoản. Hãy mở lại mục Quên mật khẩu, nhập thêm mã số BHXH của người cần mã."
)
_MAIL_CODE = N_(
    "VssID: Mã khôi phục tài khoản: %(code)s, dùng trong 10 phút. Chỉ nhập nếu chính bạn yêu cầu. Không đọc mã cho ai."
)
_WAITS = N_(
    "VssID: Mật khẩu tài khoản sẽ được thay lúc %(time)s %(date)s. Không phải bạn? Mở VssID, mục Huỷ thay đổi, nhập mã %(code)s."
)
_WAITS_RINGS = N_(
    "Mật khẩu tài khoản sẽ được thay lúc %(time)s %(date)s. Không phải bạn? Mở mục Huỷ thay đổi, nhập mã trong tin nhắn."
)
_WAITS_OF = N_(
    "VssID: Mật khẩu của %(name)s sẽ được thay lúc %(time)s %(date)s. Có gì lạ? Mở VssID, mục Huỷ thay đổi, nhập mã %(code)s."
)
_REMINDER = N_(
    "VssID: Nhắc lại: mật khẩu sẽ được thay lúc %(time)s %(date)s. Không phải bạn? Nhập mã huỷ trong tin trước, hoặc gọi %(hotline)s."
)
_DONE = N_(
    "VssID: Tài khoản vừa được khôi phục, mật khẩu đã thay. Nếu không phải bạn, hãy gọi %(hotline)s hoặc đến cơ quan BHXH ngay."
)
_CANCELLED = N_("VssID: Đã huỷ yêu cầu khôi phục, mật khẩu giữ nguyên. Nếu không phải bạn huỷ, hãy gọi %(hotline)s.")
_REFUSED = N_(
    "VssID: Yêu cầu khôi phục không thực hiện vì tài khoản đã đổi mật khẩu hoặc đã ngừng sử dụng. Hỏi: %(hotline)s."
)


@dataclass(frozen=True)
class Watcher:
    """Somebody who is told: number or address, the language, and '' for the owner or the name of whom it is about."""

    to: str
    language: str
    about: str = ""


def name_needed(db: Session, keyring: Keyring, phone: str, account: Account, at: datetime) -> None:
    """The number serves several accounts: whose is to be said."""
    life = CODE_RULES[Purpose.RESET].life
    tell(
        db, keyring, phone, account.language, _NAME_NEEDED, "recovery.name_needed", account.id, at, at + life, ring=None
    )


def mail_code(db: Session, keyring: Keyring, account: Account, code: str, at: datetime) -> None:
    """The code that proves the mailbox for one request."""
    words, life = Label(str(_MAIL_CODE), code=spoken_code(code)), CODE_RULES[Purpose.RECOVERY_EMAIL].life
    tell(db, keyring, account.email or "", account.language, words, "code.recovery_email", account.id, at, at + life)


def waits(
    db: Session,
    keyring: Keyring,
    watchers: Iterable[Watcher],
    account_id: UUID,
    code: str,
    effective_at: datetime,
    at: datetime,
) -> None:
    """It will happen, unless one who reads this types the code."""
    for one in watchers:
        source, name = (_WAITS_OF, short_name(one.about)) if one.about else (_WAITS, "")
        words = Label(str(source), code=spoken_code(code), name=name, **_moment(effective_at))
        ring = None if one.about else Ring("/huy", Label(str(_WAITS_RINGS), **_moment(effective_at)))
        tell(db, keyring, one.to, one.language, words, "recovery.waits", account_id, at, effective_at, ring=ring)


def reminder(
    db: Session,
    keyring: Keyring,
    watchers: Iterable[Watcher],
    account_id: UUID,
    effective_at: datetime,
    at: datetime,
    hotline: str,
) -> None:
    """Half of the wait is over; the code is in the message before."""
    words = Label(str(_REMINDER), hotline=hotline, **_moment(effective_at))
    for one in watchers:
        tell(
            db, keyring, one.to, one.language, words, "recovery.reminder", account_id, at, effective_at, ring=_ring(one)
        )


def _ring(one: Watcher) -> Ring | None:
    """Relatives who watch are told, too: the account's own bell has what its owner is told."""
    return None if one.about else Ring("/huy")


def _moment(at: datetime) -> dict[str, str]:
    local = at.astimezone(VIETNAM)
    return {"time": local.strftime("%H:%M"), "date": local.strftime("%d/%m/%Y")}


def ended(
    db: Session, keyring: Keyring, watchers: Iterable[Watcher], account_id: UUID, what: str, at: datetime, hotline: str
) -> None:
    """It is over: `what` is done, cancelled or refused."""
    words = Label(str({"done": _DONE, "cancelled": _CANCELLED, "refused": _REFUSED}[what]), hotline=hotline)
    for one in watchers:
        tell(db, keyring, one.to, one.language, words, f"recovery.{what}", account_id, at, ring=_ring(one))
