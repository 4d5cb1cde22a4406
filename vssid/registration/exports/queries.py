"""Reads of wishes, and of the declarations that they name: a page at a time, in the order of an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from vssid.kernel.clock import VIETNAM
from vssid.officers import Officer
from vssid.officers.models import Officer as Staff
from vssid.registration.exports.models import DeclarationExport
from vssid.registration.exports.rules import WISH_LIFE, State
from vssid.registration.models import Declaration

SHOWN = 50
MOST_WAITING = 200
PAGE = 1_000


@dataclass(frozen=True)
class Wanted:
    """Which declarations: of these agencies, sent from `first` to `last`, in this status ('' for all)."""

    agencies: tuple[str, ...]
    first: date
    last: date
    status: str

    @classmethod
    def of(cls, wish: DeclarationExport) -> "Wanted":
        """What a wish names."""
        return cls(tuple(wish.agencies.split(",")), wish.first, wish.last, wish.status)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), VIETNAM)


def _among(query: Select[Any], wanted: Wanted, agency: str) -> Select[Any]:
    query = query.where(Declaration.agency_code == agency, Declaration.sent_at >= _midnight(wanted.first))
    query = query.where(Declaration.sent_at < _midnight(wanted.last + timedelta(days=1)))
    return query.where(Declaration.status == wanted.status) if wanted.status else query


def size(db: Session, wanted: Wanted) -> int:
    """How many declarations are meant, as of now."""
    counts = (
        db.scalar(_among(select(func.count()).select_from(Declaration), wanted, agency)) for agency in wanted.agencies
    )
    return sum(count or 0 for count in counts)


def declarations(db: Session, wanted: Wanted) -> Iterator[Any]:
    """All of them by agency and moment of sending: columns only, a page in memory."""
    key = (Declaration.sent_at, Declaration.id)
    columns: tuple[Any, ...] = (
        *key, Declaration.code, Declaration.kind, Declaration.full_name, Declaration.ma_so_bhxh, Declaration.status,
        Declaration.paper_at, Declaration.decided_at, Declaration.decided_by, Declaration.agency_code,
    )  # fmt: skip
    for agency in wanted.agencies:
        after: tuple[datetime, UUID] | None = None
        while True:
            query = _among(select(*columns), wanted, agency).order_by(*key).limit(PAGE)
            rows = db.execute(query.where(tuple_(*key) > after) if after else query).all()
            yield from rows
            if len(rows) < PAGE:
                break
            after = (rows[-1].sent_at, rows[-1].id)


def officer_codes(db: Session, ids: set[UUID]) -> dict[UUID, str]:
    """The codes (mã cán bộ) of officers."""
    return {row.id: row.code for row in db.execute(select(Staff.id, Staff.code).where(Staff.id.in_(ids)))}


def sees(wish: DeclarationExport, officer: Officer) -> bool:
    """Whether every agency of a wish is the officer's to see: a part of them is not enough."""
    return set(wish.agencies.split(",")) <= set(officer.agencies)


def mine(db: Session, officer: Officer) -> list[DeclarationExport]:
    """What the officer asked for, newest first."""
    query = select(DeclarationExport).where(DeclarationExport.asked_by == officer.id)
    return list(db.scalars(query.order_by(DeclarationExport.asked_at.desc()).limit(SHOWN)))


def for_second(db: Session, officer: Officer, at: datetime) -> list[DeclarationExport]:
    """What waits for a second officer and is this one's to judge, oldest first."""
    query = select(DeclarationExport).where(
        DeclarationExport.agency_code.in_(officer.agencies),
        DeclarationExport.state == State.ASKED,
        DeclarationExport.asked_at > at - WISH_LIFE,
    )
    found = db.scalars(query.order_by(DeclarationExport.asked_at).limit(MOST_WAITING))
    return [wish for wish in found if wish.asked_by != officer.id and sees(wish, officer)]


def wish_for(db: Session, id: UUID, officer: Officer) -> DeclarationExport | None:
    """A wish that the officer may see: all its agencies are theirs. Others do not exist for them."""
    wish = db.get(DeclarationExport, id)
    return wish if wish is not None and sees(wish, officer) else None
