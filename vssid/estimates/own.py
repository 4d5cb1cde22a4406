"""What somebody's own rows say for an estimate: months before and from 2014, salaries, and what cannot be taken. Pure.

Months are those of `average`: year × 12 + (month − 1). A month that several employers paid counts once, with its highest salary.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from vssid.estimates.average import MOST_PERIODS, Period, mean
from vssid.estimates.rules import MONTHS, dong
from vssid.kernel.labels import N_, Label
from vssid.records import PartialDate
from vssid.records.contributions.rules import named, spoken

SPLIT = 2014 * MONTHS  # contributions from then on count more when they are paid out at once
RECENT = 6
CHILDHOOD = 6  # years in which BHYT costs a child nothing


@dataclass(frozen=True)
class Row:
    """Months of one employer, both ends included; `salary` in đồng, None where the row has none in đồng."""

    first: int
    last: int
    salary: Decimal | None
    voluntary: bool = False
    graded: bool = False  # a salary by the state's coefficients
    owed: bool = False  # by the employer: no month of contributions yet, but one of work


@dataclass(frozen=True)
class Earned:
    """One month."""

    month: int
    salary: Decimal | None
    voluntary: bool
    graded: bool


@dataclass(frozen=True)
class Household:
    """How many living people a household has, and how many of them have BHYT in another way."""

    all: int
    elsewhere: int


@dataclass(frozen=True)
class Taken:
    """What was taken: values by the names of the form's fields, what they are in words, and what must be known of them."""

    values: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[Label, Label]] = field(default_factory=list)
    notes: list[Label] = field(default_factory=list)
    written: Callable[[Decimal], str] = str  # a sum as the reader writes it

    def add(self, values: dict[str, str], what: Label, words: Label) -> None:
        """Take something, and say what."""
        self.values.update(values)
        self.facts.append((what, words))


NOTHING = N_("Chưa thấy tháng nào đã đóng trong quá trình tham gia của bạn. Hãy tự nhập.")


def months(rows: Iterable[Row], first: int, until: int) -> list[Earned]:
    """Each month that was paid, from `first` to `until`, oldest first."""
    found: dict[int, Earned] = {}
    for row in rows:
        if row.owed:
            continue
        for month in range(max(row.first, first), min(row.last, until) + 1):
            one, other = Earned(month, row.salary, row.voluntary, row.graded), found.get(month)
            if other is None or (one.salary or 0) > (other.salary or 0):
                found[month] = one
    return [found[month] for month in sorted(found)]


def newest(rows: Iterable[Row], until: int) -> int | None:
    """The last month until `until` that was paid, or is owed by an employer."""
    return max((min(row.last, until) for row in rows if row.first <= until), default=None)


def still_paying(newest: int | None, until: int) -> Label | None:
    """Why somebody has not left for twelve months, where the register says so."""
    if newest is None or until - newest >= MONTHS:
        return None
    return N_(
        "Sổ bộ có tháng đóng gần nhất là %(month)s: bạn chưa nghỉ đóng đủ 12 tháng, "
        "nên chưa nhận được theo trường hợp này.",
        month=named(newest),
    )


def periods(earned: Iterable[Earned]) -> list[Period]:
    """Months with one salary put together, in whole đồng; months without salary are left out."""
    found: list[Period] = []
    for one in earned:
        if one.salary is None:
            continue
        salary = dong(one.salary)
        if found and found[-1].last + 1 == one.month and found[-1].salary == salary:
            found[-1] = Period(found[-1].first, one.month, salary)
        else:
            found.append(Period(one.month, one.month, salary))
    return found


def typed(worked: Iterable[Period], written: Callable[[Decimal], str]) -> str:
    """Periods as somebody would type them into the form, a line each."""
    return "\n".join(f"{spoken(one.first)} - {spoken(one.last)}: {written(one.salary)}" for one in worked)


