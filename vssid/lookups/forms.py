"""Shapes of the look-ups' forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from vssid import records
from vssid.kernel.clock import today
from vssid.kernel.labels import Refused
from vssid.lookups.rules import Asked, typed_date, typed_number
from vssid.records import PartialDate
from vssid.web.forms import Form, line
from vssid.web.i18n import say


def _name(_form: Any, field: Field) -> None:
    try:
        records.check_name(field.data)
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from refusal


def _birth_date(_form: Any, field: Field) -> None:
    try:
        born = PartialDate.parse(typed_date(field.data))
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from refusal
    if born.in_future(today()):
        raise ValidationError(_l("Ngày này chưa đến."))


def _id_number(_form: Any, field: Field) -> None:
    if records.id_kind_of(typed_number(field.data)) is None:
        raise ValidationError(_l("Số giấy tờ chưa đúng: CCCD 12 số, CMND 9 số, hoặc hộ chiếu một chữ cái và 7–8 số."))


class MaSoForm(Form):
    """Who looks for a mã số BHXH: all three must be those of the register."""

    full_name = line(
        _l("Họ và tên"),
        100,
        _l("Hãy nhập họ và tên."),
        _name,
        description=_l("Tiếng Việt có dấu, như trên giấy tờ."),
        render_kw={"autocomplete": "name"},
    )
    birth_date = line(
        _l("Ngày sinh"),
        20,
        _l("Hãy nhập ngày sinh."),
        _birth_date,
        description=_l(
            "Ngày/tháng/năm, ví dụ 04/09/1985 hoặc 04091985. Nếu giấy tờ chỉ ghi năm hoặc tháng và năm, hãy nhập đúng như vậy."
        ),
        render_kw={"autocomplete": "bday", "inputmode": "numeric"},
    )
    id_number = line(
        _l("Số CCCD/Hộ chiếu/CMND"),
        20,
        _l("Hãy nhập số giấy tờ."),
        _id_number,
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

    def asked(self) -> Asked:
        """The checked question; call after validation."""
        number = typed_number(self.id_number.data)
        return Asked(
            name=records.check_name(self.full_name.data),
            born=PartialDate.parse(typed_date(self.birth_date.data)).iso(),
            id_kind=str(records.id_kind_of(number)),
            id_number=number,
        )
