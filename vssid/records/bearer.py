"""Whom a printed statement is about, as every one of them begins."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from vssid.kernel.text import grouped
from vssid.records import queries
from vssid.records.rules import IdKind, PartialDate


class Bearer(NamedTuple):
    """Name, birth date as it is known (04/09/1985, 09/1985, 1985), its year, and the mã số in groups ('' without one)."""

    name: str
    born: str
    birth_year: str
    ma_so: str


def bearer(db: Session, person_id: UUID) -> Bearer | None:
    """Two statements; None for nobody."""
    person = queries.person(db, person_id)
    if person is None:
        return None
    born = PartialDate.parse(person.birth_date)
    ma_so = queries.identifiers(db, person_id).get(IdKind.MA_SO_BHXH, "")
    return Bearer(person.full_name, born.vn(), str(born.year), grouped(ma_so, 2, 4))
