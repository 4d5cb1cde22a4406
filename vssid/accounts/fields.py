"""Lines that several forms of this room ask for."""

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import EqualTo, Regexp

from vssid.accounts.rules import PASSWORD_LONGEST
from vssid.web.forms import line, secret

_MA_SO_HINT = _l("10 số cuối của thẻ BHYT; hoặc số CCCD 12 số.")
_NUMBERS = {"inputmode": "numeric", "autocomplete": "username"}


def name_line() -> Field:
    """Mã số BHXH or CCCD, as it is typed to say whose account."""
    shape = Regexp(r"^[\d\s.\-]+$", message=_l("Chỉ gồm chữ số: 10 số của mã số BHXH hoặc 12 số của CCCD."))
    return line(
        _l("Mã số BHXH"),
        20,
        _l("Hãy nhập mã số BHXH hoặc số CCCD."),
        shape,
        description=_MA_SO_HINT,
        render_kw=_NUMBERS,
    )


def new_password() -> Field:
    """Mật khẩu mới, of one's own choice."""
    return secret(
        _l("Mật khẩu mới"),
        PASSWORD_LONGEST,
        _l("Hãy nhập mật khẩu mới."),
        description=_l("Ít nhất 8 ký tự; một câu ngắn dễ nhớ là tốt nhất."),
        render_kw={"autocomplete": "new-password"},
    )


def again() -> Field:
    """The same once more."""
    return secret(
        _l("Nhập lại mật khẩu mới"),
        PASSWORD_LONGEST,
        _l("Hãy nhập lại mật khẩu mới."),
        EqualTo("password", message=_l("Hai lần nhập mật khẩu không giống nhau.")),
        render_kw={"autocomplete": "new-password"},
    )
