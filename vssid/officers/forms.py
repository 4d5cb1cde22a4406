"""Shapes of the officers' own forms."""

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import EqualTo, Length

from vssid.officers.rules import PASSWORD_SHORTEST
from vssid.web.forms import Form, line, secret

_CODE = {"autocomplete": "username", "autocapitalize": "characters"}
_TOTP = {"inputmode": "numeric", "autocomplete": "one-time-code"}


def _totp() -> Field:
    return line(
        _l("Mã xác thực"),
        10,
        _l("Hãy nhập 6 số trong ứng dụng xác thực."),
        description=_l("6 số trong ứng dụng xác thực."),
        render_kw=_TOTP,
    )


class SetUpForm(Form):
    """The set-up code from the operator, and a password of one's own."""

    code = line(_l("Mã cán bộ"), 20, _l("Hãy nhập mã cán bộ."), render_kw=_CODE)
    setup_code = line(
        _l("Mã cài đặt"),
        20,
        _l("Hãy nhập mã cài đặt."),
        description=_l("12 số do quản trị cấp, dùng một lần trong 24 giờ."),
        render_kw=_TOTP,
    )
    password = secret(
        _l("Mật khẩu mới"),
        200,
        _l("Hãy nhập mật khẩu mới."),
        Length(min=PASSWORD_SHORTEST, message=_l("Mật khẩu cán bộ cần ít nhất %(min)d ký tự.")),
        description=_l("Ít nhất 12 ký tự."),
        render_kw={"autocomplete": "new-password"},
    )
    again = secret(
        _l("Nhập lại mật khẩu mới"),
        200,
        _l("Hãy nhập lại mật khẩu mới."),
        EqualTo("password", message=_l("Hai lần nhập mật khẩu không giống nhau.")),
        render_kw={"autocomplete": "new-password"},
    )


class TotpForm(Form):
    """The first code of the authenticator app."""

    totp = _totp()


class SignInForm(Form):
    """Mã cán bộ, mật khẩu, mã xác thực."""

    code = line(_l("Mã cán bộ"), 20, _l("Hãy nhập mã cán bộ."), render_kw=_CODE)
    password = secret(_l("Mật khẩu"), 200, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"})
    totp = _totp()
