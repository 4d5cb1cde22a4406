"""What the codes of hospital departments (MA_KHOA) mean. Pure.

The ministry's common list (annex of QĐ 4210/QĐ-BYT 2017, table 7, kept by QĐ 130 and 4750), as far as it was found quoted: 03–16,
19–22 and 50 in the published list of codes of examinations, the others as hospitals use them alike. Hospitals also write
numbers of their own (K0450, PVMD): those stay as they are.
"""

DEPARTMENTS = {
    "K01": "Khoa Khám bệnh",
    "K03": "Khoa Nội tổng hợp",
    "K04": "Khoa Nội tim mạch",
    "K05": "Khoa Nội tiêu hoá",
    "K06": "Khoa Nội cơ - xương - khớp",
    "K07": "Khoa Nội thận - tiết niệu",
    "K08": "Khoa Nội tiết",
    "K09": "Khoa Dị ứng",
    "K10": "Khoa Huyết học",
    "K11": "Khoa Truyền nhiễm",
    "K12": "Khoa Lao",
    "K13": "Khoa Da liễu",
    "K14": "Khoa Thần kinh",
    "K15": "Khoa Tâm thần",
    "K16": "Khoa Y học cổ truyền",
    "K18": "Khoa Nhi",
    "K19": "Khoa Ngoại tổng hợp",
    "K20": "Khoa Ngoại thần kinh",
    "K21": "Khoa Ngoại lồng ngực",
    "K22": "Khoa Ngoại tiêu hoá",
    "K27": "Khoa Phụ sản",
    "K28": "Khoa Tai - mũi - họng",
    "K29": "Khoa Răng - hàm - mặt",
    "K30": "Khoa Mắt",
    "K50": "Khoa Nội hô hấp",
}


def named(codes: str) -> list[tuple[str, str]]:
    """Each code of a visit (joined by ;) with its name, '' where the list does not know it."""
    parts = (part.strip() for part in codes.split(";"))
    return [(part, DEPARTMENTS.get(part.upper(), "")) for part in parts if part]
