"""Shapes of this room's forms."""

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import EqualTo, Regexp

from vssid.accounts.rules import PASSWORD_LONGEST
from vssid.web.forms import Form, line, secret

_MA_SO_HINT = _l("10 số cuối của thẻ BHYT; hoặc số CCCD 12 số.")
_NUMBERS = {"inputmode": "numeric", "autocomplete": "username"}


def _name_line() -> Field:
    shape = Regexp(r"^[\d\s.\-]+$", message=_l("Chỉ gồm chữ số: 10 số của mã số BHXH hoặc 12 số của CCCD."))
    return line(
        _l("Mã số BHXH"),
        20,
        _l("Hãy nhập mã số BHXH hoặc số CCCD."),
        shape,
        description=_MA_SO_HINT,
        render_kw=_NUMBERS,
    )


def _new_password() -> Field:
    return secret(
        _l("Mật khẩu mới"),
        PASSWORD_LONGEST,
        _l("Hãy nhập mật khẩu mới."),
        description=_l("Ít nhất 8 ký tự; một câu ngắn dễ nhớ là tốt nhất."),
        render_kw={"autocomplete": "new-password"},
    )


def _again() -> Field:
    return secret(
        _l("Nhập lại mật khẩu mới"),
        PASSWORD_LONGEST,
        _l("Hãy nhập lại mật khẩu mới."),
        EqualTo("password", message=_l("Hai lần nhập mật khẩu không giống nhau.")),
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(Form):
    """Đăng nhập."""

    name = _name_line()
    password = secret(
        _l("Mật khẩu"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"}
    )


class ActivationForm(Form):
    """Kích hoạt: the code from the message, and a password of one's own."""

    name = _name_line()
    code = line(
        _l("Mã kích hoạt"),
        20,
        _l("Hãy nhập mã trong tin nhắn hoặc trên phiếu."),
        description=_l(
            "8 số trong tin nhắn, hoặc 10 số trên phiếu nhận tại quầy. Quên mật khẩu: nhập được cả mã dự phòng 12 số."
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
    password = _new_password()
    again = _again()


class CodeRequestForm(Form):
    """Who wants a new activation or reset code: number and phone, the same answer for everybody."""

    name = _name_line()
    phone = line(
        _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại đã đăng ký."),
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )


class DeviceCodeForm(Form):
    """Mã xác thực for a new device."""

    code = line(
        _l("Mã xác thực"),
        20,
        _l("Hãy nhập mã trong tin nhắn hoặc một mã dự phòng."),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class PasswordForm(Form):
    """Đổi mật khẩu."""

    old = secret(
        _l("Mật khẩu cũ"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu cũ."), render_kw={"autocomplete": "current-password"}
    )
    password = _new_password()
    again = _again()
