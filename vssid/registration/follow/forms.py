"""Shapes of the forms of who follows a declaration."""

from flask_babel import lazy_gettext as _l

from vssid.registration.steps.forms import ma_so_line, phone_line
from vssid.web.forms import Form, line


class FollowForm(Form):
    """Code and phone of a declaration."""

    code = line(
        _l("Mã tờ khai"),
        12,
        _l("Hãy nhập mã tờ khai."),
        description=_l("8 ký tự, ví dụ 7K3M-9QX2, trong tin nhắn hoặc trên tờ khai."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    phone = phone_line()


class LostCodeForm(Form):
    """Who lost the code of a declaration."""

    ma_so_bhxh = ma_so_line()
    phone = phone_line()
