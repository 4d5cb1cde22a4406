"""Everything held about a person, read by the map of holdings: plain values, names for what ids point to, files by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, func, select
from sqlalchemy.orm import Session

from vssid.accounts import Account, house
from vssid.directory.models import Agency
from vssid.kernel.clock import day_of
from vssid.kernel.db import Base
from vssid.kernel.files import StoredFile
from vssid.officers.models import Officer
from vssid.privacy import about
from vssid.privacy.export.holdings import HOLDINGS, NAMES, NUMBERS, PERSONS, PHONES, SOME, Held, held
from vssid.records import Person, visits

# A table that holds more about one person is cut, and says so.
MOST_ROWS = 20_000
_SOURCES = {("accounts", "phone"): PHONES, ("persons", "name_folded"): NAMES}
# Where somebody was treated tells as much as what for: kept back with the visits. The audit has it in `detail`.
_PLACES = {"card_checks": ("facility_code",), "card_refusals": ("facility_code", "facility_name")}
_PLACE_IN_DETAIL = "facility"
_TIMES = (
    "admitted_at",
    "at",
    "asked_at",
    "sent_at",
    "requested_at",
    "created_at",
    "recorded_at",
    "issued_at",
    "found_at",
    "saved_at",
)


@dataclass(frozen=True)
class Section:
    """The rows of one entry: `key` is its place in du-lieu.json, values are those of JSON; `cut` when there are more."""

    key: str
    held: Held
    rows: list[dict[str, Any]]
    cut: bool


@dataclass
class Copy:
    """What is held about one person; `files` are names in the archive by the ids of stored files."""

    person: Person
    at: datetime
    sections: list[Section] = field(default_factory=list)
    files: dict[UUID, str] = field(default_factory=dict)


class Reading:
    """One reading of one person's data, table by table in the order of the map."""

    def __init__(self, db: Session, person_id: UUID, at: datetime) -> None:
        """`db` shows one moment throughout."""
        self._db = db
        known = about.known(db, person_id)
        self._hides_visits = _in_guardians_hands(db, known, at)
        self._own: dict[str, set[Any]] = {PERSONS: set(known.persons), NUMBERS: set(known.numbers)}
        self._seen: dict[str, set[Any]] = {}
        self._officers = {one.id: one for one in db.scalars(select(Officer))}
        self._agencies = {agency.code: agency.name for agency in db.scalars(select(Agency))}
        self.copy = Copy(db.get_one(Person, person_id), at)

    def all(self) -> Copy:
        """Every entry of the map."""
        for name in HOLDINGS:
            for entry in held(name):
                self._read(Base.metadata.tables[name], entry)
        return self.copy

    def _read(self, table: Table, entry: Held) -> None:
        wanted = [self._own.get(source) for source in entry.links.values()]
        found: list[Row[Any]] = []
        if all(wanted):
            query = select(table).where(*_conditions(table, entry, self._own)).limit(MOST_ROWS + 1)
            if self._hides_visits and table.name in ("visits", "medical_papers"):
                query = query.where(table.c.sensitive.is_(False))
            found = list(self._db.execute(query))
        rows = sorted(self._fresh(table, entry, found[:MOST_ROWS]), key=_when, reverse=True)
        self._remember(table, entry, rows)
        key = f"{table.name}.{entry.part}" if entry.part else table.name
        spoken = [self._spoken(table, entry, row) for row in rows]
        self.copy.sections.append(Section(key, entry, spoken, len(found) > MOST_ROWS))

    def _fresh(self, table: Table, entry: Held, rows: list[Row[Any]]) -> list[Row[Any]]:
        """Rows that no entry above has given out already: entries of one table may overlap."""
        keys = [column.name for column in table.primary_key]
        seen = self._seen.setdefault(table.name, set())
        fresh = [row for row in rows if tuple(row._mapping[key] for key in keys) not in seen]
        if not entry.only or entry.part == "cho_con":
            seen.update(tuple(row._mapping[key] for key in keys) for row in fresh)
        return fresh

    def _remember(self, table: Table, entry: Held, rows: list[Row[Any]]) -> None:
        """Their ids lead to the tables below; of what is only named, nothing more is sought."""
        if entry.only:
            return
        if "id" in table.columns:
            for source in (table.name, f"{table.name}/{entry.part}"):
                self._own.setdefault(source, set()).update(row._mapping["id"] for row in rows)
        for (name, column), source in _SOURCES.items():
            if name == table.name:
                self._own.setdefault(source, set()).update(v for row in rows if (v := row._mapping[column]))

    def _spoken(self, table: Table, entry: Held, row: Row[Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        places = _PLACES.get(table.name, ()) if self._hides_visits else ()
        for column in table.columns:
            if column.name in places:
                continue
            if column.name in entry.withheld or (entry.only and column.name not in entry.only):
                continue
            value = row._mapping[column.name]
            if column.name in entry.sealed and value is not None:
                shown[column.name] = house().keyring.open_text(value, f"{table.name} {row._mapping['id']}")
                continue
            target = next((key.column.table.name for key in column.foreign_keys), "")
            if column.name in entry.officers:
                target = "officers"
            shown[column.name] = self._pointed(target, value) if target and value is not None else self._plain(value)
        return shown

    def _pointed(self, target: str, value: Any) -> Any:
        """What an id stands for. Of other people no more than the name, of officers the name and code, no contacts."""
        if target == "officers":
            officer = self._officers.get(value)
            return {"ma_can_bo": officer.code, "ho_ten": officer.name} if officer else None
        if target == "agencies":
            return {"ma": value, "ten": self._agencies.get(value, "")}
        if target == "stored_files":
            return self._file(value)
        if value in self._own.get(target, ()):
            return str(value)
        if target == PERSONS:
            other = self._db.get(Person, value)
            return {"ho_ten": other.full_name} if other else None
        return None

    def _file(self, id: UUID) -> str | None:
        row = self._db.get(StoredFile, id)
        if row is None:
            return None
        ending = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
        return self.copy.files.setdefault(id, f"tep/{len(self.copy.files) + 1:03}.{ending.get(row.media_type, 'bin')}")

    def _plain(self, value: Any) -> Any:
        """A value as JSON has it: days and moments ISO, moments in UTC, decimals as text. Ids of what is not the person's are left out."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Mapping):
            told = (
                value.items() if not self._hides_visits else ((k, v) for k, v in value.items() if k != _PLACE_IN_DETAIL)
            )
            return {key: self._plain(one) for key, one in told if not self._strange(one)}
        if isinstance(value, (bytes, memoryview)):
            raise TypeError("a column of bytes is either withheld or a file")
        return str(value) if isinstance(value, UUID | Decimal) else value

    def _strange(self, value: Any) -> bool:
        try:
            id = UUID(value) if isinstance(value, str) and len(value) in (32, 36) else None
        except ValueError:
            return False
        return id is not None and not any(id in ids for ids in self._own.values())


def _in_guardians_hands(db: Session, known: about.Known, at: datetime) -> bool:
    """Whether the copy goes to the guardian of somebody old enough for the guardian not to be told of everything."""
    guarded = select(func.max(Account.guarded_until)).where(Account.id.in_(known.accounts))
    until = db.scalar(guarded)
    return until is not None and visits.hidden_from_guardian(until, day_of(at))


def _conditions(table: Table, entry: Held, own: Mapping[str, Iterable[Any]]) -> list[ColumnElement[bool]]:
    linked = [table.c[column].in_(list(own[source])) for column, source in entry.links.items()]
    return linked + [_is_one_of(table.c[column], values) for column, values in entry.fixed.items()]


def _is_one_of(column: ColumnElement[Any], values: tuple[str | None, ...]) -> ColumnElement[bool]:
    if values == (None,):
        return column.is_(None)
    return column.is_not(None) if values == (SOME,) else column.in_([str(value) for value in values])


def _when(row: Row[Any]) -> str:
    found = next((row._mapping[name] for name in _TIMES if row._mapping.get(name)), None)
    return found.isoformat() if found is not None else ""
