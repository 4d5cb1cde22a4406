"""BHXH một lần (Luật 41/2024/QH15, articles 70 and 102). Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from vssid.estimates.rules import (
    MONTHS,
    Figures,
    Outcome,
    Step,
    added,
    credited_years,
    in_months,
    in_odd_months,
    in_whole_years,
    in_years,
    money,
)
from vssid.kernel.labels import N_, Label, Refused


class Case(StrEnum):
    """Why somebody may receive it at all."""

    LEFT = "nghi_viec"
    AGED = "du_tuoi"
    ABROAD = "dinh_cu"
    ILL = "benh"
    DISABLED = "suy_giam"

    @property
    def label(self) -> Label:
        """The case in words."""
        return _CASES[self]


JOINED_BEFORE = 2025 * MONTHS + 6  # the month from which on nobody who joins may leave with it

_CASES = {
    Case.LEFT: N_("Đã nghỉ đóng đủ 12 tháng, tham gia trước 1/7/2025, đóng chưa đủ 20 năm"),
    Case.AGED: N_("Đủ tuổi nghỉ hưu mà đóng chưa đủ 15 năm"),
    Case.ABROAD: N_("Ra nước ngoài định cư"),
    Case.ILL: N_("Mắc bệnh nguy hiểm đến tính mạng theo danh mục"),
    Case.DISABLED: N_("Suy giảm khả năng lao động từ 81%, hoặc khuyết tật đặc biệt nặng"),
}


@dataclass(frozen=True)
class Asked:
    """Months of contributions before and from 2014, their average salary, state support of voluntary ones (đồng)."""

    case: Case
    before: int
    since: int
    average: Decimal
    support: Decimal


def one_time(figures: Figures, asked: Asked) -> Outcome:
    """1.5 months' average a year before 2014, 2 a year from then on. Raises Refused where there is no right to it."""
    months = asked.before + asked.since
    check_right(figures, asked.case, months)
    below_a_year = months < MONTHS
    steps = [_below_a_year(figures, months, asked.average)] if below_a_year else _by_years(figures, asked)
    whole = sum((step.result for step in steps), Decimal(0))
    taken = Decimal(0) if asked.case is Case.ILL else min(asked.support, whole)
    how = (*added(steps), *(("−", taken) if taken else ()))
    notes = [N_("Đã nhận một lần thì những năm đóng này không còn được tính cho lương hưu và BHYT sau này.")]
    if asked.case is Case.LEFT:
        notes.append(N_("Có thể giữ lại thời gian đóng, hoặc đóng tiếp để có lương hưu. Hãy hỏi kỹ trước khi nhận."))
    converted = [] if below_a_year else _converted(asked)
    return Outcome(money(N_("Số tiền nhận một lần"), how, whole - taken), (*converted, *steps), tuple(notes))


def check_right(figures: Figures, case: Case, months: int) -> None:
    """Raises Refused where so many months give no right to it in that case."""
    if months == 0:
        raise Refused(N_("Hãy nhập thời gian đã đóng."), "since_years")
    if case is Case.LEFT and months >= (most := figures.number("mot_lan.nam_toi_da")) * MONTHS:
        words = N_("Đóng từ %(years)s năm trở lên thì trường hợp này không được nhận một lần.", years=most)
        raise Refused(words, "case")
    if case is Case.AGED and months >= (least := figures.number("huu_tri.nam_toi_thieu")) * MONTHS:
        words = N_("Đủ tuổi và đóng từ %(years)s năm trở lên thì hưởng lương hưu, không nhận một lần.", years=least)
        raise Refused(words, "case")


def _below_a_year(figures: Figures, months: int, average: Decimal) -> Step:
    rate, most = figures.number("mot_lan.duoi_1_nam_ty_le"), figures.number("mot_lan.duoi_1_nam_tran")
    amount, ceiling = rate / 100 * average * months, most * average
    if amount > ceiling:
        return money(N_("Đóng chưa đủ một năm: mức cao nhất"), (most, "×", average), ceiling)
    how = (rate, "% ×", average, "×", in_months(months))
    return money(N_("Đóng chưa đủ một năm"), how, amount)


def _converted(asked: Asked) -> list[Step]:
    """How odd months become years; nothing where there are none."""
    before, odd = divmod(asked.before, MONTHS)
    steps = []
    if odd:
        what = N_("Trước năm 2014: tháng lẻ chuyển sang giai đoạn từ năm 2014")
        how = (in_months(asked.before), "−", in_odd_months(odd))
        steps.append(in_years(what, how, Decimal(before)))
    if (asked.since + odd) % MONTHS:
        what = N_("Từ năm 2014: lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm")
        moved: tuple[Label | str, ...] = ("+", in_odd_months(odd)) if odd else ()
        steps.append(in_years(what, (in_months(asked.since), *moved), credited_years(asked.since + odd)))
    return steps


def _by_years(figures: Figures, asked: Asked) -> list[Step]:
    # Odd months before 2014 count with the years from 2014 on.
    before, odd = divmod(asked.before, MONTHS)
    since = credited_years(asked.since + odd)
    steps = []
    if before:
        weight = figures.number("mot_lan.truoc_2014")
        how = (weight, "×", asked.average, "×", in_whole_years(before))
        steps.append(money(N_("Phần đóng trước năm 2014"), how, weight * asked.average * before))
    if since:
        weight = figures.number("mot_lan.tu_2014")
        how = (weight, "×", asked.average, "×", in_whole_years(since))
        steps.append(money(N_("Phần đóng từ năm 2014"), how, weight * asked.average * since))
    return steps
