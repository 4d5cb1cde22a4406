"""Reads of rosters, always through the organisation; the state of a row comes from the declarations that match it."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from vssid.kernel.rows import how_many, table_of
from vssid.kernel.text import fold
from vssid.organisations import Line
from vssid.registration import Declaration, Status
from vssid.rosters.models import Roster, RosterRow, RosterUpload
from vssid.rosters.rules import LAST_COMPLETE, MOST_ROSTERS, RANKS, HandInState

PAGE = 50
_SAID = table_of(Declaration).c
_RANK_OF_STATUS = {
    Status.APPROVED: HandInState.APPROVED,
    Status.RECEIVED: HandInState.HANDED_IN,
    Status.WAITING: HandInState.SENT,
    Status.RETURNED: HandInState.GIVEN_BACK,
    Status.REJECTED: HandInState.GIVEN_BACK,
}
Key = tuple[str, int, UUID]


def matches() -> list[ColumnElement[bool]]:
    """When a declaration is that of a row: mã số, name without marks, and as much of the birth date as it has."""
    same_birth = func.substr(RosterRow.birth_date, 1, func.length(_SAID.birth_date)) == _SAID.birth_date
    return [_SAID.ma_so_bhxh == RosterRow.ma_so_bhxh, _SAID.name_folded == RosterRow.name_folded, same_birth]


def _rank() -> ColumnElement[int]:
    ranks: list[Any] = [(_SAID.status == status, RANKS[state]) for status, state in _RANK_OF_STATUS.items()]
    best = select(func.min(case(*ranks))).where(*matches()).correlate(RosterRow).scalar_subquery()
    return func.coalesce(best, RANKS[HandInState.NONE])


def _missing() -> ColumnElement[bool]:
    return _rank() > LAST_COMPLETE


def rosters_of(db: Session, organisation_id: UUID) -> list[Roster]:
    """The rosters of an organisation by title."""
    query = select(Roster).where(Roster.organisation_id == organisation_id)
    return list(db.scalars(query.order_by(Roster.title_folded).limit(MOST_ROSTERS)))


def roster_of(db: Session, organisation_id: UUID, id: UUID) -> Roster | None:
    """One roster; another organisation's does not exist."""
    return db.scalar(select(Roster).where(Roster.id == id, Roster.organisation_id == organisation_id))


def by_title(db: Session, organisation_id: UUID, title: str) -> Roster | None:
    """The roster that an upload under this title updates."""
    query = select(Roster).where(Roster.organisation_id == organisation_id, Roster.title_folded == fold(title))
    return db.scalar(query)


def upload_of(db: Session, organisation_id: UUID, id: UUID) -> RosterUpload | None:
    """One file that waits to be saved; another organisation's does not exist."""
    query = select(RosterUpload).where(RosterUpload.id == id, RosterUpload.organisation_id == organisation_id)
    return db.scalar(query)


def all_rows(db: Session, roster_id: UUID) -> list[RosterRow]:
    """Every row in the order of classes and lists; a roster has a few thousand at most."""
    query = select(RosterRow).where(RosterRow.roster_id == roster_id)
    return list(db.scalars(query.order_by(RosterRow.class_key, RosterRow.line, RosterRow.id)))


class ClassCount(NamedTuple):
    """A class, how many there are in it and how many have not handed in."""

    key: str
    name: str
    people: int
    missing: int


def classes(db: Session, roster_id: UUID) -> list[ClassCount]:
    """The classes of a roster in their order."""
    name, people = func.min(RosterRow.class_name), func.count()
    query = select(RosterRow.class_key, name, people, how_many(_missing())).where(RosterRow.roster_id == roster_id)
    return [ClassCount(*row) for row in db.execute(query.group_by(RosterRow.class_key).order_by(RosterRow.class_key))]


def lines(db: Session, organisation_id: UUID) -> list[Line]:
    """Each roster in one line, for the organisation's first page and its officers."""
    found = []
    for roster in rosters_of(db, organisation_id):
        counted = classes(db, roster.id)
        people, missing = sum(one.people for one in counted), sum(one.missing for one in counted)
        note = _(
            "%(classes)d lớp/tổ · %(people)d người · còn thiếu %(missing)d",
            classes=len(counted),
            people=people,
            missing=missing,
        )
        found.append(Line(roster.title, note, url_for("rosters.show", id=roster.id)))
    return found


class Shown(NamedTuple):
    """A row with the state of its person's declaration."""

    row: RosterRow
    state: HandInState


def page(
    db: Session, roster_id: UUID, class_: str | None, missing_only: bool, after: Key | None
) -> tuple[list[Shown], Key | None]:
    """One page of rows and the key of the next."""
    key = (RosterRow.class_key, RosterRow.line, RosterRow.id)
    query = _shown(roster_id, class_, missing_only).limit(PAGE + 1)
    found = list(_read(db, query.where(tuple_(*key) > after) if after else query))
    last = found[PAGE - 1].row if len(found) > PAGE else None
    return found[:PAGE], (last.class_key, last.line, last.id) if last else None


def missing(db: Session, roster_id: UUID, class_: str | None) -> Iterator[Shown]:
    """All who have not handed in."""
    return _read(db, _shown(roster_id, class_, True))


def _shown(roster_id: UUID, class_: str | None, missing_only: bool) -> Any:
    query = select(RosterRow, _rank().label("rank")).where(RosterRow.roster_id == roster_id)
    if class_ is not None:
        query = query.where(RosterRow.class_key == class_)
    if missing_only:
        query = query.where(_missing())
    return query.order_by(RosterRow.class_key, RosterRow.line, RosterRow.id)


def _read(db: Session, query: Any) -> Iterator[Shown]:
    states = list(HandInState)
    return (Shown(row, states[rank]) for row, rank in db.execute(query))
