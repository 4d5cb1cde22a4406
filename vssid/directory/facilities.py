"""Health facilities that treat on the BHYT card: whether one does on a day, which are near, all of a province by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid.directory.models import Facility
from vssid.directory.queries import holds_all
from vssid.directory.rules import office_needles

PAGE = 10


class Contract(StrEnum):
    """Whether a facility treats on the card on a day."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"
    ENDED = "ended"


def contract_of(facility: Facility, on: date) -> Contract:
    """By the contract and the days between which the register has the facility."""
    if facility.valid_to is not None and facility.valid_to < on:
        return Contract.ENDED
    if facility.valid_from is not None and facility.valid_from > on:
        return Contract.NOT_YET
    return Contract.YES if facility.bhyt_contract else Contract.NO


def _treats(province_code: str, on: date) -> list[ColumnElement[bool]]:
    return [
        Facility.province_code == province_code,
        Facility.bhyt_contract.is_(True),
        or_(Facility.valid_from.is_(None), Facility.valid_from <= on),
        or_(Facility.valid_to.is_(None), Facility.valid_to >= on),
    ]


def contracted_near(
    db: Session, province_code: str, ward_name: str, on: date, *, but: str = "", most: int = 5
) -> Sequence[tuple[Facility, bool]]:
    """Facilities that treat on the card, those whose address names the ward first, then others of the province by name.

    Each with whether it is of the ward. `ward_name` is as addresses have it (Phường Long Xuyên), '' where it is not known;
    `but` is a code to leave out. The list has no places on a map, so nearer than the ward nobody can say. One statement.
    """

    def firsts(rank: int, *where: ColumnElement[bool]) -> Any:
        query = select(Facility.code, literal(rank).label("rank")).where(*_treats(province_code, on), *where)
        return query.where(Facility.code != but).order_by(Facility.folded, Facility.code).limit(most).subquery()

    in_ward = [firsts(0, Facility.address.contains(ward_name, autoescape=True))] if ward_name else []
    found = union_all(*(select(part) for part in (*in_ward, firsts(1)))).subquery()
    query = select(Facility, found.c.rank).join(found, found.c.code == Facility.code)
    rows: dict[str, tuple[Facility, bool]] = {}
    for facility, rank in db.execute(query.order_by(found.c.rank, Facility.folded, Facility.code)):
        rows.setdefault(facility.code, (facility, rank == 0))
    return list(rows.values())[:most]


@dataclass(frozen=True)
class Page:
    """Some facilities by name, and the key of the next page."""

    rows: Sequence[Facility]
    following: str | None


def contracted_page(db: Session, province_code: str, text: str, on: date, after: str = "") -> Page:
    """Those of a province that treat on the card and whose name holds the words of `text`, or whose code it is, paged by key."""
    query = _named(province_code, text, on)
    code, _sign, name = after.partition("_")
    if name:
        query = query.where(tuple_(Facility.folded, Facility.code) > tuple_(literal(name), literal(code)))
    rows = db.scalars(query.order_by(Facility.folded, Facility.code).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.code}_{last.folded}" if last else None)


def _named(province_code: str, text: str, on: date) -> Select[Facility]:
    needles = office_needles(text)
    named = [holds_all(Facility.folded, needle) for needle in needles]
    same = [or_(Facility.code == text.strip().upper(), *named)] if needles else []
    return select(Facility).where(*_treats(province_code, on), *same)
