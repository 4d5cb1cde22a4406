"""Tables that somebody made by hand, taken over row by row: cells are read here, every problem named by its column.

The rooms that own the tables say what a row means (`importer.py`); `imports` reads files, stages rows and reports. Both
speak through the types below, so that no room needs to know the import engine.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from unicodedata import is_normalized
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    Uuid,
    case,
    cast,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from vssid.kernel.exact import Exact
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import has_control_characters, one_line

T = TypeVar("T")
Data = dict[str, Any]

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
_PHONES = re.compile(r"[0-9+(][0-9+(). /;,-]*")
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class Sheet:
    """The columns of one kind of table: all that are understood, those that must be there, those that make the key."""

    columns: tuple[str, ...]
    required: frozenset[str]
    key: tuple[str, ...]


class Cells:
    """One row while it is read. Required cells are checked once for all, by `require`."""

    __slots__ = ("_values", "problems")

    def __init__(self, values: Mapping[str, str]) -> None:
        """`values` are the cells as they stand in the file, by column; absent columns read as empty."""
        self._values = values
        self.problems: list[tuple[str, Label]] = []

    def has(self, column: str) -> bool:
        """Whether the table has this column at all: an absent column changes nothing, an empty cell empties."""
        return column in self._values

    def wrong(self, column: str, label: Label) -> None:
        """Note a problem with this cell."""
        self.problems.append((column, label))

    def require(self, columns: frozenset[str]) -> None:
        """Note each of these cells that is empty; whoever reads a row takes an empty cell without complaint."""
        for column in columns:
            if not self._values.get(column, "").strip():
                self.wrong(column, N_("Mục bắt buộc đang để trống."))

    def text(self, column: str, limit: int) -> str:
        """The cell as one clean line of at most `limit` signs; '' after noting a problem."""
        raw = self._values.get(column, "")
        if not raw:
            return ""
        # Most cells are plain: isprintable knows no white space but the blank, so only the others are looked at closely.
        if raw.isprintable():
            text = raw.strip()
            if "  " in text or not is_normalized("NFC", text):
                text = one_line(text)
        elif has_control_characters(text := one_line(raw)):
            self.wrong(column, N_("Có ký tự không dùng được hoặc không phải chữ UTF-8."))
            return ""
        if len(text) > limit:
            self.wrong(column, N_("Dài quá %(max)s ký tự.", max=limit))
            return ""
        return text

    def shaped(self, column: str, shape: re.Pattern[str], words: Label, limit: int = 40) -> str:
        """The cell when all of it has this shape; '' when empty or after noting `words`."""
        text = self.text(column, limit)
        if text and not shape.fullmatch(text):
            self.wrong(column, words)
            return ""
        return text

    def choice(self, column: str, options: Mapping[str, T], default: T) -> T:
        """What the cell's word stands for; `default` when empty or after noting a problem."""
        text = self.text(column, 40)
        if not text:
            return default
        if text not in options:
            self.wrong(column, N_("Chỉ nhận một trong các giá trị: %(values)s.", values=", ".join(options)))
            return default
        return options[text]

    def day(self, column: str, not_after: date | None = None) -> date | None:
        """A whole day, dd/mm/yyyy (or ISO); None when empty or after noting a problem."""
        text = self.text(column, 40)
        if not text:
            return None
        try:
            if found := _DAY.fullmatch(text):
                day = date(int(found[3]), int(found[2]), int(found[1]))
            elif found := _ISO_DAY.fullmatch(text):
                day = date(int(found[1]), int(found[2]), int(found[3]))
            else:
                self.wrong(column, N_("Ngày phải viết là ngày/tháng/năm, ví dụ 04/09/1985."))
                return None
        except ValueError:
            self.wrong(column, N_("Không có ngày này trong lịch."))
            return None
        if not_after is not None and day > not_after:
            self.wrong(column, N_("Ngày này chưa đến."))
        return day

    def email(self, column: str, limit: int = LONGEST_EMAIL) -> str:
        """An e-mail address by its form; '' when empty or after noting a problem."""
        return self.shaped(column, _EMAIL, N_("Không phải địa chỉ thư điện tử."), limit)

    def phones(self, column: str, limit: int = 40) -> str:
        """One or more phone numbers as an office prints them; '' when empty or after noting a problem."""
        return self.shaped(column, _PHONES, N_("Số điện thoại chỉ gồm chữ số và dấu ngăn."), limit)


