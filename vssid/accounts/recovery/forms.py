"""Shapes of the forms that bring a code in, or ask for one."""

from flask_babel import lazy_gettext as _l

from vssid.accounts import fields
from vssid.web.forms import Form, line


class ActivationForm(Form):
    """Kích hoạt: the code from the message, and a password of one's own."""

    name = fields.name_line()
    code = line(
        _l("Mã kích hoạt"),
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
    """Who wants a new activation or reset code: number and phone, the same answer for everybody."""

    name = fields.name_line()
    phone = line(
        _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại đã đăng ký."),
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )
