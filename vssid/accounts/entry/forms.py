"""Shapes of the forms at the entrance."""

from flask_babel import lazy_gettext as _l

from vssid.accounts import fields
from vssid.accounts.rules import PASSWORD_LONGEST
from vssid.web.forms import Form, line, secret


class SignInForm(Form):
    """Đăng nhập."""

    name = fields.name_line()
    password = secret(
        _l("Mật khẩu"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"}
    )


class DeviceCodeForm(Form):
    """Mã xác thực for a new device."""

    code = line(
        _l("Mã xác thực"),
        20,
        _l("Hãy nhập mã xác thực hoặc một mã dự phòng."),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
