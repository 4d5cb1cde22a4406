"""Rows with recognisable values in every column of every table that holds something about a person.

The rows of an owner follow the map of holdings: what links a row to a person is theirs, other people whom it names are
their relative, everything else is a value that occurs nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Uuid,
)
from sqlalchemy.orm import Session

from vssid.kernel.db import Base
from vssid.kernel.exact import Exact
from vssid.kernel.files import FileStore
from vssid.privacy.export.holdings import HOLDINGS, NAMES, NUMBERS, PERSONS, PHONES, SOME, Held, held

_DAY_ONE, _MOMENT_ONE = date(2001, 1, 1), datetime(2011, 1, 1, 3, 0, tzinfo=UTC)
# Where two columns must agree, or a value is chosen by another table: what a table says in its CHECKs is read from there.
CHOSEN: dict[str, dict[str, Any]] = {
    "persons": {"merged_into_id": None},
    # In their own hands, or in a guardian's who is told of everything.
    "accounts": {"guarded_until": date(2101, 1, 1)},
    "visits": {"sensitive": False},
    "medical_papers": {"sensitive": False},
    "declarations": {"organisation_id": None, "merged_into_id": None},
    "declaration_photos": {"draft_id": None},
    "change_requests": {"confirmed_by": None},
    "card_batches": {"decided_by": None},
    "recovery_requests": {"confirmed_by": None, "ended_at": None},
    "data_exports": {"state": "done"},
    "data_requests": {"status": "done"},
    "inbox_items": {"href": "/tai-khoan"},
    "chats": {"key_digest": None, "contact": ""},
}


@dataclass
class Owner:
    """One person and the values of their rows; `marks` are by table and part, then by column."""

    sign: str
    numbers: Iterator[int]
    relative: "Owner | None" = None
    ids: dict[str, list[Any]] = field(default_factory=dict)
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[bytes] = field(default_factory=list)
    merged: UUID | None = None

    @property
    def person(self) -> UUID:
        return self.ids[PERSONS][0]


class Filler:
    """Writes the rows of one owner after the other."""

    def __init__(self, db: Session, store: FileStore, officer: UUID, agency: str) -> None:
        self._db, self._store, self._officer, self._agency = db, store, officer, agency
        self._numbers = count(100_001)

    def fill(self, sign: str, relative: Owner | None = None, tables: list[str] | None = None) -> Owner:
        owner = Owner(sign, self._numbers, relative)
        for name in tables or [name for name in HOLDINGS if name != "officers"]:
            for entry in held(name):
                table = Base.metadata.tables[name]
                if name == PERSONS:
                    self._merged(owner, table)
                self._row(owner, table, entry)
        return owner

    def _merged(self, owner: Owner, table: Table) -> None:
        """The person under whom the register knew the owner before: a second account may hang on them."""
        entry = held(PERSONS)[0]
        values = {column.name: self._value(owner, table, entry, column) for column in table.columns}
        self._db.execute(table.insert().values(**values))
        owner.merged = values["id"]

    def _row(self, owner: Owner, table: Table, entry: Held) -> None:
        values = {column.name: self._value(owner, table, entry, column) for column in table.columns}
        values |= {name: f"{owner.sign}{next(owner.numbers)}" for name in entry.sealed}
        ring = current_app.extensions["keyring"]
        kept = {name: ring.seal_text(values[name], f"{table.name} {values['id']}") for name in entry.sealed}
        self._db.execute(table.insert().values(**{**values, **kept}))
        if table.name == PERSONS:
            before = table.update().where(table.c.id == owner.merged)
            self._db.execute(before.values(merged_into_id=values["id"]))
        if "id" in values and not entry.only:
            for source in (table.name, f"{table.name}/{entry.part}"):
                owner.ids.setdefault(source, []).append(values["id"])
        if table.name == "persons":
            owner.ids[NAMES] = [values["name_folded"]]
        if table.name == "person_identifiers":
            owner.ids[NUMBERS] = [values["value"]]
        if table.name == "accounts" and values["phone"]:
            owner.ids.setdefault(PHONES, []).append(values["phone"])
        owner.marks[f"{table.name}.{entry.part}" if entry.part else table.name] = values

    def _value(self, owner: Owner, table: Table, entry: Held, column: Column[Any]) -> Any:
        name = column.name
        if name in entry.links and owner.ids.get(entry.links[name]):
            # One account a person: the other hangs on who was merged into them.
            again = column.unique and table.name in owner.ids and entry.links[name] == PERSONS
            return owner.merged if again else owner.ids[entry.links[name]][0]
        if name in entry.fixed and entry.fixed[name] != (SOME,):
            return entry.fixed[name][0]
        if name in CHOSEN.get(table.name, {}):
            return CHOSEN[table.name][name]
        if name in entry.officers:
            return self._officer
        if column.foreign_keys:
            return self._foreign(owner, next(iter(column.foreign_keys)).column.table.name)
        allowed = _allowed(table, name)
        return allowed if allowed is not None else self._mark(owner, table, column)

    def _foreign(self, owner: Owner, target: str) -> Any:
        if target == "officers":
            return self._officer
        if target == "agencies":
            return self._agency
        if target == "stored_files":
            body = f"{owner.sign} file {next(owner.numbers)}".encode()
            owner.files.append(body)
            row = self._store.put(self._db, body, "image/jpeg", _MOMENT_ONE)
            self._db.flush()
            return row.id
        others = (owner.relative or owner).ids.get(target) or self._foreign_row(owner, target)
        return others[0] if others else None

    def _foreign_row(self, owner: Owner, target: str) -> list[Any]:
        """A row of a table that holds nothing about a person but is pointed to: a roster, an organisation."""
        table = Base.metadata.tables[target]
        if isinstance(HOLDINGS[target], Held | tuple):
            return owner.ids.get(target, [])
        empty = Held(title=None, links={})
        values = {column.name: self._value(owner, table, empty, column) for column in table.columns}
        self._db.execute(table.insert().values(**values))
        return [values["id"]]

    def _mark(self, owner: Owner, table: Table, column: Column[Any]) -> Any:
        n, kind = next(owner.numbers), column.type
        if isinstance(kind, Uuid):
            return uuid4()
        if isinstance(kind, JSON):
            return {"note": f"{owner.sign}{n}"}
        if isinstance(kind, Boolean):
            return True
        if isinstance(kind, Integer):
            return n % 30_000 if "SMALL" in str(kind).upper() else n
        impl = getattr(kind, "impl", kind)
        if isinstance(impl, Numeric):
            # The last four digits of a number that no other column has, and all digits behind the comma.
            return Decimal(n % 10_000).scaleb(-1).quantize(Decimal(1).scaleb(-impl.scale))
        if isinstance(kind, Date):
            return _DAY_ONE + timedelta(days=n % 7_000)
        if isinstance(kind, DateTime) or isinstance(impl, DateTime):
            return _MOMENT_ONE + timedelta(seconds=n)
        if isinstance(kind, Exact):
            return Decimal(n).scaleb(-kind.places)
        if isinstance(kind, LargeBinary):
            return f"{owner.sign}{n}".encode().ljust(32)
        assert isinstance(kind, String), (table.name, column.name, kind)
        text = f"{owner.sign}{n}"
        return text if kind.length is None or kind.length >= len(text) else text[-kind.length :]


def _allowed(table: Table, column: str) -> Any:
    """The first value that a CHECK of the table lets this column have."""
    for one in table.constraints:
        if isinstance(one, CheckConstraint):
            words = str(one.sqltext)
            if found := re.fullmatch(rf"{column} in \('([^']+)'.*\)", words):
                return found[1]
            if found := re.fullmatch(rf"{column} between (\d+) and \d+", words):
                return int(found[1])
    return None
