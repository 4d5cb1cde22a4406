"""Reads about organisations and their members: the organisation's own by its id, an officer's within their agencies."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, literal_column, select, tuple_, union_all
from sqlalchemy.orm import Session

from vssid.kernel.text import fold
from vssid.officers import Officer
from vssid.organisations.models import Member, Organisation
from vssid.organisations.rules import MOST_MEMBERS, Role, facility_code, facility_code_ok, unit_code

PAGE = 25
# Written out, not bound: only then do both databases see that the small unique index answers.
_HAS_CODE = Organisation.ma_don_vi != literal_column("''")
_HAS_FACILITY = Organisation.facility_code != literal_column("''")
_GOES_ON = Organisation.status != literal_column("'ended'")
_STAYS = Member.status != literal_column("'ended'")


def by_id(db: Session, id: UUID) -> Organisation | None:
    """One organisation."""
    return db.get(Organisation, id)


def by_code(db: Session, ma_don_vi: str) -> Organisation | None:
    """The organisation of a unit code; letters of any case. One that has ended holds none."""
    return db.scalar(select(Organisation).where(Organisation.ma_don_vi == unit_code(ma_don_vi), _HAS_CODE, _GOES_ON))


def by_facility(db: Session, facility_code: str) -> Organisation | None:
    """The organisation of a health facility (MA_CSKCB). One that has ended holds none."""
    return db.scalar(select(Organisation).where(Organisation.facility_code == facility_code, _HAS_FACILITY, _GOES_ON))


def by_phone(db: Session, phone: str) -> Member | None:
    """The member of any organisation whom a number (E.164) belongs to."""
    return db.scalar(select(Member).where(Member.phone == phone, _STAYS))


def members(db: Session, organisation_id: UUID) -> list[Member]:
    """Those who work for it, in the order in which they came."""
    query = select(Member).where(Member.organisation_id == organisation_id, _STAYS)
    return list(db.scalars(query.order_by(Member.created_at).limit(MOST_MEMBERS)))


def member_of(db: Session, organisation_id: UUID, id: UUID) -> Member | None:
    """One of them; those of other organisations do not exist."""
    return db.scalar(select(Member).where(Member.id == id, Member.organisation_id == organisation_id, _STAYS))


def other_managers(db: Session, member: Member) -> int:
    """How many others can let people in."""
    query = select(func.count()).where(
        Member.organisation_id == member.organisation_id,
        Member.role == Role.MANAGER,
        Member.status == "active",
        Member.id != member.id,
    )
    return db.scalar(query) or 0


def in_agencies(db: Session, id: UUID, officer: Officer) -> Organisation | None:
    """An organisation of one of the officer's agencies; others do not exist for them."""
    query = select(Organisation).where(Organisation.id == id, Organisation.agency_code.in_(officer.agencies))
    return db.scalar(query)


class Page(NamedTuple):
    """One page of a list and the key of the next."""

    rows: list[Organisation]
    next_key: str | None


def listing(db: Session, officer: Officer, text: str, after: tuple[str, UUID] | None) -> Page:
    """Organisations of the officer's agencies by name, paged by key; those whose name holds all words of `text`.

    Those of a unit code that fits exactly come alone, the ended as well; and that of a facility's code.
    """
    exact = select(Organisation).where(Organisation.ma_don_vi == unit_code(text), _HAS_CODE)
    newest = exact.order_by(Organisation.created_at.desc()).limit(PAGE)
    code = facility_code(text)
    facility = by_facility(db, code) if facility_code_ok(code) else None
    found = [*db.scalars(newest), *([facility] if facility else [])] if text else []
    mine = [one for one in found if one.agency_code in officer.agencies]
    if mine:
        return Page(mine, None)
    rows = list(db.scalars(_firsts(officer, text, after)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return Page(rows, f"{rows[-1].id}_{rows[-1].name_folded}" if more else None)


def _firsts(officer: Officer, text: str, after: tuple[str, UUID] | None) -> Select[Organisation]:
    """The first page of each agency straight from the index, merged: see the queue of declarations."""
    key = (Organisation.name_folded, Organisation.id)
    words = [Organisation.name_folded.contains(word, autoescape=True) for word in fold(text).split()]
    parts = [
        select(*key)
        .where(Organisation.agency_code == agency, *words)
        .where(*([tuple_(*key) > after] if after else []))
        .order_by(*key)
        .limit(PAGE + 1)
        .subquery()
        for agency in officer.agencies
    ]
    firsts = union_all(*(select(part) for part in parts)).order_by("name_folded", "id").limit(PAGE + 1).subquery()
    return select(Organisation).join(firsts, firsts.c.id == Organisation.id).order_by(*key)
