"""Lương hưu (Luật 41/2024/QH15, articles 66 and 99) and the age at which one retires (Bộ luật Lao động, article 169). Pure.

A month is year × 12 + (month − 1).
"""

from dataclasses import dataclass
from decimal import Decimal

from vssid.estimates.rules import (
    MONTHS,
    PERCENT,
    Figures,
    Outcome,
    Step,
    credited_years,
    in_whole_years,
    in_years,
    money,
)
from vssid.kernel.labels import N_, Label, Refused
from vssid.records.contributions.rules import month_of, named

LAST_YEAR = 2100  # no search for a birth month goes on beyond


@dataclass(frozen=True)
class Asked:
    """Sex as the figures name it (nam, nu), months of contributions, their average salary, months of birth and retirement.

    `early` says that capacity for work is lost, so that one may retire before the age at a lower rate.
    """

    sex: str
    months: int
    average: Decimal
    born: int
    retires: int
    early: bool


def age_in(figures: Figures, sex: str, year: int) -> int:
    """The retirement age in a year, in months: it rises every year until it reaches its end."""
    start, step, end = (figures.number(f"huu_tri.tuoi_{part}.{sex}") for part in ("dau", "buoc", "cuoi"))
    passed = max(0, year - int(figures.number("huu_tri.tuoi_nam_goc")))
    return int(min(start + step * passed, end))


def due_month(figures: Figures, sex: str, born: int) -> int:
    """The month in which somebody reaches the age of that month's year."""
    for year in range(int(figures.number("huu_tri.tuoi_nam_goc")), LAST_YEAR):
        month = born + age_in(figures, sex, year)
        if month // MONTHS <= year:
            return month
    raise Refused(N_("Tháng sinh quá xa."), "born")


def rate_of(figures: Figures, sex: str, months: int) -> Step:
    """The rate in percent: 45 at 15 years (men: at 20, and 40 at 15), then 2 a year, 75 at most. Raises Refused below 15."""
    least = figures.number("huu_tri.nam_toi_thieu")
    if months < least * MONTHS:
        missing = int(least * MONTHS) - months
        words = N_(
            "Cần đóng đủ %(years)s năm mới có lương hưu; còn thiếu %(months)s tháng.", years=least, months=missing
        )
        raise Refused(words, "years")
    years = credited_years(months)
    turn, base = figures.number(f"huu_tri.nam_goc.{sex}"), figures.number("huu_tri.ty_le_goc")
    if years < turn:
        base, step = figures.number("huu_tri.ty_le_15_nam.nam"), figures.number("huu_tri.buoc_duoi_20.nam")
        turn = least
    else:
        step = figures.number("huu_tri.ty_le_them")
    most = figures.number("huu_tri.ty_le_toi_da")
    how = (base, "% +", step, "% × (", years, "−", turn, ")")
    what = N_("Tỷ lệ hưởng khi đóng %(years)s năm, cao nhất %(most)s%%", years=years, most=most)
    return Step(what, how, min(base + step * (years - turn), most), PERCENT)


def _reduction(figures: Figures, early: int) -> Step | None:
    years, odd = divmod(early, MONTHS)
    each, half = figures.number("huu_tri.giam_moi_nam"), figures.number("huu_tri.giam_nua_nam")
    less = each * years + (half if odd >= MONTHS // 2 else 0)
    if not less:
        return None
    what = N_("Giảm vì nghỉ trước tuổi %(years)s năm %(months)s tháng", years=years, months=odd)
    how: tuple[Decimal | Label | str, ...] = (each, "% ×", Decimal(years))
    return Step(what, (*how, "+", half, "%") if odd >= MONTHS // 2 else how, less, PERCENT)


def pension(figures: Figures, asked: Asked) -> Outcome:
    """The pension of the first month, and the lump sum for years beyond the highest rate. Raises Refused before the age."""
    due = due_month(figures, asked.sex, asked.born)
    early = max(0, due - asked.retires)
    if early and not asked.early:
        words = N_("Đến tháng %(month)s mới đủ tuổi nghỉ hưu. Hãy sửa tháng bắt đầu nghỉ.", month=named(due))
        raise Refused(words, "retires")
    rate = rate_of(figures, asked.sex, asked.months)
    less = _reduction(figures, early) if early else None
    share = rate.result - (less.result if less else 0)
    steps = [*_converted(asked.months), rate, *([less] if less else [])]
    extra = _beyond(figures, asked)
    if extra:
        steps.append(extra)
    notes = [N_("Đủ tuổi nghỉ hưu vào tháng %(month)s.", month=named(due))]
    if asked.retires > month_of(figures.day):
        notes.append(N_("Tính như thể từ nay không đóng thêm. Đóng tiếp thì tỷ lệ cao hơn."))
    if asked.early:
        notes.append(N_("Nghỉ trước tuổi cần kết luận giám định suy giảm khả năng lao động và đủ điều kiện khác."))
    answer = money(N_("Lương hưu mỗi tháng"), (share, "% ×", asked.average), share / 100 * asked.average)
    return Outcome(answer, tuple(steps), tuple(notes))


def _converted(months: int) -> list[Step]:
    """How odd months become years; nothing where there are none."""
    years, odd = divmod(months, MONTHS)
    if not odd:
        return []
    what = N_("Thời gian đóng: lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm")
    how = (N_("%(years)s năm %(months)s tháng", years=years, months=odd),)
    return [in_years(what, how, credited_years(months))]


def _beyond(figures: Figures, asked: Asked) -> Step | None:
    """Half a month's average for each year beyond those that give the highest rate, paid once."""
    turn, base = figures.number(f"huu_tri.nam_goc.{asked.sex}"), figures.number("huu_tri.ty_le_goc")
    most, step = figures.number("huu_tri.ty_le_toi_da"), figures.number("huu_tri.ty_le_them")
    years = credited_years(asked.months) - (turn + (most - base) / step)
    if years <= 0:
        return None
    weight = figures.number("huu_tri.mot_lan_vuot")
    how = (weight, "×", asked.average, "×", in_whole_years(years))
    return money(N_("Thêm trợ cấp một lần khi nghỉ hưu"), how, weight * asked.average * years)
