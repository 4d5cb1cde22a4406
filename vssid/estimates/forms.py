"""Shapes of the estimates' forms, which are asked by GET: an address is an estimate, and can prefill one."""

import re
from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import AnyOf, Optional, ValidationError

from vssid.estimates import average, leave, one_time, paying, pension
from vssid.estimates.rules import MONTHS, Figures, Kind, Outcome, in_months
from vssid.kernel.clock import today
from vssid.kernel.labels import Refused
from vssid.records import PartialDate, Sex
from vssid.web.forms import Choice, Form, line, paragraph, required
from vssid.web.i18n import say

MOST_AMOUNT = 10_000_000_000
LONGEST_AMOUNT, LONGEST_COUNT = 20, 4  # signs: what is longer is no number that anybody means, and int() refuses some
MOST_YEARS = 60
_GROUPED = re.compile(r"[0-9]+|[0-9]{1,3}(?:[.,  ][0-9]{3})+", re.ASCII)
_NOT_A_DIGIT = re.compile(r"[^0-9]")


def _whole(text: str | None) -> int:
    """What was typed as whole đồng or years; 0 for nothing. Valid input only."""
    return int(_NOT_A_DIGIT.sub("", text or "") or "0")


def _money(_form: Any, field: Field) -> None:
    readable = len(field.data) <= LONGEST_AMOUNT and _GROUPED.fullmatch(field.data)
    if not readable or not 0 < _whole(field.data) <= MOST_AMOUNT:
        raise ValidationError(_l("Hãy nhập số tiền bằng đồng, ví dụ 5.000.000."))


def amount(label: Any, name: str, needed: bool = True, **options: Any) -> Any:
    """A sum in whole đồng, with or without dots between thousands."""
    words = _l("Hãy nhập số tiền.") if needed else False
    return line(label, LONGEST_AMOUNT, words, _money, name=name, render_kw=_TYPED, **options)


_TYPED = {"inputmode": "numeric", "autocomplete": "off"}


def count(label: Any, name: str, least: int, most: int, needed: bool = True, **options: Any) -> Any:
    """A whole number between two; one that is not needed counts as 0 when left empty."""

    def check(_form: Any, field: Field) -> None:
        readable = len(field.data) <= LONGEST_COUNT and field.data.isascii() and field.data.isdecimal()
        if not readable or not least <= int(field.data) <= most:
            raise ValidationError(_l("Hãy nhập số từ %(least)s đến %(most)s.", least=least, most=most))

    words = _l("Hãy nhập số.") if needed else False
    return line(label, LONGEST_COUNT, words, check, name=name, render_kw=_TYPED, **options)


def _parsed(field: Field) -> PartialDate:
    try:
        return PartialDate.parse(field.data or "")
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from refusal


def _month(_form: Any, field: Field) -> None:
    found = _parsed(field)
    if found.month is None or found.day is not None:
        raise ValidationError(_l("Hãy nhập tháng và năm, ví dụ 07/1970."))


def month(label: Any, name: str, **options: Any) -> Any:
    """A month as mm/yyyy."""
    return line(label, 10, _l("Hãy nhập tháng và năm."), _month, name=name, render_kw=_TYPED, **options)


def _month_of(text: str | None) -> int:
    found = PartialDate.parse(text or "")
    return found.year * MONTHS + (found.month or 1) - 1


def _day(_form: Any, field: Field) -> None:
    if _parsed(field).day is None:
        raise ValidationError(_l("Hãy nhập đủ ngày, tháng, năm, ví dụ 01/07/2026."))


class EstimateForm(Form):
    """What all estimates ask: the day whose law is meant."""

    day = line(
        _l("Tính theo quy định ngày"),
        10,
        False,
        _day,
        name="ngay",
        description=_l("Ngày/tháng/năm. Để trống là hôm nay."),
        render_kw=_TYPED,
    )

    def on(self) -> date:
        """The day whose figures hold; call after validation."""
        return PartialDate.parse(self.day.data).first_day() if self.day.data else today()

    @property
    def takes_newest(self) -> bool:
        """Whether the newest coefficients may stand in for those of the day."""
        return False

    @property
    def needs_pause(self) -> bool:
        """Whether what was chosen holds only after twelve months without contributions."""
        return False

    @abstractmethod
    def outcome(self, figures: Figures) -> Outcome:
        """The estimate; call after validation. Raises Refused."""


