"""What this room writes to people: one-segment SMS that carry a code."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.accounts import Purpose
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import sms_text
from vssid.organisations.models import Member
from vssid.web.i18n import say_in

_CODE_TEXTS = {
    Purpose.MEMBER_ACTIVATION: N_(
        "VssID: Mã kích hoạt tài khoản tổ chức: %(code)s, dùng trong 24 giờ. Mở VssID, chọn Đăng nhập, Tổ chức. Không đưa mã này cho ai."
    ),
    Purpose.MEMBER_RESET: N_(
        "VssID: Mã đặt lại mật khẩu tài khoản tổ chức: %(code)s, dùng trong 10 phút. Nếu không phải bạn yêu cầu, hãy bỏ qua. Không đưa mã cho ai."
    ),
    Purpose.MEMBER_SIGN_IN: N_(
        "VssID: Mã xác thực đăng nhập tài khoản tổ chức: %(code)s, dùng trong 5 phút. Không phải bạn? Hãy đổi mật khẩu. Không đưa mã cho ai."
    ),
}


def send_code(db: Session, keyring: Keyring, purpose: Purpose, member: Member, code: str, at: datetime) -> None:
    """Queue the SMS that carries a code; it is dropped when the code has run out."""
    words = Label(str(_CODE_TEXTS[purpose]), code=accounts.spoken_code(code))
    language = "vi" if member.language == "vi" else "en"  # other scripts would need three segments
    notifications.send(
        db,
        keyring,
        channel="sms",
        to=member.phone,
        text=accounts.begun(db, keyring, member.phone, sms_text(say_in(language, words))),
        kind=f"code.{purpose}",
        about=("member", member.id),
        at=at,
        expires_at=at + accounts.CODE_RULES[purpose].life,
    )
