"""Guardians who chose to hear of something, for whoever tells of a child: as on the pages, while they act and have agreed."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from vssid.accounts import NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel.clock import day_of
from vssid.kernel.rows import table_of
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT, PartialDate, consent_lapsed, of_age_on

_P, _G = table_of(Person).c, table_of(Guardianship).c


class Guardian(NamedTuple):
    """Who hears of a child: the child's id, when the child is of age, and where the guardian hears."""

    child_id: UUID
    of_age: date
    listener: Listener


def guardians(db: Session, kind: NoticeKind, persons: Iterable[UUID], today: date) -> list[Guardian]:
    """For each minor among `persons` the guardians who hear of `kind`; three statements at most.

    No guardian without an agreement that still holds.
    """
    in_force = (_G.valid_from <= today, or_(_G.valid_to.is_(None), _G.valid_to > today))
    query = (
        select(_G.child_id, _G.guardian_id, _P.birth_date)
        .join_from(table_of(Guardianship), table_of(Person), _P.id == _G.child_id)
        .where(_G.child_id.in_(list(persons)), *in_force, _P.died_on.is_(None))
        .distinct()
    )
    pairs = [(child, guardian, PartialDate.parse(birth)) for child, guardian, birth in db.execute(query)]
    minors = [pair for pair in pairs if today < of_age_on(pair[2])]
    heard = notices.listening(db, kind, {guardian for _child, guardian, _birth in minors})
    wanted = [pair for pair in minors if pair[1] in heard]
    agreed = notices.agreed_on(db, "person", {child for child, _guardian, _birth in wanted}, CHILD_CONSENT)
    found = []
    for child, guardian, birth in wanted:
        given = agreed.get(child)
        if not consent_lapsed(birth, day_of(given) if given else None, today):
            found.append(Guardian(child, of_age_on(birth), heard[guardian]))
    return found
