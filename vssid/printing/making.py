"""The files: made by `flask work` piece after piece, each kept encrypted as soon as it is made, joined at the end.

A piece has one short writing unit for strips and audit, and one that keeps its pages; portraits and HTML are read and made
outside them, PDF in a child process that ends with a stretch of pieces and gives its memory back. Whoever takes over after
a crash goes on with the first piece that has no pages, and with the strips that it has already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, Engine, bindparam, delete, select, update
from sqlalchemy.orm import Session

from vssid import card
from vssid.card import shown
from vssid.card.prints import sheets
from vssid.card.prints.sheets import PaperCard
from vssid.card.queries import Bearer
from vssid.card.rules import Face
from vssid.card.rules import Tag as CardTag
from vssid.card.strips import actions as strips
from vssid.card.strips.actions import Paper, Shown
from vssid.card.strips.rules import photo_digest
from vssid.kernel import audit, images, leases
from vssid.kernel.audit import SYSTEM, ActorKind, By
from vssid.kernel.clock import day_of, now
from vssid.kernel.crypto import Unreadable
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.rows import table_of
from vssid.kernel.workshop import JOINED, PDF, Workshop
from vssid.printing import actions, queries
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.printing.rules import FILE_LIFE, KEPT, UNFETCHED, WISH_LIFE, Outcome, State, Tag, outcome_of
from vssid.web import db as web

log = structlog.get_logger()

MEDIA_TYPE = "application/pdf"
SECONDS, JOIN_SECONDS = 60, 120
LEASE = timedelta(seconds=JOIN_SECONDS + 60)
MOST_ATTEMPTS = 3
# How much one child process makes before it ends, and how long `flask work` waits for it when it is to stop.
STRETCH = 14
CLEARED_AT_ONCE = 20
_AGREED = CardBatch.state == State.AGREED


class Lost(Exception):
    """The batch was stopped, or is another maker's by now."""


@dataclass(frozen=True)
class Ready:
    """Somebody whose card can be printed: their line of the list, their card, their portrait as it is printed.

    `photo` is the digest of the portrait as everybody else sees it, which the strip tells.
    """

    item: CardBatchItem
    person: Bearer
    face: Face
    picture: bytes = b""
    photo: bytes = b""


def claim(db: Session, at: datetime) -> CardBatch | None:
    """Lease the one that has waited longest; what took three makers along is given up."""
    failed = {"state": State.FAILED, "done_at": at}
    found: CardBatch | None = leases.claim(
        db, CardBatch, _AGREED, CardBatch.asked_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
    )
    return found


def make_next(app: Flask, at: datetime) -> bool:
    """Make a stretch of a batch that was agreed to, or its file; False when none waits."""
    with app.app_context():
        engine = web.db.engine
        with unit(engine) as db:
            mine = claim(db, at)
        if mine is None:
            return False
        workshop = Workshop()
        try:
            _stretch(engine, mine, workshop)
        except Lost:
            log.info("batch of cards lost", id=str(mine.id))
        except Exception as wrong:
            log.error("batch of cards failed", id=str(mine.id), problem=type(wrong).__name__)
            with unit(engine) as db:
                # As the row has it: a piece that went well since has begun the count anew.
                _still(db, mine, at, CardBatch.attempts >= MOST_ATTEMPTS, state=State.FAILED, done_at=at)
        finally:
            workshop.close()
    return True


def _stretch(engine: Engine, mine: CardBatch, workshop: Workshop) -> None:
    for _nth in range(STRETCH):
        with reading(engine) as db:
            piece = queries.next_piece(db, mine.id)
        if piece is None:
            _finish(engine, mine, workshop)
            return
        make_piece(engine, mine, piece, workshop)
    with unit(engine) as db:
        _hold(db, mine, now(), leased_until=None)


def _still(db: Session, mine: CardBatch, at: datetime, *more: ColumnElement[bool], **values: object) -> bool:
    """Change the batch while it is this maker's and nobody has stopped it, and `more` holds; the lease begins anew."""
    table = table_of(CardBatch)
    held = update(table).where(CardBatch.id == mine.id, CardBatch.lease == mine.lease, _AGREED, *more)
    return db.execute(held.values({"leased_until": at + LEASE, **values}).returning(table.c.id)).first() is not None


