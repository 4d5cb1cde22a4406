"""What benefits (chế độ) there are, in which part of the page each stands, and what a person is receiving. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Np_

ROWS_A_PAGE = 100
MOST_AMOUNT = 10_000_000_000  # đồng; a lump sum for forty years at the highest salary stays below half of it


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ACCOUNT_SHOWN = "benefit.account_shown"


class Branch(StrEnum):
    """A part of “Thông tin hưởng”, as its address names it."""

    ONE_TIME = "mot-lan"
    SHORT_TERM = "ngan-han"
    MONTHLY = "hang-thang"
    UNEMPLOYMENT = "that-nghiep"

    @property
    def label(self) -> Label:
        """The tab's words."""
        return _BRANCHES[self]

    @property
    def heading(self) -> Label:
        """The same in full, above the rows."""
        return _TITLES[self]

    @property
    def kinds(self) -> tuple["BenefitKind", ...]:
        """The benefits that stand in it."""
        return tuple(kind for kind in BenefitKind if kind.branch is self)

    @property
    def lesson(self) -> Label:
        """What stands where nothing is: when something will."""
        return _LESSONS[self]

    @property
    def is_monthly(self) -> bool:
        """Whether an amount is paid every month from its first day on, so that adding amounts up says nothing."""
        return self is Branch.MONTHLY


_BRANCHES = {
    Branch.ONE_TIME: Np_("short", "Một lần"),
    Branch.SHORT_TERM: Np_("short", "Ngắn hạn"),
    Branch.MONTHLY: Np_("short", "Hàng tháng"),
    Branch.UNEMPLOYMENT: Np_("short", "Thất nghiệp"),
}
_TITLES = {
    Branch.ONE_TIME: N_("BHXH một lần"),
    Branch.SHORT_TERM: N_("Ốm đau, thai sản, TNLĐ-BNN"),
    Branch.MONTHLY: N_("Lương hưu, trợ cấp hàng tháng"),
    Branch.UNEMPLOYMENT: N_("Trợ cấp thất nghiệp"),
}
_LESSONS = {
    Branch.ONE_TIME: N_("Khi cơ quan BHXH ra quyết định hưởng một lần, số quyết định và số tiền sẽ hiện ở đây."),
    Branch.SHORT_TERM: N_(
        "Tiền ốm đau, thai sản thường do đơn vị nộp hồ sơ thay bạn. Khi cơ quan BHXH duyệt, số tiền sẽ hiện ở đây."
    ),
    Branch.MONTHLY: N_("Lương hưu và trợ cấp hàng tháng sẽ hiện ở đây khi có quyết định hưởng."),
    Branch.UNEMPLOYMENT: N_(
        "Trợ cấp thất nghiệp do trung tâm dịch vụ việc làm quyết định. Khi có quyết định, từng khoản sẽ hiện ở đây."
    ),
}


class BenefitKind(StrEnum):
    """A benefit as files name it (che_do)."""

    ONE_TIME = "mot_lan"
    SICKNESS = "om_dau"
    MATERNITY = "thai_san"
    CONVALESCENCE = "duong_suc"
    ACCIDENT = "tnld_bnn"
    PENSION = "huu_tri"
    SURVIVORS = "tu_tuat"
    ALLOWANCE = "tro_cap_hang_thang"
    UNEMPLOYMENT = "that_nghiep"

    @property
    def label(self) -> Label:
        """The benefit in words."""
        return _KINDS[self]

    @property
    def branch(self) -> Branch:
        """Where it stands."""
        return _BRANCH_OF[self]


_KINDS = {
    BenefitKind.ONE_TIME: N_("BHXH một lần"),
    BenefitKind.SICKNESS: N_("Ốm đau"),
    BenefitKind.MATERNITY: N_("Thai sản"),
    BenefitKind.CONVALESCENCE: N_("Dưỡng sức, phục hồi sức khoẻ"),
    BenefitKind.ACCIDENT: N_("Tai nạn lao động, bệnh nghề nghiệp"),
    BenefitKind.PENSION: N_("Lương hưu"),
    BenefitKind.SURVIVORS: N_("Tử tuất"),
    BenefitKind.ALLOWANCE: N_("Trợ cấp hàng tháng"),
    BenefitKind.UNEMPLOYMENT: N_("Trợ cấp thất nghiệp"),
}
_BRANCH_OF = {
    BenefitKind.ONE_TIME: Branch.ONE_TIME,
    BenefitKind.SICKNESS: Branch.SHORT_TERM,
    BenefitKind.MATERNITY: Branch.SHORT_TERM,
    BenefitKind.CONVALESCENCE: Branch.SHORT_TERM,
    BenefitKind.ACCIDENT: Branch.SHORT_TERM,
    BenefitKind.PENSION: Branch.MONTHLY,
    BenefitKind.SURVIVORS: Branch.MONTHLY,
    BenefitKind.ALLOWANCE: Branch.MONTHLY,
    BenefitKind.UNEMPLOYMENT: Branch.UNEMPLOYMENT,
}


@dataclass(frozen=True)
class Total:
    """What was received in a year (0 where no day is known), in đồng, in how many rows."""

    year: int
    amount: int
    rows: int


@dataclass(frozen=True)
class Latest:
    """The newest row of one kind: what a line of truth needs. Days may be unknown."""

    kind: BenefitKind
    amount: int
    first: date | None
    last: date | None


def in_all(totals: Iterable[Total]) -> Total:
    """All years together."""
    listed = list(totals)
    return Total(0, sum(one.amount for one in listed), sum(one.rows for one in listed))


def summary(newest: Iterable[Latest], pension: int | None, today: date) -> Label:
    """One line for the profile. `newest` is the newest row of each kind, `pension` the amount of the last adjustment."""
    rows = list(newest)
    monthly = [row for row in rows if row.kind.branch.is_monthly and (row.last is None or row.last >= today)]
    if monthly:
        row = max(monthly, key=lambda one: (one.kind is BenefitKind.PENSION, one.first or date.min))
        amount = pension if pension is not None and row.kind is BenefitKind.PENSION else row.amount
        return N_("%(kind)s: %(amount)s đồng mỗi tháng", kind=row.kind.label, amount=Decimal(amount))
    if rows:
        row = max(rows, key=lambda one: one.first or date.min)
        return N_("Gần nhất: %(kind)s, %(amount)s đồng", kind=row.kind.label, amount=Decimal(row.amount))
    return N_("Chưa hưởng chế độ nào")
