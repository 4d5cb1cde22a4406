"""Taking over hospital files, beside an iterparse that also decodes and parses the documents within them."""

import base64
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from sqlalchemy import delete, select

from bench.ground import Ground, specimen_ground
from bench.imports import engine_on
from bench.report import Row, Series, at_least_share, at_most
from vssid.imports import claims
from vssid.imports.problems import ErrorsFile
from vssid.kernel import clock
from vssid.kernel.audit import OPERATOR
from vssid.kernel.db import reading, unit
from vssid.kernel.rows import table_of
from vssid.records.models import PersonIdentifier
from vssid.records.papers.models import Paper
from vssid.records.visits.models import Visit, VisitLine

PART = "claims"
LEAST_SHARE = 0.15
MOST_MEGABYTES = 200
MEGABYTES, QUICK_MEGABYTES = 20, 5
LARGE, QUICK_LARGE = 500, 40
TURNS, QUICK_TURNS = 3, 1
DRUGS, SERVICES = 6, 8
_MB = 1024**2
_HEADING = '<?xml version="1.0" encoding="utf-8"?>'


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        people = _people(ground)
        small, large = (ground.data_dir / name for name in ("small.xml", "large.xml"))
        size = write_file(small, people, QUICK_MEGABYTES if quick else MEGABYTES)
        ours, bare = [], []
        for turn in range(QUICK_TURNS if quick else TURNS):
            say(f"claims: both ways, turn {turn + 1}")
            bare.append(_bare(small))
            ours.append(_in_process(ground, small))
        size_of_large = QUICK_LARGE if quick else LARGE
        say(f"claims: {size_of_large} MB")
        write_file(large, people, size_of_large)
        peak, took = _by_command(ground, large)
    mine, beside = Series(ours), Series(bare)
    what = f"{size / _MB:.0f} MB of HOSO, read, checked, staged, compared, taken over"
    rates = f"{size / _MB / mine.median:.1f} MB/s", f"iterparse: {size / _MB / beside.median:.1f} MB/s"
    share = beside.median / mine.median
    return [
        at_least_share(PART, what, *rates, share, LEAST_SHARE, noisy=mine.noisy or beside.noisy),
        at_most(PART, f"{size_of_large} MB by `flask imports run`: memory", peak, MOST_MEGABYTES, "MB"),
        Row(PART, "… and time", f"{took:.0f} s", "", f"{size_of_large / took:.1f} MB/s"),
    ]


def _people(ground: Ground) -> list[str]:
    with engine_on(ground.data_dir / "vssid.sqlite") as engine, reading(engine) as db:
        query = select(PersonIdentifier.value).where(PersonIdentifier.kind == "ma_so_bhxh")
        return list(db.scalars(query.order_by(PersonIdentifier.value)))


def _bare(path: Path) -> float:
    """One HOSO in memory at a time, as anybody would do it."""
    started = time.perf_counter()
    for _event, element in ElementTree.iterparse(path, events=("end",)):
        if element.tag == "NOIDUNGFILE" and element.text:
            ElementTree.fromstring(base64.b64decode(element.text))
        elif element.tag == "HOSO":
            element.clear()
    return time.perf_counter() - started


def _in_process(ground: Ground, path: Path) -> float:
    """What the command does between its first and its last statement, into an empty book."""
    with engine_on(ground.data_dir / "vssid.sqlite") as engine:
        with unit(engine) as db:
            db.execute(delete(table_of(Paper)))
            db.execute(delete(table_of(VisitLine)))
            db.execute(delete(table_of(Visit)))
        with ErrorsFile(path.with_suffix(".errors.csv")) as errors:
            started = time.perf_counter()
            run = claims.begin(engine, path, as_of=clock.today(), at=clock.now())
            claims.stage(engine, run, errors, today=clock.today(), progress=lambda _bytes: None)
            claims.examine(engine, run, errors)
            claims.take_over(engine, run, errors, OPERATOR)
            took = time.perf_counter() - started
    if run.tally.refused or run.tally.difference.new != run.tally.read:
        raise RuntimeError(f"the import took {run.tally.line()}")
    return took


def _by_command(ground: Ground, path: Path) -> tuple[float, float]:
    """The largest resident size of the command in megabytes, and its seconds."""
    return ground.watched("imports", "run", "claims-xml", str(path), "--yes")


