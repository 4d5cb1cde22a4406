"""What a bulk change does to tables, noted row by row by the database itself, so that it can be taken back.

While `noting` holds, triggers write each row that is added, changed or removed into `undo_rows`. `take_back` puts the
rows of one change back as they were, unless somebody else has changed them since: a row that was changed is known by the
picture of it, one that was added by its `updated_at` or, in tables without, by its picture too. Both databases do the
noting within the transaction of the change: what is rolled back leaves no notes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    cast,
    delete,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from vssid.kernel.db import Base, UtcDateTime
from vssid.kernel.labels import N_, Refused
from vssid.kernel.noting import POSTGRESQL, Dialect, dialect_of, ends, noted, pk
from vssid.kernel.rows import table_of

CHANGED_SINCE = N_("Dữ liệu đã được sửa tiếp sau lần nhập này nên không hoàn tác được.")
LEANT_ON = N_("Dữ liệu khác đã dựa vào các dòng của lần nhập này (ví dụ tài khoản) nên không hoàn tác được.")


_Serial = BigInteger().with_variant(Integer, "sqlite")


class Change(Base):
    """One bulk change: its notes are among the rows from `first_note` to `last_note`, `tables` are those that it touched."""

    __tablename__ = "undo_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[UUID] = mapped_column(unique=True)
    first_note: Mapped[int] = mapped_column(_Serial)
    last_note: Mapped[int] = mapped_column(_Serial)
    tables: Mapped[list[str]] = mapped_column(JSON)


class UndoRow(Base):
    """One row as a change found it: `op` is I, U or D; `before` all of it for U and D, `after` for U, and for I where needed.

    There is no index beside the key: a million notes are written in one go, and read by their range.
    """

    __tablename__ = "undo_rows"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    change_id: Mapped[int]
    relation: Mapped[str] = mapped_column(String(40))
    op: Mapped[str] = mapped_column(String(1))
    key: Mapped[str] = mapped_column(String(120))
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)


@contextmanager
def noting(db: Session, name: UUID, tables: Sequence[Table]) -> Iterator[None]:
    """Note what the block does to `tables`, under the name of the change. The session's transaction must write.

    A change may be made in several transactions, each with a block of its own.
    """
    last = db.scalar(select(func.max(UndoRow.id))) or 0
    change = _change(db, name)
    if change is None:
        change = Change(name=name, first_note=last + 1, last_note=last, tables=[])
        db.add(change)
        db.flush()
    on = dialect_of(db)
    on.begin(db, tables, change.id)
    yield
    on.end(db, tables)
    change.last_note = db.scalar(select(func.max(UndoRow.id))) or 0
    new = UndoRow.id.between(last + 1, change.last_note)
    change.tables = sorted({*change.tables, *db.scalars(select(UndoRow.relation).where(new).distinct())})


def _change(db: Session, name: UUID) -> Change | None:
    return db.scalar(select(Change).where(Change.name == name))


def touched(db: Session, name: UUID) -> list[str]:
    """The tables in which a change has done something that can still be taken back."""
    change = _change(db, name)
    return change.tables if change else []


def keys(db: Session, name: UUID, table: Table) -> Select[Any]:
    """The keys of a table's rows that a change has touched, as the table has them; for tables with one key column."""
    change = db.scalars(select(Change).where(Change.name == name)).one()
    [column] = table.primary_key
    key = cast(UndoRow.key, column.type) if dialect_of(db) is POSTGRESQL else type_coerce(UndoRow.key, column.type)
    noted = UndoRow.id.between(change.first_note, change.last_note), UndoRow.change_id == change.id
    return select(key).where(*noted, UndoRow.relation == table.name)


def take_back(db: Session, name: UUID, tables: Sequence[Table], at: datetime) -> int:
    """Put back the rows of the change that was made `at`; parents stand before children in `tables`. Returns how many.

    Raises Refused when a row was changed since or others lean on it: roll back then. The notes stay, and say nothing more.
    """
    on = dialect_of(db)
    on.settle(db)
    change = db.scalars(select(Change).where(Change.name == name)).one()
    mine = [table for table in tables if table.name in change.tables]
    did = {table.name: _ops(db, table, change) for table in mine}
    for table in mine:
        _check_untouched(db, on, table, change, at)
    count = 0
    try:
        for table in mine:
            count += _run(db, on.restored(table), change) if "U" in did[table.name] else 0
        for table in reversed(mine):
            count += _run(db, on.removed(table), change) if "I" in did[table.name] else 0
        for table in mine:
            count += _run(db, on.brought_back(table), change) if "D" in did[table.name] else 0
    except IntegrityError as wrong:
        raise Refused(LEANT_ON) from wrong
    change.tables = []
    return count


def forget(db: Session, name: UUID, most: int) -> int:
    """Drop at most so many notes of a change, the oldest first, and the change with the last of them. Returns how many."""
    change = _change(db, name)
    if change is None:
        return 0
    last = min(change.first_note + most - 1, change.last_note)
    mine = UndoRow.id.between(change.first_note, last), UndoRow.change_id == change.id
    gone: Any = db.execute(delete(table_of(UndoRow)).where(*mine))
    if last == change.last_note:
        db.delete(change)
    else:
        change.first_note, change.tables = last + 1, []
    return int(gone.rowcount)


def _range(change: Change) -> dict[str, int]:
    return {"change": change.id, "first": change.first_note, "last": change.last_note}


def _run(db: Session, statement: str, change: Change) -> int:
    result: Any = db.execute(text(statement), _range(change))
    return int(result.rowcount)


def _ops(db: Session, table: Table, change: Change) -> set[str]:
    query = text(f"SELECT DISTINCT op FROM undo_rows WHERE {noted(table)}")
    return set(db.scalars(query, _range(change)))


def _check_untouched(db: Session, on: Dialect, table: Table, change: Change, at: datetime) -> None:
    later = "t.updated_at <> :at" if "updated_at" in table.c else "1 = 0"
    query = text(
        f"SELECT 1 FROM ({ends(table, 'max')}) l LEFT JOIN {table.name} t ON {on.joined(table, 't', 'l')}"
        f" WHERE (l.op = 'D') = ({pk(table, 't')[0]} IS NOT NULL)"
        f" OR l.op <> 'D' AND l.after IS NOT NULL AND {on.picture(table, 't')} <> {on.read('l.after')}"
        f" OR l.op = 'I' AND l.after IS NULL AND {later} LIMIT 1"
    )
    if "updated_at" in table.c:
        query = query.bindparams(bindparam("at", at, UtcDateTime()))
    if db.execute(query, _range(change)).first() is not None:
        raise Refused(CHANGED_SINCE)
