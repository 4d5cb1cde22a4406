"""Maternity and sickness benefits of compulsory BHXH. Pure."""

from decimal import Decimal

from vssid.estimates.rules import Figures, Outcome, in_children, in_days, in_months, money
from vssid.kernel.labels import N_, Refused

MOST_CHILDREN = 5


def maternity(figures: Figures, average: Decimal, children: int) -> Outcome:
    """A mother's leave of six months and a month more for each further child, and an allowance for each child."""
    rate, months = figures.number("thai_san.ty_le"), figures.number("thai_san.thang")
    months += figures.number("thai_san.thang_them") * (children - 1)
    how = (rate, "% ×", average, "×", in_months(months))
    leave = money(N_("Tiền nghỉ sinh con"), how, rate / 100 * average * months)
    times, base = figures.number("thai_san.tro_cap_lan"), figures.number("luong_co_so")
    allowance = money(N_("Trợ cấp một lần"), (times, "×", base, "×", in_children(children)), times * base * children)
    answer = money(N_("Trợ cấp thai sản"), (leave.result, "+", allowance.result), leave.result + allowance.result)
    notes = (
        N_("Mức bình quân là của 6 tháng liền trước khi nghỉ; cần đóng đủ 6 tháng trong 12 tháng trước khi sinh."),
    )
    return Outcome(answer, (leave, allowance), notes)


def sickness(figures: Figures, salary: Decimal, days: int, years: int) -> Outcome:
    """Days of leave at 75 % of the last month's salary over 24. Raises Refused beyond the days of a year."""
    first, second = figures.number("om_dau.moc_nam.thu_nhat"), figures.number("om_dau.moc_nam.thu_hai")
    reached = 3 if years >= second else 2 if years >= first else 1
    most = figures.number(f"om_dau.ngay_nam.bac_{reached}")
    if days > most:
        words = N_("Trong điều kiện bình thường, một năm được nghỉ nhiều nhất %(most)s ngày làm việc.", most=most)
        raise Refused(words, "days")
    rate, divisor = figures.number("om_dau.ty_le"), figures.number("om_dau.ngay_thang")
    how = (rate, "% ×", salary, ":", divisor, "×", in_days(days))
    answer = money(N_("Trợ cấp ốm đau"), how, rate / 100 * salary / divisor * days)
    notes = (N_("Nghề nặng nhọc, độc hại, vùng đặc biệt khó khăn hoặc bệnh dài ngày có cách tính khác."),)
    return Outcome(answer, (), notes)
