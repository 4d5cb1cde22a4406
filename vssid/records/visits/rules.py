"""What the costs of a visit add up to, what they are called, and which visits need an extra step. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Np_
from vssid.records.rules import OF_AGE

VISITS_A_PAGE = 20
HIDDEN_FROM_AGE = 16  # HIV law 64/2006/QH11 as amended in 2020, article 30: from 16 on a guardian is not told
# Law on health insurance as amended by 51/2024/QH15, article 22: a year's co-pay above six times the reference level.
CEILING_TIMES = 6
NEWS_FOR = 60  # days: files that come later tell of what somebody has long known
ZERO = Decimal(0)

# Classified as HIV by ICD-10; R75, O98.7 and F02.4 name it as B20–B24 and Z21 do.
# Hospitals part codes as they like (I10,B20 or J18-B20) and write signs into them: a code is found wherever it stands.
_HIV_CODE = re.compile(r"B\W*2[0-4]|Z\W*21|R\W*75|O\W*98\W*7|F\W*02\W*4", re.IGNORECASE)
# HIV1, antiHIV and HIVAg tell of it as HIV does; names such as Hivert do not.
_HIV_WORD = re.compile(r"HIV(?!e)|\bAIDS\b|\bSIDA\b|suy\s+giảm\s+miễn\s+dịch\s+(?:mắc\s+phải|ở\s+người)", re.IGNORECASE)


class Tag(StrEnum):
    """What the audit calls a look at visits, and that somebody was told of new ones."""

    LISTED = "visits.listed"
    SEEN = "visit.seen"
    TAKEN = "visits.taken"
    PRINTED = "visits.printed"
    TOLD = "visits.told"


# What the person is told of; only a guardian's looks are noted.
SEEN = {Tag.LISTED: N_("Xem danh sách lần khám chữa bệnh"), Tag.SEEN: N_("Xem một lần khám chữa bệnh")}


class Part(StrEnum):
    """What a line of costs is for."""

    DRUG = "thuoc"
    SERVICE = "dich_vu"
    MATERIAL = "vat_tu"


class Group(StrEnum):
    """Groups of costs in the order in which they are shown."""

    CONSULTATION = "kham"
    LABORATORY = "xet_nghiem"
    IMAGING = "hinh_anh"
    PROCEDURE = "thu_thuat"
    DRUG = "thuoc"
    MATERIAL = "vat_tu"
    BED = "giuong"
    BLOOD = "mau"
    TRANSPORT = "van_chuyen"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """Its name."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    Group.CONSULTATION: N_("Tiền khám"),
    Group.LABORATORY: N_("Xét nghiệm"),
    Group.IMAGING: N_("Chẩn đoán hình ảnh, thăm dò chức năng"),
    Group.PROCEDURE: N_("Thủ thuật, phẫu thuật"),
    Group.DRUG: N_("Thuốc"),
    Group.MATERIAL: N_("Vật tư y tế"),
    Group.BED: N_("Giường bệnh"),
    Group.BLOOD: N_("Máu"),
    Group.TRANSPORT: N_("Vận chuyển"),
    Group.OTHER: N_("Chi phí khác"),
}
# MA_NHOM, annex 3 of QĐ 5937/QĐ-BYT.
_GROUPS = {
    "1": Group.LABORATORY, "2": Group.IMAGING, "3": Group.IMAGING, "4": Group.DRUG, "5": Group.DRUG, "6": Group.DRUG,
    "7": Group.BLOOD, "8": Group.PROCEDURE, "9": Group.PROCEDURE, "10": Group.MATERIAL, "11": Group.MATERIAL,
    "12": Group.TRANSPORT, "13": Group.CONSULTATION, "14": Group.BED, "15": Group.BED, "16": Group.BED,
    "17": Group.BLOOD, "18": Group.PROCEDURE,
}  # fmt: skip
_BY_PART = {Part.DRUG: Group.DRUG, Part.MATERIAL: Group.MATERIAL}

# KET_QUA_DTRI, MA_LOAI_RV and MA_LOAI_KCB of QĐ 4750.
RESULTS = {
    "1": N_("Khỏi"),
    "2": N_("Đỡ"),
    "3": Np_("treatment", "Không thay đổi"),
    "4": N_("Nặng hơn"),
    "5": N_("Tử vong"),
    "6": N_("Tiên lượng nặng, xin về"),
    "7": N_("Chưa xác định"),
}
DISCHARGES = {
    "1": N_("Ra viện"),
    "2": N_("Chuyển viện theo yêu cầu chuyên môn"),
    "3": N_("Tự ý rời viện"),
    "4": N_("Xin ra viện"),
    "5": N_("Chuyển viện theo yêu cầu người bệnh"),
}
KINDS = {
    "01": N_("Khám bệnh"),
    "02": N_("Điều trị ngoại trú"),
    "03": N_("Điều trị nội trú"),
    "04": N_("Điều trị nội trú ban ngày"),
    "09": N_("Điều trị nội trú dưới 4 giờ"),
}


