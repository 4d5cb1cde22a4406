"""Hospital files for tests, built from the element names of the official blank templates (BHXH VN letter 3190, QĐ 4750).

Everybody in them is a specimen; amounts are chosen so that they can be added up by hand.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tests import people


def _names(text: str) -> list[str]:
    return text.split()


XML1 = _names(
    "MA_LK STT MA_BN HO_TEN SO_CCCD NGAY_SINH GIOI_TINH NHOM_MAU MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI "
    "MATINH_CU_TRU MAHUYEN_CU_TRU MAXA_CU_TRU DIEN_THOAI MA_THE_BHYT MA_DKBD GT_THE_TU GT_THE_DEN NGAY_MIEN_CCT LY_DO_VV "
    "LY_DO_VNT MA_LY_DO_VNT CHAN_DOAN_VAO CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT MA_BENH_YHCT MA_PTTT_QT MA_DOITUONG_KCB "
    "MA_NOI_DI MA_NOI_DEN MA_TAI_NAN NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA GIAY_CHUYEN_TUYEN SO_NGAY_DTRI PP_DIEU_TRI "
    "KET_QUA_DTRI MA_LOAI_RV GHI_CHU NGAY_TTOAN T_THUOC T_VTYT T_TONGCHI_BV T_TONGCHI_BH T_BNTT T_BNCCT T_BHTT "
    "T_NGUONKHAC T_BHTT_GDV NAM_QT THANG_QT MA_LOAI_KCB MA_KHOA MA_CSKCB MA_KHUVUC CAN_NANG CAN_NANG_CON "
    "NAM_NAM_LIEN_TUC NGAY_TAI_KHAM MA_HSBA MA_TTDV DU_PHONG"
)
XML2 = _names(
    "MA_LK STT MA_THUOC MA_PP_CHEBIEN MA_CSKCB_THUOC MA_NHOM TEN_THUOC DON_VI_TINH HAM_LUONG DUONG_DUNG DANG_BAO_CHE "
    "LIEU_DUNG CACH_DUNG SO_DANG_KY TT_THAU PHAM_VI TYLE_TT_BH SO_LUONG DON_GIA THANH_TIEN_BV THANH_TIEN_BH "
    "T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC MUC_HUONG T_BHTT T_BNCCT T_BNTT "
    "MA_KHOA MA_BAC_SI MA_DICH_VU NGAY_YL NGAY_TH_YL MA_PTTT NGUON_CTRA VET_THUONG_TP DU_PHONG"
)
XML3 = _names(
    "MA_LK STT MA_DICH_VU MA_PTTT_QT MA_VAT_TU MA_NHOM GOI_VTYT TEN_VAT_TU TEN_DICH_VU MA_XANG_DAU DON_VI_TINH PHAM_VI "
    "SO_LUONG DON_GIA_BV DON_GIA_BH TT_THAU TYLE_TT_DV TYLE_TT_BH THANH_TIEN_BV THANH_TIEN_BH T_TRANTT MUC_HUONG "
    "T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC T_BHTT T_BNTT T_BNCCT MA_KHOA MA_GIUONG "
    "MA_BAC_SI NGUOI_THUC_HIEN MA_BENH MA_BENH_YHCT NGAY_YL NGAY_TH_YL NGAY_KQ MA_PTTT VET_THUONG_TP PP_VO_CAM "
    "VI_TRI_TH_DVKT MA_MAY MA_HIEU_SP TAI_SU_DUNG DU_PHONG"
)
SUMMED = {
    "T_TONGCHI_BV": "THANH_TIEN_BV", "T_TONGCHI_BH": "THANH_TIEN_BH", "T_BHTT": "T_BHTT", "T_BNCCT": "T_BNCCT",
    "T_BNTT": "T_BNTT", "T_NGUONKHAC": "T_NGUONKHAC",
}  # fmt: skip
# Of QĐ 4210: what was called otherwise, and what was not known yet.
OLD_NAMES = {
    "MA_THE_BHYT": "MA_THE", "CHAN_DOAN_RV": "TEN_BENH", "MA_BENH_CHINH": "MA_BENH", "MA_BENH_KT": "MA_BENHKHAC",
    "MA_DOITUONG_KCB": "MA_LYDO_VVIEN", "MA_LOAI_RV": "TINH_TRANG_RV", "T_TONGCHI_BV": "T_TONGCHI",
    "THANH_TIEN_BV": "THANH_TIEN", "TYLE_TT_BH": "TYLE_TT", "DON_GIA_BV": "DON_GIA",
}  # fmt: skip
NEW_ONLY = {"T_TONGCHI_BH", "THANH_TIEN_BH", "DON_GIA_BH", "SO_CCCD", "LY_DO_VV", "TYLE_TT_DV", "NHOM_MAU"}

Line = dict[str, str]


def drug(name: str = "Thuốc Mẫu A", **values: str) -> Line:
    """30 × 1,500 = 45,000 đồng at 80 %: the fund 36,000, the patient 9,000."""
    return {
        "MA_THUOC": "40.001", "MA_NHOM": "4", "TEN_THUOC": name, "DON_VI_TINH": "Viên", "PHAM_VI": "1", "TYLE_TT_BH": "100",
        "SO_LUONG": "30.000", "DON_GIA": "1500.000", "THANH_TIEN_BV": "45000.00", "THANH_TIEN_BH": "45000.00",
        "MUC_HUONG": "80", "T_BHTT": "36000.00", "T_BNCCT": "9000.00", "T_BNTT": "0", "T_NGUONKHAC": "0", **values,
    }  # fmt: skip


def service(name: str = "Khám Mẫu", group: str = "13", **values: str) -> Line:
    """50,000 đồng at 80 %: the fund 40,000, the patient 10,000."""
    return {
        "MA_DICH_VU": "02.1895", "MA_NHOM": group, "TEN_DICH_VU": name, "DON_VI_TINH": "Lần", "PHAM_VI": "1",
        "SO_LUONG": "1.000", "DON_GIA_BV": "50000", "DON_GIA_BH": "50000", "TYLE_TT_DV": "100", "TYLE_TT_BH": "100",
        "THANH_TIEN_BV": "50000", "THANH_TIEN_BH": "50000", "MUC_HUONG": "80", "T_BHTT": "40000", "T_BNCCT": "10000",
        "T_BNTT": "0", "T_NGUONKHAC": "0", **values,
    }  # fmt: skip


def material(name: str = "Kim tiêm mẫu", **values: str) -> Line:
    """2 × 5,000 = 10,000 đồng that the fund does not pay."""
    return {
        "MA_VAT_TU": "N03.01", "MA_NHOM": "10", "TEN_VAT_TU": name, "DON_VI_TINH": "Cái", "PHAM_VI": "2",
        "SO_LUONG": "2", "DON_GIA_BV": "5000", "DON_GIA_BH": "0", "TYLE_TT_BH": "0", "THANH_TIEN_BV": "10000",
        "THANH_TIEN_BH": "0", "MUC_HUONG": "0", "T_BHTT": "0", "T_BNCCT": "0", "T_BNTT": "10000", "T_NGUONKHAC": "0", **values,
    }  # fmt: skip


@dataclass
class Visit:
    """One HOSO: a visit of the citizen in January 2026 with one drug and one service, 95,000 đồng."""

    link: str = "MAU0001"
    who: people.Specimen = people.CITIZEN
    drugs: list[Line] = field(default_factory=lambda: [drug()])
    services: list[Line] = field(default_factory=lambda: [service()])
    values: dict[str, str] = field(default_factory=dict)

    def summary(self) -> dict[str, str]:
        """XML1, its totals added up from the lines unless `values` says otherwise."""
        lines = [*self.drugs, *self.services]
        totals = {
            total: str(sum((Decimal(line.get(name) or 0) for line in lines), Decimal(0)))
            for total, name in SUMMED.items()
        }
        return {
            "MA_LK": self.link, "STT": "1", "MA_BN": "BN" + self.link, "HO_TEN": self.who.name.upper(),
            "SO_CCCD": self.who.cccd, "NGAY_SINH": "198509040000", "GIOI_TINH": "2", "MA_QUOCTICH": "000", "MA_DANTOC": "01",
            "DIA_CHI": "Số 1 phố Mẫu", "MA_THE_BHYT": f"DN489{self.who.ma_so}", "MA_DKBD": "89012", "GT_THE_TU": "20260101",
            "GT_THE_DEN": "20261231", "LY_DO_VV": "Đau đầu mẫu", "CHAN_DOAN_VAO": "Tăng huyết áp",
            "CHAN_DOAN_RV": "Tăng huyết áp vô căn; Đái tháo đường típ 2", "MA_BENH_CHINH": "I10", "MA_BENH_KT": "E11.9;J00",
            "MA_DOITUONG_KCB": "1.1", "NGAY_VAO": "202601150805", "NGAY_RA": "202601151030", "SO_NGAY_DTRI": "1",
            "KET_QUA_DTRI": "2", "MA_LOAI_RV": "1", "NGAY_TTOAN": "202601151030", **totals, "T_THUOC": _hospital(self.drugs),
            "T_VTYT": _hospital(line for line in self.services if "MA_VAT_TU" in line), "NAM_QT": "2026", "THANG_QT": "1",
            "MA_LOAI_KCB": "01", "MA_KHOA": "K01", "MA_CSKCB": "89012", "MA_TTDV": "8900000199", **self.values,
        }  # fmt: skip


def _hospital(lines: Iterable[Line]) -> str:
    return str(sum((Decimal(line["THANH_TIEN_BV"]) for line in lines), Decimal(0)))


def tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def leaves(names: Iterable[str], values: Mapping[str, str], *, cdata: bool = False, old: bool = False) -> str:
    """One record: every element of the template, filled or empty; what the template does not know comes last."""
    known = [*names, *(name for name in values if name not in names)]
    out = []
    for name in known:
        if old and name in NEW_ONLY:
            continue
        text = values.get(name, "").replace("&", "&amp;").replace("<", "&lt;")
        out.append(
            tag(
                OLD_NAMES.get(name, name) if old else name,
                f"<![CDATA[{values.get(name, '')}]]>" if cdata and text else text,
            )
        )
    return "".join(out)


def summary_part(visit: Visit, **how: bool) -> str:
    return tag("TONG_HOP", leaves(XML1, visit.summary(), **how))


def drugs_part(visit: Visit, **how: bool) -> str:
    lines = ({"MA_LK": visit.link, "STT": str(n), **line} for n, line in enumerate(visit.drugs, 1))
    rows = "".join(tag("CHI_TIET_THUOC", leaves(XML2, line, **how)) for line in lines)
    return tag("CHITIEU_CHITIET_THUOC", tag("DSACH_CHI_TIET_THUOC", rows))


def services_part(visit: Visit, **how: bool) -> str:
    lines = ({"MA_LK": visit.link, "STT": str(n), **line} for n, line in enumerate(visit.services, 1))
    rows = "".join(tag("CHI_TIET_DVKT", leaves(XML3, line, **how)) for line in lines)
    return tag("CHITIEU_CHITIET_DVKT_VTYT", tag("DSACH_CHI_TIET_DVKT", rows))


HEADING = '<?xml version="1.0" encoding="utf-8"?>'


def content(document: str, how: str) -> str:
    """NOIDUNGFILE as it occurs: base64 (broken into lines), nested, text, or empty."""
    if how == "base64":
        return base64.encodebytes((HEADING + document).encode()).decode()
    return {"nested": document, "text": f"<![CDATA[{HEADING}{document}]]>", "empty": ""}[how]


def part(kind: str, document: str, how: str = "base64", *, flipped: bool = False) -> str:
    pieces = [tag("LOAIHOSO", kind), tag("NOIDUNGFILE", content(document, how))]
    return tag("FILEHOSO", "".join(reversed(pieces) if flipped else pieces))


def hoso(visit: Visit, how: str = "base64", *, extra: str = "", flipped: bool = False, **style: bool) -> str:
    """One HOSO of three parts and whatever else; `flipped` puts parts, kinds and contents the other way round."""
    parts = [
        part("XML1", summary_part(visit, **style), how, flipped=flipped),
        part("XML2", drugs_part(visit, **style), how if visit.drugs else "empty", flipped=flipped),
        part("XML3", services_part(visit, **style), how if visit.services else "empty", flipped=flipped),
        extra,
    ]
    return tag("HOSO", "".join(reversed(parts) if flipped else parts))


def envelope(*hosos: str, facility: str = "89012", heading: str = HEADING) -> str:
    listed = tag("NGAYLAP", "20260116") + tag("SOLUONGHOSO", str(len(hosos))) + tag("DANHSACHHOSO", "".join(hosos))
    inner = tag("THONGTINDONVI", tag("MACSKCB", facility)) + tag("THONGTINHOSO", listed) + "<CHUKYDONVI/>"
    return heading + tag("GIAMDINHHS", inner)


def file_of(*visits: Visit, how: str = "base64", **more: bool) -> str:
    return envelope(*(hosoo for hosoo in (hoso(visit, how, **more) for visit in visits)))
