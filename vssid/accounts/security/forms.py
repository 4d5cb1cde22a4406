"""Shapes of the forms of Thông tin tài khoản."""

from flask_babel import lazy_gettext as _l

from vssid.accounts import fields
from vssid.accounts.rules import PASSWORD_LONGEST
from vssid.web.forms import Form, secret


class PasswordForm(Form):
    """Đổi mật khẩu."""

    old = secret(
        _l("Mật khẩu cũ"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu cũ."), render_kw={"autocomplete": "current-password"}
    )
    password = fields.new_password()
    again = fields.again()
