"""Reads of papers: a person's years, a page of a year by its key, one paper, the papers of a visit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from vssid.directory.models import Facility
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import PAPERS_A_PAGE


class Row(NamedTuple):
    """One paper in a list: nothing of what it says."""

    id: UUID
    kind: str
    number: str
    number_kind: str
    issued_on: date | None
    dated_on: date
    facility_code: str
    facility: str | None
    sensitive: bool
    recorded_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Listed:
    """A page of a year, newest first, and the paper behind which the next one begins."""

    rows: list[Row]
    next_key: UUID | None


def _of(person_id: UUID, hide: bool) -> list[ColumnElement[bool]]:
    return [Paper.person_id == person_id, *([Paper.sensitive.is_(False)] if hide else [])]


def years(db: Session, person_id: UUID, *, hide: bool) -> list[tuple[int, int]]:
    """Every year with papers, newest first, and how many; `hide` leaves sensitive ones out."""
    query = select(Paper.year, func.count()).where(*_of(person_id, hide)).group_by(Paper.year)
    return [(year, count) for year, count in db.execute(query.order_by(Paper.year.desc()))]


def page(db: Session, person_id: UUID, year: int, after: UUID | None, *, hide: bool) -> Listed:
    """The papers of a year that stand behind `after`, newest first; a key of somebody else's counts as none."""
    query = (
        select(
            Paper.id, Paper.kind, Paper.number, Paper.number_kind, Paper.issued_on, Paper.dated_on, Paper.facility_code,
            Facility.name, Paper.sensitive, Paper.recorded_at, Paper.updated_at,
        )
        .outerjoin(Facility, Facility.code == Paper.facility_code)
        .where(*_of(person_id, hide), Paper.year == year)
        .order_by(Paper.dated_on.desc(), Paper.id.desc())
        .limit(PAPERS_A_PAGE + 1)
    )  # fmt: skip
    if after is not None and (last := one(db, person_id, after, hide=hide)) is not None:
        query = query.where(tuple_(Paper.dated_on, Paper.id) < (last.dated_on, last.id))
    rows = [Row._make(row) for row in db.execute(query)]
    shown = rows[:PAPERS_A_PAGE]
    return Listed(shown, shown[-1].id if len(rows) > PAPERS_A_PAGE else None)


def one(db: Session, person_id: UUID, id: UUID, *, hide: bool) -> Paper | None:
    """One paper of this person; others do not exist."""
    return db.scalar(select(Paper).where(Paper.id == id, *_of(person_id, hide)))
