"""What this room writes to people: one-segment SMS without marks, and plain e-mails."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from vssid import notifications
from vssid.accounts import freezing, phrases, queries
from vssid.accounts.models import Account
from vssid.accounts.rules import CODE_RULES, Notice, Purpose, spoken_code
from vssid.kernel.audit import VISITOR
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import sms_text, without_marks
from vssid.notifications import inbox
from vssid.web.i18n import say_in

LONGEST_SMS_NAME = 28
SECURITY_PLACE = "/tai-khoan/nhat-ky"
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
        "VssID: Mã đổi số điện thoại: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.PHONE_NEW: N_(
        "VssID: Mã xác nhận số điện thoại mới: %(code)s, dùng trong 10 phút. Nếu không phải bạn yêu cầu, hãy bỏ qua. Không đọc mã qua điện thoại."
    ),
    Purpose.EMAIL_OLD: N_(
        "VssID: Mã đổi email của tài khoản: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
    ),
    Purpose.EMAIL_PHONE: N_(
        "VssID: Mã đổi hoặc bỏ email: %(code)s, dùng trong 10 phút. Không phải bạn? Hãy đổi mật khẩu. Không đọc mã qua điện thoại."
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
    "VssID: Mã kích hoạt của con %(child)s: %(code)s, dùng trong 24 giờ, tại mục Kích hoạt tài khoản. Không đưa mã cho ai."
)
_SECURITY = N_("Thông báo bảo mật của VssID")
_NOTICES = {
    Notice.PASSWORD: N_("VssID: Mật khẩu của bạn vừa được đổi."),
    Notice.NEW_DEVICE: N_("VssID: Tài khoản vừa đăng nhập trên thiết bị mới."),
    Notice.SIGN_IN: N_("VssID: Tài khoản vừa đăng nhập."),
    Notice.DEVICE_ENDED: N_("VssID: Một thiết bị vừa bị xoá khỏi tài khoản."),
    Notice.FACTOR_REFUSED: N_("VssID: Có người biết mật khẩu, nhập sai mã."),
    Notice.PASSKEY_ADDED: N_("VssID: Tài khoản vừa thêm đăng nhập bằng vân tay."),
    Notice.PASSKEY_REMOVED: N_("VssID: Tài khoản vừa xoá một đăng nhập vân tay."),
    Notice.SMART_OTP_SET: N_("VssID: Tài khoản vừa bật SmartOTP."),
    Notice.SMART_OTP_REMOVED: N_("VssID: Tài khoản vừa tắt SmartOTP."),
    Notice.SMS_OFF: N_("VssID: Mã đăng nhập bằng tin nhắn vừa bị tắt."),
    Notice.SMS_ON: N_("VssID: Mã đăng nhập bằng tin nhắn vừa được bật."),
    Notice.BACKUP_MADE: N_("VssID: Mã dự phòng mới vừa được tạo, mã cũ bị huỷ."),
    Notice.BACKUP_USED: N_("VssID: Một mã dự phòng của tài khoản vừa được dùng."),
    Notice.PHRASE: N_("VssID: Câu riêng của tài khoản vừa được đổi hoặc bỏ."),
}
# Follows each of them.
_NOT_YOU = N_("Không phải bạn? Khoá tại VssID, mục Huỷ thay đổi, mã %(code)s, hoặc gọi %(hotline)s.")
_FROZEN = N_(
    "VssID: Tài khoản đã tạm khoá 24 giờ, mọi thiết bị bị đăng xuất. Mở lại: đặt mật khẩu mới ở mục Quên mật khẩu, hoặc gọi %(hotline)s."
)


@dataclass(frozen=True)
class Ring:
    """How a message stands behind the account's bell: where it leads, and in which words if not those of the message.

    A message that holds a code rings in words without it.
    """

    href: str = "/tai-khoan"
    words: Label | None = None


RING = Ring()


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
    *,
    subject: Label = _SECURITY,
    not_before: datetime | None = None,
    ring: Ring | None = RING,
) -> None:
    """Queue the same words for one contact of an account: an SMS to a number, an e-mail to an address with a `subject`.

    It begins with the phrase of whose number or address that is. It leaves at once, or at `not_before`. The account's own bell has it as well, once for all contacts; with `ring` None
    it does not: what is told to somebody else.
    """
    if ring is not None:
        inbox.put(db, keyring, account_id, kind, ring.words or words, ring.href, at)
    by_mail = "@" in to
    text = say_in(language, words) if by_mail else sms(language, words)
    notifications.send(
        db,
        keyring,
        channel="email" if by_mail else "sms",
        to=to,
        subject=say_in(language, subject) if by_mail else "",
        text=phrases.begun(db, keyring, to, text, account_id),
        kind=kind,
        about=("account", account_id),
        at=at,
        expires_at=expires_at,
        not_before=not_before,
    )


def tell_nobody(db: Session, keyring: Keyring, kind: str, at: datetime) -> None:
    """What is written where nobody is reached: it costs what a message costs, and has run out before it could leave."""
    tell(
        db,
        keyring,
        _NOBODY,
        "vi",
        Label(str(_CODE_TEXTS[Purpose.RESET]), code="0000 0000"),
        kind,
        uuid4(),
        at,
        at,
        ring=None,
    )


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
    # A full stop within a word would make a link of a name.
    words = name.replace(".", " ").split()
    short = (
        " ".join(words) if len(name) <= LONGEST_SMS_NAME else " ".join([words[0], *words[1:][-2:]])[:LONGEST_SMS_NAME]
    )
    return "".join(sign if sign.isascii() else "?" for sign in without_marks(short))


def notify(
    db: Session, keyring: Keyring, account: Account, notice: Notice, *, at: datetime, hotline: str, to: str = ""
) -> None:
    """Tell every contact of an account (or `to` alone) about a security event: the owner must hear of it, whoever caused it.

    The code that goes with it freezes the account at /huy, without signing in.
    """
    code = spoken_code(freezing.new_code(db, keyring, account.id, at))
    _to_all(
        db,
        keyring,
        account,
        f"notice.{notice}",
        at,
        _NOTICES[notice],
        Label(_NOT_YOU, code=code, hotline=hotline),
        to=to,
    )


def frozen(db: Session, keyring: Keyring, account: Account, *, at: datetime, hotline: str) -> None:
    """Tell every contact that the account is frozen and how it comes back."""
    _to_all(db, keyring, account, "notice.frozen", at, Label(_FROZEN, hotline=hotline))


def freeze_by_code(db: Session, keyring: Keyring, typed: str, *, at: datetime, hotline: str) -> bool:
    """Freeze the account whose notice carried the code and tell its contacts; False when there is none."""
    account = freezing.by_code(db, keyring, typed, at)
    if account is not None:
        freezing.freeze(db, account, by=VISITOR, at=at)
        frozen(db, keyring, account, at=at, hotline=hotline)
    return account is not None


def freeze_code(db: Session, keyring: Keyring, account_id: UUID, at: datetime) -> str:
    """A code that freezes the account at /huy, as a notice of another room shows it."""
    return spoken_code(freezing.new_code(db, keyring, account_id, at))


def tell_all(
    db: Session, keyring: Keyring, account: Account, words: Label, kind: str, at: datetime, ring: Ring = RING
) -> None:
    """Queue the same words for every contact of an account; its bell has them also where it has no contact."""
    inbox.put(db, keyring, account.id, kind, ring.words or words, ring.href, at)
    for to in filter(None, (queries.phone_of(db, account), account.email)):
        tell(db, keyring, to, account.language, words, kind, account.id, at, ring=None)


def _to_all(
    db: Session, keyring: Keyring, account: Account, kind: str, at: datetime, *sentences: Label, to: str = ""
) -> None:
    # The first sentence says what happened; what follows tells how to stop it, by a code.
    inbox.put(db, keyring, account.id, kind, sentences[0], SECURITY_PLACE, at)
    for contact in [to] if to else filter(None, (queries.phone_of(db, account), account.email)):
        language = account.language if "@" in contact else sms_language(account.language)
        words = Label(" ".join(say_in(language, sentence) for sentence in sentences))
        tell(db, keyring, contact, language, words, kind, account.id, at, ring=None)