NEWEST = "moi"  # what the hidden field says once somebody has pressed that choice


class RaisedForm(EstimateForm):
    """An estimate into which salaries go that were raised by coefficients."""

    newest = HiddenField(name="he_so", validators=[Optional(), AnyOf([NEWEST])])

    @property
    def takes_newest(self) -> bool:
        """Whether that was chosen."""
        return bool(self.newest.data)


class HouseholdForm(EstimateForm):
    """BHYT of a household."""

    members = count(_l("Số người cùng tham gia"), "so_nguoi", 1, paying.MOST_MEMBERS)
    months = Choice(_l("Đóng cho"), [required(_l("Chọn một mục."))], choices=[], default="12", name="so_thang")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every form; then the choices."""
        super().__init__(*args, **kwargs)
        self.months.choices = _terms(paying.TERMS)

    def outcome(self, figures: Figures) -> Outcome:
        """Each member and all together."""
        return paying.household(figures, int(self.members.data), int(self.months.data))


def _terms(terms: tuple[int, ...]) -> list[tuple[str, str]]:
    return [(str(months), say(in_months(months))) for months in terms]


class VoluntaryForm(EstimateForm):
    """Voluntary BHXH."""

    income = amount(
        _l("Mức thu nhập chọn để đóng (đồng mỗi tháng)"),
        "thu_nhap",
        description=_l("Thấp nhất là chuẩn nghèo nông thôn, cao nhất 20 lần mức tham chiếu."),
    )
    group = Choice(_l("Bạn thuộc nhóm"), [required(_l("Chọn một mục."))], choices=[], default="khac", name="nhom")
    months = Choice(_l("Đóng cho"), [required(_l("Chọn một mục."))], choices=[], default="1", name="so_thang")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every form; then the choices."""
        super().__init__(*args, **kwargs)
        self.group.choices = [(str(group), say(group.label)) for group in paying.Group]
        self.months.choices = _terms(paying.VOLUNTARY_TERMS)

    def outcome(self, figures: Figures) -> Outcome:
        """One's own part and the state's."""
        group = paying.Group(self.group.data)
        return paying.voluntary(figures, Decimal(_whole(self.income.data)), group, int(self.months.data))


class AverageForm(RaisedForm):
    """The average of salaries."""

    periods = paragraph(
        _l("Các giai đoạn đã đóng"),
        3_000,
        _l("Hãy nhập ít nhất một giai đoạn."),
        name="giai_doan",
        description=_l("Mỗi dòng một giai đoạn và tiền lương mỗi tháng, ví dụ 01/2020 - 12/2020: 5.000.000"),
    )

    def outcome(self, figures: Figures) -> Outcome:
        """Each year raised, and the mean."""
        return average.average(figures, average.periods(self.periods.data))