@dataclass(frozen=True)
class Counts:
    """What taking a table over would do or did, in rows."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Changed:
    """A row of the table that would change what is held: its line, its key, and for each name what was and what would be."""

    line: int
    key: str
    cells: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Found:
    """A problem that only shows when rows are compared with each other or with the register."""

    line: int
    column: str
    label: Label


@dataclass(frozen=True)
class Staged:
    """The parsed rows of one table, waiting where SQL can reach them: `line`, `key`, and `data` by name.

    `names` are the names in `data` whose columns the table has; `as_of` is the day for which it speaks.
    """

    source: FromClause
    dialect: str
    names: frozenset[str]
    as_of: date
    at: datetime

    @property
    def line(self) -> ColumnElement[int]:
        """The row's line in the file."""
        return self.source.c.line

    @property
    def key(self) -> ColumnElement[str]:
        """The row's natural key."""
        return self.source.c.key

    def text(self, name: str) -> Any:
        """A value of the row as text."""
        return self.source.c.data[name].as_string()

    def value(self, name: str, like: Any) -> Any:
        """A value of the row in the type of the column `like`."""
        kind = like.type
        if isinstance(kind, BigInteger):
            # JSON's own integers would be cut to four bytes on PostgreSQL.
            return cast(self.text(name), BigInteger)
        if isinstance(kind, Integer):
            return self.source.c.data[name].as_integer()
        if isinstance(kind, Boolean):
            return self.source.c.data[name].as_boolean()
        if isinstance(kind, Exact) and self.dialect == "sqlite":
            return type_coerce(kind.whole_of(self.text(name)), kind)
        if isinstance(kind, (Date, Uuid, Exact)):
            # SQLite keeps the first two as the text that JSON holds already; its CAST would make a number of them.
            return (type_coerce if self.dialect == "sqlite" else cast)(self.text(name), kind)
        return self.text(name)

    def again(self) -> "Staged":
        """The same rows once more, for comparing them with each other."""
        return Staged(self.source.alias(), self.dialect, self.names, self.as_of, self.at)

    def values(self, model: type[Any], names: list[str]) -> dict[str, Any]:
        """The row's values for these columns of `model`, by name; those the table lacks are left out."""
        return {name: self.value(name, getattr(model, name)) for name in names if name in self.names}


class RandomUuid(FunctionElement[UUID]):
    """A fresh UUID for each row, made by the database."""

    type = Uuid(as_uuid=True)
    inherit_cache = True


@compiles(RandomUuid, "sqlite")
def _sqlite_uuid(_element: RandomUuid, _compiler: Any, **_options: Any) -> str:
    return "lower(hex(randomblob(16)))"


@compiles(RandomUuid, "postgresql")
def _postgresql_uuid(_element: RandomUuid, _compiler: Any, **_options: Any) -> str:
    return "gen_random_uuid()"


def table_of(model: type[Any]) -> Table:
    """The table below a model: set-based statements go past the session's objects."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not one table")
    return table


def count_again(db: Session, *models: type[Any]) -> None:
    """Let PostgreSQL look at tables that have just been filled: for a table it thinks empty it plans nested loops."""
    if db.get_bind().dialect.name == "postgresql":
        for model in models:
            db.execute(text(f"ANALYZE {table_of(model).name}"))


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """In how many rows `condition` holds."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def first_changes(
    db: Session, staged: Staged, held: Any, values: Mapping[str, Any], joined: Any, differs: Any, most: int
) -> list[Changed]:
    """At most `most` rows whose `values` differ from those of `held`, a model or alias that is joined in `joined`."""
    names = list(values)
    query = select(staged.line, staged.key, *(getattr(held, name) for name in names), *values.values())
    rows = db.execute(query.select_from(joined).where(differs).order_by(staged.line).limit(most))
    return [Changed(row[0], row[1], _cells(names, row[2 : 2 + len(names)], row[2 + len(names) :])) for row in rows]


def _cells(names: list[str], before: Sequence[Any], after: Sequence[Any]) -> dict[str, tuple[str, str]]:
    spoken = ((name, _said(was), _said(new)) for name, was, new in zip(names, before, after, strict=True))
    return {name: (was, new) for name, was, new in spoken if was != new}


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def repeated_keys(staged: Staged) -> Select[Any]:
    """Each row whose key stands in an earlier line too: (line, first line)."""
    firsts = (
        select(staged.key.label("key"), func.min(staged.line).label("line"))
        .group_by(staged.key)
        .having(func.count() > 1)
    ).subquery()
    other = staged.again()
    return (
        select(other.line, firsts.c.line)
        .join_from(other.source, firsts, firsts.c.key == other.key)
        .where(other.line != firsts.c.line)
        .order_by(other.line)
    )
