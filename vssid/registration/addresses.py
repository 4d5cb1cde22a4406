"""Where somebody lives, by what they have said of it last."""

from uuid import UUID

from sqlalchemy.orm import Session

from vssid import directory, records
from vssid.registration import queries
from vssid.registration.changes import queries as changes
from vssid.registration.fields import Address


def address_of(db: Session, person_id: UUID) -> Address | None:
    """By the newest approved declaration or, if newer, change of address; else by the register; None when nothing says."""
    declared, changed = queries.approved_of(db, person_id), changes.newest_address(db, person_id)
    if changed is not None and (declared is None or changed.asked_at > declared.sent_at):
        return Address(changed.province_code, changed.ward_code, changed.address_line, changed.address_given)
    if declared is not None:
        return Address(declared.province_code, declared.ward_code, declared.address_line)
    person = records.person(db, person_id)
    if person is None or not person.ward_code or directory.place(db, person.ward_code) is None:
        return None
    return Address(person.province_code, person.ward_code, person.address)