class OneTimeForm(RaisedForm):
    """BHXH at once."""

    case = Choice(_l("Trường hợp"), [required(_l("Chọn một mục."))], choices=[], default="nghi_viec", name="truong_hop")
    before_years = count(_l("Đóng trước năm 2014: số năm"), "nam_truoc", 0, MOST_YEARS, False)
    before_months = count(_l("Đóng trước năm 2014: số tháng lẻ"), "thang_truoc", 0, MONTHS - 1, False)
    since_years = count(_l("Đóng từ năm 2014: số năm"), "nam_sau", 0, MOST_YEARS, False)
    since_months = count(_l("Đóng từ năm 2014: số tháng lẻ"), "thang_sau", 0, MONTHS - 1, False)
    average = amount(
        _l("Mức bình quân tiền lương đóng BHXH (đồng)"),
        "binh_quan",
        description=_l("Chưa biết? Hãy dùng phần “Ước tính: mức bình quân tiền lương” trước."),
    )
    support = amount(_l("Nhà nước đã hỗ trợ đóng tự nguyện (đồng)"), "ho_tro", False, description=_l("Nếu có."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every form; then the choices."""
        super().__init__(*args, **kwargs)
        self.case.choices = [(str(case), say(case.label)) for case in one_time.Case]

    @property
    def needs_pause(self) -> bool:
        """Whether the first case was chosen."""
        return bool(self.case.data == one_time.Case.LEFT)

    def outcome(self, figures: Figures) -> Outcome:
        """What is paid at once."""
        asked = one_time.Asked(
            case=one_time.Case(self.case.data),
            before=_whole(self.before_years.data) * MONTHS + _whole(self.before_months.data),
            since=_whole(self.since_years.data) * MONTHS + _whole(self.since_months.data),
            average=Decimal(_whole(self.average.data)),
            support=Decimal(_whole(self.support.data)),
        )
        return one_time.one_time(figures, asked).beside(*figures.deviation)


class PensionForm(RaisedForm):
    """The pension."""

    sex = Choice(_l("Giới tính"), [required(_l("Chọn một mục."))], choices=[], name="gioi_tinh")
    born = month(_l("Tháng và năm sinh"), "sinh", description=_l("Ví dụ 07/1970."))
    years = count(_l("Đã đóng BHXH: số năm"), "so_nam", 0, MOST_YEARS)
    months = count(_l("Đã đóng BHXH: số tháng lẻ"), "thang_le", 0, MONTHS - 1, False)
    average = amount(
        _l("Mức bình quân tiền lương đóng BHXH (đồng)"),
        "binh_quan",
        description=_l("Chưa biết? Hãy dùng phần “Ước tính: mức bình quân tiền lương” trước."),
    )
    retires = month(_l("Bắt đầu nghỉ từ tháng"), "nghi_tu", description=_l("Ví dụ 07/2031."))
    early = BooleanField(_l("Nghỉ trước tuổi vì suy giảm khả năng lao động"), name="som")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every form; then the choices."""
        super().__init__(*args, **kwargs)
        self.sex.choices = [("nam", say(Sex.MALE.label)), ("nu", say(Sex.FEMALE.label))]

    def outcome(self, figures: Figures) -> Outcome:
        """The pension of the first month."""
        asked = pension.Asked(
            sex=self.sex.data,
            months=_whole(self.years.data) * MONTHS + _whole(self.months.data),
            average=Decimal(_whole(self.average.data)),
            born=_month_of(self.born.data),
            retires=_month_of(self.retires.data),
            early=bool(self.early.data),
        )
        return pension.pension(figures, asked).beside(*figures.deviation)


class MaternityForm(EstimateForm):
    """Maternity."""

    average = amount(_l("Lương đóng BHXH bình quân 6 tháng trước khi nghỉ (đồng)"), "binh_quan")
    children = count(_l("Số con sinh lần này"), "so_con", 1, leave.MOST_CHILDREN, default="1")

    def outcome(self, figures: Figures) -> Outcome:
        """Leave and allowance."""
        return leave.maternity(figures, Decimal(_whole(self.average.data)), int(self.children.data))


class SicknessForm(EstimateForm):
    """Sickness."""

    salary = amount(_l("Lương đóng BHXH của tháng gần nhất (đồng)"), "luong")
    days = count(_l("Số ngày làm việc nghỉ ốm"), "so_ngay", 1, 366)
    years = count(_l("Đã đóng BHXH: số năm"), "so_nam", 0, MOST_YEARS)

    def outcome(self, figures: Figures) -> Outcome:
        """The days of leave."""
        salary = Decimal(_whole(self.salary.data))
        return leave.sickness(figures, salary, int(self.days.data), int(self.years.data))


FORMS: dict[Kind, Callable[..., EstimateForm]] = {
    Kind.HOUSEHOLD: HouseholdForm,
    Kind.VOLUNTARY: VoluntaryForm,
    Kind.AVERAGE: AverageForm,
    Kind.ONE_TIME: OneTimeForm,
    Kind.PENSION: PensionForm,
    Kind.MATERNITY: MaternityForm,
    Kind.SICKNESS: SicknessForm,
}
