"""Reads of the board: what has not ended, what has, one notice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from vssid.notices.board.models import BoardItem
from vssid.notices.board.rules import MOST_STANDING, Item, Known, Place, Severity

PAGE = 25


@dataclass(frozen=True)
class Past:
    """Notices that have ended, the last one first, and the key after which earlier ones follow."""

    rows: list[Known]
    following: tuple[datetime, UUID] | None


def to_come(db: Session, at: datetime) -> list[Known]:
    """What stands or will, by when it ends."""
    query = select(BoardItem).where(BoardItem.ends_at > at).order_by(BoardItem.ends_at, BoardItem.id)
    return [known(row) for row in db.scalars(query.limit(MOST_STANDING))]


def count_to_come(db: Session, at: datetime) -> int:
    """How many have not ended."""
    return db.scalar(select(func.count()).select_from(BoardItem).where(BoardItem.ends_at > at)) or 0


def past(db: Session, at: datetime, after: tuple[datetime, UUID] | None) -> Past:
    """What has ended, 25 a page."""
    query = select(BoardItem).where(BoardItem.ends_at <= at)
    if after is not None:
        query = query.where(tuple_(BoardItem.ends_at, BoardItem.id) < after)
    rows = list(db.scalars(query.order_by(BoardItem.ends_at.desc(), BoardItem.id.desc()).limit(PAGE + 1)))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Past([known(row) for row in rows[:PAGE]], (last.ends_at, last.id) if last else None)


def one(db: Session, id: UUID) -> Known | None:
    """One notice."""
    row = db.get(BoardItem, id, populate_existing=True)
    return known(row) if row else None


def known(row: BoardItem) -> Known:
    """A row as the rules see it."""
    item = Item(Severity(row.severity), Place(row.place), row.words, row.href, row.begins_at, row.ends_at)
    return Known(row.id, row.version, item)
