"""Reads about staff and wishes for it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.officers.models import Officer
from vssid.officers.staff.models import Grant
from vssid.officers.staff.rules import GRANT_LIFE, PAGE_SIZE, Status


class Page(NamedTuple):
    """Some officers by code, and the code after which more follow."""

    rows: list[Officer]
    next_code: str | None


def listing(db: Session, code: str, after: str) -> Page:
    """Officers by code: the one with this `code`, or all that come `after`."""
    query = select(Officer).order_by(Officer.code).limit(PAGE_SIZE + 1)
    query = query.where(Officer.code == code.upper()) if code else query.where(Officer.code > after)
    rows = list(db.scalars(query))
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].code if len(rows) > PAGE_SIZE else None)


def waiting(db: Session, at: datetime) -> list[tuple[Grant, str]]:
    """The wishes that wait for a second administrator, oldest first, each with the code of who asked."""
    query = select(Grant, Officer.code).join(Officer, Officer.id == Grant.asked_by)
    query = query.where(Grant.status == Status.ASKED, Grant.asked_at > at - GRANT_LIFE)
    return [(grant, code) for grant, code in db.execute(query.order_by(Grant.asked_at).limit(100))]


def grant(db: Session, id: UUID, at: datetime) -> Grant | None:
    """A wish that still waits."""
    query = select(Grant).where(Grant.id == id, Grant.status == Status.ASKED, Grant.asked_at > at - GRANT_LIFE)
    return db.scalar(query)
