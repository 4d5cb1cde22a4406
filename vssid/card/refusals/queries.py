"""Reads of reports: one's own by the account that sent them, an officer's only of people whom their agencies registered."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import ColumnElement, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid import directory, records
from vssid.card.refusals.models import CardRefusal
from vssid.card.refusals.rules import ANSWER_DAYS, OWN_FAMILY, Status
from vssid.kernel.days import working_day_after
from vssid.kernel.labels import Refused
from vssid.officers import Officer
from vssid.records.models import Person

PAGE = 25
MOST_OWN = 5

# Which agency registered a person; None for nobody's. Registrations are known upstairs.
AgencyOf = Callable[[Session, UUID], str | None]


def register_agency(app: Flask, agency_of: AgencyOf) -> None:
    """Tell which agency answers for a person; without that the province's own does."""
    app.extensions["refusals.agency"] = agency_of


def agency_of(db: Session, person_id: UUID) -> str | None:
    """The agency that registered a person."""
    ask = cast(AgencyOf | None, current_app.extensions.get("refusals.agency"))
    return ask(db, person_id) if ask else None


def due_on(db: Session, on: date) -> date:
    """Until when a report of a day is answered. Raises LookupError where no parameter says it."""
    found = directory.parameter(db, ANSWER_DAYS, on)
    days = directory.whole_of(ANSWER_DAYS, found.value) if found else None
    if days is None:
        raise LookupError(f"the parameter {ANSWER_DAYS} has no readable value on {on}")
    return working_day_after(on, days)


def of_account(db: Session, id: UUID, account_id: UUID, person_id: UUID) -> CardRefusal | None:
    """A report that this account has sent about this person; others do not exist."""
    mine = CardRefusal.account_id == account_id, CardRefusal.person_id == person_id
    return db.scalar(select(CardRefusal).where(CardRefusal.id == id, *mine))


def newest_of(db: Session, account_id: UUID, person_id: UUID) -> list[CardRefusal]:
    """The newest reports of an account about a person."""
    mine = CardRefusal.account_id == account_id, CardRefusal.person_id == person_id
    return list(db.scalars(select(CardRefusal).where(*mine).order_by(CardRefusal.sent_at.desc()).limit(MOST_OWN)))


class Row(NamedTuple):
    """A report in the queue, with the name of whose card it was."""

    report: CardRefusal
    name: str


class Page(NamedTuple):
    """One page of the queue and the key of the next."""

    rows: list[Row]
    following: str | None


def _serves_all(db: Session, officer: Officer) -> bool:
    """Whether they answer for who was never registered here: the province's own agency."""
    own = directory.agency(db, officer.agency_code)
    return own is not None and not own.parent_code


def _of_agencies(db: Session, officer: Officer) -> list[ColumnElement[bool]]:
    """One condition for each agency whose reports an officer sees; what their own family reports a colleague answers."""
    own: list[ColumnElement[bool]] = [CardRefusal.agency_code == agency for agency in officer.agencies]
    seen = [*own, CardRefusal.agency_code.is_(None)] if _serves_all(db, officer) else own
    if not officer.ma_so_bhxh:
        return seen
    strangers = CardRefusal.person_id.not_in(records.family_of(officer.ma_so_bhxh))
    return [one & strangers for one in seen]


def queue(db: Session, officer: Officer, status: Status, after: tuple[date, UUID] | None) -> Page:
    """Reports of a status by the day on which they are to be answered, paged by key; those answered from the newest on.

    The first of each agency come straight from the index; only those are merged.
    """
    key, back = tuple_(CardRefusal.due_on, CardRefusal.id), status is Status.ANSWERED
    beyond = [key < after if back else key > after] if after else []
    parts = [
        select(CardRefusal.due_on, CardRefusal.id)
        .where(one, CardRefusal.status == status, *beyond)
        .order_by(*_in_order(CardRefusal.due_on, CardRefusal.id, back=back))
        .limit(PAGE + 1)
        .subquery()
        for one in _of_agencies(db, officer)
    ]
    every = union_all(*(select(part) for part in parts)).subquery()
    firsts = select(every).order_by(*_in_order(every.c.due_on, every.c.id, back=back)).limit(PAGE + 1).subquery()
    query = (
        select(CardRefusal, Person.full_name)
        .join(firsts, firsts.c.id == CardRefusal.id)
        .join(Person, Person.id == CardRefusal.person_id)
        .order_by(*_in_order(CardRefusal.due_on, CardRefusal.id, back=back))
    )
    rows = [Row(report, name) for report, name in db.execute(query)]
    last = rows[PAGE - 1].report if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.due_on.isoformat()}_{last.id}" if last else None)


def _in_order(*columns: Any, back: bool) -> list[Any]:
    return [column.desc() if back else column for column in columns]


def waiting_count(db: Session, officer: Officer) -> int:
    """How many reports wait in the officer's agencies."""
    mine = or_(*_of_agencies(db, officer))
    return db.scalar(select(func.count()).where(mine, CardRefusal.status == Status.NEW)) or 0


def report_for(db: Session, id: UUID, officer: Officer) -> CardRefusal | None:
    """A report about somebody whom one of the officer's agencies registered; others do not exist for them.

    Raises Refused for their own family's: those are a colleague's.
    """
    report = db.get(CardRefusal, id)
    if report is None:
        return None
    if report.agency_code is None:
        if not _serves_all(db, officer):
            return None
    elif report.agency_code not in officer.agencies:
        return None
    person = records.person(db, report.person_id)
    if person is not None and officer.ma_so_bhxh and records.is_family(db, officer.ma_so_bhxh, person):
        raise Refused(OWN_FAMILY)
    return report
