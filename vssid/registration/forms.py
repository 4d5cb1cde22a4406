"""Shapes of the registration's forms; what a value may be is asked of the rules."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FileField, StringField
from wtforms.validators import ValidationError

from vssid import notifications, records
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import mobile_number
from vssid.registration.rules import HandIn, Info, Portal, Rejection, ma_so_of
from vssid.web.forms import Choice, Form, clean, line, no_control_characters, paragraph, required
from vssid.web.i18n import say

_LATER = _l("Chọn một mục.")


def ma_so_line() -> Field:
    """Mã số BHXH, also as the whole number of the card."""
    return line(
        _l("Mã số BHXH"),
        20,
        _l("Hãy nhập mã số BHXH."),
        _ma_so,
        description=_l("10 số cuối của thẻ BHYT."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


def _ma_so(_form: Any, field: Field) -> None:
    if not records.ma_so_bhxh_ok(ma_so_of(field.data)):
        raise ValidationError(_l("Mã số BHXH gồm đúng 10 chữ số: 10 số cuối của thẻ BHYT."))


def _mailbox(_form: Any, field: Field) -> None:
    if not notifications.takes_email(field.data):
        raise ValidationError(_l("Email chưa đúng dạng, ví dụ ten@vidu.vn."))


def phone_line() -> Field:
    """A Vietnamese mobile number."""
    return line(
        _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại."),
        _mobile,
        description=_l("Số di động của chính bạn: mã kích hoạt gửi về số này."),
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )


def _mobile(_form: Any, field: Field) -> None:
    if mobile_number(field.data) is None:
        raise ValidationError(_l("Chưa phải số di động Việt Nam: 10 số, bắt đầu bằng 03, 05, 07, 08 hoặc 09."))


def _name(_form: Any, field: Field) -> None:
    try:
        records.check_name(field.data)
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from refusal


def plain_number(text: str) -> str:
    """An ID number without blanks, letters upper case."""
    return re.sub(r"[\s.\-]", "", text).upper()


def _id_number(_form: Any, field: Field) -> None:
    if records.id_kind_of(plain_number(field.data)) is None:
        raise ValidationError(_l("Số giấy tờ chưa đúng: CCCD 12 số, CMND 9 số, hoặc hộ chiếu một chữ cái và 7–8 số."))


class InfoForm(Form):
    """Step 1, Thông tin."""

    ma_so_bhxh = ma_so_line()
    full_name = line(
        _l("Họ và tên"),
        100,
        _l("Hãy nhập họ và tên."),
        _name,
        description=_l("Tiếng Việt có dấu, như trên giấy tờ."),
        render_kw={"autocomplete": "name"},
    )
    id_number = line(
        _l("Số CCCD/Hộ chiếu/CMND"),
        20,
        _l("Hãy nhập số giấy tờ."),
        _id_number,
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    ward_code = StringField(_l("Phường/Xã"), [required(_l("Hãy chọn phường/xã."))])
    address_line = line(
        _l("Số nhà, tên đường, tổ/xóm, khu phố/thôn"),
        200,
        _l("Hãy nhập số nhà, đường hoặc thôn, tổ."),
        render_kw={"autocomplete": "street-address"},
    )
    phone = phone_line()
    contact_name = line(
        _l("Người liên hệ"),
        100,
        False,
        _name,
        description=_l("Để trống nếu là chính bạn."),
        render_kw={"autocomplete": "off"},
    )
    email = line(
        _l("Email"),
        254,
        False,
        _mailbox,
        description=_l("Không bắt buộc; dùng để nhận tờ khai và thông báo."),
        render_kw={"inputmode": "email", "autocomplete": "email", "type": "email"},
    )
    portal = Choice(_l("Đăng ký giao dịch tại"), [required(_LATER)], choices=[], default=Portal.STATE.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.portal.choices = [(portal.value, say(portal.label)) for portal in Portal]

    def info(self, province_code: str) -> Info:
        """The checked step; call after validation."""
        number, name = plain_number(self.id_number.data), records.check_name(self.full_name.data)
        return Info(
            ma_so_bhxh=ma_so_of(self.ma_so_bhxh.data),
            full_name=name,
            id_kind=str(records.id_kind_of(number)),
            id_number=number,
            province_code=province_code,
            ward_code=self.ward_code.data,
            address_line=self.address_line.data,
            phone=mobile_number(self.phone.data) or "",
            contact_name=self.contact_name.data or name,
            email=self.email.data or "",
            portal=self.portal.data,
        )


class PhotoForm(Form):
    """One photo."""

    photo = FileField(_l("Ảnh"))


class OfficeForm(Form):
    """Step 3, Cơ quan tiếp nhận."""

    agency_code = StringField(_l("Cơ quan BHXH tiếp nhận"), [required(_l("Hãy chọn cơ quan BHXH tiếp nhận."))])
    hand_in = Choice(_l("Hình thức nộp hồ sơ"), [required(_LATER)], choices=[], default=HandIn.COUNTER.value)
    wants_form_by_email = BooleanField(_l("Gửi email tờ khai"))
    email = StringField(
        _l("Email"),
        [no_control_characters],
        filters=[clean],
        description=_l("Cần có khi chọn “Gửi email tờ khai”."),
        render_kw={"inputmode": "email", "autocomplete": "email", "type": "email", "maxlength": 254},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.hand_in.choices = [(way.value, say(way.label)) for way in HandIn]

    def validate_email(self, field: Field) -> None:
        """An address is needed to send the form to; and none is longer than mail allows."""
        if self.wants_form_by_email.data and not field.data:
            raise ValidationError(_l("Hãy nhập email để nhận tờ khai, hoặc bỏ chọn “Gửi email tờ khai”."))
        if field.data:
            _mailbox(self, field)


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


class PhoneForm(Form):
    """A corrected phone number, or the phone that proves a draft."""

    phone = phone_line()


class LostCodeForm(Form):
    """Who lost the code of a declaration."""

    ma_so_bhxh = ma_so_line()
    phone = phone_line()


class PaperForm(Form):
    """Đã nhận tờ khai giấy: how it came and which ID was shown."""

    channel = Choice(_l("Nhận qua"), [required(_LATER)], choices=[], default=HandIn.COUNTER.value)
    id_shown = Choice(_l("Giấy tờ đã xuất trình"), [required(_LATER)], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.channel.choices = [(way.value, say(way.label)) for way in HandIn]
        kinds = (records.IdKind.CCCD, records.IdKind.CMND, records.IdKind.PASSPORT)
        shown = [(kind.value, say(kind.label)) for kind in kinds]
        self.id_shown.choices = [*shown, ("sao_y", say(N_("Bản sao kèm theo (bưu chính, đơn vị)")))]


class RejectForm(Form):
    """Từ chối: a common reason and the officer's own words."""

    reason_code = Choice(_l("Lý do"), [required(_l("Hãy chọn lý do từ chối."))], choices=[])
    reason = paragraph(_l("Ghi rõ để người dân biết phải sửa gì"), 1000, False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.reason_code.choices = [(reason.value, say(reason.label)) for reason in Rejection]
