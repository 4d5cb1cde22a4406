"""How each database notes what happens to rows, and reads its notes: the statements behind `undo`.

Their parameters are `change`, `first` and `last`: the number of a change and the range of its notes.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.orm import Session


def noted(table: Table) -> str:
    """The condition under which a note is one of this table and of the change that the statement is given."""
    return f"id BETWEEN :first AND :last AND change_id = :change AND relation = '{table.name}'"


def ends(table: Table, end: str) -> str:
    """The first note of each row (min), or the last (max): found by their numbers, so that nothing large is sorted."""
    ids = f"SELECT {end}(id) FROM undo_rows WHERE {noted(table)} GROUP BY key"
    return f"SELECT op, key, before, after FROM undo_rows WHERE id IN ({ids})"


def pk(table: Table, alias: str) -> list[str]:
    """The columns of a table's key."""
    return [f"{alias}.{column.name}" for column in table.primary_key]


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.c]


def _needs_picture(table: Table) -> bool:
    """Whether a row that was added must be drawn: nothing else would tell that it was changed since.

    Rows that change only with their parent (`info={"follows": …}`) are known by that one.
    """
    return "updated_at" not in table.c and "follows" not in table.info


class Dialect:
    """How one database notes rows and reads its notes. A key of several columns is joined by |."""

    def key(self, table: Table, alias: str) -> str:
        """The key of a row as text."""
        return " || '|' || ".join(f"CAST({name} AS TEXT)" for name in pk(table, alias))

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
            f"UPDATE {table.name} SET {pairs} FROM ({ends(table, 'min')}) f{source}"
            f" WHERE f.op = 'U' AND {self.joined(table, table.name, 'f')}"
        )

    def removed(self, table: Table) -> str:
        """Rows that were added are gone."""
        rows = f"SELECT f.key FROM ({ends(table, 'min')}) f WHERE f.op IN ('I', 'D')"
        return f"DELETE FROM {table.name} WHERE {self.key_value(table)} IN ({rows})"

    def key_value(self, table: Table) -> str:
        """The key of a row of the table itself, to be looked up among keys."""
        return self.key(table, table.name)

    def brought_back(self, table: Table) -> str:
        """Rows that were removed are there again."""
        values, source = self.values(table)
        return (
            f"INSERT INTO {table.name} ({', '.join(_columns(table))})"
            f" SELECT {', '.join(values)} FROM ({ends(table, 'min')}) f{source} WHERE f.op = 'D'"
        )


class _Sqlite(Dialect):
    """Temporary triggers, seen by this connection alone. Ids are text here, so that one key column is looked up by its index."""

    def key(self, table: Table, alias: str) -> str:
        return " || '|' || ".join(pk(table, alias))

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


class _Postgresql(Dialect):
    """Triggers a statement, over the rows that it touched; they note only while a setting of the transaction names a change."""

    def joined(self, table: Table, alias: str, note: str) -> str:
        if len(table.primary_key) == 1:
            return f"{pk(table, alias)[0]} = {self._cast(table, f'{note}.key')}"
        return f"{self.key(table, alias)} = {note}.key"

    def _cast(self, table: Table, value: str) -> str:
        [column] = table.primary_key
        return f"CAST({value} AS {'uuid' if column.type.python_type is UUID else 'text'})"

    def removed(self, table: Table) -> str:
        if len(table.primary_key) != 1:
            return super().removed(table)
        rows = f"SELECT {self._cast(table, 'f.key')} FROM ({ends(table, 'min')}) f WHERE f.op IN ('I', 'D')"
        return f"DELETE FROM {table.name} WHERE {pk(table, table.name)[0]} IN ({rows})"

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
        both = " AND ".join(f"{old} = {new}" for old, new in zip(pk(table, "gone"), pk(table, "added"), strict=True))
        drawn = "to_json(added)" if _needs_picture(table) else "NULL"
        acts = (
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
            for op, act, tables, key, before, after, source in acts
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
SQLITE, POSTGRESQL = _Sqlite(), _Postgresql()


def dialect_of(db: Session) -> Dialect:
    """The one of a session."""
    return SQLITE if db.get_bind().dialect.name == "sqlite" else POSTGRESQL
