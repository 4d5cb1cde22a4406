"""Invented agencies and health facilities of the specimen province, in real wards of An Giang."""

from datetime import date
from typing import Any

from vssid.directory import Place
from vssid.directory.rules import search_key

ROOT_AGENCY = "089"
_HOURS = "Thứ Hai đến thứ Sáu: 7 giờ đến 11 giờ 30, 13 giờ 30 đến 17 giờ"
_CONTRACTED_SINCE = date(2020, 1, 1)

# code, place in the name, street, ward
_AGENCIES = (
    ("08901", "Mỹ Bình", "12 đường Mẫu Hoa", "Phường Long Xuyên"),
    ("08902", "Châu Đốc", "5 đường Mẫu Lúa", "Phường Châu Đốc"),
    ("08903", "Tân Châu", "27 đường Mẫu Lụa", "Phường Tân Châu"),
    ("08904", "An Phú", "3 đường Mẫu Sen", "Xã An Phú"),
    ("08905", "Chợ Mới", "41 đường Mẫu Xoài", "Xã Chợ Mới"),
    ("08906", "Tri Tôn", "8 đường Mẫu Thốt Nốt", "Xã Tri Tôn"),
    ("08907", "Thoại Sơn", "19 đường Mẫu Kênh", "Xã Thoại Sơn"),
    ("08908", "Tịnh Biên", "66 đường Mẫu Núi", "Phường Tịnh Biên"),
    ("08909", "Rạch Giá", "102 đường Mẫu Biển", "Phường Rạch Giá"),
    ("08910", "Phú Quốc", "7 đường Mẫu Đảo", "Đặc khu Phú Quốc"),
)
_BASIC, _FIRST, _SPECIAL = "Cấp cơ bản", "Cấp ban đầu", "Cấp chuyên sâu"
# code, name, street, ward, level of care, BHYT contract, issues sick-leave papers
_FACILITIES = (
    ("89001", "Bệnh viện Đa khoa Mẫu An Giang", "1 đường Mẫu Sao", "Phường Long Xuyên", _SPECIAL, True, True),
    ("89012", "Bệnh viện Đa khoa Khu vực Mẫu", "20 đường Mẫu Hoa", "Phường Long Xuyên", _BASIC, True, True),
    ("89013", "Bệnh viện Đa khoa Khu vực Mẫu Châu Đốc", "15 đường Mẫu Lúa", "Phường Châu Đốc", _BASIC, True, True),
    ("89014", "Bệnh viện Đa khoa Khu vực Mẫu Tân Châu", "9 đường Mẫu Lụa", "Phường Tân Châu", _BASIC, True, True),
    ("89015", "Bệnh viện Sản Nhi Mẫu", "33 đường Mẫu Mây", "Phường Mỹ Thới", _SPECIAL, True, True),
    ("89021", "Trung tâm Y tế Mẫu Chợ Mới", "50 đường Mẫu Xoài", "Xã Chợ Mới", _BASIC, True, True),
    ("89022", "Trung tâm Y tế Mẫu Tri Tôn", "11 đường Mẫu Thốt Nốt", "Xã Tri Tôn", _BASIC, True, True),
    ("89023", "Trung tâm Y tế Mẫu Thoại Sơn", "24 đường Mẫu Kênh", "Xã Thoại Sơn", _BASIC, True, False),
    ("89101", "Trạm Y tế Mẫu Long Xuyên", "2 đường Mẫu Cầu", "Phường Long Xuyên", _FIRST, True, False),
    ("89102", "Trạm Y tế Mẫu An Phú", "6 đường Mẫu Sen", "Xã An Phú", _FIRST, True, False),
    ("91002", "Bệnh viện Đa khoa Mẫu Rạch Giá", "80 đường Mẫu Biển", "Phường Rạch Giá", _SPECIAL, True, True),
    ("89C01", "Phòng khám Đa khoa Mẫu An Bình", "4 đường Mẫu Chợ", "Phường Bình Đức", _FIRST, True, False),
    ("89C02", "Phòng khám Mẫu Không Hợp Đồng", "77 đường Mẫu Chợ", "Phường Long Xuyên", _FIRST, False, False),
)
# code, name, street, ward, agency, months late: those that the invented histories name, a school, one long late
_EMPLOYERS = (
    ("TZ0001A", "Công ty TNHH May Mẫu An Giang", "14 đường Mẫu Chỉ", "Phường Mỹ Thới", "08901", 0),
    ("TZ0002B", "Công ty Cổ phần Thuỷ sản Mẫu", "2 đường Mẫu Cá", "Phường Long Xuyên", "08901", 0),
    ("TZ0003C", "Trường Tiểu học Mẫu Long Xuyên", "9 đường Mẫu Phấn", "Phường Long Xuyên", "08901", 0),
    ("TZ0004D", "Công ty TNHH Gạo Mẫu Châu Phú", "31 đường Mẫu Lúa", "Xã Châu Phú", "08902", 0),
    ("TZ0005E", "Bưu điện Mẫu", "101 đường Mẫu Thư", "Phường Long Xuyên", "08901", 0),
    ("TZ0007H", "Hợp tác xã Xây dựng Mẫu Tri Tôn", "5 đường Mẫu Gạch", "Xã Tri Tôn", "08906", 4),
    ("TZ0006G", "Khách sạn Mẫu Phú Quốc", "18 đường Mẫu Biển", "Đặc khu Phú Quốc", "08910", 2),
)
# code, name, kind, street, ward
_POINTS = (
    ("DT001", "Bưu điện Mẫu Long Xuyên", "diem_thu", "101 đường Mẫu Thư", "Phường Long Xuyên"),
    ("DT002", "Bưu điện Mẫu Châu Đốc", "diem_thu", "7 đường Mẫu Thư", "Phường Châu Đốc"),
    ("DT003", "Bưu điện văn hoá xã Mẫu An Phú", "diem_thu", "1 đường Mẫu Thư", "Xã An Phú"),
    ("DL001", "Đại lý thu Mẫu Chợ Mới", "dai_ly", "52 đường Mẫu Xoài", "Xã Chợ Mới"),
    ("DL002", "Hội Phụ nữ Mẫu Rạch Giá", "dai_ly", "12 đường Mẫu Biển", "Phường Rạch Giá"),
)


