"""Reads of cards: the newest version of each, also of numbers that were merged into the person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from vssid import directory
from vssid.card.models import Card
from vssid.card.rules import Face, choose
from vssid.directory.models import Facility
from vssid.kernel.labels import N_
from vssid.records.models import Person
from vssid.records.rules import PartialDate

VERSIONS_LOOKED_AT = 40


_Holder = aliased(Person)
# Built once: the person, and the newest versions of their cards and of numbers that were merged into them.
_PERSON_AND_CARDS = (
    select(Person, Card, Facility.name)
    .outerjoin(_Holder, or_(_Holder.id == Person.id, _Holder.merged_into_id == Person.id))
    .outerjoin(Card, Card.person_id == _Holder.id)
    .outerjoin(Facility, Facility.code == Card.facility_code)
    .where(Person.id == bindparam("person"))
    .order_by(Card.valid_from.desc(), Card.version.desc())
    .limit(VERSIONS_LOOKED_AT)
)


@dataclass(frozen=True)
class Holder:
    """A person, their address in words, and the card to show of them, if there is one."""

    person: Person
    address: str
    face: Face | None


def holder(db: Session, person_id: UUID, today: date) -> Holder | None:
    """A person and their card in one statement, or None for nobody."""
    rows = db.execute(_PERSON_AND_CARDS, {"person": person_id}).all()
    if not rows:
        return None
    person: Person = rows[0][0]
    place = directory.place_name(db, person.province_code, person.ward_code)
    address = ", ".join(part for part in (person.address, place) if part)
    newest: dict[tuple[UUID, date], Face] = {}
    for _person, card, facility_name in rows:
        if card is not None:
            newest.setdefault((card.person_id, card.valid_from), _face(card, facility_name, person, address))
    return Holder(person, address, choose(list(newest.values()), today))


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