def write_file(path: Path, people: list[str], megabytes: int) -> int:
    """A file of at least so many megabytes, the same every time; returns its bytes."""
    with path.open("w", encoding="utf-8") as out:
        out.write(f"{_HEADING}<GIAMDINHHS><THONGTINDONVI><MACSKCB>91001</MACSKCB></THONGTINDONVI><THONGTINHOSO>")
        out.write("<NGAYLAP>20260116</NGAYLAP><DANHSACHHOSO>")
        for number, hoso in enumerate(_hosos(people)):
            out.write(hoso)
            if number % 50 == 0 and out.tell() > megabytes * _MB:
                break
        out.write("</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>")
    return path.stat().st_size


def _hosos(people: list[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        link = f"MAU{number:09}"
        parts = (_summary(link, people[number % len(people)]), _drugs(link), _services(link))
        files = (
            f"<FILEHOSO><LOAIHOSO>XML{kind}</LOAIHOSO><NOIDUNGFILE>"
            f"{base64.b64encode((_HEADING + part).encode()).decode()}</NOIDUNGFILE></FILEHOSO>"
            for kind, part in enumerate(parts, 1)
        )
        yield f"<HOSO>{''.join(files)}</HOSO>"


def _leaves(names: str, values: dict[str, str]) -> str:
    return "".join(f"<{name}>{values.get(name, '')}</{name}>" for name in names.split())


def _summary(link: str, ma_so: str) -> str:
    lines = DRUGS * 45_000 + SERVICES * 50_000
    values = {
        "MA_LK": link, "STT": "1", "MA_BN": link, "HO_TEN": "NGUYỄN THỊ MẪU", "NGAY_SINH": "198509040000", "GIOI_TINH": "2",
        "DIA_CHI": "Số 1 phố Mẫu, Phường Mẫu, Tỉnh An Giang", "MA_THE_BHYT": f"DN489{ma_so}", "MA_DKBD": "91001",
        "GT_THE_TU": "20260101", "GT_THE_DEN": "20261231", "LY_DO_VV": "Đau đầu, chóng mặt",
        "CHAN_DOAN_RV": "Tăng huyết áp vô căn (nguyên phát); Đái tháo đường típ 2", "MA_BENH_CHINH": "I10",
        "MA_BENH_KT": "E11.9", "NGAY_VAO": "202601150805", "NGAY_RA": "202601151030", "NGAY_TTOAN": "202601151030",
        "KET_QUA_DTRI": "2", "MA_LOAI_RV": "1", "T_TONGCHI_BV": f"{lines}", "T_TONGCHI_BH": f"{lines}",
        "T_BHTT": f"{lines * 8 // 10}", "T_BNCCT": f"{lines * 2 // 10}", "T_BNTT": "0", "T_NGUONKHAC": "0", "NAM_QT": "2026",
        "THANG_QT": "1", "MA_LOAI_KCB": "01", "MA_KHOA": "K01", "MA_CSKCB": "91001", "MA_TTDV": "9100000001",
    }  # fmt: skip
    return f"<TONG_HOP>{_leaves(_XML1, values)}</TONG_HOP>"


def _drugs(link: str) -> str:
    values = {
        "MA_LK": link, "MA_THUOC": "40.491", "MA_NHOM": "4", "TEN_THUOC": "Thuốc Mẫu 500mg", "DON_VI_TINH": "Viên",
        "LIEU_DUNG": "1 viên * 1 lần * 30 ngày", "TYLE_TT_BH": "100", "SO_LUONG": "30.000", "DON_GIA": "1500.000",
        "THANH_TIEN_BV": "45000.00", "THANH_TIEN_BH": "45000.00", "MUC_HUONG": "80", "T_BHTT": "36000.00",
        "T_BNCCT": "9000.00", "T_BNTT": "0", "NGAY_YL": "202601150830",
    }  # fmt: skip
    rows = f"<CHI_TIET_THUOC>{_leaves(_XML2, values)}</CHI_TIET_THUOC>" * DRUGS
    return f"<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>{rows}</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>"


def _services(link: str) -> str:
    values = {
        "MA_LK": link, "MA_DICH_VU": "02.1895", "MA_NHOM": "1", "TEN_DICH_VU": "Tổng phân tích tế bào máu mẫu",
        "DON_VI_TINH": "Lần", "SO_LUONG": "1.000", "DON_GIA_BV": "50000.000", "DON_GIA_BH": "50000.000", "TYLE_TT_DV": "100",
        "TYLE_TT_BH": "100", "THANH_TIEN_BV": "50000.00", "THANH_TIEN_BH": "50000.00", "MUC_HUONG": "80",
        "T_BHTT": "40000.00", "T_BNCCT": "10000.00", "T_BNTT": "0", "NGAY_YL": "202601150820", "NGAY_KQ": "202601150950",
    }  # fmt: skip
    rows = f"<CHI_TIET_DVKT>{_leaves(_XML3, values)}</CHI_TIET_DVKT>" * SERVICES
    return f"<CHITIEU_CHITIET_DVKT_VTYT><DSACH_CHI_TIET_DVKT>{rows}</DSACH_CHI_TIET_DVKT></CHITIEU_CHITIET_DVKT_VTYT>"


_XML1 = (
    "MA_LK STT MA_BN HO_TEN SO_CCCD NGAY_SINH GIOI_TINH NHOM_MAU MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI "
    "MATINH_CU_TRU MAHUYEN_CU_TRU MAXA_CU_TRU DIEN_THOAI MA_THE_BHYT MA_DKBD GT_THE_TU GT_THE_DEN NGAY_MIEN_CCT LY_DO_VV "
    "LY_DO_VNT MA_LY_DO_VNT CHAN_DOAN_VAO CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT MA_BENH_YHCT MA_PTTT_QT MA_DOITUONG_KCB "
    "MA_NOI_DI MA_NOI_DEN MA_TAI_NAN NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA GIAY_CHUYEN_TUYEN SO_NGAY_DTRI PP_DIEU_TRI "
    "KET_QUA_DTRI MA_LOAI_RV GHI_CHU NGAY_TTOAN T_THUOC T_VTYT T_TONGCHI_BV T_TONGCHI_BH T_BNTT T_BNCCT T_BHTT "
    "T_NGUONKHAC T_BHTT_GDV NAM_QT THANG_QT MA_LOAI_KCB MA_KHOA MA_CSKCB MA_KHUVUC CAN_NANG CAN_NANG_CON "
    "NAM_NAM_LIEN_TUC NGAY_TAI_KHAM MA_HSBA MA_TTDV DU_PHONG"
)
_XML2 = (
    "MA_LK STT MA_THUOC MA_PP_CHEBIEN MA_CSKCB_THUOC MA_NHOM TEN_THUOC DON_VI_TINH HAM_LUONG DUONG_DUNG DANG_BAO_CHE "
    "LIEU_DUNG CACH_DUNG SO_DANG_KY TT_THAU PHAM_VI TYLE_TT_BH SO_LUONG DON_GIA THANH_TIEN_BV THANH_TIEN_BH "
    "T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC MUC_HUONG T_BHTT T_BNCCT T_BNTT "
    "MA_KHOA MA_BAC_SI MA_DICH_VU NGAY_YL NGAY_TH_YL MA_PTTT NGUON_CTRA VET_THUONG_TP DU_PHONG"
)
_XML3 = (
    "MA_LK STT MA_DICH_VU MA_PTTT_QT MA_VAT_TU MA_NHOM GOI_VTYT TEN_VAT_TU TEN_DICH_VU MA_XANG_DAU DON_VI_TINH PHAM_VI "
    "SO_LUONG DON_GIA_BV DON_GIA_BH TT_THAU TYLE_TT_DV TYLE_TT_BH THANH_TIEN_BV THANH_TIEN_BH T_TRANTT MUC_HUONG "
    "T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC T_BHTT T_BNTT T_BNCCT MA_KHOA MA_GIUONG "
    "MA_BAC_SI NGUOI_THUC_HIEN MA_BENH MA_BENH_YHCT NGAY_YL NGAY_TH_YL NGAY_KQ MA_PTTT VET_THUONG_TP PP_VO_CAM "
    "VI_TRI_TH_DVKT MA_MAY MA_HIEU_SP TAI_SU_DUNG DU_PHONG"
)
