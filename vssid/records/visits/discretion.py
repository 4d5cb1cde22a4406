"""Who looks at what hospitals have sent, and what is kept from them: a guardian's looks are noted, and some are refused."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from flask import g
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.records.rules import PartialDate, of_age_on
from vssid.records.visits import queries
from vssid.records.visits.rules import hidden_from_guardian
from vssid.records.whose import Whose
from vssid.web import db


def by_guardian(whose: Whose) -> date | None:
    """When the person is of age, if a guardian looks: through their own account, or through the child's that they use."""
    return accounts.me().guarded_until if whose.own else of_age_on(PartialDate.parse(g.ward.born))


def hides(whose: Whose) -> bool:
    """Whether a guardian looks who is not told of what is sensitive."""
    of_age = by_guardian(whose)
    return of_age is not None and hidden_from_guardian(of_age, today())


def kept_from_reader(session: Session, person_id: UUID) -> bool:
    """Whether a guardian reads who is not told. The officer who answers a complaint may know what it is about."""
    reader = g.get("actor")
    if not isinstance(reader, accounts.Citizen):
        return False
    guarded = reader.person_id != person_id or reader.guarded_until is not None
    return guarded and queries.hides_from_guardian(session, person_id, today())


def note(tag: StrEnum, person_id: UUID, **detail: str) -> None:
    """Put a look into the audit, in a transaction of its own: a look may not change what it looks at."""
    with unit(db.engine()) as session:
        audit.record(session, tag, accounts.me().by, ("person", person_id), now(), **detail)
