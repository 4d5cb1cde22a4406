"""Reads of batches, scoped to the officer's agencies, and of what is left to be made of one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from vssid.kernel.files import StoredFile
from vssid.officers import Officer
from vssid.officers.models import Officer as Officers
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.printing.rules import LEFT_OUT, OPEN, WISH_LIFE, Outcome, State
from vssid.records.models import Person
from vssid.rosters.models import Roster, RosterRow

SHOWN = 50
MOST_WAITING = 200
_ASKED = CardBatch.state == State.ASKED
_TO_PRINT = (Outcome.WAITS, Outcome.PRINTED)


class Page(NamedTuple):
    """One page of batches, each with the code of who asked for it, and the key of the next."""

    rows: list[tuple[CardBatch, str]]
    following: str | None


def listing(db: Session, officer: Officer, after: tuple[datetime, UUID] | None) -> Page:
    """Batches of the officer's agencies, newest first, paged by key."""
    key = tuple_(CardBatch.asked_at, CardBatch.id)
    query = select(CardBatch, Officers.code).join(Officers, Officers.id == CardBatch.asked_by)
    query = query.where(CardBatch.agency_code.in_(officer.agencies), *([key < after] if after else []))
    query = query.order_by(CardBatch.asked_at.desc(), CardBatch.id.desc()).limit(SHOWN + 1)
    rows = [(batch, code) for batch, code in db.execute(query)]
    last = rows[SHOWN - 1][0] if len(rows) > SHOWN else None
    return Page(rows[:SHOWN], f"{last.asked_at.isoformat()}_{last.id}" if last else None)


def for_second(db: Session, officer: Officer, at: datetime) -> list[CardBatch]:
    """What waits for a second officer and is this one's to judge, oldest first; the first part stands for all."""
    query = select(CardBatch).where(
        CardBatch.agency_code.in_(officer.agencies), _ASKED, CardBatch.asked_at > at - WISH_LIFE, CardBatch.part == 1
    )
    found = db.scalars(query.order_by(CardBatch.asked_at).limit(MOST_WAITING))
    return [batch for batch in found if batch.asked_by != officer.id]


def series(db: Session, batch: CardBatch) -> list[CardBatch]:
    """All parts of the wish to which a batch belongs."""
    if batch.parts == 1:
        return [batch]
    return list(db.scalars(select(CardBatch).where(CardBatch.series_id == batch.series_id).order_by(CardBatch.part)))


def totals(db: Session, batches: Collection[CardBatch]) -> dict[UUID, int]:
    """How many cards the wishes hold to which these belong, by series."""
    query = select(CardBatch.series_id, func.sum(CardBatch.cards)).group_by(CardBatch.series_id)
    found = db.execute(query.where(CardBatch.series_id.in_([batch.series_id for batch in batches])))
    return {series_id: int(cards) for series_id, cards in found}


def standing(db: Session, list_key: str) -> CardBatch | None:
    """The batch of a list that is wanted, being made or to be fetched."""
    query = select(CardBatch).where(CardBatch.list_key == list_key, CardBatch.state.in_(OPEN))
    return db.scalar(query.order_by(CardBatch.part).limit(1))


def batch_for(db: Session, id: UUID, officer: Officer) -> CardBatch | None:
    """A batch of the officer's agencies; others do not exist for them."""
    return db.scalar(select(CardBatch).where(CardBatch.id == id, CardBatch.agency_code.in_(officer.agencies)))


def left_out(db: Session, batch_id: UUID) -> list[tuple[Outcome, int]]:
    """How many have no card in a batch, by reason."""
    query = select(CardBatchItem.outcome, func.count()).where(CardBatchItem.batch_id == batch_id)
    counts = {row[0]: row[1] for row in db.execute(query.group_by(CardBatchItem.outcome))}
    return [(why, counts[why]) for why in LEFT_OUT if why in counts]


def those_left_out(db: Session, batch_id: UUID) -> list[CardBatchItem]:
    """They themselves, in the order of the list."""
    query = select(CardBatchItem).where(CardBatchItem.batch_id == batch_id, CardBatchItem.outcome.not_in(_TO_PRINT))
    return list(db.scalars(query.order_by(CardBatchItem.position)))


def to_print(db: Session, batch_id: UUID, after: int) -> tuple[list[CardBatchItem], str | None]:
    """A page of those who get a card, beyond a position, and the key of the next page."""
    here = CardBatchItem.batch_id == batch_id, CardBatchItem.position > after, CardBatchItem.outcome.in_(_TO_PRINT)
    query = select(CardBatchItem).where(*here).order_by(CardBatchItem.position).limit(SHOWN + 1)
    rows = list(db.scalars(query))
    return rows[:SHOWN], str(rows[SHOWN - 1].position) if len(rows) > SHOWN else None


class Listed(NamedTuple):
    """A roster of an organisation and how many stand on it."""

    roster: Roster
    people: int


def rosters(db: Session, organisation_id: UUID) -> list[Listed]:
    """The rosters of an organisation by title."""
    people = select(func.count()).where(RosterRow.roster_id == Roster.id).scalar_subquery()
    query = select(Roster, people).where(Roster.organisation_id == organisation_id).order_by(Roster.title_folded)
    return [Listed(*row) for row in db.execute(query)]


# --- making -----------------------------------------------------------------------------------------------------------


def next_piece(db: Session, batch_id: UUID) -> CardBatchPiece | None:
    """The first piece that is not made yet."""
    query = select(CardBatchPiece).where(CardBatchPiece.batch_id == batch_id, CardBatchPiece.made_at.is_(None))
    return db.scalar(query.order_by(CardBatchPiece.nth).limit(1))


def items(db: Session, piece: CardBatchPiece) -> list[CardBatchItem]:
    """Whose cards a piece holds, in order."""
    among = CardBatchItem.batch_id == piece.batch_id, CardBatchItem.position.between(piece.first, piece.last)
    query = select(CardBatchItem).where(*among, CardBatchItem.outcome.in_(_TO_PRINT))
    return list(db.scalars(query.order_by(CardBatchItem.position)))


def fates(db: Session, persons: Collection[UUID]) -> dict[UUID, Any]:
    """Who of these has died or was merged into another."""
    query = select(Person.id, Person.died_on, Person.merged_into_id).where(Person.id.in_(persons))
    return {row.id: row for row in db.execute(query)}


def files(db: Session, ids: Iterable[UUID | None]) -> dict[UUID, StoredFile]:
    """Rows of files by their ids."""
    wanted = [id for id in ids if id is not None]
    return {file.id: file for file in db.scalars(select(StoredFile).where(StoredFile.id.in_(wanted)))} if wanted else {}


def pages_of(db: Session, batch_id: UUID) -> list[StoredFile]:
    """The files of its pieces, in order."""
    query = select(StoredFile).join(CardBatchPiece, CardBatchPiece.file_id == StoredFile.id)
    return list(db.scalars(query.where(CardBatchPiece.batch_id == batch_id).order_by(CardBatchPiece.nth)))
