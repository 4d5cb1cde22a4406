"""Fields of hospital files and their values: the names of QĐ 4210 beside those of 130/4750/3176, dates, money, codes."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Cells
from vssid.records.visits.rules import TOTALS, ZERO, Part, Sums, contradictions, is_sensitive

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
FIELDS = frozenset(
    name
    for names in (*VISIT.values(), *LINE.values(), *(names for pair in NAMED.values() for names in pair))
    for name in names
)
REQUIRED = ("link", "facility", "admitted", "discharged", "code", "hospital", "fund")
_MONEY = ("hospital", "insurance", "fund", "copay", "own", "other")
_OPTIONAL = ("T_TONGCHI_BH", "T_THUOC", "T_VTYT")
_NUMBER = re.compile(r"\d{1,13}(?:\.\d{1,8})?", re.ASCII)
_CENT, _THOUSANDTH = Decimal("0.01"), Decimal("0.001")
_MOST_OTHERS = 12 * 20
_EARLIEST_YEAR = 1990  # health insurance begins in 1992
_AMOUNTS_BELOW = Decimal(10**12)  # fits every column, also when two of them are added up
_FACILITY = re.compile(r"[0-9]{2}[0-9A-Z]{3}")
_CARD = re.compile(r"[A-Z]{2}[0-9][0-9A-Z]{2}([0-9]{10})")
_MA_SO, _CCCD = re.compile(r"[0-9]{10}"), re.compile(r"[0-9]{12}")
_NUMBERS = {"": ZERO, "0": ZERO}
_BAD_NUMBER = N_("Không phải số: chỉ gồm chữ số, dấu chấm trước phần lẻ, không có dấu âm.")


@dataclass
class Claim:
    """One HOSO as it would be taken over; `data` is what is staged: plain values, money as text. Nothing holds with problems."""

    key: str = ""
    link: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, Label]] = field(default_factory=list)


class _Values:
    """The values of one record by our names; problems are named by the element that the file has."""

    def __init__(self, record: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> None:
        self.cells = Cells(record)
        self._record, self._names = record, names

    def element(self, name: str) -> str:
        """The element that stands for our name: the first that says something."""
        known = self._names[name]
        for one in known:
            if one in self._record:
                return one
        return known[0]

    def text(self, name: str, limit: int) -> str:
        return self.cells.text(self.element(name), limit)

    def number(self, name: str, places: Decimal = _CENT) -> Decimal:
        element = self.element(name)
        text = self._record.get(element, "")
        known = _NUMBERS.get(text)
        if known is not None:
            return known
        if not _NUMBER.fullmatch(text):
            self.cells.wrong(element, _BAD_NUMBER)
            return ZERO
        value = Decimal(text).quantize(places, ROUND_HALF_UP)
        if value >= _AMOUNTS_BELOW:
            self.cells.wrong(element, N_("Số phải nhỏ hơn %(most)s.", most="1.000.000.000.000"))
            return ZERO
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        element = self.element(name)
        text = self._record.get(element, "")
        if not text:
            return None
        value = Decimal(text) if _NUMBER.fullmatch(text) else None
        if value is None or not least <= value <= most:
            self.cells.wrong(element, N_("Phải là số từ %(least)s đến %(most)s.", least=least, most=most))
            return None
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """yyyyMMdd, yyyyMMddHHmm or with seconds, in the time of Viet Nam (naive here)."""
        element = self.element(name)
        text = self._record.get(element, "")
        if not text:
            return None
        try:
            if not text.isascii() or not text.isdigit() or len(text) not in (8, 12, 14):
                raise ValueError
            parts = [int(text[:4]), *(int(text[at : at + 2]) for at in range(4, min(len(text), 12), 2))]
            moment = datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - made aware when it is kept
        except ValueError:
            self.cells.wrong(
                element, N_("Thời điểm phải viết là năm, tháng, ngày, giờ, phút liền nhau, ví dụ 202601150805.")
            )
            return None
        if moment.year < _EARLIEST_YEAR:
            self.cells.wrong(element, N_("Năm phải từ %(year)s trở đi.", year=_EARLIEST_YEAR))
            return None
        return moment


def claim_of(records: Mapping[str, list[dict[str, str]]], facility: str, today: date) -> Claim:
    """What the records of one HOSO say; `facility` is the sender's code, for files whose XML1 names none."""
    claim = Claim()
    if len(records["XML1"]) != 1:
        words = N_("Có hơn một phần tổng hợp (XML1).") if records["XML1"] else N_("Thiếu phần tổng hợp (XML1).")
        claim.problems.append(("XML1", words))
        return claim
    record = {**({"MA_CSKCB": facility} if facility else {}), **records["XML1"][0]}
    visit = _Values(record, VISIT)
    data = _visit(visit, today)
    lines = [
        _line(one, drug, data["link"], claim)
        for drug, kind in ((True, "XML2"), (False, "XML3"))
        for one in records[kind]
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
    claim.data = {name: _plain(value) for name, value in data.items()}
    claim.data["lines"] = [[_plain(value) for value in line.values()] for line in lines]
    claim.data["digest"] = digest(claim.data)
    return claim


def _visit(values: _Values, today: date) -> dict[str, Any]:
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
        "link": values.text("link", 100), "facility": _facility(values), "people": people, "papers": papers,
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


def _facility(values: _Values) -> str:
    return values.cells.shaped(
        "MA_CSKCB", _FACILITY, N_("Mã cơ sở KCB gồm 5 ký tự: 2 chữ số rồi 3 chữ số hoặc chữ in hoa.")
    )


def _identity(values: _Values) -> tuple[list[str], list[str]]:
    """Mã số of the cards (several are joined by ;), and numbers of papers: those that have the form of one."""
    people, papers = [], []
    for card in values.text("card", 400).upper().split(";"):
        number = card.strip()
        if found := _CARD.fullmatch(number):
            people.append(found[1])
        elif _MA_SO.fullmatch(number):
            people.append(number)
        elif _CCCD.fullmatch(number):
            papers.append(number)
    paper = values.text("paper", 40).upper()
    if paper:
        papers.append(paper)
    if not people and not papers:
        values.cells.wrong("MA_THE_BHYT", N_("Không có mã thẻ BHYT hay số CCCD đọc được."))
    return list(dict.fromkeys(people)), list(dict.fromkeys(papers))


def _line(record: dict[str, str], drug: bool, link: str, claim: Claim) -> dict[str, Any]:
    part = Part.DRUG if drug else Part.MATERIAL if "MA_VAT_TU" in record else Part.SERVICE
    codes, names = NAMED[part]
    values = _Values(record, {**LINE, "code": codes, "name": names})
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


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def digest(data: Mapping[str, Any]) -> str:
    """What tells two deliveries of a HOSO apart."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
