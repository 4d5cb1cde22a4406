"""“Lấy từ quá trình tham gia của bạn”: fills an estimate's form from the person's own rows. Nothing is kept."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import records
from vssid.estimates import average, own, paying, queries
from vssid.estimates.own import Earned, Taken
from vssid.estimates.rules import Kind, NoFigure, dong
from vssid.kernel.clock import today
from vssid.kernel.labels import N_
from vssid.records import PartialDate
from vssid.records.contributions import month_of


def take(db: Session, kind: Kind, person_id: UUID, *, newest: bool) -> tuple[Taken, NoFigure | None]:
    """What was taken for an estimate, and the figure for want of which the average could not be reckoned.

    At most five statements. `newest` says that the newest coefficients may stand in for those that are missing.
    """
    taken = Taken()
    if kind is Kind.HOUSEHOLD:
        _take_household(db, taken, person_id)
        return taken, None
    earned = _earned(db, taken, person_id)
    if not earned:
        taken.notes.append(own.NOTHING)
        return taken, None
    _BY_KIND[kind](taken, earned)
    if kind is Kind.PENSION:
        _take_birth(db, taken, person_id)
    if kind in (Kind.PENSION, Kind.ONE_TIME):
        return taken, _take_average(db, taken, earned, newest=newest)
    return taken, None


def _take_periods(taken: Taken, earned: list[Earned]) -> None:
    own.take_length(taken, earned)
    taken.values["giai_doan"] = own.typed(own.take_periods(taken, earned))


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


def _earned(db: Session, taken: Taken, person_id: UUID) -> list[Earned]:
    gone = queries.paid_out(db, person_id)
    earned = own.months(queries.own_rows(db, person_id), month_of(gone) if gone else 0, month_of(today()))
    if gone:
        words = N_("Đã nhận BHXH một lần từ ngày %(day)s: những tháng trước đó không tính nữa.", day=gone)
        taken.notes.append(words)
    return earned


def _take_birth(db: Session, taken: Taken, person_id: UUID) -> None:
    person = records.person(db, person_id)
    if person is None:
        return
    taken.values["gioi_tinh"] = "nam" if person.sex == records.Sex.MALE else "nu"
    born = PartialDate.parse(person.birth_date)
    if born.month is not None:
        taken.values["sinh"] = f"{born.month:02}/{born.year}"


def _take_average(db: Session, taken: Taken, earned: list[Earned], *, newest: bool) -> NoFigure | None:
    worked = own.take_periods(taken, earned)
    if not worked:
        return None
    try:
        outcome = average.average(queries.figures_on(db, today(), newest=newest), worked)
    except NoFigure as missing:
        return missing
    amount: Decimal = dong(outcome.answer.result)
    taken.add({"binh_quan": own.grouped(amount)}, outcome.answer.what, N_("%(amount)s đồng", amount=amount))
    taken.notes.extend(outcome.notes)
    return None


def _take_household(db: Session, taken: Taken, person_id: UUID) -> None:
    person = records.person(db, person_id)
    size = queries.household_size(db, person) if person else None
    if size is None or not 1 <= size <= paying.MOST_MEMBERS:
        taken.notes.append(N_("Sổ bộ chưa ghi rõ hộ của bạn có những ai. Hãy tự nhập."))
        return
    taken.add({"so_nguoi": str(size)}, N_("Số người của hộ trong sổ bộ"), N_("%(count)s người", count=size))
    taken.notes.append(
        N_("Chỉ tính người cùng tham gia BHYT hộ gia đình. Nếu có người tham gia cách khác, hãy bớt ra.")
    )
