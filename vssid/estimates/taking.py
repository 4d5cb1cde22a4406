"""“Lấy từ quá trình tham gia của bạn”: fills an estimate's form from the person's own rows. Nothing is kept."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import records
from vssid.estimates import average, one_time, own, paying, pension, queries
from vssid.estimates.own import Earned, Row, Taken
from vssid.estimates.rules import Figures, Kind, NoFigure, dong
from vssid.kernel.clock import today
from vssid.kernel.labels import N_, Label, Refused
from vssid.records import PartialDate, Person
from vssid.records.contributions import month_of
from vssid.records.contributions.rules import spoken


def take(
    db: Session, kind: Kind, person_id: UUID, *, newest: bool, written: Callable[[Decimal], str]
) -> tuple[Taken, NoFigure | None]:
    """What was taken for an estimate, and the figure for want of which the average could not be reckoned.

    At most six statements. `newest` says that the newest coefficients may stand in for those that are missing,
    `written` how the reader writes a sum.
    """
    taken = Taken(written=written)
    if kind is Kind.HOUSEHOLD:
        _take_household(db, taken, person_id)
        return taken, None
    rows = queries.own_rows(db, person_id)
    earned = _earned(db, taken, person_id, rows)
    if kind is Kind.ONE_TIME and (still := _still_paying(rows)):
        taken.values["truong_hop"] = ""
        taken.notes.append(still)
    if not earned:
        taken.notes.append(own.NOTHING)
        return taken, None
    _BY_KIND[kind](taken, earned)
    if kind not in (Kind.PENSION, Kind.ONE_TIME):
        return taken, None
    figures = queries.figures_on(db, today(), newest=newest)
    if kind is Kind.PENSION:
        _take_birth(taken, records.person(db, person_id), figures)
    elif not _may_leave(figures, earned):
        taken.values["truong_hop"] = ""
    return taken, _take_average(taken, earned, figures)


def contradiction(db: Session, person_id: UUID) -> Label | None:
    """What the register says against twelve months without contributions. One statement."""
    return _still_paying(queries.own_rows(db, person_id))


def _still_paying(rows: list[Row]) -> Label | None:
    until = month_of(today())
    return own.still_paying(own.newest(rows, until), until)


def _may_leave(figures: Figures, earned: list[Earned]) -> bool:
    """Whether the register leaves it open that somebody who stopped paying is paid out."""
    try:
        one_time.check_right(figures, one_time.Case.LEFT, len(earned))
    except Refused:
        return False
    return earned[0].month < one_time.JOINED_BEFORE


def _take_periods(taken: Taken, earned: list[Earned]) -> None:
    own.take_length(taken, earned)
    taken.values["giai_doan"] = own.typed(own.take_periods(taken, earned), taken.written)


def _take_voluntary(taken: Taken, earned: list[Earned]) -> None:
    own.take_last(taken, earned, "thu_nhap", voluntary=True)


def _take_sickness(taken: Taken, earned: list[Earned]) -> None:
    own.take_last(taken, earned, "luong", voluntary=False)
    own.take_length(taken, earned, odd=False)


_BY_KIND: dict[Kind, Callable[[Taken, list[Earned]], None]] = {
    Kind.VOLUNTARY: _take_voluntary,
    Kind.AVERAGE: _take_periods,
    Kind.ONE_TIME: own.take_split,
    Kind.PENSION: own.take_length,
    Kind.MATERNITY: own.take_recent,
    Kind.SICKNESS: _take_sickness,
}


def _earned(db: Session, taken: Taken, person_id: UUID, rows: list[Row]) -> list[Earned]:
    gone = queries.paid_out(db, person_id)
    earned = own.months(rows, month_of(gone) if gone else 0, month_of(today()))
    if gone:
        words = N_("Đã nhận BHXH một lần từ ngày %(day)s: những tháng trước đó không tính nữa.", day=gone)
        taken.notes.append(words)
    return earned


def _take_birth(taken: Taken, person: Person | None, figures: Figures) -> None:
    """Sex and month of birth, and from when on they let somebody retire: not before this month."""
    if person is None:
        return
    sex = taken.values["gioi_tinh"] = "nam" if person.sex == records.Sex.MALE else "nu"
    born = PartialDate.parse(person.birth_date)
    if born.month is None:
        return
    month = month_of(born.first_day())
    taken.values["sinh"] = spoken(month)
    try:
        due = pension.due_month(figures, sex, month)
    except Refused:
        return
    taken.values["nghi_tu"] = spoken(max(due, month_of(today())))


def _take_average(taken: Taken, earned: list[Earned], figures: Figures) -> NoFigure | None:
    worked = own.take_periods(taken, earned)
    if not worked:
        return None
    try:
        outcome = average.average(figures, worked)
    except NoFigure as missing:
        return missing
    amount: Decimal = dong(outcome.answer.result)
    taken.add({"binh_quan": taken.written(amount)}, outcome.answer.what, N_("%(amount)s đồng", amount=amount))
    taken.notes.extend(outcome.notes)
    return None


def _take_household(db: Session, taken: Taken, person_id: UUID) -> None:
    person = records.person(db, person_id)
    found = queries.household(db, person, today()) if person else None
    if found is None or not 1 <= found.all <= paying.MOST_MEMBERS:
        taken.notes.append(N_("Sổ bộ chưa ghi rõ hộ của bạn có những ai. Hãy tự nhập."))
        return
    taken.facts.append((N_("Số người của hộ trong sổ bộ"), N_("%(count)s người", count=found.all)))
    if found.all > found.elsewhere:
        taken.values["so_nguoi"] = str(found.all - found.elsewhere)
    if found.elsewhere:
        words = N_(
            "Hộ có %(all)s người trong sổ bộ; %(left)s người tham gia cách khác, không tính.",
            all=found.all, left=found.elsewhere,
        )  # fmt: skip
        taken.notes.append(words)
    taken.notes.append(
        N_("Chỉ tính người cùng tham gia BHYT hộ gia đình. Nếu có người tham gia cách khác, hãy bớt ra.")
    )
