"""Changes to the register that come from decisions, not from imports."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.queries import ward_of
from vssid.records.rules import IdKind, PartialDate, of_age_on


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


def add_guardianship(db: Session, guardian: Person, child: Person, on: date, source: str) -> None:
    """Let a guardian act for a child from a day on until the child is of age; nothing happens if they do already."""
    if ward_of(db, guardian.id, child.id, on) is None:
        db.add(
            Guardianship(
                id=uuid4(),
                child_id=child.id,
                guardian_id=guardian.id,
                valid_from=on,
                valid_to=of_age_on(PartialDate.parse(child.birth_date)),
                source=source,
            )
        )


def end_guardianships(db: Session, child_id: UUID, on: date) -> int:
    """Nobody acts for this person from `on`: they registered themselves. Returns how many links ended."""
    live = Guardianship.valid_to.is_(None) | (Guardianship.valid_to > on)
    ended = update(Guardianship).where(Guardianship.child_id == child_id, live).values(valid_to=on)
    return len(db.execute(ended.returning(Guardianship.id)).all())
