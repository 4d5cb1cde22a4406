"""Fields of a visit in hospital files: the names of QĐ 4210 beside those of 130/4750/3176, and what they say together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.records.hospital.shapes import Hoso, Shape
from vssid.records.hospital.values import ZERO, Claim, Values, digest, persons_numbers, plain
from vssid.records.visits.rules import TOTALS, Part, Sums, contradictions, is_sensitive

# By our name: the element of today, then those that meant the same in QĐ 4210 or stand in for it when it is empty.
VISIT = {
    "link": ("MA_LK",), "card": ("MA_THE_BHYT", "MA_THE"), "paper": ("SO_CCCD",), "facility": ("MA_CSKCB",),
    "kind": ("MA_LOAI_KCB",), "reason": ("LY_DO_VV",), "admitted": ("NGAY_VAO",), "discharged": ("NGAY_RA",),
    "department": ("MA_KHOA",), "code": ("MA_BENH_CHINH", "MA_BENH"), "others": ("MA_BENH_KT", "MA_BENHKHAC"),
    "diagnosis": ("CHAN_DOAN_RV", "TEN_BENH", "CHAN_DOAN_VAO"), "result": ("KET_QUA_DTRI",),
    "discharge": ("MA_LOAI_RV", "TINH_TRANG_RV"), "object": ("MA_DOITUONG_KCB", "MA_LYDO_VVIEN"),
    "paid": ("NGAY_TTOAN",), "year": ("NAM_QT",), "month": ("THANG_QT",), "hospital": ("T_TONGCHI_BV", "T_TONGCHI"),
    "insurance": ("T_TONGCHI_BH",), "fund": ("T_BHTT",), "copay": ("T_BNCCT",), "own": ("T_BNTT",),
    "other": ("T_NGUONKHAC",), "drugs": ("T_THUOC",), "materials": ("T_VTYT",),
}  # fmt: skip
LINE = {
    "link": ("MA_LK",), "group": ("MA_NHOM",), "unit": ("DON_VI_TINH",), "quantity": ("SO_LUONG",),
    "price": ("DON_GIA_BV", "DON_GIA", "DON_GIA_BH"), "rate": ("TYLE_TT_BH", "TYLE_TT"), "level": ("MUC_HUONG",),
    "hospital": ("THANH_TIEN_BV", "THANH_TIEN"), "insurance": ("THANH_TIEN_BH", "THANH_TIEN"), "fund": ("T_BHTT",),
    "copay": ("T_BNCCT",), "own": ("T_BNTT",), "other": ("T_NGUONKHAC",),
}  # fmt: skip
NAMED = {
    Part.DRUG: (("MA_THUOC",), ("TEN_THUOC",)),
    Part.SERVICE: (("MA_DICH_VU",), ("TEN_DICH_VU",)),
    Part.MATERIAL: (("MA_VAT_TU",), ("TEN_VAT_TU", "TEN_DICH_VU")),
}
# Of the visit (XML1), its drugs (XML2), its services and materials (XML3); the element of one record is named.
SHAPE = Shape(
    "GIAMDINHHS",
    named={"TONG_HOP": "XML1", "CHI_TIET_THUOC": "XML2", "CHI_TIET_DVKT": "XML3"},
    fields=frozenset(
        name
        for names in (*VISIT.values(), *LINE.values(), *(names for pair in NAMED.values() for names in pair))
        for name in names
    ),
)
REQUIRED = ("link", "facility", "admitted", "discharged", "code", "hospital", "fund")
_MONEY = ("hospital", "insurance", "fund", "copay", "own", "other")
_OPTIONAL = ("T_TONGCHI_BH", "T_THUOC", "T_VTYT")
_THOUSANDTH = Decimal("0.001")
_MOST_OTHERS = 12 * 20


def claim_of(hoso: Hoso, today: date) -> Claim:
    """What the parts XML1, XML2 and XML3 of one HOSO say."""
    claim = Claim()
    summaries = hoso.of("XML1")
    if len(summaries) != 1:
        words = N_("Có hơn một phần tổng hợp (XML1).") if summaries else N_("Thiếu phần tổng hợp (XML1).")
        claim.problems.append(("XML1", words))
        return claim
    # The sender's code, for files whose XML1 names none.
    record = {**({"MA_CSKCB": hoso.facility} if hoso.facility else {}), **summaries[0]}
    visit = Values(record, VISIT)
    data = _visit(visit, today)
    lines = [
        _line(one, drug, data["link"], claim)
        for drug, kind in ((True, "XML2"), (False, "XML3"))
        for one in hoso.of(kind)
    ]
    totals = Sums(**{name: visit.number(name) for name, _element in TOTALS})
    claim.problems += visit.cells.problems
    if not claim.problems:
        claim.problems += _contradictions(totals, lines, record)
    if "T_TONGCHI_BH" not in record:
        # QĐ 4210 has no total within the insurance's scope: it is what the fund and the patient share.
        totals = replace(totals, insurance=totals.fund + totals.copay)
    data |= {name: getattr(totals, name) for name in _MONEY}
    shown = (data["diagnosis"], data["reason"], *(line["name"] for line in lines))
    data["sensitive"] = is_sensitive((data["code"], data["others"]), shown)
    claim.link, claim.key = data["link"], f"{data['facility']}|{data['link']}"
    claim.data = {name: plain(value) for name, value in data.items()}
    claim.data["lines"] = [[plain(value) for value in line.values()] for line in lines]
    claim.data["digest"] = digest(claim.data)
    return claim


def _visit(values: Values, today: date) -> dict[str, Any]:
    for name in REQUIRED:
        element = values.element(name)
        if not values.cells.text(element, 20_000):
            values.cells.wrong(element, N_("Mục bắt buộc đang để trống."))
    admitted, discharged = values.moment("admitted"), values.moment("discharged")
    paid = values.moment("paid")
    if admitted and discharged and _before(discharged, admitted):
        values.cells.wrong("NGAY_RA", N_("Ngày ra đứng trước ngày vào."))
    if admitted and paid and _before(paid, admitted):
        values.cells.wrong("NGAY_TTOAN", N_("Ngày thanh toán đứng trước ngày vào."))
    if admitted and admitted.date() > today:
        values.cells.wrong("NGAY_VAO", N_("Ngày này chưa đến."))
    elif discharged and discharged.date() > today + timedelta(days=1):
        values.cells.wrong("NGAY_RA", N_("Ngày này chưa đến."))
    people, papers = _identity(values)
    kind = values.text("kind", 2)
    data: dict[str, Any] = {
        "link": values.text("link", 100), "facility": values.facility("facility"), "people": people, "papers": papers,
        "kind": kind and kind.zfill(2), "reason": values.text("reason", 2_000),
        "admitted": admitted, "discharged": discharged, "department": values.text("department", 50),
        "code": values.text("code", 20), "diagnosis": values.text("diagnosis", 20_000),
        "others": ";".join(part.strip() for part in values.text("others", _MOST_OTHERS).split(";") if part.strip()),
        "result": values.text("result", 1), "discharge": values.text("discharge", 1), "object": values.text("object", 10),
        "paid": paid, "year": values.whole("year", 2000, 2200), "month": values.whole("month", 1, 12),
    }  # fmt: skip
    return data


def _before(one: datetime, other: datetime) -> bool:
    """Whether `one` is earlier; a moment without a time of day may be any time of its day."""
    return one.date() < other.date() or (one < other and one.time() != time(0))


def _identity(values: Values) -> tuple[list[str], list[str]]:
    people, papers = persons_numbers([values.text("card", 400)], values.text("paper", 40))
    if not people and not papers:
        values.cells.wrong("MA_THE_BHYT", N_("Không có mã thẻ BHYT hay số CCCD đọc được."))
    return people, papers


def _line(record: dict[str, str], drug: bool, link: str, claim: Claim) -> dict[str, Any]:
    part = Part.DRUG if drug else Part.MATERIAL if "MA_VAT_TU" in record else Part.SERVICE
    codes, names = NAMED[part]
    values = Values(record, {**LINE, "code": codes, "name": names})
    data: dict[str, Any] = {
        "part": str(part), "group": values.text("group", 2), "code": values.text("code", 255),
        "name": values.text("name", 2_000), "unit": values.text("unit", 50),
        "quantity": values.number("quantity", _THOUSANDTH), "price": values.number("price", _THOUSANDTH),
        "rate": values.whole("rate", 0, 100), "level": values.whole("level", 0, 100),
        **{name: values.number(name) for name in _MONEY},
    }  # fmt: skip
    data["name"] = data["name"] or data["code"]
    if not data["name"]:
        values.cells.wrong(names[0], N_("Mục bắt buộc đang để trống."))
    if link and (own := values.text("link", 100)) and own != link:
        values.cells.wrong("MA_LK", N_("Dòng chi phí mang MA_LK khác với hồ sơ."))
    claim.problems += values.cells.problems
    return data


def _contradictions(totals: Sums, lines: list[dict[str, Any]], record: Mapping[str, str]) -> list[tuple[str, Label]]:
    summed = {name: sum((line[name] for line in lines), ZERO) for name in _MONEY}
    for name, part in (("drugs", Part.DRUG), ("materials", Part.MATERIAL)):
        summed[name] = sum((line["hospital"] for line in lines if line["part"] == part), ZERO)
    named = frozenset(element for _name, element in TOTALS if element in record or element not in _OPTIONAL)
    return contradictions(totals, Sums(**summed), len(lines), named)
