"""Reads of the register; a number that was merged answers for the person who remains."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.rules import IdKind

_EARLY = date.min


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
