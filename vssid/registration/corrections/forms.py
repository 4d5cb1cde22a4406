"""One small form an item: the same shapes as in the steps."""

from typing import Any

from flask_babel import lazy_gettext as _l

from vssid import organisations, records
from vssid.kernel.text import mobile_number
from vssid.registration.corrections.rules import Item
from vssid.registration.fields import ma_so_of
from vssid.registration.steps.forms import (
    ma_so_line,
    name_line,
    number_line,
    phone_line,
    plain_number,
    street_line,
)
from vssid.registration.steps.organisation_form import (
    facility_code_line,
    organisation_name_line,
    tax_code_line,
    unit_code_line,
)
from vssid.web.forms import Form


class NameForm(Form):
    """Họ và tên."""

    full_name = name_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"full_name": records.check_name(self.full_name.data)}


class MaSoForm(Form):
    """Mã số BHXH."""

    ma_so_bhxh = ma_so_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"ma_so_bhxh": ma_so_of(self.ma_so_bhxh.data)}


class NumberForm(Form):
    """Số giấy tờ."""

    id_number = number_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        number = plain_number(self.id_number.data)
        return {"id_number": number, "id_kind": str(records.id_kind_of(number))}


class GuardianMaSoForm(Form):
    """Mã số BHXH người giám hộ."""

    guardian_ma_so = ma_so_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"guardian_ma_so": ma_so_of(self.guardian_ma_so.data)}


class GuardianNumberForm(Form):
    """Số giấy tờ của người giám hộ."""

    guardian_number = number_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        number = plain_number(self.guardian_number.data)
        return {"guardian_number": number, "guardian_id_kind": str(records.id_kind_of(number))}


class OrganisationNameForm(Form):
    """Tên cơ quan, tổ chức."""

    full_name = organisation_name_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"full_name": self.full_name.data}


class UnitCodeForm(Form):
    """Mã đơn vị."""

    unit_code = unit_code_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"unit_code": organisations.unit_code(self.unit_code.data or "")}


class FacilityCodeForm(Form):
    """Mã cơ sở khám chữa bệnh; whether the directory knows it is checked at approval."""

    facility_code = facility_code_line(_l("Hãy nhập mã cơ sở khám chữa bệnh."))

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"facility_code": organisations.facility_code(self.facility_code.data)}


class TaxCodeForm(Form):
    """Mã số thuế."""

    tax_code = tax_code_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"id_number": plain_number(self.tax_code.data)}


class PhoneForm(Form):
    """Số điện thoại."""

    phone = phone_line()

    def values(self) -> dict[str, str]:
        """The columns to set."""
        return {"phone": mobile_number(self.phone.data) or ""}


class AddressForm(Form):
    """Địa chỉ; the ward is chosen with directory's picker."""

    address_line = street_line()

    def values(self) -> dict[str, str]:
        """The columns to set, but for the ward."""
        return {"address_line": self.address_line.data}


FORMS: dict[Item, Any] = {
    Item.NAME: NameForm,
    Item.MA_SO: MaSoForm,
    Item.NUMBER: NumberForm,
    Item.GUARDIAN_MA_SO: GuardianMaSoForm,
    Item.GUARDIAN_NUMBER: GuardianNumberForm,
    Item.PHONE: PhoneForm,
    Item.ORGANISATION_NAME: OrganisationNameForm,
    Item.UNIT_CODE: UnitCodeForm,
    Item.TAX_CODE: TaxCodeForm,
    Item.FACILITY_CODE: FacilityCodeForm,
    Item.ADDRESS: AddressForm,
}