def _hold(db: Session, mine: CardBatch, at: datetime, **values: object) -> None:
    if not _still(db, mine, at, **values):
        raise Lost


# --- one piece --------------------------------------------------------------------------------------------------------


def make_piece(engine: Engine, mine: CardBatch, piece: CardBatchPiece, workshop: Workshop) -> None:
    """Print the cards of a piece and keep its pages. Raises Lost, or what went wrong in the child."""
    html, cards = finished(engine, mine, piece)
    body: bytes = workshop.run_named(SECONDS, PDF, html) if cards else b""
    at, store = now(), _store()
    with unit(engine) as db:
        # What fails is counted anew after each piece that went well.
        _hold(db, mine, at, printed=CardBatch.printed + cards, attempts=1)
        file = store.put(db, body, MEDIA_TYPE, at) if body else None
        db.flush()
        table = table_of(CardBatchPiece)
        done = update(table).where(table.c.batch_id == piece.batch_id, table.c.nth == piece.nth)
        db.execute(done.values(made_at=at, file_id=file.id if file else None))


def finished(engine: Engine, mine: CardBatch, piece: CardBatchPiece) -> tuple[str, int]:
    """The finished HTML of a piece, and how many cards are on it; strips and audit are written."""
    at = now()
    with reading(engine) as db:
        ready, outcomes = _looked_up(db, queries.items(db, piece), at)
    cards, heads = _noted(engine, mine, ready, outcomes, at)
    return (sheets.sheet_html(cards, heads) if cards else ""), len(cards)


def _looked_up(
    db: Session, items: list[CardBatchItem], at: datetime
) -> tuple[list[Ready], list[tuple[CardBatchItem, Outcome]]]:
    """Who can have a card, and what became of the others; portraits are read here."""
    today, persons = day_of(at), [item.person_id for item in items if item.person_id is not None]
    holders, fates = card.holders(db, persons, today), queries.fates(db, persons)
    portraits = queries.files(db, (holder.person.portrait_file_id for holder in holders.values()))
    ready: list[Ready] = []
    left: list[tuple[CardBatchItem, Outcome]] = []
    for item in items:
        holder = holders.get(item.person_id) if item.person_id else None
        if holder is None:
            left.append((item, Outcome.NOT_FOUND))
            continue
        fate = fates[holder.person.id]
        merged = fate.merged_into_id is not None
        outcome = outcome_of(holder.face, today, dead=fate.died_on is not None, merged=merged)
        if outcome is not Outcome.WAITS or holder.face is None:
            left.append((item, outcome))
            continue
        try:
            pictures = _portrait(portraits, holder.person)
        except (Unreadable, OSError):
            left.append((item, Outcome.PICTURE))
        else:
            ready.append(Ready(item, holder.person, holder.face, *pictures))
    return ready, left


def _portrait(files: dict[UUID, StoredFile], person: Bearer) -> tuple[bytes, bytes]:
    """The portrait as it is printed, and the digest of the one that is kept; twice b"" for none."""
    if person.portrait_file_id is None:
        return b"", b""
    kept = _store().read(files[person.portrait_file_id])
    return images.printed(kept), photo_digest(kept)


