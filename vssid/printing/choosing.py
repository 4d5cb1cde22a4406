"""Whose cards a wish names, in the order in which they are handed out: read and judged, nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from vssid import directory, organisations
from vssid.accounts.models import Account
from vssid.card.models import Card
from vssid.directory.rules import SYSTEM
from vssid.officers import Officer
from vssid.printing.rules import NO_CLASS, Kind, Outcome, Span, Version, first_day, hamlet, parts
from vssid.records.models import Person, PersonIdentifier
from vssid.rosters.models import Roster, RosterRow
from vssid.rosters.rules import class_key

_Theirs = aliased(Person)
_VERSION = (Card.person_id, Card.valid_from, Card.valid_to, Card.version, Card.status)


@dataclass(frozen=True)
class Wanted:
    """What was chosen: a roster, or a ward with what narrows it; `part` counts from 1, 0 for the whole."""

    roster: UUID | None = None
    ward: str = ""
    since: date | None = None
    without_account: bool = False
    part: int = 0


@dataclass(frozen=True)
class Found:
    """One person of the list: `group` is what stands in the page's head, `outcome` '' for whoever gets a card."""

    group: str
    ma_so: str
    name: str
    person_id: UUID | None
    outcome: Outcome = Outcome.WAITS


@dataclass(frozen=True)
class Choice:
    """Everybody whom a wish names. `parts` are pieces of the whole list, counted in cards."""

    kind: Kind
    agency_code: str
    name: str
    detail: str
    rows: tuple[Found, ...]
    parts: tuple[Span, ...] = ()

    @property
    def cards(self) -> int:
        """How many are to be printed."""
        return sum(one.outcome is Outcome.WAITS for one in self.rows)


def chosen(db: Session, officer: Officer, wanted: Wanted, today: date) -> Choice | None:
    """What is wanted, as of now; None for what is not the officer's to see."""
    found = _of_roster(db, officer, wanted.roster, today) if wanted.roster else _of_ward(db, officer, wanted, today)
    if found is None:
        return None
    cut = _cut(found)
    if not wanted.part:
        return cut
    return _part(cut, wanted.part) if wanted.part <= len(cut.parts) else None


def _cut(whole: Choice) -> Choice:
    groups = [one.group for one in whole.rows if one.outcome is Outcome.WAITS]
    if whole.kind is Kind.ROSTER:
        return replace(whole, parts=tuple(parts(groups)))
    return replace(whole, parts=tuple(parts(groups)), rows=tuple(replace(one, group=whole.name) for one in whole.rows))


def _part(whole: Choice, nth: int) -> Choice:
    """A part with those left out before its cards; what follows the last card goes with the last part."""
    span, last = whole.parts[nth - 1], nth == len(whole.parts)
    counted, mine = 0, []
    for one in whole.rows:
        if span.start <= counted < span.stop or (last and counted >= span.stop):
            mine.append(one)
        counted += one.outcome is Outcome.WAITS
    return replace(whole, rows=tuple(mine))


# --- a roster ---------------------------------------------------------------------------------------------------------


def _of_roster(db: Session, officer: Officer, id: UUID, today: date) -> Choice | None:
    roster = db.get(Roster, id)
    owner = organisations.in_agencies(db, roster.organisation_id, officer) if roster else None
    if roster is None or owner is None:
        return None
    query = (
        select(
            RosterRow.id, RosterRow.line, RosterRow.class_name, RosterRow.ma_so_bhxh, RosterRow.full_name,
            RosterRow.name_folded, RosterRow.birth_date, Person.id.label("known"), Person.name_folded.label("is_called"),
            Person.birth_date.label("was_born"), Person.died_on, Person.merged_into_id, *_VERSION,
        )
        .outerjoin(
            PersonIdentifier,
            (PersonIdentifier.kind == "ma_so_bhxh") & (PersonIdentifier.value == RosterRow.ma_so_bhxh),
        )
        .outerjoin(Person, Person.id == PersonIdentifier.person_id)
        .outerjoin(_Theirs, or_(_Theirs.id == Person.id, _Theirs.merged_into_id == Person.id))
        .outerjoin(Card, Card.person_id == _Theirs.id)
        .where(RosterRow.roster_id == id)
        .order_by(RosterRow.class_key, RosterRow.line, RosterRow.id)
    )  # fmt: skip
    seen: set[UUID] = set()
    rows = tuple(_pupil(list(same), seen, today) for _id, same in groupby(db.execute(query), _id_of))
    return Choice(Kind.ROSTER, owner.agency_code, owner.name, roster.title, rows)