def agencies(places: list[Place]) -> list[dict[str, Any]]:
    """Rows of the province's agency and of the ten below it; `places` are the province's wards."""
    root = ("Tỉnh An Giang", "1 đường Mẫu Sao", "Phường Long Xuyên")
    rows = [_agency(ROOT_AGENCY, f"BHXH {root[0]} (mẫu)", "", root[1], root[2], "0296 000 000", places)]
    for number, (code, name, street, ward) in enumerate(_AGENCIES, start=1):
        phone = f"0296 000 0{number:02}"
        rows.append(_agency(code, f"BHXH cơ sở {name} (mẫu)", ROOT_AGENCY, street, ward, phone, places))
    return rows


def _agency(
    code: str, name: str, parent: str, street: str, ward: str, phone: str, places: list[Place]
) -> dict[str, Any]:
    address, ward_code = _at(street, ward, places)
    return {
        "code": code, "name": name, "parent_code": parent, "address": address, "phone": phone,
        "email": f"bhxh.{code}@vidu.vn", "hours": _HOURS, "folded": search_key(name), "ward_code": ward_code,
    }  # fmt: skip


def facilities(places: list[Place], province_code: str) -> list[dict[str, Any]]:
    """Rows of the health facilities; one of them has no BHYT contract, two codes hold a letter."""
    rows = []
    for number, (code, name, street, ward, level, contract, leave) in enumerate(_FACILITIES, start=31):
        rows.append({
            "code": code, "name": name, "address": _at(street, ward, places)[0], "phone": f"0296 000 0{number}",
            "province_code": province_code, "care_level": level, "bhyt_contract": contract, "issues_sick_leave": leave,
            "valid_from": _CONTRACTED_SINCE, "valid_to": None, "folded": search_key(name),
        })  # fmt: skip
    return rows


def employers(places: list[Place]) -> list[dict[str, Any]]:
    """Rows of employers, two of them late."""
    return [
        {
            "code": code, "name": name, "address": _at(street, ward, places)[0], "agency_code": agency,
            "status": "Đang hoạt động", "months_late": late,
        }
        for code, name, street, ward, agency, late in _EMPLOYERS
    ]  # fmt: skip


def collection_points(places: list[Place], province_code: str) -> list[dict[str, Any]]:
    """Rows of post offices and agents where people pay for themselves."""
    rows = []
    for number, (code, name, kind, street, ward) in enumerate(_POINTS, start=61):
        address, ward_code = _at(street, ward, places)
        rows.append({
            "code": code, "name": name, "kind": kind, "address": address, "phone": f"0296 000 0{number}",
            "province_code": province_code, "ward_code": ward_code, "hours": _HOURS,
        })  # fmt: skip
    return rows


def _at(street: str, ward: str, places: list[Place]) -> tuple[str, str]:
    """The address and the ward's code, '' where the list of wards has none of this name."""
    found = next((place for place in places if place.full_name == ward), None)
    return f"{street}, {found.label if found else ward}", found.code if found else ""
