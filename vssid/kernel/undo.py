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
    on = _on(db)
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
    key = cast(UndoRow.key, column.type) if _on(db) is _POSTGRESQL else type_coerce(UndoRow.key, column.type)
    noted = UndoRow.id.between(change.first_note, change.last_note), UndoRow.change_id == change.id
    return select(key).where(*noted, UndoRow.relation == table.name)


def take_back(db: Session, name: UUID, tables: Sequence[Table], at: datetime) -> int:
    """Put back the rows of the change that was made `at`; parents stand before children in `tables`. Returns how many.

    Raises Refused when a row was changed since or others lean on it: roll back then. The notes stay, and say nothing more.
    """
    on = _on(db)
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
    query = text(f"SELECT DISTINCT op FROM undo_rows WHERE {_noted(table)}")
    return set(db.scalars(query, _range(change)))


def _check_untouched(db: Session, on: "_Dialect", table: Table, change: Change, at: datetime) -> None:
    later = "t.updated_at <> :at" if "updated_at" in table.c else "1 = 0"
    query = text(
        f"SELECT 1 FROM ({_ends(table, 'max')}) l LEFT JOIN {table.name} t ON {on.joined(table, 't', 'l')}"
        f" WHERE (l.op = 'D') = ({_pk(table, 't')[0]} IS NOT NULL)"
        f" OR l.op <> 'D' AND l.after IS NOT NULL AND {on.picture(table, 't')} <> {on.read('l.after')}"
        f" OR l.op = 'I' AND l.after IS NULL AND {later} LIMIT 1"
    )
    if "updated_at" in table.c:
        query = query.bindparams(bindparam("at", at, UtcDateTime()))
    if db.execute(query, _range(change)).first() is not None:
        raise Refused(CHANGED_SINCE)


def _noted(table: Table) -> str:
    return f"id BETWEEN :first AND :last AND change_id = :change AND relation = '{table.name}'"


def _ends(table: Table, end: str) -> str:
    """The first note of each row (min), or the last (max): found by their numbers, so that nothing large is sorted."""
    ids = f"SELECT {end}(id) FROM undo_rows WHERE {_noted(table)} GROUP BY key"
    return f"SELECT op, key, before, after FROM undo_rows WHERE id IN ({ids})"


def _pk(table: Table, alias: str) -> list[str]:
    return [f"{alias}.{column.name}" for column in table.primary_key]


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.c]


def _needs_picture(table: Table) -> bool:
    """Whether a row that was added must be drawn: nothing else would tell that it was changed since.

    Rows that change only with their parent (`info={"follows": …}`) are known by that one.
    """
    return "updated_at" not in table.c and "follows" not in table.info


class _Dialect:
    """How one database notes rows and reads its notes. A key of several columns is joined by |."""

    def key(self, table: Table, alias: str) -> str:
        """The key of a row as text."""
        return " || '|' || ".join(f"CAST({name} AS TEXT)" for name in _pk(table, alias))

    def joined(self, table: Table, alias: str, note: str) -> str:
        """The condition under which a row is the one of a note."""
        raise NotImplementedError

    def picture(self, table: Table, alias: str) -> str:
        """All of a row."""
        raise NotImplementedError

    def read(self, column: str) -> str:
        """A picture that was kept, so that it can be compared."""
        raise NotImplementedError

    def begin(self, db: Session, tables: Sequence[Table], change: int) -> None:
        """From here on changes are noted."""
        raise NotImplementedError

    def end(self, db: Session, tables: Sequence[Table]) -> None:
        """From here on they are not."""
        raise NotImplementedError

    def settle(self, db: Session) -> None:
        """Whatever a transaction needs for pictures to be alike."""

    def values(self, table: Table) -> tuple[list[str], str]:
        """The values of a picture by column, and what must stand in FROM for them."""
        raise NotImplementedError

    def restored(self, table: Table) -> str:
        """Rows that were changed, as they were."""
        values, source = self.values(table)
        pairs = ", ".join(f"{name} = {value}" for name, value in zip(_columns(table), values, strict=True))
        return (
            f"UPDATE {table.name} SET {pairs} FROM ({_ends(table, 'min')}) f{source}"
            f" WHERE f.op = 'U' AND {self.joined(table, table.name, 'f')}"
        )

    def removed(self, table: Table) -> str:
        """Rows that were added are gone."""
        rows = f"SELECT f.key FROM ({_ends(table, 'min')}) f WHERE f.op IN ('I', 'D')"
        return f"DELETE FROM {table.name} WHERE {self.key_value(table)} IN ({rows})"

    def key_value(self, table: Table) -> str:
        """The key of a row of the table itself, to be looked up among keys."""
        return self.key(table, table.name)

    def brought_back(self, table: Table) -> str:
        """Rows that were removed are there again."""
        values, source = self.values(table)
        return (
            f"INSERT INTO {table.name} ({', '.join(_columns(table))})"
            f" SELECT {', '.join(values)} FROM ({_ends(table, 'min')}) f{source} WHERE f.op = 'D'"
        )


