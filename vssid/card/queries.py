"""Reads of cards: the newest version of each, also of numbers that were merged into the person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.card.models import Card
from vssid.card.rules import Face, choose
from vssid.directory.models import Facility
from vssid.kernel.labels import N_
from vssid.kernel.rows import table_of
from vssid.records.models import Person
from vssid.records.rules import PartialDate

VERSIONS_LOOKED_AT = 40
MOST_AT_ONCE = 50


_PERSONS, _CARDS = table_of(Person), table_of(Card)
_THEIRS = _PERSONS.alias("theirs")
_P, _C = _PERSONS.c, _CARDS.c
_COLUMNS = (
    *(_P.id, _P.full_name, _P.birth_date, _P.sex, _P.address, _P.province_code, _P.ward_code, _P.portrait_file_id),
    *(_C.id.label("card_id"), _C.person_id, _C.ma_so_bhxh, _C.number, _C.valid_from, _C.valid_to, _C.facility_code),
    *(_C.five_years_from, _C.level, _C.area_code, _C.object_code, _C.issued_on, _C.issued_by, _C.signatory, _C.status),
    table_of(Facility).c.name.label("facility_name"),
)


def _persons_and_cards(whose: ColumnElement[bool], most: int) -> Select[Any]:
    """The persons, and the newest versions of their cards and of numbers that were merged into them."""
    return (
        select(*_COLUMNS)
        .select_from(_PERSONS)
        .outerjoin(_THEIRS, or_(_THEIRS.c.id == _P.id, _THEIRS.c.merged_into_id == _P.id))
        .outerjoin(_CARDS, _C.person_id == _THEIRS.c.id)
        .outerjoin(table_of(Facility), table_of(Facility).c.code == _C.facility_code)
        .where(whose)
        .order_by(_C.valid_from.desc(), _C.version.desc())
        .limit(most)
    )


# Built once, and of columns.
_ONE = _persons_and_cards(_P.id == bindparam("person"), VERSIONS_LOOKED_AT)
_SEVERAL = _persons_and_cards(_P.id.in_(bindparam("persons", expanding=True)), VERSIONS_LOOKED_AT * MOST_AT_ONCE)


class Bearer(NamedTuple):
    """Who holds a card: what its face and the profile show. `birth_date` is ISO, `sex` M or F."""

    id: UUID
    full_name: str
    birth_date: str
    sex: str
    portrait_file_id: UUID | None


@dataclass(frozen=True)
class Holder:
    """A person, their address in words, and the card to show of them, if there is one."""

    person: Bearer
    address: str
    face: Face | None


def holder(db: Session, person_id: UUID, today: date) -> Holder | None:
    """A person and their card in one statement, or None for nobody."""
    # Straight on the connection: columns need nothing of what a session does for objects.
    rows = db.connection().execute(_ONE, {"person": person_id}).all()
    return _holder(db, rows, today) if rows else None


def holders(db: Session, persons: Collection[UUID], today: date) -> dict[UUID, Holder]:
    """The same of several persons, at most MOST_AT_ONCE, in one statement beside those for their places."""
    rows = db.connection().execute(_SEVERAL, {"persons": list(persons)[:MOST_AT_ONCE]}).all() if persons else []
    of_each: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        of_each.setdefault(row.id, []).append(row)
    return {person: _holder(db, theirs, today) for person, theirs in of_each.items()}


def _holder(db: Session, rows: Sequence[Row[Any]], today: date) -> Holder:
    first = rows[0]
    bearer = Bearer(first.id, first.full_name, first.birth_date, first.sex, first.portrait_file_id)
    place = directory.place_name(db, first.province_code, first.ward_code)
    address = ", ".join(part for part in (first.address, place) if part)
    newest: dict[tuple[UUID, date], Face] = {}
    for row in rows:
        if row.person_id is not None and (row.person_id, row.valid_from) not in newest:
            newest[row.person_id, row.valid_from] = _face(row, address)
    return Holder(bearer, address, choose(list(newest.values()), today))


def _face(row: Any, address: str) -> Face:
    return Face(
        version_id=row.card_id,
        ma_so=row.ma_so_bhxh,
        number=row.number,
        holder=row.full_name,
        birth=PartialDate.parse(row.birth_date).vn(),
        sex=row.sex,
        address=address,
        facility_code=row.facility_code,
        facility_name=row.facility_name or str(N_("Chưa rõ tên cơ sở")),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        five_years_from=row.five_years_from,
        level=row.level,
        area_code=row.area_code,
        object_code=row.object_code,
        issued_on=row.issued_on,
        issued_by=row.issued_by,
        signatory=row.signatory,
        withdrawn=row.status == "thu_hoi",
    )
