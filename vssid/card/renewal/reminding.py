"""The walk through all accounts, once a day and by day: who agreed to it hears that a card, or a child's, ends.

Like the watch over employers its position stands in a row, which each stretch moves on in the transaction of its own
messages: a walk that is killed goes on where it was, and of two that walk at once only one moves on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.accounts import House, Ring, notices
from vssid.card.renewal import days, messages, queries, rules
from vssid.card.renewal.days import Due
from vssid.card.renewal.models import CardReminder, CardWatch
from vssid.card.renewal.queries import ONLY, Addressee, Stretch
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import day_of
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.kernel.rows import table_of
from vssid.records import bonds
from vssid.web import db as web
from vssid.web.i18n import say_in

# Accounts a stretch. When all cards end with the year each has a letter, which holds the write lock for some 1 ms.
SIZE = 75
START = UUID(int=0)
KEPT = timedelta(days=90)  # after a card's last day nobody is reminded of it
_REMINDERS, _WATCH = table_of(CardReminder), table_of(CardWatch)

# Of accounts and their owners: those that agree to be reminded of cards. Consents are known upstairs.
Agreeing = Callable[[Session, Mapping[UUID, UUID]], set[UUID]]


def register_agreeing(app: Flask, agreeing: Agreeing) -> None:
    """Tell who may be reminded; without that nobody is."""
    app.extensions["cards.agreeing"] = agreeing


@dataclass(frozen=True)
class Letter:
    """One account that is to be reminded of one person's card."""

    addressee: Addressee
    person_id: UUID
    due: Due


def step(app: Flask, at: datetime) -> bool:
    """Begin the walk of the day, or look at the next accounts; False when nothing is to be done now.

    Nobody is woken: at night it rests.
    """
    if notices.by_day(at) != at:
        return False
    with app.app_context():
        with reading(web.db.engine) as db:
            walk = queries.walk(db)
        if walk is not None and walk.done_at is None:
            _go_on(walk, at)
            return True
        if walk is not None and day_of(walk.started_at) >= day_of(at):
            return False
        with unit(web.db.engine) as db:
            return _begin(db, at)


def _begin(db: Session, at: datetime) -> bool:
    """Start at the first account; False when somebody else has."""
    walk = queries.walk(db)
    if walk is not None and (walk.done_at is None or day_of(walk.started_at) >= day_of(at)):
        return False
    values = {"started_at": at, "position": START, "done_at": None}
    if walk is None:
        db.execute(insert(_WATCH).values(id=ONLY, **values))
    else:
        db.execute(update(_WATCH).where(CardWatch.id == ONLY).values(values))
    return True


def _go_on(walk: CardWatch, at: datetime) -> None:
    """Look without the write lock, then write and move on in one transaction."""
    with reading(web.db.engine) as db:
        stretch = queries.next_stretch(db, walk.position, SIZE)
        letters = look(db, stretch.rows, day_of(at)) if stretch else []
    with unit(web.db.engine) as db:
        if _move_on(db, walk, stretch, at) and letters:
            _write(db, accounts.house(), letters, at)


def look(db: Session, rows: list[Addressee], today: date) -> list[Letter]:
    """Who of these is to be reminded of what; at most nine reads, whatever their number."""
    agreeing = cast(Agreeing | None, current_app.extensions.get("cards.agreeing"))
    agreed = agreeing(db, {one.account_id: one.person_id for one in rows}) if agreeing else set()
    asked = [one for one in rows if one.account_id in agreed]
    if not asked:
        return []
    found = directory.parameter(db, rules.BY_AGENCY, today)
    wards = bonds.wards_of(db, [one.person_id for one in asked], today)
    whose = {one: [one.person_id, *wards.get(one.person_id, ())] for one in asked}
    cards = queries.cards_of(db, {person for persons in whose.values() for person in persons})
    ending = {person: days.due(held, found.value if found else "", today) for person, held in cards.items()}
    letters = [
        Letter(one, person, due)
        for one, persons in whose.items()
        for person in persons
        if (due := ending.get(person)) is not None
    ]
    told = queries.told(db, {one.addressee.account_id for one in letters}) if letters else set()
    return [one for one in letters if _key(one) not in told]


def _key(letter: Letter) -> tuple[UUID, UUID, date, int]:
    return letter.addressee.account_id, letter.person_id, letter.due.last_day, letter.due.days_before


def _move_on(db: Session, walk: CardWatch, stretch: Stretch | None, at: datetime) -> bool:
    """Take the next position; False when somebody else has taken it meanwhile."""
    mine = (CardWatch.started_at == walk.started_at, CardWatch.position == walk.position)
    values = {"position": stretch.upto} if stretch else {"done_at": at}
    moved = update(_WATCH).where(CardWatch.id == ONLY, CardWatch.done_at.is_(None), *mine).values(values)
    return db.execute(moved.returning(CardWatch.id)).first() is not None


def _write(db: Session, house: House, letters: list[Letter], at: datetime) -> None:
    theirs = CardReminder.account_id.in_({one.addressee.account_id for one in letters})
    db.execute(delete(_REMINDERS).where(theirs, CardReminder.ends_on < day_of(at) - KEPT))
    # An address that cannot be written to must hold up nobody else's reminder.
    each_alone(db, "card reminder", letters, lambda one: _tell(db, house, one, at))


def _tell(db: Session, house: House, letter: Letter, at: datetime) -> None:
    account, person, last_day, days_before = _key(letter)
    row = {"account_id": account, "person_id": person, "ends_on": last_day, "days_before": days_before, "told_at": at}
    db.execute(insert(_REMINDERS).values(row))
    to, language = letter.addressee.to, letter.addressee.language
    said = messages.words(letter.due, own=person == letter.addressee.person_id)
    words = Label(str(said), hotline=house.hotline, **said.params)
    whose = "" if person == letter.addressee.person_id else f"/gia-dinh/{person}"
    ring = Ring(f"/ca-nhan{whose}/the-bhyt", words)
    if "@" in to:
        words = Label("\n\n".join(say_in(language, sentence) for sentence in (words, messages.ENOUGH)))
    accounts.tell(
        db, house.keyring, to, language, words, "card.reminder", account, at, subject=messages.SUBJECT, ring=ring
    )