def _id_of(row: Any) -> Any:
    return row.id


def _pupil(rows: list[Any], seen: set[UUID], today: date) -> Found:
    one = rows[0]
    outcome = _judged(rows, today)
    person: UUID | None = one.known if outcome not in (Outcome.NOT_FOUND, Outcome.DIFFERS) else None
    if person in seen:
        person, outcome = None, Outcome.TWICE
    if person is not None:
        seen.add(person)
    return Found(one.class_name or NO_CLASS, one.ma_so_bhxh, one.full_name, person, outcome)


def _judged(rows: list[Any], today: date) -> Outcome:
    one = rows[0]
    if one.known is None:
        return Outcome.NOT_FOUND
    # A number may be guessed or mistyped: nobody gets the card of somebody whom they do not know.
    if one.is_called != one.name_folded or not _same_birth(one.was_born, one.birth_date):
        return Outcome.DIFFERS
    if one.died_on is not None or one.merged_into_id is not None:
        return Outcome.DEAD if one.died_on is not None else Outcome.MERGED
    first = first_day(_versions(rows), today)
    return first if isinstance(first, Outcome) else Outcome.WAITS


def _same_birth(known: str, given: str) -> bool:
    """As much of the birth date as the register has; a roster that gives less does not match."""
    return given[: len(known)] == known


def _versions(rows: Iterable[Any]) -> list[Version]:
    return [
        Version(row.person_id, row.valid_from, row.valid_to, row.version, row.status == "thu_hoi")
        for row in rows
        if row.valid_from is not None
    ]


# --- a ward -----------------------------------------------------------------------------------------------------------


def _of_ward(db: Session, officer: Officer, wanted: Wanted, today: date) -> Choice | None:
    home = directory.wards_in_charge(db, officer.agencies).get(wanted.ward)
    if home is None:
        return None
    place, agency_code = home
    query = (
        select(Person.id, Person.full_name, Person.name_folded, Person.address, Card.ma_so_bhxh, *_VERSION)
        .join(_Theirs, or_(_Theirs.id == Person.id, _Theirs.merged_into_id == Person.id))
        .join(Card, Card.person_id == _Theirs.id)
        .where(Person.ward_code == wanted.ward, Person.unit_system == SYSTEM)
        .where(Person.died_on.is_(None), Person.merged_into_id.is_(None), Card.valid_from <= today)
    )
    if wanted.without_account:
        query = query.where(~exists().where(Account.person_id == Person.id, Account.status != "closed"))
    of_each: dict[UUID, list[Any]] = {}
    for row in db.execute(query):
        of_each.setdefault(row.id, []).append(row)
    rows = tuple(_villager(theirs[0]) for theirs in sorted(_holding(of_each.values(), wanted, today), key=_at_home))
    return Choice(Kind.WARD, agency_code, place.full_name, "", rows)


def _holding(persons: Iterable[list[Any]], wanted: Wanted, today: date) -> Iterable[list[Any]]:
    for theirs in persons:
        first = first_day(_versions(theirs), today)
        if not isinstance(first, Outcome) and first >= (wanted.since or date.min):
            yield theirs


def _at_home(theirs: Sequence[Any]) -> tuple[str, str, str, str]:
    one = theirs[0]
    return class_key(hamlet(one.address)), class_key(one.address), one.name_folded, one.id.hex


def _villager(one: Any) -> Found:
    return Found(hamlet(one.address), one.ma_so_bhxh, one.full_name, one.id)
