"""Taking visits over from staged HOSO, a batch at a time: whose they are, what they change, and the change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from vssid.kernel.clock import VIETNAM
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Changed, table_of
from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import IdKind, id_kind_of
from vssid.records.visits.models import Visit, VisitLine

_VISITS, _LINES = table_of(Visit), table_of(VisitLine)
_LINE_NAMES = (
    "part", "group_code", "code", "name", "unit", "quantity", "price", "rate", "level", "amount", "insured",
    "paid_by_fund", "copay", "paid_by_patient", "other_sources",
)  # fmt: skip
_LINE_NUMBERS = frozenset(_LINE_NAMES[5:7] + _LINE_NAMES[9:])
_MONEY = {
    "hospital": "total_hospital", "insurance": "total_insurance", "fund": "paid_by_fund", "copay": "copay",
    "own": "paid_by_patient", "other": "other_sources",
}  # fmt: skip
_AS_IT_IS = {
    "facility": "facility_code", "link": "link_code", "sensitive": "sensitive", "kind": "visit_kind", "reason": "reason",
    "department": "department_code", "code": "main_diagnosis_code", "diagnosis": "main_diagnosis",
    "others": "other_codes", "result": "result", "discharge": "discharge_kind", "object": "patient_object",
    "year": "settled_year", "month": "settled_month", "digest": "content_digest",
}  # fmt: skip
Number = tuple[str, str]


@dataclass(frozen=True)
class Waiting:
    """One staged HOSO: its number within the run, and `fields.Claim.data`."""

    line: int
    data: Mapping[str, Any]


@dataclass
class Judged:
    """What a batch would change: each HOSO with the person, for changed ones also the visit that there is."""

    new: list[tuple[Waiting, UUID]] = field(default_factory=list)
    changed: list[tuple[Waiting, UUID, UUID]] = field(default_factory=list)
    same: int = 0
    refused: list[tuple[Waiting, str, Label]] = field(default_factory=list)


def judge(db: Session, batch: Sequence[Waiting]) -> Judged:
    """Compare a batch with the register, in two statements however many HOSO it has."""
    known = _persons(db, batch)
    pairs = [(one.data["facility"], one.data["link"]) for one in batch]
    query = select(Visit.facility_code, Visit.link_code, Visit.id, Visit.content_digest, Visit.person_id)
    rows = db.execute(query.where(tuple_(Visit.facility_code, Visit.link_code).in_(pairs)))
    there = {(row.facility_code, row.link_code): row for row in rows}
    judged = Judged()
    for one in batch:
        person = _whose(one.data, known)
        if not isinstance(person, UUID):
            judged.refused.append((one, *person))
            continue
        row = there.get((one.data["facility"], one.data["link"]))
        if row is None:
            judged.new.append((one, person))
        elif (row.content_digest, row.person_id) == (one.data["digest"], person):
            judged.same += 1
        else:
            judged.changed.append((one, person, row.id))
    return judged


def _persons(db: Session, batch: Iterable[Waiting]) -> dict[Number, UUID]:
    """Who answers to the numbers of a batch; of merged persons the survivor."""
    wanted: dict[str, set[str]] = {}
    for one in batch:
        for kind, value in _numbers(one.data):
            wanted.setdefault(kind, set()).add(value)
    if not wanted:
        return {}
    named = [
        and_(PersonIdentifier.kind == kind, PersonIdentifier.value.in_(sorted(values)))
        for kind, values in wanted.items()
    ]
    query = (
        select(PersonIdentifier.kind, PersonIdentifier.value, func.coalesce(Person.merged_into_id, Person.id))
        .join(Person, Person.id == PersonIdentifier.person_id)
        .where(or_(*named))
    )
    return {(kind, value): person for kind, value, person in db.execute(query)}


def _numbers(data: Mapping[str, Any]) -> list[Number]:
    papers = ((id_kind_of(number), number) for number in data["papers"])
    return [
        *((str(IdKind.MA_SO_BHXH), number) for number in data["people"]),
        *((str(kind), number) for kind, number in papers if kind),
    ]


def _whose(data: Mapping[str, Any], known: Mapping[Number, UUID]) -> UUID | tuple[str, Label]:
    """The person, or the element and the words for why there is none."""
    found = {known[number]: number[0] for number in _numbers(data) if number in known}
    if len(found) == 1:
        return next(iter(found))
    if not found:
        return "MA_THE_BHYT", N_("Không có ai trong sổ bộ mang mã số này hay số giấy tờ này.")
    if set(found.values()) == {str(IdKind.MA_SO_BHXH)}:
        return "MA_THE_BHYT", N_("Các thẻ BHYT là của nhiều người khác nhau.")
    return "SO_CCCD", N_("Thẻ BHYT và số giấy tờ là của hai người khác nhau.")


def changes(db: Session, judged: Judged) -> list[Changed]:
    """Of visits that would change: days and sums as (held, new), in one statement."""
    columns = ("admitted_at", "discharged_at", *_MONEY.values())
    ids = [id for _one, _person, id in judged.changed]
    query = select(Visit.id, *(getattr(Visit, name) for name in columns)).where(Visit.id.in_(ids))
    held = {row.id: row for row in db.execute(query)} if ids else {}
    found = []
    for one, person, id in judged.changed:
        new, old = _row(one.data, person, held[id].admitted_at), held[id]
        cells = {name: (str(getattr(old, name)), str(new[name])) for name in columns if getattr(old, name) != new[name]}
        found.append(Changed(one.line, f"{one.data['facility']}|{one.data['link']}", cells))
    return found


def take(db: Session, judged: Judged, at: datetime) -> None:
    """Write new visits and replace changed ones with their lines; the visit keeps its id, so that disputes stay."""
    visits, lines = [], []
    for one, person in judged.new:
        id = uuid4()
        visits.append({"id": id, "recorded_at": at, **_row(one.data, person, at)})
        lines += _lines(id, one.data)
    for one, person, id in judged.changed:
        db.execute(update(_VISITS).where(Visit.id == id).values(**_row(one.data, person, at)))
        lines += _lines(id, one.data)
    if judged.changed:
        db.execute(delete(_LINES).where(VisitLine.visit_id.in_([id for _one, _person, id in judged.changed])))
    if visits:
        db.execute(insert(_VISITS), visits)
    if lines:
        db.execute(insert(_LINES), lines)


def _row(data: Mapping[str, Any], person: UUID, at: datetime) -> dict[str, Any]:
    admitted = _moment(data["admitted"])
    return {
        "person_id": person,
        "year": int(data["admitted"][:4]),
        "admitted_at": admitted,
        "discharged_at": _moment(data["discharged"]),
        "paid_at": _moment(data["paid"]) if data["paid"] else None,
        "updated_at": at,
        **{column: data[name] for name, column in _AS_IT_IS.items()},
        **{column: Decimal(data[name]) for name, column in _MONEY.items()},
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def _lines(visit: UUID, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "visit_id": visit,
            "ordinal": ordinal,
            **{
                name: Decimal(value) if name in _LINE_NUMBERS else value
                for name, value in zip(_LINE_NAMES, values, strict=True)
            },
        }
        for ordinal, values in enumerate(data["lines"], 1)
    ]


def follow_mergers(db: Session) -> None:
    """Visits of merged persons become those of the one who answers for them."""
    merged, person = aliased(Person), aliased(Person)
    survivor = select(person.merged_into_id).where(person.id == Visit.person_id).correlate(Visit).scalar_subquery()
    among = Visit.person_id.in_(select(merged.id).where(merged.merged_into_id.is_not(None)))
    db.execute(update(_VISITS).where(among).values(person_id=survivor))
