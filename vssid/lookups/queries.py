"""Reads for look-ups: of a stranger as many statements as of somebody whom the register knows."""

from uuid import UUID

from sqlalchemy.orm import Session

from vssid import records
from vssid.lookups.rules import NOBODY, Asked, Known
from vssid.records import IdKind

_NO_ID = UUID(int=0)


def known_by_paper(db: Session, asked: Asked) -> tuple[UUID | None, Known]:
    """The holder of the paper (of merged ones who remains) and what is known of them; NOBODY for an unknown number."""
    person = records.person_by(db, IdKind(asked.id_kind), asked.id_number)
    numbers = records.identifiers(db, person.id if person else _NO_ID)
    if person is None:
        return None, NOBODY
    ma_so = numbers.get(IdKind.MA_SO_BHXH, "")
    return person.id, Known(person.full_name, person.birth_date, person.died_on is None, ma_so)
