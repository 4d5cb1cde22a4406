"""What estimates are made of: dated figures of the law, steps that show how a number came about, refusals. Pure.

No figure stands in the code: a formula asks for each by its code, and what it asked for is shown with its source. Money is
Decimal, in đồng; a result is rounded to whole đồng once, at its step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from vssid.directory.rules import number_of
from vssid.kernel.labels import N_, Label, Np_, Refused

MONTHS = 12
# A formula as it is read aloud: numbers, signs and words in their order.
Parts = tuple[Decimal | Label | str, ...]


class Kind(StrEnum):
    """The estimates, as their addresses name them."""

    HOUSEHOLD = "bhyt-ho-gia-dinh"
    VOLUNTARY = "bhxh-tu-nguyen"
    AVERAGE = "muc-binh-quan"
    ONE_TIME = "bhxh-mot-lan"
    PENSION = "luong-huu"
    MATERNITY = "thai-san"
    SICKNESS = "om-dau"

    @property
    def label(self) -> Label:
        """Its title."""
        return _TITLES[self]

    @property
    def lesson(self) -> Label:
        """What it tells."""
        return _LESSONS[self]

    @property
    def own(self) -> Label:
        """What fills its form."""
        if self is Kind.HOUSEHOLD:
            return N_("Lấy số người của hộ trong sổ bộ")
        return N_("Lấy từ quá trình tham gia của bạn")


_TITLES = {
    Kind.HOUSEHOLD: N_("Ước tính: BHYT hộ gia đình"),
    Kind.VOLUNTARY: N_("Ước tính: BHXH tự nguyện"),
    Kind.AVERAGE: N_("Ước tính: mức bình quân tiền lương"),
    Kind.ONE_TIME: N_("Ước tính: BHXH một lần"),
    Kind.PENSION: N_("Ước tính: lương hưu"),
    Kind.MATERNITY: N_("Ước tính: trợ cấp thai sản"),
    Kind.SICKNESS: N_("Ước tính: trợ cấp ốm đau"),
}
_LESSONS = {
    Kind.HOUSEHOLD: N_("Cả nhà đóng bao nhiêu cho 3, 6 hoặc 12 tháng."),
    Kind.VOLUNTARY: N_("Mỗi tháng đóng bao nhiêu, Nhà nước hỗ trợ bao nhiêu."),
    Kind.AVERAGE: N_("Cần cho lương hưu và BHXH một lần: tính từ các giai đoạn đã đóng."),
    Kind.ONE_TIME: N_("Nhận một lần được khoảng bao nhiêu."),
    Kind.PENSION: N_("Khi nào đủ tuổi, tỷ lệ hưởng và số tiền mỗi tháng."),
    Kind.MATERNITY: N_("Tiền nghỉ sinh con và trợ cấp một lần."),
    Kind.SICKNESS: N_("Tiền những ngày nghỉ ốm."),
}


@dataclass(frozen=True)
class Figure:
    """A figure of the law: its value, the first day on which it holds, and where it stands."""

    code: str
    value: str
    since: date
    source: str


class NoFigure(Refused):
    """The law of a day has no such figure, or none was entered here. `code` says which."""

    def __init__(self, code: str, day: date) -> None:
        """In words, with the name of the figure."""
        words = N_("Chưa tính được: chưa có số liệu “%(name)s” cho ngày %(day)s. Hãy hỏi cơ quan BHXH.")
        super().__init__(Label(str(words), name=name_of(code), day=day))
        self.code, self.day = code, day


@dataclass
class Figures:
    """The figures that hold on `day`; `used` are those that a formula asked for, in its order.

    `borrowed` is the year of the coefficients, where those of the day are missing and somebody chose the newest ones.
    """

    day: date
    known: Mapping[str, Figure]
    used: dict[str, Figure] = field(default_factory=dict)
    borrowed: int | None = None

    def number(self, code: str) -> Decimal:
        """A figure as a number. Raises NoFigure when the law of that day has none, or none that was entered here."""
        found = self.known.get(code)
        value = number_of(code, found.value) if found else None
        if found is None or value is None:
            raise NoFigure(code, self.day)
        self.used[code] = found
        return value

    @property
    def deviation(self) -> tuple[Label, ...]:
        """What must be said of a result into which coefficients of another year went."""
        if self.borrowed is None:
            return ()
        words = N_("Hệ số của năm %(year)s, bảng mới nhất có trong hệ thống; kết quả sẽ lệch.", year=self.borrowed)
        return (words,)


@dataclass(frozen=True)
class Step:
    """One line of the reckoning: what, how, and the result in `unit` (đồng unless it says otherwise)."""

    what: Label
    how: Parts
    result: Decimal
    unit: Label

    @property
    def said(self) -> Label:
        """The result with its unit, money in whole đồng."""
        if self.unit == YEARS:
            return in_whole_years(self.result)
        return Label(self.unit, None, amount=dong(self.result) if self.unit == DONG else self.result)

    @property
    def plain(self) -> bool:
        """Whether there is nothing to reckon: one number, which is the result."""
        return len(self.how) == 1 and self.how[0] == self.result


@dataclass(frozen=True)
class Outcome:
    """What came out: the answer, the steps to it, and what must be known beside it."""

    answer: Step
    steps: tuple[Step, ...]
    notes: tuple[Label, ...] = ()

    def beside(self, *notes: Label) -> "Outcome":
        """The same with more to be known, first."""
        return replace(self, notes=(*notes, *self.notes))


# One of a thing is said apart, and number and word stand in one text: languages differ in both.
def in_months(count: Decimal | int) -> Label:
    """So many months."""
    return N_("1 tháng") if count == 1 else N_("%(months)s tháng", months=count)


def in_odd_months(count: Decimal | int) -> Label:
    """So many months beyond whole years."""
    return N_("1 tháng lẻ") if count == 1 else N_("%(months)s tháng lẻ", months=count)


def in_whole_years(count: Decimal | int) -> Label:
    """So many years, possibly with a half."""
    return N_("1 năm") if count == 1 else N_("%(years)s năm", years=count)


def in_days(count: Decimal | int) -> Label:
    """So many days."""
    return N_("1 ngày") if count == 1 else N_("%(days)s ngày", days=count)


def in_children(count: Decimal | int) -> Label:
    """So many children."""
    return N_("1 con") if count == 1 else N_("%(count)s con", count=count)


def in_persons(count: Decimal | int) -> Label:
    """So many persons of a household: two or more."""
    return Np_("formula", "%(count)s người", count=count)


DONG = N_("%(amount)s đồng")
YEARS = N_("%(amount)s năm")
PERCENT = N_("%(amount)s%%")


def dong(amount: Decimal) -> Decimal:
    """Whole đồng, halves up."""
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def money(what: Label, how: Parts, amount: Decimal) -> Step:
    """A step whose result is money."""
    return Step(what, how, dong(amount), DONG)


def added(steps: Iterable[Step]) -> Parts:
    """The sum of results as a formula."""
    parts: list[Decimal | Label | str] = []
    for step in steps:
        parts += ["+", step.result] if parts else [step.result]
    return tuple(parts)


def credited_years(months: int) -> Decimal:
    """Years of contributions as benefits count them: 1–6 odd months are half a year, 7–11 a whole one."""
    years, odd = divmod(months, MONTHS)
    return years + (Decimal(0) if not odd else Decimal("0.5") if odd <= MONTHS // 2 else Decimal(1))


def in_years(what: Label, how: Parts, years: Decimal) -> Step:
    """A step whose result is a length of time."""
    return Step(what, how, years, YEARS)


COEFFICIENT = "he_so_truot_gia."
_NAMES: dict[str, Label] = {
    "luong_co_so": N_("Mức lương cơ sở (mức tham chiếu)"),
    "bhyt.ty_le_dong": N_("Tỷ lệ đóng BHYT (%)"),
    "bhyt.gian_doan": N_("Số ngày gián đoạn nhiều nhất mà thẻ vẫn nối tiếp"),
    "bhyt.cho": N_("Số ngày chờ của thẻ mới"),
    "bhxh_tn.ty_le": N_("Tỷ lệ đóng BHXH tự nguyện (%)"),
    "bhxh_tn.chuan_ngheo": N_("Chuẩn nghèo khu vực nông thôn"),
    "bhxh_tn.tran_lan": N_("Mức cao nhất: số lần mức tham chiếu"),
    "bhxh_tn.ho_tro_thang": N_("Số tháng được hỗ trợ nhiều nhất"),
    "mot_lan.truoc_2014": N_("Số tháng lương cho mỗi năm trước 2014"),
    "mot_lan.tu_2014": N_("Số tháng lương cho mỗi năm từ 2014"),
    "mot_lan.duoi_1_nam_ty_le": N_("Đóng chưa đủ một năm: tỷ lệ (%)"),
    "mot_lan.duoi_1_nam_tran": N_("Đóng chưa đủ một năm: cao nhất bao nhiêu tháng lương"),
    "mot_lan.nam_toi_da": N_("Số năm đóng từ đó không nhận một lần"),
    "huu_tri.nam_toi_thieu": N_("Số năm đóng ít nhất để có lương hưu"),
    "huu_tri.ty_le_goc": N_("Tỷ lệ ở mốc đầu (%)"),
    "huu_tri.nam_goc.nu": N_("Mốc đầu của nữ (năm)"),
    "huu_tri.nam_goc.nam": N_("Mốc đầu của nam (năm)"),
    "huu_tri.ty_le_15_nam.nam": N_("Tỷ lệ của nam đóng 15 năm (%)"),
    "huu_tri.buoc_duoi_20.nam": N_("Thêm mỗi năm của nam dưới 20 năm (%)"),
    "huu_tri.ty_le_them": N_("Thêm mỗi năm (%)"),
    "huu_tri.ty_le_toi_da": N_("Tỷ lệ cao nhất (%)"),
    "huu_tri.giam_moi_nam": N_("Giảm mỗi năm nghỉ trước tuổi (%)"),
    "huu_tri.giam_nua_nam": N_("Giảm khi nghỉ trước tuổi từ 6 đến 11 tháng lẻ (%)"),
    "huu_tri.mot_lan_vuot": N_("Trợ cấp một lần cho mỗi năm vượt (tháng lương)"),
    "huu_tri.tuoi_nam_goc": N_("Năm bắt đầu lộ trình tuổi nghỉ hưu"),
    "thai_san.ty_le": N_("Tỷ lệ hưởng thai sản (%)"),
    "thai_san.thang": N_("Số tháng nghỉ sinh con"),
    "thai_san.thang_them": N_("Số tháng thêm cho mỗi con từ con thứ hai"),
    "thai_san.tro_cap_lan": N_("Trợ cấp một lần mỗi con: số lần mức tham chiếu"),
    "om_dau.ty_le": N_("Tỷ lệ hưởng ốm đau (%)"),
    "om_dau.ngay_thang": N_("Số ngày chia trong tháng"),
    "om_dau.moc_nam.thu_nhat": N_("Số năm đóng từ đó được nghỉ ốm nhiều ngày hơn, mốc thứ nhất"),
    "om_dau.moc_nam.thu_hai": N_("Số năm đóng từ đó được nghỉ ốm nhiều ngày hơn, mốc thứ hai"),
}
_FAMILIES: dict[str, Label] = {
    "bhyt.muc_dong.": N_("Phần phải đóng của người thứ 1 đến thứ 5 trong hộ (%)"),
    "om_dau.ngay_nam.": N_("Số ngày nghỉ ốm nhiều nhất trong năm"),
    "bhxh_tn.ho_tro.": N_("Phần Nhà nước hỗ trợ (%)"),
    "huu_tri.tuoi_dau.": N_("Tuổi nghỉ hưu lúc đầu lộ trình (tháng)"),
    "huu_tri.tuoi_buoc.": N_("Tuổi nghỉ hưu tăng mỗi năm (tháng)"),
    "huu_tri.tuoi_cuoi.": N_("Tuổi nghỉ hưu lúc cuối lộ trình (tháng)"),
}


def name_of(code: str) -> Label:
    """What a figure is called."""
    if code.startswith(COEFFICIENT):
        return N_("Hệ số trượt giá của tiền lương năm %(year)s", year=code.removeprefix(COEFFICIENT))
    family = next((label for start, label in _FAMILIES.items() if code.startswith(start)), None)
    return family or _NAMES[code]