def below_six(birth_date: str, day: date) -> bool:
    """Whether somebody born on an ISO day, month or year is surely a child under six, who need not pay."""
    born = PartialDate.parse(birth_date).first_day()
    return (day.year - born.year) - ((day.month, day.day) < (born.month, born.day)) < CHILDHOOD


def _length(count: int) -> Label:
    return N_("%(years)s năm %(months)s tháng", years=count // MONTHS, months=count % MONTHS)


def take_split(taken: Taken, earned: list[Earned]) -> None:
    """Years and months before and from 2014."""
    before = sum(one.month < SPLIT for one in earned)
    since = len(earned) - before
    for count, name, what in (
        (before, "truoc", N_("Đã đóng trước năm 2014")),
        (since, "sau", N_("Đã đóng từ năm 2014")),
    ):
        values = {f"nam_{name}": str(count // MONTHS), f"thang_{name}": str(count % MONTHS)}
        taken.add(values, what, _length(count))


def take_length(taken: Taken, earned: list[Earned], *, odd: bool = True) -> None:
    """Years of contributions, and the odd months."""
    count = len(earned)
    values = {"so_nam": str(count // MONTHS)} | ({"thang_le": str(count % MONTHS)} if odd else {})
    taken.add(values, N_("Đã đóng"), _length(count))


def take_periods(taken: Taken, earned: list[Earned]) -> list[Period]:
    """Each period with its salary; nothing of them where some month has no salary, or where they are too many."""
    bare = sum(one.salary is None for one in earned)
    worked = periods(earned)
    if bare:
        words = N_(
            "%(count)s tháng đã đóng không có tiền lương bằng đồng, nên chưa lấy được mức bình quân.", count=bare
        )
        taken.notes.append(words)
        return []
    if len(worked) > MOST_PERIODS:
        taken.notes.append(N_("Có quá nhiều giai đoạn lương để điền vào đây. Hãy tự nhập."))
        return []
    taken.facts.append((N_("Số giai đoạn lương"), N_("%(count)s giai đoạn", count=len(worked))))
    if any(one.voluntary for one in earned):
        taken.notes.append(N_("Có tháng đóng tự nguyện: theo quy định có bảng hệ số riêng, ở đây dùng chung một bảng."))
    if any(one.graded for one in earned):
        taken.notes.append(
            N_("Có tháng lương theo hệ số của Nhà nước: mức bình quân có cách tính khác, kết quả sẽ lệch.")
        )
    return worked


def take_recent(taken: Taken, earned: list[Earned]) -> None:
    """The average of the last six months of compulsory contributions; of fewer where there are no more."""
    last = [one for one in earned if not one.voluntary][-RECENT:]
    amounts = [one.salary for one in last if one.salary is not None]
    if not last or len(amounts) < len(last):
        taken.notes.append(N_("Những tháng bắt buộc gần nhất không có tiền lương bằng đồng. Hãy tự nhập."))
        return
    amount = dong(mean(sum(amounts, Decimal(0)), len(amounts)))
    what = N_(
        "Bình quân %(count)s tháng gần nhất đã đóng (%(first)s–%(last)s)",
        count=len(last), first=named(last[0].month), last=named(last[-1].month),
    )  # fmt: skip
    taken.add({"binh_quan": taken.written(amount)}, what, N_("%(amount)s đồng", amount=amount))


def take_last(taken: Taken, earned: list[Earned], name: str, *, voluntary: bool) -> None:
    """The salary, or the chosen income, of the newest month of one kind."""
    last = next((one for one in reversed(earned) if one.voluntary is voluntary), None)
    if last is None or last.salary is None:
        taken.notes.append(N_("Chưa thấy tiền lương hoặc thu nhập đóng nào để lấy. Hãy tự nhập."))
        return
    amount = dong(last.salary)
    what = N_("Tiền lương hoặc thu nhập đóng của tháng %(month)s", month=named(last.month))
    taken.add({name: taken.written(amount)}, what, N_("%(amount)s đồng", amount=amount))
