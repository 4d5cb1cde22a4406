"""Changes to the register that come from decisions, not from imports."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import IdKind


def set_portrait(db: Session, person: Person, file_id: UUID, at: datetime) -> None:
    """Use an approved portrait for the card."""
    person.portrait_file_id, person.updated_at = file_id, at


def learn_identifier(db: Session, person: Person, kind: IdKind, value: str, at: datetime) -> bool:
    """Note a number that an officer has checked; False when it already names somebody."""
    if db.scalar(select(PersonIdentifier.id).where(PersonIdentifier.kind == kind, PersonIdentifier.value == value)):
        return False
    db.add(
        PersonIdentifier(id=uuid4(), person_id=person.id, kind=kind, value=value, valid_from=at.date(), valid_to=None)
    )
    return True
