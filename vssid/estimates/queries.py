"""What estimates read: the figures of the law that hold on a day, and a person's own rows when they ask for them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.directory.models import Parameter
from vssid.estimates.own import Row
from vssid.estimates.rules import COEFFICIENT, Figure, Figures
from vssid.records import Person
from vssid.records.benefits.models import Benefit
from vssid.records.benefits.rules import BenefitKind
from vssid.records.contributions import Fund, Kind, Status, month_of
from vssid.records.contributions import queries as contributions


def figures_on(db: Session, day: date, *, newest: bool = False) -> Figures:
    """All of them, in one statement; with `newest` the newest coefficients there are, where the day has none."""
    known = {row.code: _figure(row) for row in directory.parameters_on(db, day)}
    figures = Figures(day, known)
    if not newest or any(code.startswith(COEFFICIENT) for code in known):
        return figures
    table = newest_coefficients(db, day)
    if not table:
        return figures
    return replace(figures, known={**table, **known}, borrowed=year_of(table))


def newest_coefficients(db: Session, day: date) -> dict[str, Figure]:
    """The newest table of coefficients that began by a day, by code; none where there is none."""
    began = (Parameter.code.startswith(COEFFICIENT, autoescape=True), Parameter.valid_from <= day)
    rows = db.scalars(select(Parameter).where(*began)).all()
    last = max((row.valid_from for row in rows), default=None)
    return {row.code: _figure(row) for row in rows if row.valid_from == last}


def year_of(table: dict[str, Figure]) -> int:
    """The year for which a table of coefficients was made."""
    return next(iter(table.values())).since.year


def _figure(row: Parameter) -> Figure:
    return Figure(row.code, row.value, row.valid_from, directory.shown_source(row.source))


def own_rows(db: Session, person_id: UUID) -> list[Row]:
    """The months of social insurance that were paid for somebody, or that an employer owes."""
    return [
        Row(
            month_of(row.from_month),
            month_of(row.to_month),
            row.salary if row.currency == "VND" else None,
            voluntary=row.kind == Kind.VOLUNTARY,
            graded=row.coefficient is not None,
            owed=row.status != Status.PAID,
        )
        for row in contributions.history(db, person_id, Fund.BHXH)
        if row.status == Status.PAID or row.kind == Kind.COMPULSORY
    ]


def paid_out(db: Session, person_id: UUID) -> date | None:
    """The day of the last “BHXH một lần”, before which no month counts any more; None for none whose day is known."""
    mine = Benefit.person_id == person_id, Benefit.kind == BenefitKind.ONE_TIME
    rows = db.execute(select(Benefit.from_date, Benefit.decision_date).where(*mine))
    days = (date.fromisoformat(begins) if begins else decided for begins, decided in rows)
    return max((day for day in days if day), default=None)


def household_size(db: Session, person: Person) -> int | None:
    """How many living people the register has in somebody's household; None where it does not say."""
    if not person.household_code:
        return None
    living = Person.died_on.is_(None), Person.merged_into_id.is_(None)
    return db.scalar(select(func.count()).where(Person.household_code == person.household_code, *living))
