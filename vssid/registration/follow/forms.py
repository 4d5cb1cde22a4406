"""Shapes of the forms of who follows a declaration."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from vssid import records
from vssid.registration.fields import ma_so_of
from vssid.registration.steps.forms import phone_line
from vssid.registration.steps.organisation_form import tax_code_ok
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


def _ma_so_or_tax_code(_form: Any, field: Field) -> None:
    if not records.ma_so_bhxh_ok(ma_so_of(field.data)) and not tax_code_ok(field.data):
        raise ValidationError(_l("Mã số BHXH gồm đúng 10 chữ số: 10 số cuối của thẻ BHYT."))


class LostCodeForm(Form):
    """Who lost the code of a declaration; an organisation has a tax code where people have a mã số."""

    ma_so_bhxh = line(
        _l("Mã số BHXH"),
        20,
        _l("Hãy nhập mã số BHXH."),
        _ma_so_or_tax_code,
        description=_l("10 số cuối của thẻ BHYT; tổ chức nhập mã số thuế."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    phone = phone_line()
