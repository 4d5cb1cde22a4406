"""Fields of papers in hospital files: the parts XML7–XML11 of a HOSO of QĐ 130, and the documents CT03–CT07."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.records.hospital.shapes import Hoso, Record, Shape
from vssid.records.hospital.values import LONGEST_LINK, Claim, Values, digest, persons_numbers, plain
from vssid.records.papers.rules import SHOWN, Form, NumberKind, PaperKind, Source, tells_of_hiv

# By our name: the elements that mean it, of the parts XML7–XML11 and of the documents CT03–CT07.
ELEMENTS = {
    "link": ("MA_LK",), "issued": ("NGAY_CT", "NGAY_CHUNG_TU"), "serial": ("SO_SERI",),
    "paper_number": ("SO_CT", "MA_CT", "MA_GCS"), "book_number": ("SO",), "book": ("QUYEN_SO",), "file": ("SO_LUU_TRU",),
    "code": ("MA_BHXH", "MA_BHXH_NND"), "card": ("MA_THE_BHYT", "MA_THE", "MA_THE_NND"),
    "paper": ("SO_CCCD", "SO_CCCD_NND"), "name": ("HO_TEN",), "health_code": ("MA_YTE",),
    "department": ("MA_KHOA_RV", "MA_KHOA"), "admitted": ("NGAY_VAO",), "discharged": ("NGAY_RA",),
    "care": ("MA_LOAI_KCB",), "reason": ("LYDO_VVIEN",), "diagnosis_in": ("CHAN_DOAN_VAO",),
    "diagnosis": ("CHAN_DOAN_RV", "CHAN_DOAN_RA", "CHAN_DOAN", "CHANDOAN_DIEUTRI"),
    "icd_code": ("BENHICD10_ID", "BENH_ICD10_ID"),
    "icd_name": ("TENBENHICD10", "TENBENHNICD10", "BENH_ICD10_TEN"), "treatment": ("PP_DIEUTRI",),
    "ended": ("MA_DINH_CHI_THAI", "DINH_CHI_THAI_NGHEN"), "ended_why": ("NGUYENNHAN_DINHCHI",),
    "ended_at": ("THOIGIAN_DINHCHI",), "weeks": ("TUOI_THAI",), "days": ("SO_NGAY_NGHI", "SO_NGAY"),
    "from_date": ("TU_NGAY", "NGOAITRU_TUNGAY"), "to_date": ("DEN_NGAY", "NGOAITRU_DENNGAY"),
    "father": ("HO_TEN_CHA",), "mother": ("HO_TEN_ME",), "guardian": ("NGUOI_GIAM_HO",),
    "employer": ("DON_VI", "TEN_DVI"), "note": ("GHI_CHU",), "history": ("TIEN_SU_BENH",),
    "signs": ("DAU_HIEU_LAM_SANG",), "course": ("QT_BENHLY",), "findings": ("TOMTAT_KQ",), "medical": ("NOI_KHOA",),
    "surgery": ("PHAU_THUAT_THU_THUAT",), "result": ("KET_QUA_DTRI",), "state": ("TT_RAVIEN",),
    "plan": ("HUONG_DIEU_TRI",), "child_born": ("NGAY_SINHCON",), "child_died": ("NGAY_CONCHET", "NGAY_CHETCON"),
    "children_died": ("SO_CONCHET",), "bearer": ("HO_TEN_NND", "HOTEN_NND"), "home": ("NOI_CU_TRU_NND",),
    "child": ("HO_TEN_CON", "TEN_CON"), "child_sex": ("GIOI_TINH_CON",), "child_at": ("NGAY_SINH_CON",),
    "child_weight": ("CAN_NANG_CON",), "child_place": ("NOI_SINH_CON",), "child_state": ("TINH_TRANG_CON",),
    "children": ("SO_CON",), "births": ("LAN_SINH",), "alive": ("SO_CON_SONG",), "caesarean": ("SINHCON_PHAUTHUAT",),
    "early": ("SINHCON_DUOI32TUAN",), "attendant": ("NGUOI_DO_DE",), "writer": ("NGUOI_GHI_PHIEU",),
    "care_number": ("SO_KCB",), "examined": ("NGAY_KCB",), "doctor": ("TEN_BS", "TEN_TRUONGKHOA", "TEN_NGUOI_HANH_NGHE"),
    "head": ("THU_TRUONG_DVI", "THU_TRUONG_DV", "NGUOI_DAI_DIEN"),
}  # fmt: skip
_FIELDS = frozenset(name for names in ELEMENTS.values() for name in names)
# A HOSO of QĐ 130 with its papers is read by this beside the shape of visits.
PARTS = Shape("GIAMDINHHS", whole=frozenset(kind.part for kind in PaperKind), whole_fields=_FIELDS)
DOCUMENTS = Shape(
    "HSCHUNGTU",
    whole=frozenset(kind.document for kind in PaperKind),
    whole_fields=_FIELDS,
    other_names={"GIAYCHUNGSINH": PaperKind.BIRTH.document},  # TT 25/2025
)
# What every part may have although it says nothing: hospitals send templates that were never filled in.
_EMPTY = frozenset({"MA_LK", "MA_BHXH", "MA_THE_BHYT"})
_SHORT, _LONG = 1_024, 20_000
_MOST = 99_999
_NUMBER_LENGTH = 200
_ORDER = {
    NumberKind.SERIAL: "serial", NumberKind.PAPER: "paper_number", NumberKind.BOOK: "book_number", NumberKind.FILE: "file",
    NumberKind.TREATMENT: "link",
}  # fmt: skip
# The number in the register of births is what the part and the document share.
_ORDER_OF_BIRTHS = {NumberKind.BOOK: "book_number", **_ORDER}


def parts_of(hoso: Hoso, visit: Claim, today: date) -> list[tuple[str, Label]]:
    """Put the papers of a visit's HOSO into its data, as `attached`, and the persons whom they name, as `beside`.

    Returns the problems as (element, words). A visit that tells of HIV has papers that do.
    """
    problems: list[tuple[str, Label]] = []
    attached: list[dict[str, Any]] = []
    for kind in PaperKind:
        for record in hoso.of(kind.part):
            if not _EMPTY.issuperset(record):
                attached.append(_paper(record, kind, Source.PART, today, problems))
    _part_keys(attached, problems)
    for one in attached:
        if one["link"] and one["link"] != visit.link:
            problems.append(("MA_LK", N_("Giấy kèm theo mang MA_LK khác với hồ sơ.")))
        one |= {"link": visit.link, "facility": visit.data.get("facility", "")}
        one["sensitive"] |= visit.data.get("sensitive", False)
    if attached:
        visit.data["attached"] = attached
        visit.data["beside"] = [[one["named_by"], one["people"], one["papers"]] for one in attached]
    return problems


def document_claim(hoso: Hoso, today: date) -> Claim:
    """What one HOSO of documents says: its papers, each with the person whom it names."""
    claim = Claim()
    values = Values({"MACSKCB": hoso.facility}, {"facility": ("MACSKCB",)})
    facility = values.facility("facility")
    if not hoso.facility:
        values.cells.wrong("MACSKCB", N_("Mục bắt buộc đang để trống."))
    claim.problems += values.cells.problems
    attached = []
    for kind in PaperKind:
        for record in hoso.of(kind.document):
            one = _paper(record, kind, Source.DOCUMENT, today, claim.problems) | {"facility": facility}
            if not one["people"] and not one["papers"]:
                claim.problems.append((one["named_by"], N_("Không có mã thẻ BHYT hay số CCCD đọc được.")))
            attached.append(one)
    if not attached:
        claim.problems.append(
            ("LOAIHOSO", N_("Không có giấy nào đọc được: phải có phần CT03, CT04, CT05, CT06 hoặc CT07."))
        )
    _part_keys(attached, claim.problems)
    claim.link = ", ".join(one["number"] for one in attached)[:_NUMBER_LENGTH]
    claim.data = {"attached": attached, "link": claim.link, "digest": digest({"attached": attached})}
    # Many papers have long keys together; the one of what is staged is short.
    claim.key = digest({"papers": sorted(f"{facility}|{one['kind']}|{one['number']}" for one in attached)})
    return claim


def _paper(
    record: Record, kind: PaperKind, source: Source, today: date, problems: list[tuple[str, Label]]
) -> dict[str, Any]:
    """One paper as it is staged: what it says by our names, its number, its dates, the persons whom it names."""
    values = Values(record, ELEMENTS)
    said = {name: plain(value) for name, value in _said(values, kind).items() if value not in (None, "")}
    issued = _day(values, "issued")
    dated = issued or _first_day(said)
    if dated is None:
        values.cells.wrong(values.element("issued"), N_("Mục bắt buộc đang để trống."))
    if issued is not None and issued > today:
        values.cells.wrong(values.element("issued"), N_("Ngày này chưa đến."))
    for first, last in (("from_date", "to_date"), ("admitted", "discharged")):
        if said.get(first, "")[:10] > said.get(last, "9")[:10]:
            values.cells.wrong(values.element(last), N_("Ngày kết thúc đứng trước ngày bắt đầu."))
    number_kind, number = _number(values, kind)
    link = values.text("link", LONGEST_LINK)
    people, papers = persons_numbers([values.text("code", 40), values.text("card", 400)], values.text("paper", 40))
    problems += values.cells.problems
    return {
        "kind": str(kind), "source": str(source), "link": link, "number": number,
        "number_kind": str(number_kind), "issued": plain(issued), "dated": plain(dated), "people": people,
        "papers": papers, "named_by": values.element("code" if people else "paper"), "said": said,
        "sensitive": tells_of_hiv(said),
    }  # fmt: skip


def _said(values: Values, kind: PaperKind) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, _label, form in SHOWN[kind]:
        if form is Form.LINES:
            said[name] = values.lines(name, _LONG)
        elif form is Form.DAY:
            said[name] = _day(values, name)
        elif form is Form.MOMENT:
            said[name] = values.moment(name)
        elif form is Form.COUNT:
            said[name] = values.whole(name, 0, _MOST)
        elif form is Form.CARE:
            code = values.text(name, 2)
            said[name] = code and code.zfill(2)
        else:
            said[name] = values.text(name, _SHORT if form is Form.TEXT else 1)
    return said


def _day(values: Values, name: str) -> date | None:
    moment = values.moment(name)
    return moment.date() if moment else None


def _first_day(said: dict[str, Any]) -> date | None:
    """The day under which a paper without a day of issue is filed."""
    known = (said.get(name) for name in ("discharged", "examined", "child_at", "from_date", "admitted"))
    return next((datetime.fromisoformat(text).date() for text in known if text), None)


def _number(values: Values, kind: PaperKind) -> tuple[NumberKind, str]:
    """The number by which a paper is known at its hospital, and what it is."""
    for number_kind, name in (_ORDER_OF_BIRTHS if kind is PaperKind.BIRTH else _ORDER).items():
        if number := values.text(name, _NUMBER_LENGTH):
            if number_kind is NumberKind.BOOK and (book := values.text("book", _NUMBER_LENGTH)):
                number = f"{number}/{book}"
            return number_kind, number
    values.cells.wrong(
        values.element("serial"), N_("Giấy không có số nào: số seri, số chứng từ, số lưu trữ hay MA_LK.")
    )
    return NumberKind.TREATMENT, ""


def _part_keys(attached: Iterable[dict[str, Any]], problems: list[tuple[str, Label]]) -> None:
    """Tell papers apart that have no number of their own (twins), and refuse two with one number."""
    seen: dict[tuple[str, str], int] = {}
    for one in attached:
        key = one["kind"], one["number"]
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1 and one["number"]:
            if one["kind"] == PaperKind.BIRTH and one["number_kind"] == NumberKind.TREATMENT:
                one["number"] += f" ({seen[key]})"
            else:
                words = N_("Trong hồ sơ có hai giấy cùng loại mang số %(number)s.", number=one["number"])
                problems.append((one["kind"].upper(), words))
