"""Reads of checks: the facility's own of today, those of one person, where else the same card was used today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from vssid.directory.models import Facility
from vssid.kernel.files import StoredFile
from vssid.records.models import Person
from vssid.verifying.facility.models import CardCheck
from vssid.verifying.facility.rules import CHECKS_A_PAGE

MOST_OF_A_DAY = 50
Key = tuple[datetime, UUID]


class Used(NamedTuple):
    """A check of the same person today: by whom, when they were checked in (or None), what kind of facility it is."""

    organisation_id: UUID
    checked_in_at: datetime | None
    care_level: str


def used_since(db: Session, person_id: UUID, since: datetime) -> list[Used]:
    """The checks of one person that told something, newest first."""
    query = (
        select(CardCheck.organisation_id, CardCheck.checked_in_at, func.coalesce(Facility.care_level, ""))
        .outerjoin(Facility, Facility.code == CardCheck.facility_code)
        .where(CardCheck.person_id == person_id, CardCheck.at >= since, CardCheck.told.is_(True))
        .order_by(CardCheck.at.desc(), CardCheck.id.desc())
        .limit(MOST_OF_A_DAY)
    )
    return [Used._make(row) for row in db.execute(query)]


def of_organisation(db: Session, organisation_id: UUID, id: UUID) -> CardCheck | None:
    """One check of an organisation's own; those of others do not exist."""
    return db.scalar(select(CardCheck).where(CardCheck.id == id, CardCheck.organisation_id == organisation_id))


class Portrait(NamedTuple):
    """Whose it is, and the file."""

    person_id: UUID
    file: StoredFile


def portrait(db: Session, id: UUID, member_id: UUID, since: datetime) -> Portrait | None:
    """Whose portrait a member may compare: of their own check of after `since`."""
    query = (
        select(Person.id, StoredFile)
        .select_from(CardCheck)
        .join(Person, Person.id == CardCheck.person_id)
        .join(StoredFile, StoredFile.id == Person.portrait_file_id)
        .where(CardCheck.id == id, CardCheck.member_id == member_id, CardCheck.told.is_(True))
        .where(CardCheck.at >= since)
    )
    found = db.execute(query).first()
    return Portrait._make(found) if found else None


def counts(db: Session, organisation_id: UUID, since: datetime) -> tuple[int, int]:
    """How many checks an organisation has made since a moment, and how many patients it has checked in."""
    mine = CardCheck.organisation_id == organisation_id, CardCheck.at >= since
    made, checked_in = db.execute(select(func.count(), func.count(CardCheck.checked_in_at)).where(*mine)).one()
    return made, checked_in


class OfToday(NamedTuple):
    """One check in the facility's list; the name only where the counter was told."""

    check: CardCheck
    full_name: str | None


class OfPerson(NamedTuple):
    """One check as its person sees it; `facility` may have left the directory."""

    check: CardCheck
    facility: str | None


One = TypeVar("One", OfToday, OfPerson)


class Page(NamedTuple, Generic[One]):
    """One page of a list and the key of the next."""

    rows: Sequence[One]
    next_key: Key | None


def of_day(db: Session, organisation_id: UUID, since: datetime, before: Key | None) -> Page[OfToday]:
    """An organisation's checks since a moment, newest first, behind `before`."""
    query = (
        select(CardCheck, Person.full_name)
        .outerjoin(Person, (Person.id == CardCheck.person_id) & CardCheck.told.is_(True))
        .where(CardCheck.organisation_id == organisation_id, CardCheck.at >= since)
        .where(*_behind(before))
        .order_by(CardCheck.at.desc(), CardCheck.id.desc())
        .limit(CHECKS_A_PAGE + 1)
    )
    return _page([OfToday._make(row) for row in db.execute(query)])


def of_person(db: Session, person_id: UUID, before: Key | None) -> Page[OfPerson]:
    """The checks of a person, and of numbers that were merged into theirs, newest first, behind `before`."""
    query = _of_person(_merged(db, person_id)).where(*_behind(before))
    newest = query.order_by(CardCheck.at.desc(), CardCheck.id.desc()).limit(CHECKS_A_PAGE + 1)
    return _page([OfPerson._make(row) for row in db.execute(newest)])


def one_of_person(db: Session, person_id: UUID, id: UUID) -> OfPerson | None:
    """One check of a person; those of others do not exist."""
    found = db.execute(_of_person(_merged(db, person_id)).where(CardCheck.id == id)).first()
    return OfPerson._make(found) if found else None


def _merged(db: Session, person_id: UUID) -> list[UUID]:
    return [person_id, *db.scalars(select(Person.id).where(Person.merged_into_id == person_id))]


def _of_person(persons: list[UUID]) -> Select[CardCheck, str]:
    joined = select(CardCheck, Facility.name).outerjoin(Facility, Facility.code == CardCheck.facility_code)
    return joined.where(CardCheck.person_id.in_(persons))


def _behind(before: Key | None) -> list[ColumnElement[bool]]:
    return [tuple_(CardCheck.at, CardCheck.id) < before] if before else []


def _page(found: list[One]) -> Page[One]:
    shown = found[:CHECKS_A_PAGE]
    last = shown[-1].check if len(found) > CHECKS_A_PAGE else None
    return Page(shown, (last.at, last.id) if last else None)
