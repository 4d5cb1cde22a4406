"""What one pays: BHYT of a household, voluntary BHXH. Pure."""

from decimal import Decimal
from enum import StrEnum

from vssid.estimates.rules import Figures, Outcome, Step, added, in_months, in_persons, money
from vssid.kernel.labels import N_, Label, Refused

MOST_MEMBERS = 20
HOUSEHOLD_CODE = "GD"  # the group on the cards of those who join as a household
LATELY = 3  # months: who had BHYT through work until then has it still, as far as the register can know
LAST_SHARE = 5  # from the fifth member on all pay the same share
TERMS = (3, 6, 12)
VOLUNTARY_TERMS = (1, 3, 6, 12)


class Group(StrEnum):
    """Whom the state supports, and how much, differs (NĐ 159/2025/NĐ-CP, article 5)."""

    POOR = "ho_ngheo"
    NEAR_POOR = "can_ngheo"
    MINORITY = "dan_toc"
    OTHERS = "khac"

    @property
    def label(self) -> Label:
        """The group in words."""
        return _GROUPS[self]


_GROUPS = {
    Group.POOR: N_("Hộ nghèo, hoặc ở xã đảo, đặc khu"),
    Group.NEAR_POOR: N_("Hộ cận nghèo"),
    Group.MINORITY: N_("Người dân tộc thiểu số"),
    Group.OTHERS: N_("Người khác"),
}


def household(figures: Figures, members: int, months: int) -> Outcome:
    """What a household pays for its members who join together, for 3, 6 or 12 months: 4.5 % × base × a falling share."""
    rate, base = figures.number("bhyt.ty_le_dong"), figures.number("luong_co_so")
    steps: list[Step] = []
    for nth in range(1, min(members, LAST_SHARE) + 1):
        share = figures.number(f"bhyt.muc_dong.{nth}")
        alike = members - LAST_SHARE + 1 if nth == LAST_SHARE else 1
        how = (rate, "% ×", base, "×", share, "% ×", in_months(months))
        amount = rate / 100 * base * share / 100 * months
        if alike > 1:
            what = N_("Từ người thứ %(nth)s: %(count)s người", nth=nth, count=alike)
            steps.append(money(what, (*how, "×", in_persons(alike)), amount * alike))
        else:
            steps.append(money(N_("Người thứ %(nth)s", nth=nth), how, amount))
    total = sum((step.result for step in steps), Decimal(0))
    what = N_("Cả hộ %(count)s người, %(months)s tháng", count=members, months=months)
    notes = (
        N_("Chỉ tính những người cùng hộ, cùng tham gia theo hộ gia đình trong năm tài chính."),
        N_(
            "Tham gia lần đầu, hoặc gián đoạn trên %(gap)s ngày: thẻ có giá trị sau %(wait)s ngày kể từ ngày đóng.",
            gap=figures.number("bhyt.gian_doan"),
            wait=figures.number("bhyt.cho"),
        ),
    )
    return Outcome(money(what, added(steps), total), tuple(steps), notes)


def voluntary(figures: Figures, income: Decimal, group: Group, months: int) -> Outcome:
    """What one pays for 1, 3, 6 or 12 months: 22 % of a chosen income, less k % of 22 % of the poverty line."""
    rate, line = figures.number("bhxh_tn.ty_le"), figures.number("bhxh_tn.chuan_ngheo")
    most = figures.number("bhxh_tn.tran_lan") * figures.number("luong_co_so")
    if not line <= income <= most:
        label = N_("Mức thu nhập phải từ %(least)s đến %(most)s đồng.", least=line, most=most)
        raise Refused(label, "income")
    share = figures.number(f"bhxh_tn.ho_tro.{group}")
    whole = money(N_("Mức đóng mỗi tháng"), (rate, "% ×", income), rate / 100 * income)
    support = money(N_("Nhà nước hỗ trợ mỗi tháng"), (share, "% ×", rate, "% ×", line), share / 100 * rate / 100 * line)
    own = money(N_("Bạn đóng mỗi tháng"), (whole.result, "−", support.result), whole.result - support.result)
    what = N_("Bạn đóng cho %(months)s tháng", months=months) if months > 1 else N_("Bạn đóng cho 1 tháng")
    answer = money(what, (own.result, "×", in_months(months)), own.result * months)
    most_months = figures.number("bhxh_tn.ho_tro_thang")
    notes = (
        N_("Nhà nước hỗ trợ nhiều nhất %(months)s tháng cho mỗi người.", months=most_months),
        N_("Đóng một lần cho nhiều năm về sau hoặc cho những năm còn thiếu có cách tính khác, chưa có ở đây."),
    )
    return Outcome(answer, (whole, support, own), notes)
