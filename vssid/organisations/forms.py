"""Shapes of this room's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import EqualTo

from vssid.organisations.rules import OrganisationKind, Role
from vssid.web.forms import Choice, Form, line, mobile_phone, required, secret
from vssid.web.i18n import say

_LONGEST_PASSWORD = 200


def _phone() -> Field:
    return line(
        _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại."),
        mobile_phone,
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )


def _code(label: Any, hint: Any = "") -> Field:
    code = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    return line(label, 12, _l("Hãy nhập mã trong tin nhắn."), description=hint, render_kw=code)


class SignInForm(Form):
    """Đăng nhập, tổ chức."""

    phone = _phone()
    password = secret(
        _l("Mật khẩu"), _LONGEST_PASSWORD, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"}
    )


class CodeForm(Form):
    """Mã xác thực of a sign-in."""

    code = _code(_l("Mã xác thực"))


class ActivationForm(Form):
    """Kích hoạt: the code from the message, and a password of one's own."""

    phone = _phone()
    code = _code(_l("Mã kích hoạt"), _l("8 chữ số trong tin nhắn gửi đến điện thoại đã đăng ký."))
    password = secret(
        _l("Mật khẩu mới"),
        _LONGEST_PASSWORD,
        _l("Hãy nhập mật khẩu mới."),
        description=_l("Ít nhất 8 ký tự; một câu ngắn dễ nhớ là tốt nhất."),
        render_kw={"autocomplete": "new-password"},
    )
    again = secret(
        _l("Nhập lại mật khẩu mới"),
        _LONGEST_PASSWORD,
        _l("Hãy nhập lại mật khẩu mới."),
        EqualTo("password", message=_l("Hai lần nhập mật khẩu không giống nhau.")),
        render_kw={"autocomplete": "new-password"},
    )


class CodeRequestForm(Form):
    """Who wants a new activation or reset code: the same answer for everybody."""

    phone = _phone()


class MemberForm(Form):
    """Thêm thành viên."""

    full_name = line(_l("Họ và tên"), 100, _l("Hãy nhập họ và tên."), render_kw={"autocomplete": "off"})
    phone = _phone()
    role = Choice(_l("Vai trò"), [required(_l("Chọn một mục."))], choices=[], default=Role.CLERK.value)

    def __init__(self, *args: Any, kind: OrganisationKind, **kwargs: Any) -> None:
        """Label the choices in the reader's language, as they are called in an organisation of this kind."""
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, say(role.label_at(kind))) for role in reversed(Role)]


class EndForm(Form):
    """An officer ends an organisation."""

    reason = line(_l("Lý do"), 300, _l("Hãy ghi rõ lý do, ít nhất 10 ký tự."))
