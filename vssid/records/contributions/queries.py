"""Reads of one person's contributions. A fund's rows are bounded by months and employers, and totals need them all."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from vssid.kernel.labels import Label
from vssid.kernel.rows import table_of
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import Fund, Kind, Period, Status, month_of, tally, total_line

_C = table_of(Contribution).c
# All columns but whose and when recorded: forty years of them are read at once.
_SAID: list[Any] = [one for one in _C if one.name not in ("person_id", "recorded_at", "updated_at")]


def history(db: Session, person_id: UUID, fund: Fund) -> list[Row[Any]]:
    """What one person's rows of a fund say, newest first; of one month in the order of the employers' keys."""
    rows = db.execute(select(*_SAID).where(_C.person_id == person_id, _C.fund == fund)).all()
    rows = sorted(rows, key=lambda row: (row.employer_key, str(row.id)))
    return sorted(rows, key=lambda row: (row.from_month, row.to_month), reverse=True)


def everything(db: Session, person_id: UUID) -> Sequence[Row[Any]]:
    """All columns of one person's rows of all funds, oldest first: for paper."""
    rows = db.execute(select(table_of(Contribution)).where(_C.person_id == person_id)).all()
    return sorted(rows, key=lambda row: (row.fund, row.from_month, row.to_month, row.employer_key, str(row.id)))


def one(db: Session, person_id: UUID, row_id: UUID) -> Row[Any] | None:
    """One row of this person's, or None."""
    return db.execute(select(table_of(Contribution)).where(_C.id == row_id, _C.person_id == person_id)).first()


def as_periods(rows: Iterable[Any]) -> list[Period]:
    """What rows say about months."""
    return [
        Period(month_of(row.from_month), month_of(row.to_month), Status(row.status), Kind(row.kind)) for row in rows
    ]


def periods(db: Session, person_id: UUID, fund: Fund) -> list[Period]:
    """The periods of one person in a fund, in no order: one statement."""
    wanted = select(_C.from_month, _C.to_month, _C.status, _C.kind)
    return as_periods(db.execute(wanted.where(_C.person_id == person_id, _C.fund == fund)))


def line(db: Session, person_id: UUID, today: date) -> Label:
    """“14 năm 3 tháng · chậm đóng 2 tháng”: social insurance up to this month, in one statement.

    Of who never paid into it, as of children, health insurance.
    """
    funds = (Fund.BHXH, Fund.BHYT)
    wanted = select(_C.fund, _C.from_month, _C.to_month, _C.status, _C.kind)
    rows = db.execute(wanted.where(_C.person_id == person_id, _C.fund.in_(funds))).all()
    fund = next((one for one in funds if any(row.fund == one for row in rows)), Fund.BHXH)
    return total_line(tally(as_periods(row for row in rows if row.fund == fund), month_of(today)), fund)


def first_fund(db: Session, person_id: UUID) -> Fund:
    """The first fund that holds anything of this person; social insurance where none does."""
    held = set(db.scalars(select(_C.fund).where(_C.person_id == person_id).distinct()))
    return next((fund for fund in Fund if fund in held), Fund.BHXH)