def group_of(code: str, part: str) -> Group:
    """The group of a line: by MA_NHOM ('1'–'18'), or by what it is for when the hospital left that empty."""
    return _GROUPS.get(code.lstrip("0")) or _BY_PART.get(Part(part), Group.OTHER)


def is_sensitive(codes: Iterable[str], words: Iterable[str]) -> bool:
    """Whether a visit tells of HIV: by ICD-10 codes (each text may have several) or by anything that is shown in words."""
    return any(_HIV_CODE.search(code) for code in codes) or any(_HIV_WORD.search(text) for text in words)


def hidden_from_guardian(of_age: date, today: date) -> bool:
    """Whether a guardian is not told of the sensitive visits of somebody who is of age on a day: from sixteen on."""
    ahead = OF_AGE - HIDDEN_FROM_AGE
    # Who is of age on 1 March may be born on 29 February and be sixteen on one: rather a day early than a day late.
    month, day = (2, 29) if (of_age.month, of_age.day) == (3, 1) else (of_age.month, of_age.day)
    return (today.year + ahead, today.month, today.day) >= (of_age.year, month, day)


def is_news(discharged: date, today: date) -> bool:
    """Whether a visit that ended on a day is recent enough to be told of."""
    return (today - discharged).days <= NEWS_FOR


@dataclass(frozen=True)
class Sums:
    """The totals of a visit, or the sums of its lines, in đồng."""

    hospital: Decimal = ZERO
    insurance: Decimal = ZERO
    fund: Decimal = ZERO
    copay: Decimal = ZERO
    own: Decimal = ZERO
    other: Decimal = ZERO
    drugs: Decimal = ZERO
    materials: Decimal = ZERO


# The element of each total, and of the lines that it sums up.
TOTALS = (
    ("hospital", "T_TONGCHI_BV"), ("insurance", "T_TONGCHI_BH"), ("fund", "T_BHTT"), ("copay", "T_BNCCT"),
    ("own", "T_BNTT"), ("other", "T_NGUONKHAC"), ("drugs", "T_THUOC"), ("materials", "T_VTYT"),
)  # fmt: skip


def contradictions(totals: Sums, lines: Sums, count: int, named: frozenset[str]) -> list[tuple[str, Label]]:
    """Totals that differ from their `count` lines by more than 1 đồng a line, as (element, words).

    `named` are the elements to compare: those that may be absent are left out then. Where somebody else pays a share, QĐ 130
    takes T_BHTT of the visit as T_TONGCHI_BH − T_BNCCT, and of a line as what is left: either is right then.
    """
    wrong = []
    for name, element in TOTALS:
        total, summed = getattr(totals, name), getattr(lines, name)
        right = [summed]
        if name == "fund" and totals.other > 0:
            right.append(totals.insurance - totals.copay)
        if element in named and all(abs(total - one) > count for one in right):
            label = N_("Tổng ghi %(total)s, cộng các dòng được %(sum)s.", total=money(total), sum=money(summed))
            wrong.append((element, label))
    return wrong


def ceiling_day(year: int, today: date) -> date:
    """The day whose base salary makes the ceiling of a year: today, or the last day of a year that is over."""
    return min(today, date(year, 12, 31)) if year <= today.year else today


def money(amount: Decimal | int) -> str:
    """An amount of đồng as people write it, without the unit: 1.389.600 or 1.389.600,50."""
    whole, _point, part = f"{amount:.2f}".partition(".")
    text = f"{int(whole):,}".replace(",", ".")
    return text if part == "00" else f"{text},{part}"


@dataclass(frozen=True)
class Year:
    """One year of somebody's visits: how many, what they cost, what was paid by whom, in đồng; how many are sensitive."""

    year: int
    visits: int
    total: Decimal
    fund: Decimal
    copay: Decimal
    own: Decimal
    other: Decimal
    sensitive: int

    @property
    def patient(self) -> Decimal:
        """What the patient has paid: the share within the benefit and what lies outside of it."""
        return self.copay + self.own


def grouped(lines: Iterable[tuple[str, str, Decimal]]) -> Mapping[Group, tuple[list[int], Decimal]]:
    """Lines (MA_NHOM, part, amount) by their groups in order: positions of the lines, and the subtotal."""
    found: dict[Group, tuple[list[int], Decimal]] = {}
    for at, (code, part, amount) in enumerate(lines):
        group = group_of(code, part)
        positions, subtotal = found.get(group, ([], ZERO))
        found[group] = ([*positions, at], subtotal + amount)
    return {group: found[group] for group in Group if group in found}
