"""Shapes of an organisation's first step."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from vssid import directory, organisations, records
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import mobile_number
from vssid.registration.fields import Info, Organisation
from vssid.registration.steps.forms import LATER, email_line, name_line, phone_line, plain_number, street_line
from vssid.web.forms import Choice, Form, line, required
from vssid.web.i18n import say


def organisation_name_line() -> Field:
    """The full name of an organisation: digits and signs are common in such."""
    return line(
        _l("Tên cơ quan, tổ chức"),
        organisations.LONGEST_NAME,
        _l("Hãy nhập tên cơ quan, tổ chức."),
        description=_l("Tên đầy đủ, như trên quyết định thành lập hoặc giấy phép."),
        render_kw={"autocomplete": "organization"},
    )


def unit_code_line() -> Field:
    """Mã đơn vị, which the agency gives; a new organisation has none."""
    return line(
        _l("Mã đơn vị"),
        organisations.LONGEST_CODE,
        False,
        _unit_code,
        description=_l("Mã do cơ quan BHXH cấp. Để trống nếu chưa có."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


def _unit_code(_form: Any, field: Field) -> None:
    if not organisations.unit_code_ok(organisations.unit_code(field.data)):
        raise ValidationError(_l("Mã đơn vị chỉ gồm chữ không dấu, số và các dấu . / - _, tối đa 20 ký tự."))


def tax_code_line() -> Field:
    """Mã số thuế, ten digits, of a branch three more."""
    return line(
        _l("Mã số thuế"),
        20,
        _l("Hãy nhập mã số thuế."),
        _tax_code,
        description=_l("10 số; của chi nhánh thêm 3 số."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


def tax_code_ok(text: str) -> bool:
    """Whether `text` is a tax code as people write it."""
    return bool(re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?", plain_number(text)))


def _tax_code(_form: Any, field: Field) -> None:
    if not tax_code_ok(field.data):
        raise ValidationError(_l("Mã số thuế gồm 10 số, hoặc 10 số, gạch nối và 3 số."))


def facility_code_line(needed: Any = False) -> Field:
    """Mã cơ sở khám chữa bệnh (MA_CSKCB), which only a health facility has."""
    return line(
        _l("Mã cơ sở khám chữa bệnh"),
        12,
        needed,
        _facility_code,
        description=_l("5 ký tự, như in trên thẻ BHYT ở mục nơi khám ban đầu, ví dụ 89 - 012."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


def _facility_code(_form: Any, field: Field) -> None:
    if not organisations.facility_code_ok(organisations.facility_code(field.data)):
        raise ValidationError(_l("Mã cơ sở khám chữa bệnh gồm 5 ký tự, ví dụ 89012."))


class OrganisationForm(Form):
    """Step 1 of an organisation: who it is, and the person who becomes its first manager."""

    kind = Choice(_l("Loại tổ chức"), [required(LATER)], choices=[])
    facility_code = facility_code_line()
    full_name = organisation_name_line()
    unit_code = unit_code_line()
    tax_code = tax_code_line()
    address_line = street_line()
    contact_name = name_line(_l("Người liên hệ"))
    phone = phone_line(hint=_l("Số di động của người liên hệ: mã kích hoạt gửi về số này."))
    email = email_line()
    portal = Choice(
        _l("Đăng ký giao dịch tại"), [required(LATER)], choices=[], default=organisations.Portal.STATE.value
    )
    ivan_provider = line(
        _l("Tên tổ chức I-VAN"), 100, False, description=_l("Cần có khi giao dịch qua tổ chức I-VAN."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, say(kind.label)) for kind in organisations.OrganisationKind]
        self.portal.choices = [(portal.value, say(portal.label)) for portal in organisations.Portal]

    @property
    def of_facility(self) -> bool:
        """Whether a health facility registers."""
        return bool(self.kind.data == organisations.OrganisationKind.FACILITY)

    def validate(self, extra_validators: Any = None) -> bool:
        """An I-VAN provider is named by who files through one, its code by a health facility."""
        valid = bool(super().validate(extra_validators))  # type: ignore[no-untyped-call]
        if self.of_facility and not self.facility_code.data:
            self.refuse(Refused(N_("Hãy chọn cơ sở trong danh mục, hoặc nhập mã cơ sở."), "facility_code"))
            valid = False
        if self.portal.data == organisations.Portal.IVAN and not self.ivan_provider.data:
            self.refuse(Refused(N_("Hãy ghi tên tổ chức I-VAN."), "ivan_provider"))
            return False
        return valid

    def info(self, chosen: directory.picker.Chosen) -> Info:
        """The checked step; call after validation."""
        of_ivan = self.portal.data == organisations.Portal.IVAN
        return Info(
            ma_so_bhxh="",
            full_name=self.full_name.data,
            id_kind="",
            id_number="",
            province_code=chosen.place.province_code,
            ward_code=chosen.place.code,
            address_line=self.address_line.data,
            address_given=chosen.given,
            phone=mobile_number(self.phone.data) or "",
            contact_name=records.check_name(self.contact_name.data),
            email=self.email.data or "",
            portal=self.portal.data,
            organisation=Organisation(
                self.kind.data,
                organisations.unit_code(self.unit_code.data or ""),
                plain_number(self.tax_code.data),
                (self.ivan_provider.data or "") if of_ivan else "",
                organisations.facility_code(self.facility_code.data or "") if self.of_facility else "",
            ),
        )
