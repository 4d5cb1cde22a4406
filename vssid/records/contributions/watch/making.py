"""The walk through all accounts: once a day by day, and again when contributions were imported.

Its position stands in a row, which each stretch moves on in the transaction of its own notices: a walk that is killed goes
on where it was, and of two that walk at once only one moves on. Memory holds one stretch, however many accounts there are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import House, NoticeKind, notices
from vssid.accounts.notices import Listener
from vssid.kernel.batches import each_alone
from vssid.kernel.clock import day_of
from vssid.kernel.db import reading, unit
from vssid.kernel.rows import table_of
from vssid.records.contributions.models import EmployerNotice, EmployerWatch
from vssid.records.contributions.rules import first_day, month_of
from vssid.records.contributions.watch import queries, rules
from vssid.records.contributions.watch.queries import ONLY, Stretch
from vssid.records.contributions.watch.rules import Missing, Told
from vssid.web import db as web

SIZE = 1_000  # accounts a stretch
START = UUID(int=0)
PLACE = "/ca-nhan/qua-trinh"
KEPT = 2 * rules.NEWS_FOR  # months: what was told of older ones can come up no more
_NOTICES, _WATCH = table_of(EmployerNotice), table_of(EmployerWatch)


@dataclass(frozen=True)
class Found:
    """What is to be written of one stretch: who is told, and which gaps have grown."""

    new: list[tuple[Listener, Missing]]
    grown: list[tuple[UUID, Told, Missing]]


def step(app: Flask, at: datetime) -> bool:
    """Begin a walk that is wanted, or look at the next thousand accounts; False when nothing is to be done now.

    Nobody is woken: at night it rests.
    """
    if notices.by_day(at) != at:
        return False
    with app.app_context():
        engine = web.db.engine
        with reading(engine) as db:
            walk = queries.walk(db)
        if walk is not None and walk.done_at is None:
            _go_on(engine, walk, at)
            return True
        if not _is_wanted(walk, at):
            return False
        with unit(engine) as db:
            return _begin(db, at)


def _go_on(engine: Engine, walk: EmployerWatch, at: datetime) -> None:
    """Look without the write lock, then write and move on in one transaction."""
    with reading(engine) as db:
        stretch = queries.next_stretch(db, walk.position, SIZE)
        found = _look(db, stretch, walk.horizon, day_of(at)) if stretch else None
    with unit(engine) as db:
        if _move_on(db, walk, stretch, at) and found and stretch:
            _write(db, accounts.house(), found, stretch, walk.horizon, at)


def _is_wanted(walk: EmployerWatch | None, at: datetime) -> bool:
    if walk is None or day_of(walk.started_at) < day_of(at):
        return True
    return walk.asked_at is not None and walk.asked_at > walk.started_at


def _begin(db: Session, at: datetime) -> bool:
    """Start at the first account; False when somebody else has, or when the register has nothing to look at."""
    walk, until = queries.walk(db), queries.horizon(db, day_of(at))
    if walk is not None and (walk.done_at is None or not _is_wanted(walk, at)):
        return False
    values = {
        "started_at": at, "horizon": first_day(until or month_of(day_of(at)) - 1), "position": START,
        "done_at": at if until is None else None,
    }  # fmt: skip
    if walk is None:
        db.execute(insert(_WATCH).values(id=ONLY, asked_at=None, **values))
    else:
        db.execute(update(_WATCH).where(EmployerWatch.id == ONLY).values(values))
    return until is not None


def _look(db: Session, stretch: Stretch, until: date, today: date) -> Found:
    before = queries.told(db, stretch)
    found = Found([], [])
    for listener, missing in queries.seen(db, stretch, month_of(until), today):
        known = rules.same(missing, before.get(listener.person_id, ()))
        if known is None:
            found.new.append((listener, missing))
        elif missing.last > known.last:
            found.grown.append((listener.person_id, known, missing))
    return found


def _move_on(db: Session, walk: EmployerWatch, stretch: Stretch | None, at: datetime) -> bool:
    """Take the next position; False when somebody else has taken it meanwhile."""
    mine = (EmployerWatch.started_at == walk.started_at, EmployerWatch.position == walk.position)
    values = {"position": stretch.upto} if stretch else {"done_at": at}
    moved = update(_WATCH).where(EmployerWatch.id == ONLY, EmployerWatch.done_at.is_(None), *mine).values(values)
    return db.execute(moved.returning(EmployerWatch.id)).first() is not None


def _write(db: Session, house: House, found: Found, stretch: Stretch, until: date, at: datetime) -> None:
    if found.grown:
        _grow(db, found)
    old = EmployerNotice.last_month < first_day(month_of(until) - KEPT)
    theirs = EmployerNotice.person_id > stretch.after, EmployerNotice.person_id <= stretch.upto
    db.execute(delete(_NOTICES).where(*theirs, old))
    each_alone(db, "employer notice", found.new, lambda one: _tell(db, house, *one, at))


def _grow(db: Session, found: Found) -> None:
    known = (
        EmployerNotice.person_id == bindparam("who"),
        EmployerNotice.employer_key == bindparam("employer"),
        EmployerNotice.first_month == bindparam("first"),
    )
    rows = [
        {"who": who, "employer": told.employer, "first": first_day(told.first), "last": first_day(missing.last)}
        for who, told, missing in found.grown
    ]
    db.connection().execute(update(_NOTICES).where(*known).values(last_month=bindparam("last")), rows)


def _tell(db: Session, house: House, listener: Listener, missing: Missing, at: datetime) -> None:
    db.execute(
        insert(_NOTICES).values(
            person_id=listener.person_id,
            employer_key=missing.employer,
            first_month=first_day(missing.first),
            last_month=first_day(missing.last),
            told_at=at,
        )
    )
    notices.tell(db, house, listener, NoticeKind.EMPLOYER, rules.words(missing), at, PLACE)
