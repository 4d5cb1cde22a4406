"""Where somebody lives and where their card is registered, in one statement."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.directory.models import Facility
from vssid.records.models import Person


@dataclass(frozen=True)
class Around:
    """Where to look for facilities: the province ('' where it is not known), the ward as addresses have it ('' likewise),
    and the facility on the card.

    Of somebody whose address is kept in the codes of before 1/7/2025 the province is that of the facility.
    """

    province_code: str
    ward_name: str
    facility: Facility | None


def around(db: Session, person_id: UUID, facility_code: str) -> Around:
    """Of a person who exists; `facility_code` is '' for somebody without a card."""
    query = (
        select(Person.province_code, Person.ward_code, Facility)
        .outerjoin(Facility, Facility.code == literal(facility_code))
        .where(Person.id == person_id)
    )
    province, ward, facility = db.execute(query).one()
    whole, above = directory.place_name(db, province, ward), directory.place_name(db, province)
    if not above:
        return Around(facility.province_code if facility else "", "", facility)
    return Around(province, whole.removesuffix(f", {above}") if whole != above else "", facility)
