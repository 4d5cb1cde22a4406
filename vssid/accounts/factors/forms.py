"""Shapes of the forms about ways in."""

from flask_babel import lazy_gettext as _l
from wtforms import Field

from vssid.accounts.passkeys import NAME_LONGEST
from vssid.accounts.rules import PASSWORD_LONGEST
from vssid.web.forms import Form, line, secret

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code"}


def _password() -> Field:
    """The reader's own."""
    return secret(
        _l("Mật khẩu"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"}
    )


class PasskeyNameForm(Form):
    """What a passkey is called."""

    name = line(_l("Tên để nhận ra"), NAME_LONGEST, _l("Hãy đặt tên."), render_kw={"autocomplete": "off"})


class AppCodeForm(Form):
    """The first code of an app that is being set up."""

    code = line(_l("Mã 6 số trong ứng dụng"), 20, _l("Hãy nhập mã trong ứng dụng."), render_kw=_CODE)


class PasswordOnlyForm(Form):
    """The password, for what must not be done by whoever finds the phone open."""

    password = _password()