def _noted(
    engine: Engine, mine: CardBatch, ready: list[Ready], left: list[tuple[CardBatchItem, Outcome]], at: datetime
) -> tuple[list[PaperCard], list[str]]:
    """The cards with their strips and heads; what became of whom is written, and who printed it, in one short unit."""
    keyring, specimen = shown.house()
    wanted = [Shown(one.person.id, one.face, one.photo) for one in ready]
    before = [item.kept_id for item in (*(one.item for one in ready), *(item for item, _why in left)) if item.kept_id]
    with unit(engine) as db:
        _hold(db, mine, at)
        issuer = strips.issuer(db, keyring, specimen, today=day_of(at))
        papers = strips.agency_papers(db, issuer, wanted, before, at=at)
        _write_outcomes(db, [*_printed(ready, papers), *((item, why, None) for item, why in left)])
        fresh = [one for one, paper in zip(ready, papers, strict=True) if paper is not None and paper.fresh]
        by = By(ActorKind.OFFICER, mine.asked_by)
        subjects = [("person", one.person.id) for one in fresh]
        audit.record_each(db, CardTag.PRINTED, by, subjects, at, agency=mine.agency_code, batch=str(mine.id))
    done = [(one, paper) for one, paper in zip(ready, papers, strict=True) if paper is not None]
    cards = [PaperCard(one.person, one.face, one.picture, paper.text, paper.last_day) for one, paper in done]
    return cards, [one.item.group_name for one, _paper in done]


def _printed(ready: list[Ready], papers: list[Paper | None]) -> list[tuple[CardBatchItem, Outcome, UUID | None]]:
    return [
        (one.item, Outcome.PRINTED if paper else Outcome.UNSAYABLE, paper.id if paper else None)
        for one, paper in zip(ready, papers, strict=True)
    ]


def _write_outcomes(db: Session, outcomes: list[tuple[CardBatchItem, Outcome, UUID | None]]) -> None:
    table = table_of(CardBatchItem)
    which = table.c.batch_id == bindparam("whose"), table.c.position == bindparam("at")
    rows: list[dict[str, Any]] = [
        {"whose": item.batch_id, "at": item.position, "outcome": outcome, "kept_id": kept_id}
        for item, outcome, kept_id in outcomes
    ]
    if rows:
        db.connection().execute(update(table).where(*which), rows)


def _store() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


# --- the file ---------------------------------------------------------------------------------------------------------


def _finish(engine: Engine, mine: CardBatch, workshop: Workshop) -> None:
    """All pieces in one file; theirs go."""
    with reading(engine) as db:
        pages = queries.pages_of(db, mine.id)
    parts = [_store().read(page) for page in pages]
    if not parts:
        with unit(engine) as db:
            _hold(db, mine, now(), state=State.FAILED, done_at=now())
        return
    body: bytes = parts[0] if len(parts) == 1 else workshop.run_named(JOIN_SECONDS, JOINED, parts)
    at = now()
    with unit(engine) as db:
        file = _store().put(db, body, MEDIA_TYPE, at)
        db.flush()
        _hold(db, mine, at, state=State.MADE, file_id=file.id, done_at=at)
        table = table_of(CardBatchPiece)
        db.execute(delete(table).where(table.c.batch_id == mine.id))
        db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_([page.id for page in pages])))
        audit.record(db, Tag.MADE, SYSTEM, ("card_batch", mine.id), at, pieces=len(parts))


def drop_old(db: Session, at: datetime) -> bool:
    """Destroy files after three days, and what batches that failed or that nobody answered leave; True when there may be more."""
    made, asked = CardBatch.state == State.MADE, CardBatch.state == State.ASKED
    due = (
        (made & (CardBatch.done_at < at - FILE_LIFE))
        | (asked & (CardBatch.asked_at <= at - WISH_LIFE))
        | (CardBatch.state == State.FAILED)
    )
    query = select(CardBatch).where(CardBatch.cleared_at.is_(None), due)
    found = list(db.scalars(query.limit(CLEARED_AT_ONCE)))
    for batch in found:
        state = {State.MADE: State.GONE, State.ASKED: State.WITHDRAWN}.get(State(batch.state), State(batch.state))
        db.execute(update(table_of(CardBatch)).where(CardBatch.id == batch.id).values(state=state))
        actions.clear(db, batch.id, "" if batch.fetched_at is not None else UNFETCHED, at)
    table, item = table_of(CardBatch), table_of(CardBatchItem)
    old = table.c.asked_at < at - KEPT, table.c.cleared_at.is_not(None)
    db.execute(delete(item).where(item.c.batch_id.in_(select(table.c.id).where(*old))))
    db.execute(delete(table).where(*old))
    return len(found) == CLEARED_AT_ONCE
