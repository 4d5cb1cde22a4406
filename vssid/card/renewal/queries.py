"""What the calendar and the walk read: ends of benefits of one person; accounts some at a time, their people, their cards."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from vssid.accounts import Account
from vssid.card.models import Card
from vssid.card.renewal.days import Held
from vssid.card.renewal.models import CardReminder, CardWatch
from vssid.kernel.rows import table_of
from vssid.records.benefits.models import Benefit
from vssid.records.benefits.rules import BenefitKind
from vssid.records.models import Person

ONLY = 1
MOST_ENDS = 20
# Periods whose end changes what one must do; a pension has none.
ENDING = (BenefitKind.MATERNITY, BenefitKind.UNEMPLOYMENT)
_A, _C, _P = (table_of(model).c for model in (Account, Card, Person))


def benefit_ends(db: Session, person_id: UUID, today: date) -> list[tuple[UUID, date]]:
    """The id and last day of each period of a benefit that goes on."""
    mine = Benefit.person_id == person_id, Benefit.kind.in_(ENDING), Benefit.to_date >= today
    rows = db.execute(select(Benefit.id, Benefit.to_date).where(*mine).limit(MOST_ENDS))
    return sorted(((id, day) for id, day in rows if day), key=lambda one: (one[1], one[0]))


class Addressee(NamedTuple):
    """Whom a reminder reaches: the account, its owner and language, a proven address or else a number (E.164)."""

    account_id: UUID
    person_id: UUID
    language: str
    to: str


class Stretch(NamedTuple):
    """Accounts in the order of their owners' ids, and the last of these ids."""

    rows: list[Addressee]
    upto: UUID


def walk(db: Session) -> CardWatch | None:
    """Where the walk is; None before the first one."""
    return db.get(CardWatch, ONLY)


def next_stretch(db: Session, after: UUID, size: int) -> Stretch | None:
    """The next accounts, `size` at most, of people who live and can be reached; None behind the last.

    A child's account hears of nothing: what concerns the child is told to the guardian's own.
    """
    proven = and_(_A.email_proven_at.is_not(None), _A.email.is_not(None))
    to = case((proven, _A.email), else_=_A.phone)
    query = (
        select(_A.id, _A.person_id, _A.language, to)
        .select_from(table_of(Account).join(table_of(Person), _P.id == _A.person_id))
        .where(_A.person_id > after, _A.status == "active", _A.guardian_id.is_(None), _P.died_on.is_(None), to != "")
        .order_by(_A.person_id)
        .limit(size)
    )
    rows = [Addressee(*row) for row in db.execute(query)]
    return Stretch(rows, rows[-1].person_id) if rows else None


def cards_of(db: Session, persons: Iterable[UUID]) -> dict[UUID, list[Held]]:
    """The newest version of each card of these persons, also under numbers that were merged into them."""
    wanted = list(persons)
    theirs = or_(_P.id.in_(wanted), _P.merged_into_id.in_(wanted))
    owners = {id: survivor or id for id, survivor in db.execute(select(_P.id, _P.merged_into_id).where(theirs))}
    newest: dict[tuple[UUID, date], tuple[int, Held]] = {}
    columns = (_C.person_id, _C.valid_from, _C.version, _C.valid_to, _C.object_code, _C.status)
    for person, start, version, end, group, status in db.execute(select(*columns).where(_of(owners))):
        if version > newest.get((person, start), (0,))[0]:
            newest[person, start] = version, Held(start, end, group, status == "thu_hoi")
    found: dict[UUID, list[Held]] = defaultdict(list)
    for (person, _start), (_version, held) in newest.items():
        found[owners[person]].append(held)
    return found


def _of(persons: Iterable[UUID]) -> ColumnElement[bool]:
    return _C.person_id.in_(list(persons))


def told(db: Session, accounts: Iterable[UUID]) -> set[tuple[UUID, UUID, date, int]]:
    """What these accounts were reminded of: account, person, last day, step."""
    query = select(
        CardReminder.account_id, CardReminder.person_id, CardReminder.ends_on, CardReminder.days_before
    ).where(CardReminder.account_id.in_(list(accounts)))
    return {(account, person, day, step) for account, person, day, step in db.execute(query)}
