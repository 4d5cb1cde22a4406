"""Papers for tests, from the element names of the official templates (letter 3190, TT 56/2017 and TT 25/2025). All specimens."""

from collections.abc import Iterable, Mapping

from tests import people
from tests.visits.build import HEADING, Visit, envelope, hoso, leaves, part, tag

PARTS = {
    "XML7": (
        "CHI_TIEU_DU_LIEU_GIAY_RA_VIEN",
        "MA_LK SO_LUU_TRU MA_YTE MA_KHOA_RV NGAY_VAO NGAY_RA MA_DINH_CHI_THAI NGUYENNHAN_DINHCHI THOIGIAN_DINHCHI TUOI_THAI "
        "CHAN_DOAN_RV PP_DIEUTRI GHI_CHU MA_TTDV MA_BS TEN_BS NGAY_CT MA_CHA MA_ME MA_THE_TAM HO_TEN_CHA HO_TEN_ME "
        "SO_NGAY_NGHI NGOAITRU_TUNGAY NGOAITRU_DENNGAY",
    ),
    "XML8": (
        "CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN",
        "MA_LK MA_LOAI_KCB HO_TEN_CHA HO_TEN_ME NGUOI_GIAM_HO DON_VI NGAY_VAO NGAY_RA CHAN_DOAN_VAO CHAN_DOAN_RV QT_BENHLY "
        "TOMTAT_KQ PP_DIEUTRI NGAY_SINHCON NGAY_CONCHET SO_CONCHET KET_QUA_DTRI GHI_CHU MA_TTDV NGAY_CT MA_THE_TAM DU_PHONG",
    ),
    "XML9": (
        "DU_LIEU_GIAY_CHUNG_SINH",
        "MA_LK MA_BHXH_NND MA_THE_NND HO_TEN_NND NGAYSINH_NND MA_DANTOC_NND SO_CCCD_NND NGAYCAP_CCCD_NND NOICAP_CCCD_NND "
        "NOI_CU_TRU_NND MA_QUOCTICH MATINH_CU_TRU MAHUYEN_CU_TRU MAXA_CU_TRU HO_TEN_CHA MA_THE_TAM HO_TEN_CON GIOI_TINH_CON "
        "SO_CON LAN_SINH SO_CON_SONG CAN_NANG_CON NGAY_SINH_CON NOI_SINH_CON TINH_TRANG_CON SINHCON_PHAUTHUAT "
        "SINHCON_DUOI32TUAN GHI_CHU NGUOI_DO_DE NGUOI_GHI_PHIEU NGAY_CT SO QUYEN_SO MA_TTDV",
    ),
    "XML10": (
        "CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI",
        "MA_LK SO_SERI SO_CT SO_NGAY DON_VI CHAN_DOAN_RV TU_NGAY DEN_NGAY MA_TTDV TEN_BS MA_BS NGAY_CT",
    ),
    "XML11": (
        "CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI",
        "MA_LK SO_CT SO_SERI SO_KCB DON_VI MA_BHXH MA_THE_BHYT CHAN_DOAN_RV PP_DIEUTRI MA_DINH_CHI_THAI NGUYENNHAN_DINHCHI "
        "TUOI_THAI SO_NGAY_NGHI TU_NGAY DEN_NGAY HO_TEN_CHA HO_TEN_ME MA_TTDV MA_BS NGAY_CT MA_THE_TAM MAU_SO",
    ),
}
DOCUMENTS = {
    "CT03": "SO_LUU_TRU MA_YTE MA_KHOA MA_BHXH MA_THE HO_TEN NGAY_SINH GIOI_TINH MA_DANTOC NGHE_NGHIEP DIA_CHI NGAY_VAO NGAY_RA "
    "DINH_CHI_THAI_NGHEN TUOI_THAI CHAN_DOAN PP_DIEUTRI GHI_CHU THU_TRUONG_DVI MA_CCHN_TRUONGKHOA TEN_TRUONGKHOA NGAY_CHUNG_TU "
    "TEKT HO_TEN_CHA HO_TEN_ME NGOAITRU_TUNGAY NGOAITRU_DENNGAY LOAI_GIAYTO SO_CCCD BENHICD10_ID TENBENHICD10",
    "CT04": "MA_CT SO_SERI MA_BHXH MA_THE HO_TEN NGAY_SINH GIOI_TINH LYDO_VVIEN TIEN_SU_BENH DAU_HIEU_LAM_SANG CHAN_DOAN_VAO "
    "CHAN_DOAN_RA QT_BENHLY TOMTAT_KQ PP_DIEUTRI NOI_KHOA PHAU_THUAT_THU_THUAT TT_RAVIEN HUONG_DIEU_TRI GHI_CHU NGUOI_DAI_DIEN "
    "NGAY_CT NGAY_VAO NGAY_RA TEKT LOAI_GIAYTO SO_CCCD BENH_ICD10_ID BENH_ICD10_TEN",
    "CT05": "MA_GCS MA_BHXH_NND MA_THE_NND HOTEN_NND NGAYSINH_NND SO_CCCD_NND HO_TEN_CHA TEN_CON GIOI_TINH_CON SO_CON LAN_SINH "
    "SO_CON_SONG CAN_NANG_CON NGAY_SINH_CON NOI_SINH_CON TINH_TRANG_CON NGUOI_DO_DE NGUOI_GHI_PHIEU NGAY_CT SO QUYEN_SO",
    "CT06": "MA_BHXH MA_THE HO_TEN NGAY_SINH NGAY_VAO NGAY_RA NGUOI_DAI_DIEN MA_BS TEN_BS TEN_DVI SO_KCB NGAY_CT SO_SERI MA_CT "
    "SO_CCCD CHAN_DOAN TUOI_THAI BENH_ICD10_ID BENH_ICD10_TEN",
    "CT07": "MA_CT SO_SERI SO_KCB MA_BHXH MA_THE HO_TEN NGAY_SINH GIOI_TINH DON_VI CHANDOAN_DIEUTRI TU_NGAY DEN_NGAY HO_TEN_CHA "
    "HO_TEN_ME THU_TRUONG_DV MA_CCHN TEN_NGUOI_HANH_NGHE NGAY_CHUNG_TU TEKT MAU_SO LOAI_GIAYTO SO_CCCD NGAY_KCB BENH_ICD10_ID "
    "BENH_ICD10_TEN",
}
LISTS = {"XML9": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH")}
STAY = {"NGAY_VAO": "202601150805", "NGAY_RA": "202601181030"}
FILLED: dict[str, dict[str, str]] = {
    "XML7": {
        **STAY, "SO_LUU_TRU": "LT-0001", "MA_YTE": "89012.26.000001", "MA_KHOA_RV": "K03", "CHAN_DOAN_RV": "Viêm phổi; Tăng huyết áp",
        "PP_DIEUTRI": "Nội khoa", "GHI_CHU": "Tái khám sau 7 ngày", "TEN_BS": "Bác sĩ Mẫu Hai", "NGAY_CT": "20260118",
        "SO_NGAY_NGHI": "3", "NGOAITRU_TUNGAY": "20260119", "NGOAITRU_DENNGAY": "20260121", "MA_DINH_CHI_THAI": "0",
        "MA_BS": "8900000198",
    },
    "XML8": {
        **STAY, "MA_LOAI_KCB": "03", "DON_VI": "Công ty Mẫu", "CHAN_DOAN_VAO": "Sốt, ho", "CHAN_DOAN_RV": "Viêm phổi",
        "QT_BENHLY": "Ho ba ngày.\n  Sốt   38,5 độ.\n\nĐã dùng thuốc hạ sốt.", "TOMTAT_KQ": "X-quang: mờ đáy phổi phải",
        "PP_DIEUTRI": "Kháng sinh", "KET_QUA_DTRI": "2", "NGAY_CT": "20260118",
    },
    "XML9": {
        "NOI_CU_TRU_NND": "Tổ 1, xã Mẫu", "HO_TEN_CHA": "Đặng Văn Mẫu Cha", "HO_TEN_CON": "Đặng Mẫu Bi", "GIOI_TINH_CON": "1",
        "SO_CON": "1", "LAN_SINH": "2", "SO_CON_SONG": "2", "CAN_NANG_CON": "3200", "NGAY_SINH_CON": "202601160412",
        "NOI_SINH_CON": "Bệnh viện Mẫu", "TINH_TRANG_CON": "Khoẻ mạnh", "SINHCON_PHAUTHUAT": "1", "SINHCON_DUOI32TUAN": "0",
        "GHI_CHU": "Sinh con phải phẫu thuật", "NGUOI_DO_DE": "Hộ sinh Mẫu", "NGUOI_GHI_PHIEU": "Điều dưỡng Mẫu",
        "NGAY_CT": "20260117", "SO": "12", "QUYEN_SO": "01/2026",
    },
    "XML10": {
        "SO_SERI": "DT-0001", "SO_CT": "77", "SO_NGAY": "30", "DON_VI": "Công ty Mẫu", "CHAN_DOAN_RV": "Thai 12 tuần, doạ sảy, dưỡng thai",
        "TU_NGAY": "20260115", "DEN_NGAY": "20260213", "TEN_BS": "Bác sĩ Mẫu Ba", "NGAY_CT": "20260115",
    },
    "XML11": {
        "SO_CT": "88", "SO_SERI": "NV-0001", "SO_KCB": "26/00012", "DON_VI": "Công ty Mẫu", "CHAN_DOAN_RV": "J18.9 - Viêm phổi",
        "PP_DIEUTRI": "Nghỉ ngơi, kháng sinh", "SO_NGAY_NGHI": "3", "TU_NGAY": "20260115", "DEN_NGAY": "20260117",
        "NGAY_CT": "20260115", "MAU_SO": "CT07",
    },
    "CT03": {
        **STAY, "SO_LUU_TRU": "LT-0001", "MA_YTE": "89012.26.000001", "MA_KHOA": "K03", "CHAN_DOAN": "Viêm phổi, không xác định",
        "PP_DIEUTRI": "Nội khoa", "NGAY_CHUNG_TU": "20260118", "THU_TRUONG_DVI": "Nguyễn Văn Mẫu Trưởng",
        "TEN_TRUONGKHOA": "Bác sĩ Mẫu Hai", "MA_CCHN_TRUONGKHOA": "000001/MAU", "LOAI_GIAYTO": "1", "NGHE_NGHIEP": "00000",
        "BENHICD10_ID": "J18.9", "TENBENHICD10": "Viêm phổi", "TEKT": "0", "DINH_CHI_THAI_NGHEN": "0",
    },
    "CT04": {
        **STAY, "MA_CT": "TT-0001", "SO_SERI": "TT-0001", "LYDO_VVIEN": "Ho, sốt", "TIEN_SU_BENH": "Tăng huyết áp",
        "DAU_HIEU_LAM_SANG": "Ran nổ đáy phổi phải", "CHAN_DOAN_VAO": "Sốt, ho", "CHAN_DOAN_RA": "Viêm phổi",
        "QT_BENHLY": "Ho ba ngày.\nSốt 38,5 độ.", "TOMTAT_KQ": "X-quang: mờ đáy phổi phải", "PP_DIEUTRI": "Kháng sinh",
        "NOI_KHOA": "Kháng sinh bảy ngày", "TT_RAVIEN": "Đỡ", "HUONG_DIEU_TRI": "Tái khám", "NGUOI_DAI_DIEN": "Nguyễn Văn Mẫu Trưởng",
        "NGAY_CT": "20260118", "BENH_ICD10_ID": "J18.9", "BENH_ICD10_TEN": "Viêm phổi",
    },
    "CT05": {
        "MA_GCS": "GCS-0001", "HO_TEN_CHA": "Đặng Văn Mẫu Cha", "TEN_CON": "Đặng Mẫu Bi", "GIOI_TINH_CON": "1", "SO_CON": "1",
        "LAN_SINH": "2", "SO_CON_SONG": "2", "CAN_NANG_CON": "3200", "NGAY_SINH_CON": "20260116041200",
        "NOI_SINH_CON": "Bệnh viện Mẫu", "TINH_TRANG_CON": "Khoẻ mạnh", "NGUOI_DO_DE": "Hộ sinh Mẫu",
        "NGUOI_GHI_PHIEU": "Điều dưỡng Mẫu", "NGAY_CT": "20260117", "SO": "12", "QUYEN_SO": "01/2026",
    },
    "CT06": {
        **STAY, "SO_SERI": "DT-0001", "MA_CT": "77", "SO_KCB": "26/00012", "TEN_DVI": "Công ty Mẫu", "CHAN_DOAN": "Dưỡng thai",
        "TEN_BS": "Bác sĩ Mẫu Ba", "NGUOI_DAI_DIEN": "Nguyễn Văn Mẫu Trưởng", "NGAY_CT": "20260115", "TUOI_THAI": "12",
    },
    "CT07": {
        "MA_CT": "88", "SO_SERI": "NV-0001", "SO_KCB": "26/00012", "DON_VI": "Công ty Mẫu", "CHANDOAN_DIEUTRI": "Viêm phổi",
        "TU_NGAY": "20260115", "DEN_NGAY": "20260117", "THU_TRUONG_DV": "Nguyễn Văn Mẫu Trưởng", "MA_CCHN": "000001/MAU",
        "TEN_NGUOI_HANH_NGHE": "Bác sĩ Mẫu Hai", "NGAY_CHUNG_TU": "20260115", "TEKT": "0", "MAU_SO": "CT07", "NGAY_KCB": "20260115",
        "BENH_ICD10_ID": "J18.9", "BENH_ICD10_TEN": "Viêm phổi",
    },
}  # fmt: skip
Values = Mapping[str, str]


def attached(
    kind: str, *papers: Values, link: str = "MAU0001", how: str = "base64", root: str = "", **style: bool
) -> str:
    """A part XML7–XML11 of a HOSO with one paper (several of XML9), each with `papers`' values beside those it has anyway."""
    record, names = PARTS[kind]
    rows = [
        tag(root or record, leaves(names.split(), {"MA_LK": link, **FILLED[kind], **values}, **style))
        for values in papers or ({},)
    ]
    inner = "".join(rows)
    for outer in reversed(LISTS.get(kind, ())):
        inner = tag(outer, inner)
    return part(kind, inner, how)


def treated(*parts: str, how: str = "base64", visit: Visit | None = None) -> str:
    """A file with one visit and these parts."""
    return envelope(hoso(visit or Visit(), how, extra="".join(parts)))


def named(kind: str, who: people.Specimen) -> dict[str, str]:
    """The elements by which a document names its person."""
    if kind == "CT05":
        return {
            "MA_BHXH_NND": who.ma_so,
            "MA_THE_NND": f"DN489{who.ma_so}",
            "HOTEN_NND": who.name,
            "SO_CCCD_NND": who.cccd,
        }
    return {"MA_BHXH": who.ma_so, "MA_THE": f"DN489{who.ma_so}", "HO_TEN": who.name, "SO_CCCD": who.cccd}


def document(
    kind: str, values: Values | None = None, *, who: people.Specimen = people.CITIZEN, root: str = "", how: str = "base64",
    called: str = "", flipped: bool = False, **style: bool,
) -> str:  # fmt: skip
    """One FILEHOSO with a document; `called` is another LOAIHOSO."""
    filled = {**FILLED[kind], **named(kind, who), **(values or {})}
    inner = tag(root or kind, leaves(DOCUMENTS[kind].split(), filled, **style))
    return part(called or kind, inner, how, flipped=flipped)


def documents(*hosos: Iterable[str] | str, facility: str = "89012", heading: str = HEADING) -> str:
    """A file HSCHUNGTU with these HOSO, each one FILEHOSO or several."""
    rows = "".join(tag("HOSO", one if isinstance(one, str) else "".join(one)) for one in hosos)
    listed = tag("NGAYLAP", "20260118") + tag("SOLUONGHOSO", str(len(hosos))) + tag("DANHSACHHOSO", rows)
    inner = tag("THONGTINDONVI", tag("MACSKCB", facility)) + tag("THONGTINHOSO", listed) + "<CHUKYDONVI/>"
    return heading + tag("HSCHUNGTU", inner)
