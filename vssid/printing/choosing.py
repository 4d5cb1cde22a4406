"""Whose cards a wish names, in the order in which they are handed out: read and judged, nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from vssid import directory, organisations, records
from vssid.accounts.models import Account
from vssid.card.models import Card
from vssid.directory.rules import SYSTEM
from vssid.kernel.labels import N_, Refused
from vssid.officers import Officer
from vssid.printing.rules import MOST_CHOSEN, NO_CLASS, Kind, Outcome, Span, Version, first_day, hamlet, parts
from vssid.records.models import Person, PersonIdentifier
from vssid.rosters.models import Roster, RosterRow
from vssid.rosters.rules import class_key

_Theirs = aliased(Person)
TOO_MANY = N_(
    "Nhiều hơn 20.000 thẻ. Hãy chọn ngày thẻ có giá trị, chỉ người chưa có tài khoản, hoặc in theo danh sách của tổ chức."
)
_VERSION = (Card.person_id, Card.valid_from, Card.valid_to, Card.version, Card.status)


@dataclass(frozen=True)
class Wanted:
    """What was chosen: a roster, or a ward with what narrows it."""

    roster: UUID | None = None
    ward: str = ""
    since: date | None = None
    without_account: bool = False

    @property
    def key(self) -> str:
        """The same for the same list, whoever wants it."""
        return str(self.roster) if self.roster else f"{self.ward}/{self.since or ''}/{self.without_account:d}"


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

    def shares(self) -> list[list[Found]]:
        """The rows of each part: everybody stands in exactly one, whoever gets no card beside their neighbours."""
        found: list[list[Found]] = [[] for _part in self.parts]
        nth = counted = 0
        for one in self.rows:
            if counted >= self.parts[nth].stop and nth + 1 < len(found):
                nth += 1
            found[nth].append(one)
            counted += one.outcome is Outcome.WAITS
        return found


def chosen(db: Session, officer: Officer, wanted: Wanted, today: date) -> Choice | None:
    """What is wanted, as of now; None for what is not the officer's to see. Raises Refused for more than a wish may name."""
    found = _of_roster(db, officer, wanted.roster, today) if wanted.roster else _of_ward(db, officer, wanted, today)
    if found is None:
        return None
    rows = _without_family(db, officer, found.rows)
    cuts = tuple(parts([one.group for one in rows if one.outcome is Outcome.WAITS]))
    if found.kind is Kind.WARD:
        # Cut between villages; what stands in the page's head is the ward.
        rows = tuple(replace(one, group=found.name) for one in rows)
    return replace(found, rows=rows, parts=cuts)


def _without_family(db: Session, officer: Officer, rows: tuple[Found, ...]) -> tuple[Found, ...]:
    """Nobody prints the cards of those who are near to them."""
    if not officer.ma_so_bhxh:
        return rows
    family = set(db.scalars(records.family_of(officer.ma_so_bhxh)))
    return tuple(
        replace(one, outcome=Outcome.FAMILY) if one.outcome is Outcome.WAITS and one.person_id in family else one
        for one in rows
    )


# --- a roster ---------------------------------------------------------------------------------------------------------


def _of_roster(db: Session, officer: Officer, id: UUID, today: date) -> Choice | None:
    roster = db.get(Roster, id)
    owner = organisations.in_agencies(db, roster.organisation_id, officer) if roster else None
    if roster is None or owner is None or owner.status == "ended":
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
        .outerjoin(Card, and_(Card.person_id == _Theirs.id, _is_last()))
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
    # One more than is allowed: that it is too much is known without reading the rest.
    found = db.execute(_holding(wanted, today).limit(MOST_CHOSEN + 1)).all()
    if len(found) > MOST_CHOSEN:
        raise Refused(TOO_MANY)
    newest: dict[UUID, Any] = {}
    for row in found:
        if row.id not in newest or newest[row.id].valid_from < row.valid_from:
            newest[row.id] = row
    rows = tuple(_villager(one) for one in sorted(newest.values(), key=_at_home))
    return Choice(Kind.WARD, agency_code, place.full_name, "", rows)


def _holding(wanted: Wanted, today: date) -> CompoundSelect[Any]:
    """Who lives in the ward and has a card that holds today, once for each such card; also of numbers that were merged into theirs."""
    columns = Person.id, Person.full_name, Person.name_folded, Person.address, Card.ma_so_bhxh, Card.valid_from
    here = (
        Person.ward_code == wanted.ward, Person.unit_system == SYSTEM, Person.died_on.is_(None),
        Person.merged_into_id.is_(None), Card.status == "hieu_luc",
        Card.valid_from.between(wanted.since or date.min, today),
        or_(Card.valid_to.is_(None), Card.valid_to >= today), _is_last(),
    )  # fmt: skip
    own = select(*columns).join(Card, Card.person_id == Person.id).where(*here)
    merged = select(*columns).join(_Theirs, _Theirs.merged_into_id == Person.id)
    merged = merged.join(Card, Card.person_id == _Theirs.id).where(*here)
    if wanted.without_account:
        nobody = ~exists().where(Account.person_id == Person.id, Account.status != "closed")
        own, merged = own.where(nobody), merged.where(nobody)
    return union_all(own, merged)


def _is_last() -> ColumnElement[bool]:
    """No later version of the same card is known: the index of versions answers."""
    later = aliased(Card)
    same = later.person_id == Card.person_id, later.valid_from == Card.valid_from
    return ~exists().where(*same, later.version > Card.version).correlate(Card)


def _at_home(one: Any) -> tuple[str, str, str, str]:
    return class_key(hamlet(one.address)), class_key(one.address), one.name_folded, one.id.hex


def _villager(one: Any) -> Found:
    return Found(hamlet(one.address), one.ma_so_bhxh, one.full_name, one.id)
