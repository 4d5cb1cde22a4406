"""Reads of visits: a person's years with their sums, a page of a year by its key, one visit with its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy import Row as RowOf
from sqlalchemy.orm import Session

from vssid.directory.models import Facility
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import table_of
from vssid.records.models import Person
from vssid.records.papers.models import Paper
from vssid.records.rules import PartialDate, of_age_on
from vssid.records.visits.models import Visit, VisitLine
from vssid.records.visits.rules import VISITS_A_PAGE, Year, hidden_from_guardian

MOST_OF_A_YEAR = 5_000
_L = table_of(VisitLine).c


class Row(NamedTuple):
    """One visit in a list."""

    id: UUID
    admitted_at: datetime
    discharged_at: datetime
    facility_code: str
    facility: str | None
    diagnosis: str
    sensitive: bool
    total: Decimal
    fund: Decimal
    patient: Decimal


@dataclass(frozen=True)
class Listed:
    """A page of a year, newest first, and the visit behind which the next one begins."""

    rows: list[Row]
    next_key: UUID | None


def _of(person_id: UUID, hide: bool) -> list[ColumnElement[bool]]:
    return [Visit.person_id == person_id, *([Visit.sensitive.is_(False)] if hide else [])]


def years(db: Session, person_id: UUID, *, hide: bool) -> list[Year]:
    """Every year with visits, newest first, and its sums; `hide` leaves sensitive ones out of both."""
    sums = (
        func.sum(Visit.total_hospital), func.sum(Visit.paid_by_fund), func.sum(Visit.copay), func.sum(Visit.paid_by_patient),
        func.sum(Visit.other_sources), func.count().filter(Visit.sensitive.is_(True)),
    )  # fmt: skip
    query = select(Visit.year, func.count(), *sums).where(*_of(person_id, hide)).group_by(Visit.year)
    return [Year(*row) for row in db.execute(query.order_by(Visit.year.desc()))]


def page(db: Session, person_id: UUID, year: int, after: UUID | None, *, hide: bool) -> Listed:
    """The visits of a year that stand behind `after`, newest first; a key of somebody else's counts as none."""
    query = (
        select(
            Visit.id, Visit.admitted_at, Visit.discharged_at, Visit.facility_code, Facility.name, Visit.main_diagnosis,
            Visit.sensitive, Visit.total_hospital, Visit.paid_by_fund, Visit.copay + Visit.paid_by_patient,
        )
        .outerjoin(Facility, Facility.code == Visit.facility_code)
        .where(*_of(person_id, hide), Visit.year == year)
        .order_by(Visit.admitted_at.desc(), Visit.id.desc())
        .limit(VISITS_A_PAGE + 1)
    )  # fmt: skip
    if after is not None and (last := one(db, person_id, after, hide=hide)) is not None:
        query = query.where(tuple_(Visit.admitted_at, Visit.id) < (last.admitted_at, last.id))
    rows = [Row._make(row) for row in db.execute(query)]
    shown = rows[:VISITS_A_PAGE]
    return Listed(shown, shown[-1].id if len(rows) > VISITS_A_PAGE else None)


def of_year(db: Session, person_id: UUID, year: int, *, hide: bool) -> Sequence[RowOf[Any]]:
    """Every visit of a year with the hospital's name as `facility`, oldest first: for files and paper."""
    columns: list[Any] = [*table_of(Visit).c, Facility.name.label("facility")]
    query = (
        select(*columns)
        .outerjoin(Facility, Facility.code == Visit.facility_code)
        .where(*_of(person_id, hide), Visit.year == year)
        .order_by(Visit.admitted_at, Visit.id)
    )
    return db.execute(query.limit(MOST_OF_A_YEAR)).all()


def lines_of_year(db: Session, person_id: UUID, year: int, *, hide: bool) -> dict[UUID, list[RowOf[Any]]]:
    """The costs of all these visits, by visit."""
    wanted = select(Visit.id).where(*_of(person_id, hide), Visit.year == year)
    query = select(table_of(VisitLine)).where(VisitLine.visit_id.in_(wanted)).order_by(_L.visit_id, _L.ordinal)
    found: dict[UUID, list[RowOf[Any]]] = {}
    for row in db.execute(query):
        found.setdefault(row.visit_id, []).append(row)
    return found


def one(db: Session, person_id: UUID, id: UUID, *, hide: bool) -> Visit | None:
    """One visit of this person; others do not exist."""
    return db.scalar(select(Visit).where(Visit.id == id, *_of(person_id, hide)))


class Whole(NamedTuple):
    """One visit, the name of its hospital if the register knows it, and its papers as (kind, id) in the order of kinds."""

    visit: Visit
    facility: str | None
    papers: list[tuple[str, UUID]]


def whole(db: Session, person_id: UUID, id: UUID, *, hide: bool) -> Whole | None:
    """The same with what a page shows beside it, in one statement; a visit has a handful of papers."""
    shown = and_(Paper.visit_id == Visit.id, Paper.person_id == person_id, *([~Paper.sensitive] if hide else []))
    query = (
        select(Visit, Facility.name, Paper.kind, Paper.id)
        .outerjoin(Facility, Facility.code == Visit.facility_code)
        .outerjoin(Paper, shown)
        .where(Visit.id == id, *_of(person_id, hide))
    )
    rows = db.execute(query).all()
    if not rows:
        return None
    return Whole(rows[0][0], rows[0][1], sorted((kind, paper) for _visit, _name, kind, paper in rows if paper))


def facility_name(db: Session, code: str) -> str | None:
    """What a hospital is called, if the register knows it."""
    return db.scalar(select(Facility.name).where(Facility.code == code))


def lines(db: Session, visit_id: UUID) -> list[VisitLine]:
    """The costs of a visit as the hospital lists them."""
    return list(db.scalars(select(VisitLine).where(VisitLine.visit_id == visit_id).order_by(VisitLine.ordinal)))


def hides_from_guardian(db: Session, person_id: UUID, today: date) -> bool:
    """Whether a guardian of this person is not told of sensitive visits."""
    born = db.scalar(select(Person.birth_date).where(Person.id == person_id))
    return born is not None and hidden_from_guardian(of_age_on(PartialDate.parse(born)), today)


def line(db: Session, person_id: UUID, today: date, *, by_guardian: bool = False) -> Label:
    """One line of truth for the profile: how often this person was at a hospital this year."""
    hide = by_guardian and hides_from_guardian(db, person_id, today)
    count = db.scalar(select(func.count()).select_from(Visit).where(*_of(person_id, hide), Visit.year == today.year))
    if count == 1:
        return N_("1 lần khám năm nay")
    return N_("%(count)s lần khám năm nay", count=count) if count else N_("Chưa có lần khám nào năm nay")
