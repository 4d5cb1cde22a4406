"""What happens on the board: put up, changed, taken down, forgotten."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.notices.board import queries
from vssid.notices.board.models import BoardItem
from vssid.notices.board.rules import ENDED, KEPT, MOST_STANDING, RACED, TOO_MANY, Item, Tag, check
from vssid.officers import Officer

FORGOTTEN_AT_ONCE = 200


def put(db: Session, item: Item, *, by: Officer, at: datetime) -> UUID:
    """Put a notice up. Raises Refused for one that may not stand, or where too many do."""
    check(item, at)
    if queries.count_to_come(db, at) >= MOST_STANDING:
        raise Refused(TOO_MANY)
    made = BoardItem(id=uuid4(), version=1, changed_at=at, changed_by=by.id, **_values(item))
    db.add(made)
    audit.record(db, Tag.PUT, by.by, ("board_item", made.id), at, severity=item.severity, place=item.place)
    return made.id


def change(db: Session, id: UUID, version: int, item: Item, *, by: Officer, at: datetime) -> None:
    """Change a notice that has not ended. Raises Refused where somebody else has changed it since `version`."""
    check(item, at)
    _move(db, id, version, at, {**_values(item), "changed_by": by.id})
    audit.record(db, Tag.CHANGED, by.by, ("board_item", id), at, severity=item.severity, place=item.place)


def take_down(db: Session, id: UUID, version: int, *, by: Officer, at: datetime) -> None:
    """End a notice now, also one that was still to come. Raises Refused as `change` does."""
    found = db.get_one(BoardItem, id, populate_existing=True)
    begins_at = min(found.begins_at, at)
    _move(db, id, version, at, {"begins_at": begins_at, "ends_at": at, "changed_by": by.id})
    audit.record(db, Tag.TAKEN_DOWN, by.by, ("board_item", id), at)


def _move(db: Session, id: UUID, version: int, at: datetime, values: dict[str, Any]) -> None:
    same = BoardItem.id == id, BoardItem.version == version, BoardItem.ends_at > at
    statement = update(table_of(BoardItem)).where(*same).values(version=version + 1, changed_at=at, **values)
    if db.execute(statement.returning(BoardItem.id)).first() is None:
        ends_at = db.scalar(select(BoardItem.ends_at).where(BoardItem.id == id))
        raise Refused(ENDED if ends_at is None or ends_at <= at else RACED)


def _values(item: Item) -> dict[str, Any]:
    return {
        "severity": item.severity,
        "place": item.place,
        "href": item.href,
        "begins_at": item.begins_at,
        "ends_at": item.ends_at,
        **item.words.columns,
    }


def forget_old(db: Session, at: datetime) -> bool:
    """Drop notices that ended 400 days ago, some hundred at once; True while there may be more."""
    ids = list(db.scalars(select(BoardItem.id).where(BoardItem.ends_at < at - KEPT).limit(FORGOTTEN_AT_ONCE)))
    db.execute(delete(table_of(BoardItem)).where(BoardItem.id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE
