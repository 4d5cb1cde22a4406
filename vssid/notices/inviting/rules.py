"""The link of an invitation: it says that it is ours and when it was made, nothing of anybody. Pure."""

import hmac
import re
import secrets
from datetime import date
from hashlib import sha256

from vssid.kernel.labels import N_

_PURPOSE = b"invitation\x1f"
_SIGN_BYTES = 10
_TOKEN = re.compile(r"\d{4}[0-9a-f]{24}", re.ASCII)
_HEAD = 8
WORDS = N_(
    "Mời bạn dùng VssID: xem thẻ BHYT, quá trình đóng bảo hiểm, sổ khám chữa bệnh ngay trên điện thoại. Miễn phí,"
    " không hỏi mật khẩu hay mã. Mở: %(link)s"
)


def new_token(key: str, today: date) -> str:
    """A token of this month: year and month, two random bytes, a signature: 28 signs, which every telephone takes for part of the link."""
    head = f"{today:%y%m}{secrets.token_hex(2)}"
    return head + _sign(key, head)


def is_signed(key: str, token: str) -> bool:
    """Whether we made the token."""
    return bool(_TOKEN.fullmatch(token)) and hmac.compare_digest(_sign(key, token[:_HEAD]), token[_HEAD:])


def _sign(key: str, head: str) -> str:
    return hmac.new(key.encode(), _PURPOSE + head.encode(), sha256).digest()[:_SIGN_BYTES].hex()
