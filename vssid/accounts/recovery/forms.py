"""Shapes of the forms that bring a code in, ask for one, or ask for recovery."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional, Regexp

from vssid.accounts import fields
from vssid.accounts.recovery import rules
from vssid.accounts.rules import PASSWORD_LONGEST, login_name
from vssid.kernel.labels import Refused
from vssid.web.forms import Form, line, mobile_phone, secret

_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class ActivationForm(Form):
    """Kích hoạt: the code from the message, and a password of one's own."""

    name = line(
        _l("Mã số, CCCD hoặc điện thoại"),
        20,
        _l("Hãy nhập mã số BHXH, số CCCD hoặc số điện thoại."),
        Regexp(r"^[+\d\s.\-]+$", message=_l("Chỉ gồm chữ số: mã số BHXH, số CCCD hoặc số điện thoại.")),
        description=_l("Không nhớ mã số BHXH thì nhập số điện thoại đã nhận mã."),
        render_kw={"inputmode": "numeric", "autocomplete": "username"},
    )
    code = line(
        _l("Mã trong tin nhắn hoặc phiếu"),
        20,
        _l("Hãy nhập mã trong tin nhắn hoặc trên phiếu."),
        description=_l(
            "8 số trong tin nhắn, hoặc 10 số trên phiếu nhận tại quầy. Quên mật khẩu: nhập được cả mã dự phòng 12 số."
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
    password = fields.new_password()
    again = fields.again()


class CodeRequestForm(Form):
    """Who wants a new activation or reset code: the phone, and the number where the phone serves several."""

    phone = line(
        _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại đã đăng ký."),
        mobile_phone,
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )
    name = line(
        _l("Mã số BHXH (không bắt buộc)"),
        20,
        False,
        Optional(),
        Regexp(r"^[\d\s.\-]*$", message=_l("Chỉ gồm chữ số: 10 số của mã số BHXH hoặc 12 số của CCCD.")),
        description=_l("Chỉ cần khi điện thoại này còn nhận mã cho tài khoản của con. Nhập được cả số CCCD."),
        render_kw={"inputmode": "numeric", "autocomplete": "username"},
    )


def _request_code() -> Any:
    return line(
        _l("Mã yêu cầu"),
        20,
        _l("Hãy nhập mã yêu cầu gồm 9 số."),
        description=_l("9 số, được cho xem khi lập yêu cầu khôi phục."),
        render_kw=_DIGITS,
    )


class RecoveryForm(Form):
    """Yêu cầu khôi phục: whose account, and the password that it is to have."""

    name = fields.name_line()
    password = fields.new_password()
    again = fields.again()

    def account_name(self) -> str:
        """The number without blanks."""
        return login_name(self.name.data)


class RequestCodeForm(Form):
    """A mã yêu cầu."""

    code = _request_code()

    def typed(self) -> str:
        """The checked digits. Raises Refused for what cannot be such a code."""
        code = rules.typed_code(self.code.data)
        if code is None:
            raise Refused(rules.UNKNOWN, "code")
        return code


class MailCodeForm(RequestCodeForm):
    """The code from the mailbox, for one request."""

    mail_code = line(
        _l("Mã trong email"),
        20,
        _l("Hãy nhập mã trong email."),
        description=_l("8 số trong thư vừa gửi, dùng trong 10 phút."),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )


class WitnessForm(RequestCodeForm):
    """A relative's word: the request, and the relative's own password."""

    password = secret(
        _l("Mật khẩu của chính bạn"),
        PASSWORD_LONGEST,
        _l("Hãy nhập mật khẩu của bạn."),
        render_kw={"autocomplete": "current-password"},
    )
