"""What this room writes to people: one-segment SMS without marks, and plain e-mails."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from vssid import notifications
from vssid.accounts import queries
from vssid.accounts.models import Account
from vssid.accounts.rules import CODE_RULES, Notice, Purpose, spoken_code
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import sms_text, without_marks
from vssid.web.i18n import say_in

LONGEST_SMS_NAME = 28
_NOBODY = "+84900000000"
_CODE_TEXTS = {
    Purpose.ACTIVATION: N_(
        "VssID: Mã kích hoạt tài khoản: %(code)s, dùng trong 24 giờ. Mở VssID, chọn Kích hoạt tài khoản. Không đưa mã này cho ai."
    ),
    Purpose.RESET: N_(
        "VssID: Mã đặt lại mật khẩu: %(code)s, dùng trong 10 phút. Nếu không phải bạn yêu cầu, hãy bỏ qua. Không đưa mã này cho ai."
    ),
    Purpose.NEW_DEVICE: N_(
        "VssID: Mã xác thực đăng nhập trên thiết bị mới: %(code)s, dùng trong 5 phút. Không phải bạn? Hãy đổi mật khẩu. Không đưa mã cho ai."
    ),
    Purpose.PHONE_OLD: N_(
        "VssID: Mã đổi số điện thoại của tài khoản: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.PHONE_NEW: N_(
        "VssID: Mã xác nhận số điện thoại mới: %(code)s, dùng trong 10 phút. Nếu không phải bạn yêu cầu, hãy bỏ qua. Không đọc mã qua điện thoại."
    ),
    Purpose.EMAIL_OLD: N_(
        "VssID: Mã đổi email của tài khoản: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.EMAIL_PHONE: N_(
        "VssID: Mã đổi hoặc bỏ email của tài khoản: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.EMAIL_NEW: N_(
        "VssID: Mã xác nhận email mới: %(code)s, dùng trong 10 phút. Nếu không phải bạn yêu cầu, hãy bỏ qua. Không đọc mã qua điện thoại."
    ),
    Purpose.ADDRESS: N_(
        "VssID: Mã đổi địa chỉ liên hệ: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.STOP: N_(
        "VssID: Mã NGỪNG SỬ DỤNG tài khoản: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
}
_CHILD = N_(
    "VssID: Mã kích hoạt tài khoản của con %(child)s: %(code)s, dùng trong 24 giờ, tại mục Kích hoạt tài khoản. Không đưa mã cho ai."
)
_SECURITY = N_("Thông báo bảo mật của VssID")
_NOTICES = {
    Notice.PASSWORD: N_(
        "VssID: Mật khẩu của bạn vừa được đổi. Nếu không phải bạn, hãy gọi %(hotline)s hoặc đến cơ quan BHXH ngay."
    ),
    Notice.NEW_DEVICE: N_(
        "VssID: Tài khoản vừa đăng nhập trên thiết bị mới. Nếu không phải bạn, hãy gọi %(hotline)s ngay."
    ),
}


def sms_language(code: str) -> str:
    """Vietnamese without marks for Vietnamese readers, English for all others: other scripts need three segments."""
    return "vi" if code == "vi" else "en"


def sms(language: str, words: Label) -> str:
    """`words` as the text of one SMS."""
    return sms_text(say_in(sms_language(language), words))


def tell(
    db: Session,
    keyring: Keyring,
    to: str,
    language: str,
    words: Label,
    kind: str,
    account_id: UUID,
    at: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Queue the same words for one contact of an account: an SMS to a number, an e-mail to an address."""
    by_mail = "@" in to
    notifications.send(
        db,
        keyring,
        channel="email" if by_mail else "sms",
        to=to,
        subject=say_in(language, _SECURITY) if by_mail else "",
        text=say_in(language, words) if by_mail else sms(language, words),
        kind=kind,
        about=("account", account_id),
        at=at,
        expires_at=expires_at,
    )


def tell_nobody(db: Session, keyring: Keyring, kind: str, at: datetime) -> None:
    """What is written where nobody is reached: it costs what a message costs, and has run out before it could leave."""
    tell(db, keyring, _NOBODY, "vi", Label(str(_CODE_TEXTS[Purpose.RESET]), code="0000 0000"), kind, uuid4(), at, at)


def send_code(
    db: Session,
    keyring: Keyring,
    purpose: Purpose,
    to: str,
    language: str,
    code: str,
    account_id: UUID,
    at: datetime,
    child: str = "",
) -> None:
    """Queue the message that carries a code, naming the `child` it is for; it is dropped when the code has run out.

    An e-mail carries a code for a new device beside the SMS (seed 003), and an activation where the SMS did not come.
    """
    source = _CHILD if child else _CODE_TEXTS[purpose]
    words = Label(str(source), code=spoken_code(code), child=short_name(child))
    tell(db, keyring, to, language, words, f"code.{purpose}", account_id, at, at + CODE_RULES[purpose].life)


def short_name(name: str) -> str:
    """A name that leaves an SMS one segment and its alphabet: of the longest, family name and the last two words."""
    words = name.split()
    short = name if len(name) <= LONGEST_SMS_NAME else " ".join([words[0], *words[1:][-2:]])[:LONGEST_SMS_NAME]
    return "".join(sign if sign.isascii() else "?" for sign in without_marks(short))


def notify(db: Session, keyring: Keyring, account: Account, notice: Notice, *, at: datetime, hotline: str) -> None:
    """Tell every contact of an account about a security event: the owner must hear of it, whoever caused it."""
    words = Label(str(_NOTICES[notice]), hotline=hotline)
    for to in filter(None, (queries.phone_of(db, account), account.email)):
        tell(db, keyring, to, account.language, words, f"notice.{notice}", account.id, at)
