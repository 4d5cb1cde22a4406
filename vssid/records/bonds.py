"""Who acts for whom, of many at once, for whoever writes to guardians: as on the pages, of minors and by an agreement that holds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from vssid.accounts import NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel.clock import day_of
from vssid.kernel.rows import table_of
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT, PartialDate, consent_lapsed, of_age_on

_P, _G = table_of(Person).c, table_of(Guardianship).c


class _Bond(NamedTuple):
    guardian_id: UUID
    child_id: UUID
    birth: PartialDate


class Hearing(NamedTuple):
    """A guardian who hears of a child: the child's id, when the child is of age, and where the guardian hears."""

    child_id: UUID
    of_age: date
    listener: Listener


def wards_of(db: Session, guardians: Iterable[UUID], today: date) -> dict[UUID, list[UUID]]:
    """The children of each of these guardians; two statements."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for bond in _agreed(db, _bonds(db, _G.guardian_id.in_(list(guardians)), today), today):
        found[bond.guardian_id].append(bond.child_id)
    return found


def hearing(db: Session, kind: NoticeKind, children: Iterable[UUID], today: date) -> list[Hearing]:
    """The guardians of each of these persons, as far as they are minors, who hear of `kind`; three statements at most."""
    bonds = _bonds(db, _G.child_id.in_(list(children)), today)
    heard = notices.listening(db, kind, {bond.guardian_id for bond in bonds})
    agreed = _agreed(db, [bond for bond in bonds if bond.guardian_id in heard], today)
    return [Hearing(bond.child_id, of_age_on(bond.birth), heard[bond.guardian_id]) for bond in agreed]


def _bonds(db: Session, whose: ColumnElement[bool], today: date) -> list[_Bond]:
    """The bonds in force to minors who live."""
    in_force = (_G.valid_from <= today, or_(_G.valid_to.is_(None), _G.valid_to > today))
    query = (
        select(_G.guardian_id, _G.child_id, _P.birth_date)
        .join_from(table_of(Guardianship), table_of(Person), _P.id == _G.child_id)
        .where(whose, *in_force, _P.died_on.is_(None))
        .distinct()
    )
    bonds = [_Bond(guardian, child, PartialDate.parse(birth)) for guardian, child, birth in db.execute(query)]
    return [bond for bond in bonds if today < of_age_on(bond.birth)]


def _agreed(db: Session, bonds: list[_Bond], today: date) -> list[_Bond]:
    """Those whose child was agreed for, anew where that must be."""
    days = notices.agreed_on(db, "person", {bond.child_id for bond in bonds}, CHILD_CONSENT)
    given = {child: day_of(at) for child, at in days.items()}
    return [bond for bond in bonds if not consent_lapsed(bond.birth, given.get(bond.child_id), today)]
