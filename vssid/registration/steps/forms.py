"""Shapes of the four steps' forms; what a value may be is asked of the rules."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField
from wtforms.validators import StopValidation, ValidationError

from vssid import directory, notifications, organisations, records
from vssid.kernel.labels import Refused
from vssid.kernel.text import mobile_number
from vssid.registration.fields import Address, Guardian, HandIn, Info, Relation, ma_so_of
from vssid.web.forms import Choice, Form, at_most, clean, line, mobile_phone, no_control_characters, required
from vssid.web.i18n import say

LATER = _l("Chọn một mục.")


def ma_so_line(label: Any = None, hint: Any = None) -> Field:
    """Mã số BHXH, also as the whole number of the card."""
    return line(
        label or _l("Mã số BHXH"),
        20,
        _l("Hãy nhập mã số BHXH."),
        _ma_so,
        description=hint or _l("10 số cuối của thẻ BHYT."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


def _ma_so(_form: Any, field: Field) -> None:
    if not records.ma_so_bhxh_ok(ma_so_of(field.data)):
        raise ValidationError(_l("Mã số BHXH gồm đúng 10 chữ số: 10 số cuối của thẻ BHYT."))


def _mailbox(_form: Any, field: Field) -> None:
    if not notifications.takes_email(field.data):
        raise ValidationError(_l("Email chưa đúng dạng, ví dụ ten@vidu.vn."))


def phone_line(needed: bool = True, hint: Any = None, label: Any = None) -> Field:
    """A Vietnamese mobile number."""
    return line(
        label or _l("Số điện thoại"),
        20,
        _l("Hãy nhập số điện thoại.") if needed else False,
        mobile_phone,
        description=hint or _l("Số di động của chính bạn: mã kích hoạt gửi về số này."),
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )


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


def name_line(label: Any = None) -> Field:
    """The name of a person, with its marks."""
    return line(
        label or _l("Họ và tên"),
        100,
        _l("Hãy nhập họ và tên."),
        _name,
        description=_l("Tiếng Việt có dấu, như trên giấy tờ."),
        render_kw={"autocomplete": "name"},
    )


def number_line(label: Any = None) -> Field:
    """The number of an identity paper."""
    return line(
        label or _l("Số CCCD/Hộ chiếu/CMND"),
        20,
        _l("Hãy nhập số giấy tờ."),
        _id_number,
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


def email_line(label: Any = None, needed: Any = False, hint: Any = None) -> Field:
    """An e-mail address, which nobody must have."""
    return line(
        label or _l("Email"),
        254,
        needed,
        _mailbox,
        description=hint or _l("Không bắt buộc; dùng để nhận tờ khai và thông báo."),
        render_kw={"inputmode": "email", "autocomplete": "email", "type": "email"},
    )


def contact_line(hint: Any = None) -> Field:
    """Whom to ask for, if not oneself."""
    return line(
        _l("Người liên hệ"),
        100,
        False,
        _name,
        description=hint or _l("Để trống nếu là chính bạn."),
        render_kw={"autocomplete": "off"},
    )


def street_line() -> Field:
    """House, street, group, hamlet."""
    return line(
        _l("Số nhà, tên đường, tổ/xóm, khu phố/thôn"),
        200,
        _l("Hãy nhập số nhà, đường hoặc thôn, tổ."),
        render_kw={"autocomplete": "street-address"},
    )


class InfoForm(Form):
    """Step 1 of an adult. The ward is chosen with directory's picker."""

    ma_so_bhxh = ma_so_line()
    full_name = name_line()
    id_number = number_line()
    address_line = street_line()
    phone = phone_line()
    contact_name = contact_line()
    email = email_line()
    portal = Choice(
        _l("Đăng ký giao dịch tại"), [required(LATER)], choices=[], default=organisations.Portal.STATE.value
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.portal.choices = [(portal.value, say(portal.label)) for portal in organisations.Portal]

    def info(self, chosen: directory.picker.Chosen) -> Info:
        """The checked step; call after validation."""
        number, name = plain_number(self.id_number.data), records.check_name(self.full_name.data)
        return Info(
            ma_so_bhxh=ma_so_of(self.ma_so_bhxh.data),
            full_name=name,
            id_kind=str(records.id_kind_of(number)),
            id_number=number,
            province_code=chosen.place.province_code,
            ward_code=chosen.place.code,
            address_line=self.address_line.data,
            address_given=chosen.given,
            phone=mobile_number(self.phone.data) or "",
            contact_name=self.contact_name.data or name,
            email=self.email.data or "",
            portal=self.portal.data,
        )


class _ChildForm(Form):
    """What a child's declaration says on both paths."""

    full_name = name_line(_l("Họ và tên của con"))
    ma_so_bhxh = ma_so_line(_l("Mã số BHXH của con"), _l("10 số cuối thẻ BHYT của con."))
    relation = Choice(_l("Trẻ là gì của người giám hộ"), [], choices=[], default=Relation.CHILD.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.relation.choices = [(relation.value, say(relation.label)) for relation in Relation]

    def _child(self, guardian: Guardian, address: Address, phone: str, email: str, contact: str) -> Info:
        return Info(
            ma_so_bhxh=ma_so_of(self.ma_so_bhxh.data),
            full_name=records.check_name(self.full_name.data),
            id_kind="",
            id_number="",
            province_code=address.province_code,
            ward_code=address.ward_code,
            address_line=address.line,
            address_given=address.given,
            phone=phone,
            contact_name=contact,
            email=email,
            portal=organisations.Portal.STATE.value,
            guardian=guardian,
        )


class ChildForm(_ChildForm):
    """Step 1 of a child on the public path: the guardian is named, not signed in."""

    guardian_ma_so = ma_so_line(
        _l("Mã số BHXH người giám hộ"), _l("10 số cuối thẻ BHYT của cha, mẹ hoặc người giám hộ.")
    )
    guardian_number = number_line(_l("Số CMND/HC/CC của người giám hộ"))
    address_line = street_line()
    phone = phone_line(False, _l("Số của người giám hộ, để nhận mã. Để trống nếu người giám hộ đã có tài khoản VssID."))

    def info(self, chosen: directory.picker.Chosen) -> Info:
        """The checked step; call after validation."""
        number = plain_number(self.guardian_number.data)
        guardian = Guardian(
            ma_so_bhxh=ma_so_of(self.guardian_ma_so.data),
            id_kind=str(records.id_kind_of(number)),
            id_number=number,
            relation=self.relation.data,
            own_account=self._wants_account(),
        )
        address = Address(chosen.place.province_code, chosen.place.code, self.address_line.data, chosen.given)
        return self._child(guardian, address, mobile_number(self.phone.data or "") or "", "", "")

    def _wants_account(self) -> bool:
        """Whoever registers a child without an account of their own needs one for the child."""
        return True


def _lives_with_guardian(form: Any, field: Field) -> None:
    """Validator: the line is needed unless the child lives with the guardian."""
    if not field.data:
        raise StopValidation(None if form.same_address.data else _l("Hãy nhập số nhà, đường hoặc thôn, tổ."))


class WardForm(_ChildForm):
    """Step 1 of a child in the guardian's account: who acts and how they are reached is known."""

    same_address = BooleanField(_l("Địa chỉ giống địa chỉ của tôi"))
    address_line = StringField(
        _l("Số nhà, tên đường, tổ/xóm, khu phố/thôn"),
        [_lives_with_guardian, at_most(200), no_control_characters],
        filters=[clean],
        render_kw={"autocomplete": "street-address", "maxlength": 200},
    )
    own_account = BooleanField(
        _l("Mở tài khoản riêng cho con"),
        description=_l("Không bắt buộc: bạn xem được thẻ của con trong mục Gia đình. Mã kích hoạt gửi về số của bạn."),
    )

    def info(self, guardian: Guardian, address: Address, email: str, contact: str) -> Info:
        """The checked step; call after validation."""
        return self._child(guardian, address, "", email, contact)


class OfficeForm(Form):
    """Step 3, Cơ quan tiếp nhận."""

    agency_code = StringField(_l("Cơ quan BHXH tiếp nhận"), [required(_l("Hãy chọn cơ quan BHXH tiếp nhận."))])
    hand_in = Choice(_l("Hình thức nộp hồ sơ"), [required(LATER)], choices=[], default=HandIn.COUNTER.value)
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


class PhoneForm(Form):
    """A corrected phone number, or the phone that proves a draft."""

    phone = phone_line()
