"""Reads of one person's benefits and pension adjustments, newest first; every list is bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import ROWS_A_PAGE, BenefitKind, Branch, Latest, Total

MOST_ROWS = 2_000  # of one person: forty years of weekly sick leave stay below it
MOST_ADJUSTMENTS = 100

# The day by which a benefit is sorted and counted into a year, as ISO text: its first, else that of its decision, else ''.
_counted_day = case(
    (Benefit.from_date != "", Benefit.from_date), else_=func.coalesce(cast(Benefit.decision_date, String(10)), "")
)
_counted_year = func.substr(_counted_day, 1, 4)


@dataclass(frozen=True)
class Key:
    """Where a page ends: the day and id of its last row."""

    day: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.day}_{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key in an address; None for anything else."""
        day, _sign, id = text.partition("_")
        try:
            return cls(day and date.fromisoformat(day).isoformat(), UUID(id))
        except ValueError:
            return None


@dataclass(frozen=True)
class Page:
    """At most a hundred benefits, and the key of the next page."""

    rows: Sequence[Benefit]
    following: Key | None


def totals(db: Session, person_id: UUID, branch: Branch) -> list[Total]:
    """What was received year by year, newest first; rows without any day count into year 0."""
    sums = (_counted_year, func.sum(Benefit.amount), func.count())
    query = select(*sums).where(Benefit.person_id == person_id, Benefit.kind.in_(branch.kinds)).group_by(_counted_year)
    found = [Total(int(year or 0), int(amount), rows) for year, amount, rows in db.execute(query)]
    return sorted(found, key=lambda total: -total.year)


def page(db: Session, person_id: UUID, branch: Branch, year: int | None, after: Key | None) -> Page:
    """The benefits of a branch and, if one is named, of a year."""
    query = select(Benefit).where(Benefit.person_id == person_id, Benefit.kind.in_(branch.kinds))
    if year is not None:
        query = query.where(_counted_year == (f"{year:04}" if year else ""))
    if after is not None:
        query = query.where(or_(_counted_day < after.day, and_(_counted_day == after.day, Benefit.id < after.id)))
    rows = db.scalars(_newest_first(query).limit(ROWS_A_PAGE + 1)).all()
    if len(rows) <= ROWS_A_PAGE:
        return Page(rows, None)
    last = rows[ROWS_A_PAGE - 1]
    return Page(rows[:ROWS_A_PAGE], Key(day_of(last), last.id))


def _newest_first(query: Select[Benefit]) -> Select[Benefit]:
    return query.order_by(_counted_day.desc(), Benefit.id.desc())


def day_of(row: Benefit) -> str:
    """The day by which a benefit is sorted, ISO or ''."""
    return row.from_date or (row.decision_date.isoformat() if row.decision_date else "")


def every(db: Session, person_id: UUID) -> Sequence[Benefit]:
    """All benefits of a person."""
    return db.scalars(_newest_first(select(Benefit).where(Benefit.person_id == person_id)).limit(MOST_ROWS)).all()


def one(db: Session, person_id: UUID, id: UUID) -> Benefit | None:
    """One benefit of this person; those of others do not exist."""
    return db.scalar(select(Benefit).where(Benefit.id == id, Benefit.person_id == person_id))


def newest_of_each_kind(db: Session, person_id: UUID) -> list[Latest]:
    """The newest benefit of each kind that a person has."""
    newest: dict[str, Benefit] = {}
    for row in every(db, person_id):
        newest.setdefault(row.kind, row)
    return [
        Latest(
            BenefitKind(row.kind), row.amount, date.fromisoformat(day) if (day := day_of(row)) else None, row.to_date
        )
        for row in newest.values()
    ]


def first_branch(db: Session, person_id: UUID) -> Branch:
    """The first part that holds anything; the first of all where none does."""
    kinds = set(db.scalars(select(Benefit.kind).where(Benefit.person_id == person_id).distinct()))
    return next((branch for branch in Branch if kinds.intersection(branch.kinds)), Branch.ONE_TIME)


def _adjustments(person_id: UUID) -> Select[PensionAdjustment]:
    newest = (PensionAdjustment.effective_from.desc(), PensionAdjustment.decision_number.desc())
    return select(PensionAdjustment).where(PensionAdjustment.person_id == person_id).order_by(*newest)


def adjustments(db: Session, person_id: UUID) -> Sequence[PensionAdjustment]:
    """The adjustments of a person's pension."""
    return db.scalars(_adjustments(person_id).limit(MOST_ADJUSTMENTS)).all()


def adjustment(db: Session, person_id: UUID, id: UUID) -> PensionAdjustment | None:
    """One adjustment of this person's; those of others do not exist."""
    own = PensionAdjustment.person_id == person_id
    return db.scalar(select(PensionAdjustment).where(PensionAdjustment.id == id, own))


def pension_on(db: Session, person_id: UUID, day: date) -> int | None:
    """The amount of a pension after the last adjustment that holds on a day, in đồng; None where none was made."""
    held = _adjustments(person_id).where(PensionAdjustment.effective_from <= day)
    last = db.scalars(held.limit(1)).first()
    return last.new_amount if last else None
