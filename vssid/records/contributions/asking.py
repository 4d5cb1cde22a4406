"""Whom to ask about one's contributions: the agency nearest to where one lives, with numbers that a telephone can call."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import directory
from vssid.directory.rules import SYSTEM
from vssid.kernel.memory import Memory
from vssid.kernel.text import phones
from vssid.records import queries as register


@dataclass(frozen=True)
class Office:
    """An agency: its name, address and telephone numbers as (written, dialled)."""

    name: str
    address: str
    phones: tuple[tuple[str, str], ...]


# Ranking the country's agencies takes three statements; a minute-old answer is as good.
_NEAR: Memory[str, Office | None] = Memory()


def office_near(db: Session, person_id: UUID) -> Office | None:
    """The agency nearest to where the person lives, if its telephone is known. Which one an employer has, no table tells yet."""
    person = register.person(db, person_id)
    if person is None or person.unit_system != SYSTEM or not person.ward_code:
        return None
    ward = person.ward_code
    return _NEAR.get(ward, lambda: _nearest(db, ward))


def _nearest(db: Session, ward_code: str) -> Office | None:
    near = directory.nearest_agencies(db, ward_code, limit=1)
    if not near or not near[0].agency.phone:
        return None
    agency = near[0].agency
    return Office(agency.name, agency.address, phones(agency.phone))
