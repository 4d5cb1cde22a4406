"""The five papers of TT 56/2017 and TT 25/2025: what each says, in which order, and which need an extra step. Pure."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from vssid.kernel.labels import N_, Label
from vssid.records.visits.rules import is_sensitive

PAPERS_A_PAGE = 20
SIGNS_A_ROW = 1_024
# A code within running text: "J18.9 - Viêm phổi". Only whole ones, for there are blood groups and vitamins beside them.
_CODE = re.compile(r"\b[A-Z][0-9]{2}(?:\.[0-9]{1,2})?\b")


class Tag(StrEnum):
    """What the audit calls a guardian's looks at papers, and anybody's print of one."""

    LISTED = "papers.listed"
    SEEN = "paper.seen"
    PRINTED = "paper.printed"


# What the person is told of; only a guardian's looks are noted, a print of theirs as a look too.
SEEN = {
    Tag.LISTED: N_("Xem danh sách giấy tờ khám chữa bệnh"),
    Tag.SEEN: N_("Xem một giấy tờ khám chữa bệnh"),
}


class PaperKind(StrEnum):
    """The kinds of papers, by their official names (LOAIHOSO CT03…CT07, the parts XML7…XML11)."""

    DISCHARGE = "ct03"
    SUMMARY = "ct04"
    BIRTH = "ct05"
    PREGNANCY_LEAVE = "ct06"
    SICK_LEAVE = "ct07"

    @property
    def label(self) -> Label:
        """Its name."""
        return _KINDS[self][0]

    @property
    def part(self) -> str:
        """The part of a HOSO of QĐ 130 that holds it."""
        return _KINDS[self][1]

    @property
    def document(self) -> str:
        """LOAIHOSO of the document that is sent by itself."""
        return self.value.upper()


_KINDS = {
    PaperKind.DISCHARGE: (N_("Giấy ra viện"), "XML7"),
    PaperKind.SUMMARY: (N_("Tóm tắt hồ sơ bệnh án"), "XML8"),
    PaperKind.BIRTH: (N_("Giấy chứng sinh"), "XML9"),
    PaperKind.PREGNANCY_LEAVE: (N_("Giấy chứng nhận nghỉ dưỡng thai"), "XML10"),
    PaperKind.SICK_LEAVE: (N_("Giấy chứng nhận nghỉ việc hưởng BHXH"), "XML11"),
}


class NumberKind(StrEnum):
    """What the number of a paper is: the key is taken from the first of these that the paper has."""

    SERIAL = "so_seri"
    PAPER = "so_ct"
    BOOK = "so"
    FILE = "so_luu_tru"
    TREATMENT = "ma_lk"

    @property
    def label(self) -> Label:
        """What it is called."""
        return _NUMBERS[self]


_NUMBERS = {
    NumberKind.SERIAL: N_("Số seri"),
    NumberKind.PAPER: N_("Số chứng từ"),
    NumberKind.BOOK: N_("Số"),
    NumberKind.FILE: N_("Số lưu trữ"),
    NumberKind.TREATMENT: N_("Mã đợt điều trị"),
}


class Form(StrEnum):
    """How the value of a field is read and shown."""

    TEXT = "text"
    LINES = "lines"
    DAY = "day"
    MOMENT = "moment"
    COUNT = "count"
    YES = "yes"
    SEX = "sex"
    RESULT = "result"
    CARE = "care"


class Field(NamedTuple):
    """One thing that a paper says: our name for it, its words, its form."""

    name: str
    label: Label
    form: Form = Form.TEXT


_NAME = Field("name", N_("Họ và tên ghi trên giấy"))
_FATHER, _MOTHER = Field("father", N_("Họ và tên cha")), Field("mother", N_("Họ và tên mẹ"))
_EMPLOYER = Field("employer", N_("Đơn vị làm việc"))
_CARE = Field("care", N_("Hình thức điều trị"), Form.CARE)
_DEPARTMENT, _FILE = Field("department", N_("Mã khoa")), Field("health_code", N_("Mã y tế"))
_IN, _OUT = Field("admitted", N_("Ngày vào"), Form.MOMENT), Field("discharged", N_("Ngày ra"), Form.MOMENT)
_DIAGNOSIS = Field("diagnosis", N_("Chẩn đoán"), Form.LINES)
_CODES = Field("icd_code", N_("Mã bệnh")), Field("icd_name", N_("Tên bệnh theo mã"))
_TREATMENT = Field("treatment", N_("Phương pháp điều trị"), Form.LINES)
_NOTE = Field("note", N_("Ghi chú"), Form.LINES)
_DAYS = Field("days", N_("Số ngày nghỉ"), Form.COUNT)
_FROM, _TO = Field("from_date", N_("Nghỉ từ ngày"), Form.DAY), Field("to_date", N_("Nghỉ đến ngày"), Form.DAY)
_WEEKS = Field("weeks", N_("Tuổi thai (tuần)"), Form.COUNT)
_ENDED = (
    Field("ended", N_("Đình chỉ thai nghén"), Form.YES),
    Field("ended_why", N_("Nguyên nhân đình chỉ thai nghén"), Form.LINES),
    Field("ended_at", N_("Thời điểm đình chỉ thai nghén"), Form.MOMENT),
)
_DOCTOR, _HEAD = Field("doctor", N_("Người hành nghề ký")), Field("head", N_("Thủ trưởng đơn vị"))

# The only fields that are kept: what is not shown is not read.
SHOWN: dict[PaperKind, tuple[Field, ...]] = {
    PaperKind.DISCHARGE: (
        _NAME, _FILE, _DEPARTMENT, _IN, _OUT, _DIAGNOSIS, *_CODES, _TREATMENT, *_ENDED, _WEEKS, _DAYS, _FROM, _TO,
        _FATHER, _MOTHER, _NOTE, _DOCTOR, _HEAD,
    ),
    PaperKind.SUMMARY: (
        _NAME, _CARE, _IN, _OUT, Field("reason", N_("Lý do vào viện"), Form.LINES),
        Field("diagnosis_in", N_("Chẩn đoán lúc vào viện"), Form.LINES), _DIAGNOSIS, *_CODES,
        Field("history", N_("Tiền sử bệnh"), Form.LINES), Field("signs", N_("Dấu hiệu lâm sàng"), Form.LINES),
        Field("course", N_("Quá trình bệnh lý và diễn biến"), Form.LINES),
        Field("findings", N_("Tóm tắt kết quả xét nghiệm"), Form.LINES), _TREATMENT,
        Field("medical", N_("Điều trị nội khoa"), Form.LINES), Field("surgery", N_("Phẫu thuật, thủ thuật"), Form.LINES),
        Field("result", N_("Kết quả điều trị"), Form.RESULT), Field("state", N_("Tình trạng khi ra viện"), Form.LINES),
        Field("plan", N_("Hướng điều trị tiếp"), Form.LINES), Field("child_born", N_("Ngày sinh con"), Form.DAY),
        Field("child_died", N_("Ngày con mất"), Form.DAY), Field("children_died", N_("Số con mất"), Form.COUNT),
        _FATHER, _MOTHER, Field("guardian", N_("Người giám hộ")), _EMPLOYER, _NOTE, _HEAD,
    ),
    PaperKind.BIRTH: (
        Field("bearer", N_("Họ và tên mẹ hoặc người nuôi dưỡng")), Field("home", N_("Nơi cư trú")), _FATHER,
        Field("child", N_("Tên dự định đặt cho con")), Field("child_sex", N_("Giới tính của con"), Form.SEX),
        Field("child_at", N_("Con sinh lúc"), Form.MOMENT), Field("child_weight", N_("Cân nặng của con (gam)"), Form.COUNT),
        Field("child_place", N_("Nơi sinh")), Field("child_state", N_("Tình trạng của con"), Form.LINES),
        Field("children", N_("Số con trong lần sinh này"), Form.COUNT), Field("births", N_("Lần sinh"), Form.COUNT),
        Field("alive", N_("Số con hiện sống"), Form.COUNT), Field("caesarean", N_("Sinh con phải phẫu thuật"), Form.YES),
        Field("early", N_("Sinh con dưới 32 tuần tuổi"), Form.YES), _NOTE, Field("attendant", N_("Người đỡ đẻ")),
        Field("writer", N_("Người ghi phiếu")), _HEAD,
    ),
    PaperKind.PREGNANCY_LEAVE: (
        _NAME, _EMPLOYER, Field("care_number", N_("Số khám chữa bệnh")), _IN, _OUT, _DIAGNOSIS, *_CODES, _WEEKS, _DAYS,
        _FROM, _TO, _DOCTOR, _HEAD,
    ),
    PaperKind.SICK_LEAVE: (
        _NAME, _EMPLOYER, Field("care_number", N_("Số khám chữa bệnh")), Field("examined", N_("Ngày khám"), Form.DAY),
        _DIAGNOSIS, *_CODES, _TREATMENT, *_ENDED[:2], _WEEKS, _DAYS, _FROM, _TO, _FATHER, _MOTHER, _DOCTOR, _HEAD,
    ),
}  # fmt: skip
SEXES = {"1": N_("Nam"), "2": N_("Nữ"), "3": N_("Chưa xác định")}
_DIAGNOSES = ("icd_code", "icd_name", "diagnosis", "diagnosis_in")


class Source(StrEnum):
    """How a paper came: as a part of a visit's HOSO, or by itself. The latter is the paper; the former only says the same."""

    PART = "phan"
    DOCUMENT = "chung_tu"


def combined(sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a paper says, by all deliveries of it: the document speaks first, whatever came last."""
    ordered = (sources.get(source, {}) for source in (Source.PART, Source.DOCUMENT))
    return {name: value for said in ordered for name, value in said.items() if value not in (None, "")}


def weight(papers: Iterable[Mapping[str, Any]]) -> int:
    """How many rows of ordinary length staged papers weigh: a summary may be a quarter of a million signs long."""
    return sum(1 + sum(map(len, _texts(one["said"]))) // SIGNS_A_ROW for one in papers)


def tells_of_hiv(said: Mapping[str, Any]) -> bool:
    """Whether anything that a paper says tells of HIV, by a code or in words."""
    texts = _texts(said)
    return is_sensitive([*_strings(said, _DIAGNOSES), *(code for text in texts for code in _CODE.findall(text))], texts)


def _texts(said: Mapping[str, Any]) -> list[str]:
    return [value for value in said.values() if isinstance(value, str)]


def _strings(said: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [str(said[name]) for name in names if said.get(name)]
