"""Reads of cards: the newest version of each, also of numbers that were merged into the person."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from vssid.card.models import Card
from vssid.card.rules import Face, choose
from vssid.directory.models import Facility
from vssid.kernel.labels import N_
from vssid.records.models import Person
from vssid.records.rules import PartialDate

VERSIONS_LOOKED_AT = 40


def card_of(db: Session, person: Person, address: str, today: date) -> Face | None:
    """The card to show of a person, or None. One statement. `address` is the holder's, as it is printed."""
    theirs = select(Person.id).where(or_(Person.id == person.id, Person.merged_into_id == person.id))
    query = (
        select(Card, Facility.name)
        .outerjoin(Facility, Facility.code == Card.facility_code)
        .where(Card.person_id.in_(theirs))
        .order_by(Card.valid_from.desc(), Card.version.desc())
        .limit(VERSIONS_LOOKED_AT)
    )
    newest: dict[tuple[UUID, date], Face] = {}
    for card, facility_name in db.execute(query):
        newest.setdefault((card.person_id, card.valid_from), _face(card, facility_name, person, address))
    return choose(list(newest.values()), today)


def _face(card: Card, facility_name: str | None, person: Person, address: str) -> Face:
    return Face(
        ma_so=card.ma_so_bhxh,
        number=card.number,
        holder=person.full_name,
        birth=PartialDate.parse(person.birth_date).vn(),
        sex=person.sex,
        address=address,
        facility_code=card.facility_code,
        facility_name=facility_name or str(N_("Chưa rõ tên cơ sở")),
        valid_from=card.valid_from,
        valid_to=card.valid_to,
        five_years_from=card.five_years_from,
        level=card.level,
        area_code=card.area_code,
        object_code=card.object_code,
        issued_on=card.issued_on,
        issued_by=card.issued_by,
        signatory=card.signatory,
        withdrawn=card.status == "thu_hoi",
    )
