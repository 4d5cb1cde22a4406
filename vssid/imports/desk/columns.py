"""What staged columns are called at the desk, and how their plain values are written. Names that only the machine needs are left out."""

import re
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Data
from vssid.kernel.text import masked

# Columns by which a person could be reached or paid: only their ends are shown.
REACHED_BY = frozenset({"phone", "email", "address", "account_number", "paper"})
_INTERNAL = frozenset(
    {
        "id",
        "name_folded",
        "folded",
        "employer_key",
        "likely_parent",
        "printed",
        "unit_system",
        "paper_kind",
        "sensitive",
    }
)
_HEADS: dict[str, Label] = {
    "account_number": N_("Số tài khoản"), "address": N_("Địa chỉ"), "admitted_at": N_("Ngày vào"), "amount": N_("Số tiền"),
    "area_code": N_("Mã khu vực"), "bank": N_("Ngân hàng"), "bhyt_contract": N_("Hợp đồng BHYT"),
    "birth_date": N_("Ngày sinh"), "care_level": N_("Cấp chuyên môn"), "code": N_("Mã"), "coefficient": N_("Hệ số lương"),
    "copay": N_("Cùng chi trả"), "currency": N_("Loại tiền"), "decision_date": N_("Ngày quyết định"),
    "decision_number": N_("Số quyết định"), "died_on": N_("Ngày mất"), "discharged_at": N_("Ngày ra"),
    "effective_from": N_("Hiệu lực từ"), "email": N_("Email"), "employer_code": N_("Mã đơn vị"),
    "employer_name": N_("Đơn vị công tác"), "facility_code": N_("Mã cơ sở khám chữa bệnh"),
    "five_years_from": N_("Đủ 5 năm liên tục từ"), "from_date": N_("Từ ngày"), "from_month": N_("Từ tháng"),
    "full_name": N_("Họ và tên"), "fund": N_("Quỹ"), "guardian": N_("Người giám hộ"), "hours": N_("Giờ làm việc"),
    "household_code": N_("Mã hộ"), "household_relation": N_("Quan hệ với chủ hộ"), "issued_by": N_("Nơi cấp"),
    "issued_on": N_("Ngày cấp"), "issues_sick_leave": N_("Cấp giấy nghỉ việc"), "job": N_("Chức vụ"), "kind": N_("Loại"),
    "level": N_("Mức hưởng"), "ma_so_bhxh": N_("Mã số BHXH"), "merged_into": N_("Gộp vào"), "name": N_("Tên"),
    "name_en": N_("Tên tiếng Anh"), "nationality": N_("Quốc tịch"), "new_amount": N_("Mức mới"), "number": N_("Số"),
    "object_code": N_("Mã đối tượng"), "old_amount": N_("Mức cũ"), "other_sources": N_("Nguồn khác trả"),
    "paid_by_fund": N_("Quỹ BHYT trả"), "paid_by_patient": N_("Tự trả"), "paper": N_("Số giấy tờ"),
    "parent_code": N_("Cơ quan cấp trên"), "payer": N_("Đơn vị chi trả"), "phone": N_("Số điện thoại"),
    "province_code": N_("Mã tỉnh"), "reason": N_("Lý do"), "salary": N_("Tiền lương đóng"), "sex": N_("Giới tính"),
    "signatory": N_("Người ký"), "source": N_("Căn cứ"), "status": N_("Tình trạng"), "to_date": N_("Đến ngày"),
    "to_month": N_("Đến tháng"), "total_hospital": N_("Tổng chi phí"), "total_insurance": N_("Trong phạm vi BHYT"),
    "valid_from": N_("Từ ngày"), "valid_to": N_("Đến ngày"), "value": N_("Giá trị"), "ward_code": N_("Mã xã"),
    "workplace": N_("Nơi làm việc"),
}  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d):\d\d(?:[.+].*)?)?")


def head(name: str) -> Label | str:
    """What a column is called; the name itself for one that has none."""
    return name if isinstance(name, Label) else _HEADS.get(name, name)


def written(name: str, value: Any) -> str:
    """A plain value as it stands in files: 05/09/2026, 09/2026, 08:05 05/09/2026; everything else as it is."""
    text = "" if value is None else str(value)
    found = _DAY.fullmatch(text)
    if found is None:
        return text.removesuffix(".00")
    year, month, day, time = found.groups()
    if name.endswith("_month"):
        return f"{month}/{year}"
    return f"{time} {day}/{month}/{year}" if time else f"{day}/{month}/{year}"


def row(data: Data) -> dict[Label | str, str]:
    """A staged row for an officer."""
    return {head(name): written(name, value) for name, value in data.items() if name not in _INTERNAL}


def changed(cells: dict[str, Any], *, personal: bool) -> dict[str, tuple[str, str]]:
    """What would change as an officer may see it, by the names of the columns: all of it where it is about no person."""
    shown = {}
    for name, (was, new) in cells.items():
        pair = written(name, was), written(name, new)
        if name not in _INTERNAL:
            shown[name] = (masked(pair[0]), masked(pair[1])) if personal and name in REACHED_BY else pair
    return shown
