"""Making entries from the tables that own them: in short steps, from the first code to the last, whenever a list is stale."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Engine, Select, delete, insert, literal, null, select, update
from sqlalchemy.orm import Session

from vssid.directory.listings.models import Listing, ListingState, ListingWord
from vssid.directory.listings.rules import Kind, bare_of, key_of, marks_of, words_of_entry
from vssid.directory.models import Agency, CollectionPoint, Employer, Facility
from vssid.directory.places import Locator
from vssid.kernel.db import reading, unit
from vssid.kernel.rows import count_again, table_of

STEP = 5_000
_LISTINGS, _WORDS = table_of(Listing), table_of(ListingWord)
_MADE = ("name", "address", "folded", "bare", "words", "province_code", "ward_code", "until")
Row = dict[str, Any]


def _entries(model: Any, *where: ColumnElement[bool], **own: Any) -> Callable[[], Select[Any]]:
    """The rows of a table as entries; `own` are the columns that it has beside code, name and address."""
    known = {"province_code": literal(""), "ward_code": literal(""), "until": null().cast(Date), **own}
    columns = (column.label(name) for name, column in known.items())
    query = select(model.code, model.name, model.address, *columns).where(*where)
    return lambda: query


_OF_FACILITY = {"province_code": Facility.province_code, "until": Facility.valid_to}
_OF_POINT = {"province_code": CollectionPoint.province_code, "ward_code": CollectionPoint.ward_code}
_SOURCES: dict[Kind, tuple[Any, Callable[[], Select[Any]]]] = {
    Kind.AGENCIES: (Agency, _entries(Agency, ward_code=Agency.ward_code)),
    Kind.TREATING: (Facility, _entries(Facility, Facility.bhyt_contract.is_(True), **_OF_FACILITY)),
    Kind.CERTIFYING: (Facility, _entries(Facility, Facility.issues_sick_leave.is_(True), **_OF_FACILITY)),
    Kind.EMPLOYERS: (Employer, _entries(Employer)),
    Kind.POINTS: (CollectionPoint, _entries(CollectionPoint, **_OF_POINT)),
}


def touch(db: Session, *kinds: Kind, at: datetime) -> None:
    """Say that the tables behind these lists have changed; with the change, in its transaction."""
    for kind in kinds:
        state = db.get(ListingState, kind)
        if state is None:
            db.add(ListingState(kind=kind, stale=True, entries=0, changed_at=at))
        else:
            state.stale, state.changed_at = True, at


def made_of(tables: Iterable[str]) -> list[Kind]:
    """The lists whose entries are made of these tables."""
    return [kind for kind, (model, _query) in _SOURCES.items() if model.__tablename__ in set(tables)]


def source_of(kind: Kind) -> Any:
    """The table of which a list is made, as its model."""
    return _SOURCES[kind][0]


def bring_up_all(engine: Engine) -> None:
    """Make the entries of every stale list anew."""
    while bring_up(engine):
        pass


def bring_up(engine: Engine) -> bool:
    """Make the entries of one stale list anew; True when there was one. May be begun again at any time."""
    with reading(engine) as db:
        kind = db.scalar(
            select(ListingState.kind).where(ListingState.stale.is_(True)).order_by(ListingState.kind).limit(1)
        )
        if kind is None:
            return False
        changed_at = db.get_one(ListingState, kind).changed_at
        locator = Locator(db)
    entries, words = _walk(engine, Kind(kind), locator)
    with unit(engine) as db:
        db.execute(delete(_WORDS).where(ListingWord.kind == kind))
        rows = [{"kind": kind, "word": word, "length": len(word), "times": times} for word, times in words.items()]
        if rows:
            db.execute(insert(_WORDS), rows)
        count_again(db, Listing, ListingWord)
        # Changed again meanwhile: it stays stale.
        same = ListingState.kind == kind, ListingState.changed_at.is_not_distinct_from(changed_at)
        db.execute(update(ListingState).where(*same).values(stale=False))
        db.execute(update(ListingState).where(ListingState.kind == kind).values(entries=entries))
    return True


def _walk(engine: Engine, kind: Kind, locator: Locator) -> tuple[int, Counter[str]]:
    """Entry by entry in the order of codes: what differs is written, a step a transaction. Counts entries and words."""
    model, query = _SOURCES[kind]
    words: Counter[str] = Counter()
    entries, after = 0, ""
    while True:
        with reading(engine) as db:
            rows = db.execute(query().where(model.code > after).order_by(model.code).limit(STEP)).all()
            wanted = {row.code: _made(kind, row, locator) for row in rows}
            until = rows[-1].code if len(rows) == STEP else None
            alike = _held(db, kind, after, until) == wanted
        for row in wanted.values():
            words.update(set(row["words"].split()).difference(marks_of(kind, row["province_code"], row["ward_code"])))
        entries += len(wanted)
        if not alike:
            with unit(engine) as db:
                _write(db, kind, wanted, _held(db, kind, after, until))
        if until is None:
            return entries, words
        after = until


def _made(kind: Kind, row: Any, locator: Locator) -> Row:
    province, ward = row.province_code, row.ward_code
    if not (province and ward):
        read_province, read_ward = locator.of(row.address)
        # What the table says goes before what the address seems to say.
        if not ward and province in ("", read_province):
            ward = read_ward
        province = province or locator.province_of(ward) or read_province
    folded = key_of(row.name)
    return {
        "name": row.name, "address": row.address, "folded": folded, "bare": bare_of(folded),
        "words": words_of_entry(kind, row.name, row.address, province, ward),
        "province_code": province, "ward_code": ward, "until": row.until or date.max,
    }  # fmt: skip


def _held(db: Session, kind: Kind, after: str, until: str | None) -> dict[str, Row]:
    """The entries as they stand, whose codes lie within this step."""
    query = select(Listing.code, *(getattr(Listing, name) for name in _MADE)).where(
        Listing.kind == kind, Listing.code > after
    )
    if until is not None:
        query = query.where(Listing.code <= until)
    return {row.pop("code"): row for row in (dict(found._mapping) for found in db.execute(query))}


def _write(db: Session, kind: Kind, wanted: dict[str, Row], held: dict[str, Row]) -> None:
    # An entry that changed gets a new number as well: what is new stands last.
    over = [code for code, row in held.items() if wanted.get(code) != row]
    new = [{"kind": kind, "code": code, **row} for code, row in wanted.items() if held.get(code) != row]
    for codes in _some(over):
        db.execute(delete(_LISTINGS).where(Listing.kind == kind, Listing.code.in_(codes)))
    if new:
        db.execute(insert(_LISTINGS), new)


def _some(codes: Sequence[str], most: int = 500) -> Iterable[Sequence[str]]:
    return (codes[start : start + most] for start in range(0, len(codes), most))
