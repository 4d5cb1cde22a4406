"""What estimates read: the figures of the law that hold on a day, and a person's own rows when they ask for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.card.models import Card
from vssid.directory.models import Parameter
from vssid.estimates import own, paying
from vssid.estimates.own import Household, Row
from vssid.estimates.rules import COEFFICIENT, Figure, Figures
from vssid.records import Person
from vssid.records.benefits.models import Benefit
from vssid.records.benefits.rules import BenefitKind
from vssid.records.contributions import Fund, Kind, Status, month_of
from vssid.records.contributions import queries as contributions
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import first_day


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


def household(db: Session, person: Person, day: date) -> Household | None:
    """Who of somebody's household lives, by the register; None where it does not say. At most three statements."""
    if not person.household_code:
        return None
    living = Person.died_on.is_(None), Person.merged_into_id.is_(None)
    members = db.execute(
        select(Person.id, Person.birth_date).where(Person.household_code == person.household_code, *living)
    )
    born = {row.id: row.birth_date for row in members}
    if len(born) > paying.MOST_MEMBERS:
        return Household(len(born), 0)
    small = {id for id, birth_date in born.items() if own.below_six(birth_date, day)}
    return Household(len(born), len(small | _through_work(db, born, day) | _in_other_groups(db, born, day)))


def _through_work(db: Session, ids: Collection[UUID], day: date) -> set[UUID]:
    """Whose newest BHYT of the last three months is compulsory; of one month with both, work comes first."""
    row, since = Contribution, first_day(month_of(day) - paying.LATELY)
    lately = row.person_id.in_(ids), row.fund == Fund.BHYT, row.to_month >= since, row.from_month <= day
    newest: dict[UUID, tuple[date, bool]] = {}
    for id, kind, last in db.execute(select(row.person_id, row.kind, row.to_month).where(*lately)):
        found = min(last, day.replace(day=1)), kind == Kind.COMPULSORY
        newest[id] = max(found, newest.get(id, found))
    return {id for id, (_last, compulsory) in newest.items() if compulsory}


def _in_other_groups(db: Session, ids: Collection[UUID], day: date) -> set[UUID]:
    """Whose newest card that has begun is good on that day and of another group than households."""
    begun = select(Card).where(Card.person_id.in_(ids), Card.valid_from <= day)
    newest: dict[UUID, Card] = {}
    for card in sorted(db.scalars(begun), key=lambda one: (one.valid_from, one.version)):
        newest[card.person_id] = card
    return {
        id
        for id, card in newest.items()
        if card.status == "hieu_luc"
        and (card.valid_to is None or card.valid_to >= day)
        and card.object_code not in ("", paying.HOUSEHOLD_CODE)
    }
