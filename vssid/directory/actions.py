"""Taking the shipped lists into the tables."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from vssid.directory.models import AdminUnit, Parameter, ReferenceLoad, Succession
from vssid.directory.rules import (
    LAST_OLD_DAY,
    OLD_SYSTEM,
    SYSTEM,
    SYSTEM_CHANGED,
    Level,
    name_key,
    search_key,
    words_with,
)

FOLDER = Path(__file__).parent / "data"
SHAPE = b"1"  # raise it when the same file must be taken in otherwise

Rows = list[dict[str, Any]]
Lines = list[dict[str, str]]


def load_reference(db: Session, at: datetime) -> int:
    """Take in each shipped list that differs from the one loaded last; returns how many. Unchanged lists write nothing.

    Values that an operator gave other days stay; a shipped row replaces the row with the same key.
    """
    known = {load.name: load.digest for load in db.scalars(select(ReferenceLoad))}
    loaded = 0
    for name, take_in in _LISTS.items():
        content = (FOLDER / name).read_bytes()
        digest = hashlib.sha256(SHAPE + content).hexdigest()
        if known.get(name) == digest:
            continue
        take_in(db, list(csv.DictReader(io.StringIO(content.decode()))))
        upsert(db, ReferenceLoad, [{"name": name, "digest": digest, "loaded_at": at}])
        loaded += 1
    return loaded


def upsert(db: Session, model: type[Any], rows: Rows) -> None:
    """Insert `rows` (all with the same columns), or give the rows with the same primary key these values."""
    if not rows:
        return
    table: Table = model.__table__
    insert_or: Any = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert_or(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _take_units(db: Session, lines: Lines) -> None:
    names = {line["code"]: search_key(line["name"]) for line in lines}
    _replace_units(
        db,
        SYSTEM,
        [
            {
                "code": line["code"],
                "valid_from": _day(line["valid_from"]) or SYSTEM_CHANGED,
                "valid_to": _day(line["valid_to"]),
                "level": Level.WARD if line["parent"] else Level.PROVINCE,
                "parent_code": line["parent"],
                "name": line["name"],
                "full_name": f"{line['unit']} {line['name']}",
                "folded": (own := search_key(line["name"])),
                "words": words_with(own, names.get(line["parent"], "")),
                "latitude": float(line["lat"]),
                "longitude": float(line["lon"]),
            }
            for line in lines
        ],
    )


def _take_old_units(db: Session, lines: Lines) -> None:
    parents = {line["code"]: line["parent"] for line in lines}
    names = {line["code"]: name_key(line["unit"], line["name"]) for line in lines}
    levels = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.WARD}
    rows: Rows = []
    for line in lines:
        code, above = line["code"], line["parent"]
        rows.append(
            {
                "code": code,
                # The list is that of the last day; since when each unit was such, nobody asks.
                "valid_from": LAST_OLD_DAY,
                "valid_to": LAST_OLD_DAY,
                "level": levels[len(code)],
                "parent_code": above,
                "name": line["name"],
                "full_name": f"{line['unit']} {line['name']}",
                "folded": names[code],
                "words": words_with(names[code], names.get(above, ""), names.get(parents.get(above, ""), "")),
                "latitude": None,
                "longitude": None,
            }
        )
    _replace_units(db, OLD_SYSTEM, rows)


def _replace_units(db: Session, system: str, rows: Rows) -> None:
    _replace(db, AdminUnit, [{"system": system, **row} for row in rows], AdminUnit.system == system)


def _take_conversions(db: Session, lines: Lines) -> None:
    _replace(db, Succession, [{"old_code": line["old"], "new_code": line["new"]} for line in lines])


def _replace(db: Session, model: type[Any], rows: Rows, *where: ColumnElement[bool]) -> None:
    # The table rather than the model: thousands of rows need nothing that mapped objects are for.
    table: Table = model.__table__
    db.execute(delete(table).where(*where))
    db.execute(insert(table), rows)


def _parameter(code: str, value: str, line: dict[str, str]) -> dict[str, Any]:
    return {
        "code": code,
        "value": value,
        "valid_from": _day(line["hieu_luc_tu"]),
        "valid_to": _day(line["hieu_luc_den"]),
        "source": line["can_cu"],
    }


def _take_levels(db: Session, lines: Lines) -> None:
    rows: Rows = []
    for line in lines:
        rows.append(_parameter(f"bhyt.muc_huong.{line['muc']}", line["noi_dung"], line))
        rows.append(_parameter(f"bhyt.ty_le.{line['muc']}", line["ty_le"], line))
    upsert(db, Parameter, rows)


def _take_parameters(db: Session, lines: Lines) -> None:
    upsert(db, Parameter, [_parameter(line["ma"], line["gia_tri"], line) for line in lines])


_LISTS: dict[str, Callable[[Session, Lines], None]] = {
    "units_2025.csv": _take_units,
    "units_old.csv": _take_old_units,
    "conversions.csv": _take_conversions,
    "benefit_levels.csv": _take_levels,
    "parameters.csv": _take_parameters,
}
