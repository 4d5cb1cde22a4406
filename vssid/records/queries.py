"""Reads of the register; a number that was merged answers for the person who remains."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.rules import IdKind, PartialDate, of_age_on

_EARLY = date.min
MOST_CHILDREN = 50


def person_by(db: Session, kind: IdKind, value: str) -> Person | None:
    """The person whom a number names; of merged ones the survivor."""
    named, survivor = aliased(Person), aliased(Person)
    row = db.execute(
        select(named, survivor)
        .join(PersonIdentifier, PersonIdentifier.person_id == named.id)
        .outerjoin(survivor, survivor.id == named.merged_into_id)
        .where(PersonIdentifier.kind == kind, PersonIdentifier.value == value)
    ).first()
    return row and (row[1] or row[0])


def person(db: Session, id: UUID) -> Person | None:
    """One person."""
    return db.get(Person, id)


def name_of(db: Session, id: UUID) -> str:
    """The full name of one person, '' for nobody."""
    return db.scalar(select(Person.full_name).where(Person.id == id)) or ""


def identifiers(db: Session, person_id: UUID) -> dict[IdKind, str]:
    """The numbers of a person by kind; where one was replaced, the newest."""
    query = select(PersonIdentifier).where(PersonIdentifier.person_id == person_id)
    rows = sorted(db.scalars(query), key=lambda row: (row.valid_to is None, row.valid_from or row.valid_to or _EARLY))
    return {IdKind(row.kind): row.value for row in rows}


def is_family(db: Session, ma_so_bhxh: str, person: Person) -> bool:
    """Whether the holder of `ma_so_bhxh` is this person, of their household, or their guardian or ward."""
    one = person_by(db, IdKind.MA_SO_BHXH, ma_so_bhxh)
    if one is None:
        return False
    if one.id == person.id or (one.household_code and one.household_code == person.household_code):
        return True
    pair = or_(
        (Guardianship.child_id == person.id) & (Guardianship.guardian_id == one.id),
        (Guardianship.child_id == one.id) & (Guardianship.guardian_id == person.id),
    )
    return db.scalar(select(Guardianship.id).where(pair).limit(1)) is not None


def family_of(ma_so_bhxh: str) -> CompoundSelect[UUID]:
    """The ids of everybody of whom `is_family` is true, for use within a statement."""
    named, holder, other = aliased(Person), aliased(Person), aliased(Person)
    one = (
        select(func.coalesce(named.merged_into_id, named.id))
        .join(PersonIdentifier, PersonIdentifier.person_id == named.id)
        .where(PersonIdentifier.kind == IdKind.MA_SO_BHXH, PersonIdentifier.value == ma_so_bhxh)
        .scalar_subquery()
    )
    household = select(holder.household_code).where(holder.id == one, holder.household_code != "").scalar_subquery()
    return union_all(
        select(other.id).where(other.id == one),
        select(other.id).where(other.household_code == household),
        select(Guardianship.child_id).where(Guardianship.guardian_id == one),
        select(Guardianship.guardian_id).where(Guardianship.child_id == one),
    )


def _in_force(on: date) -> ColumnElement[bool]:
    return (Guardianship.valid_from <= on) & (or_(Guardianship.valid_to.is_(None), Guardianship.valid_to > on))


def children_of(db: Session, guardian_id: UUID, on: date) -> list[Person]:
    """Whom a person acts for on a day: minors by the register, eldest first."""
    query = (
        select(Person)
        .join(Guardianship, Guardianship.child_id == Person.id)
        .where(Guardianship.guardian_id == guardian_id, _in_force(on), Person.died_on.is_(None))
    )
    children = {child.id: child for child in db.scalars(query.limit(MOST_CHILDREN)) if minor(child, on)}
    return sorted(children.values(), key=lambda child: (child.birth_date, child.name_folded))


def ward_of(db: Session, guardian_id: UUID, child_id: UUID, on: date) -> Person | None:
    """The child, if this guardian acts for them on that day."""
    mine = Guardianship.guardian_id == guardian_id, Guardianship.child_id == child_id, _in_force(on)
    child = db.scalar(select(Person).join(Guardianship, Guardianship.child_id == Person.id).where(*mine).limit(1))
    return child if child is not None and child.died_on is None and minor(child, on) else None


def minor(person: Person, on: date) -> bool:
    """Whether a person is not of age on a day."""
    return on < of_age_on(PartialDate.parse(person.birth_date))


def guardians_of(db: Session, child_id: UUID, on: date) -> list[Person]:
    """Who acts for a child on a day."""
    query = select(Person).join(Guardianship, Guardianship.guardian_id == Person.id)
    return list(db.scalars(query.where(Guardianship.child_id == child_id, _in_force(on)).limit(MOST_CHILDREN)))