class _Sqlite(_Dialect):
    """Temporary triggers, seen by this connection alone. Ids are text here, so that one key column is looked up by its index."""

    def key(self, table: Table, alias: str) -> str:
        return " || '|' || ".join(_pk(table, alias))

    def joined(self, table: Table, alias: str, note: str) -> str:
        return f"{self.key(table, alias)} = {note}.key"

    def picture(self, table: Table, alias: str) -> str:
        pairs = ", ".join(f"'{name}', {alias}.{name}" for name in _columns(table))
        return f"json_object({pairs})"

    def read(self, column: str) -> str:
        return column

    def values(self, table: Table) -> tuple[list[str], str]:
        return [f"json_extract(f.before, '$.{name}')" for name in _columns(table)], ""

    def begin(self, db: Session, tables: Sequence[Table], change: int) -> None:
        for table in tables:
            for op, act, key, before, after in self._noted(table):
                db.execute(
                    text(
                        f"CREATE TEMP TRIGGER undo_{table.name}_{op} AFTER {act} ON {table.name} BEGIN"
                        f" INSERT INTO undo_rows (change_id, relation, op, key, before, after)"
                        f" VALUES ({change}, '{table.name}', '{op}', {key}, {before}, {after}); END"
                    )
                )

    def _noted(self, table: Table) -> list[tuple[str, str, str, str, str]]:
        old, new = self.picture(table, "OLD"), self.picture(table, "NEW")
        return [
            ("I", "INSERT", self.key(table, "NEW"), "NULL", new if _needs_picture(table) else "NULL"),
            ("U", "UPDATE", self.key(table, "NEW"), old, new),
            ("D", "DELETE", self.key(table, "OLD"), old, "NULL"),
        ]

    def end(self, db: Session, tables: Sequence[Table]) -> None:
        for table in tables:
            for op in "IUD":
                db.execute(text(f"DROP TRIGGER temp.undo_{table.name}_{op}"))


class _Postgresql(_Dialect):
    """Triggers a statement, over the rows that it touched; they note only while a setting of the transaction names a change."""

    def joined(self, table: Table, alias: str, note: str) -> str:
        if len(table.primary_key) == 1:
            return f"{_pk(table, alias)[0]} = {self._cast(table, f'{note}.key')}"
        return f"{self.key(table, alias)} = {note}.key"

    def _cast(self, table: Table, value: str) -> str:
        [column] = table.primary_key
        return f"CAST({value} AS {'uuid' if column.type.python_type is UUID else 'text'})"

    def removed(self, table: Table) -> str:
        if len(table.primary_key) != 1:
            return super().removed(table)
        rows = f"SELECT {self._cast(table, 'f.key')} FROM ({_ends(table, 'min')}) f WHERE f.op IN ('I', 'D')"
        return f"DELETE FROM {table.name} WHERE {_pk(table, table.name)[0]} IN ({rows})"

    def picture(self, table: Table, alias: str) -> str:
        return f"to_jsonb({alias})"

    def read(self, column: str) -> str:
        return f"CAST({column} AS jsonb)"

    def values(self, table: Table) -> tuple[list[str], str]:
        source = f", jsonb_populate_record(CAST(NULL AS {table.name}), CAST(f.before AS jsonb)) p"
        return [f"p.{name}" for name in _columns(table)], source

    def begin(self, db: Session, tables: Sequence[Table], change: int) -> None:
        there = set(db.scalars(text("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'undo\\_%'")))
        for table in tables:
            for name, statement in self._triggers(table):
                if name not in there:
                    db.execute(text(_FUNCTION))
                    db.execute(text(statement))
        self.settle(db)
        db.execute(text("SELECT set_config('vssid.change', :change, true)"), {"change": str(change)})

    def end(self, db: Session, tables: Sequence[Table]) -> None:
        db.execute(text("SELECT set_config('vssid.change', '', true)"))

    def settle(self, db: Session) -> None:
        # Moments in pictures are written in the zone of the session.
        db.execute(text("SELECT set_config('timezone', 'UTC', true)"))

    def _triggers(self, table: Table) -> list[tuple[str, str]]:
        """Those of a table by name. They stay: a trigger is dropped only when nobody reads the table, made at any time."""
        both = " AND ".join(f"{old} = {new}" for old, new in zip(_pk(table, "gone"), _pk(table, "added"), strict=True))
        drawn = "to_json(added)" if _needs_picture(table) else "NULL"
        noted = (
            ("I", "INSERT", "NEW TABLE AS added", self.key(table, "added"), "NULL", drawn, "added"),
            ("U", "UPDATE", "OLD TABLE AS gone NEW TABLE AS added", self.key(table, "added"), "to_json(gone)",
             "to_json(added)", f"gone JOIN added ON {both}"),
            ("D", "DELETE", "OLD TABLE AS gone", self.key(table, "gone"), "to_json(gone)", "NULL", "gone"),
        )  # fmt: skip
        return [
            (
                f"undo_{table.name}_{op}".lower(),
                f"CREATE TRIGGER undo_{table.name}_{op} AFTER {act} ON {table.name} REFERENCING {tables}"
                " FOR EACH STATEMENT WHEN (current_setting('vssid.change', true) <> '')"
                f" EXECUTE FUNCTION note_for_undo('{op}', {_quoted(key)}, '{before}', '{after}', '{source}')",
            )
            for op, act, tables, key, before, after, source in noted
        ]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_FUNCTION = """
CREATE OR REPLACE FUNCTION note_for_undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
EXECUTE format(
    'INSERT INTO undo_rows (change_id, relation, op, key, before, after) SELECT %s, %L, %L, %s, %s, %s FROM %s',
    current_setting('vssid.change'), TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_ARGV[3], TG_ARGV[4]);
RETURN NULL; END $$
"""
_SQLITE, _POSTGRESQL = _Sqlite(), _Postgresql()


def _on(db: Session) -> _Dialect:
    return _SQLITE if db.get_bind().dialect.name == "sqlite" else _POSTGRESQL
