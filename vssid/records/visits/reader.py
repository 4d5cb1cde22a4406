"""Who reads visits and papers, what they are not told, and that a guardian read: alike on pages, in files and on paper."""

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
from vssid.web import db, pages


def kept_from_reader(session: Session, person_id: UUID) -> bool:
    """Whether a guardian reads who is not told. The officer who answers a complaint may know what it is about."""
    reader = g.get("actor")
    if not isinstance(reader, accounts.Citizen):
        return False
    by = reader.person_id != person_id or reader.guarded_until is not None
    return by and queries.hides_from_guardian(session, person_id, today())


def by_guardian(whose: Whose) -> date | None:
    """When the person is of age, if a guardian looks: through their own account, or through the child's that they use."""
    return accounts.me().guarded_until if whose.own else of_age_on(PartialDate.parse(g.ward.born))


def hides(whose: Whose) -> bool:
    """Whether what is sensitive does not exist for this reader."""
    of_age = by_guardian(whose)
    return of_age is not None and hidden_from_guardian(of_age, today())


def wanted_year(usual: int) -> int:
    """The year that the address names, or the usual one."""
    wanted = pages.query_text("nam", 4)
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else usual


def note(whose: Whose, tag: StrEnum, *, own: bool = False, **detail: str) -> None:
    """Note a guardian's look in a transaction of its own: a look may not change what it looks at. One's own only with `own`."""
    if own or by_guardian(whose):
        with unit(db.engine()) as session:
            audit.record(session, tag, accounts.me().by, ("person", whose.person_id), now(), **detail)
