"""What officers do with a batch: ask, agree, decline, take back, stop. Each step has one winner."""

from datetime import datetime
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from vssid.card.strips import actions as strips
from vssid.kernel import audit
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer
from vssid.officers.seconding import OVER, check_second, settle
from vssid.printing.choosing import Choice, Wanted
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.printing.rules import UNFETCHED, WISH_LIFE, Outcome, State, Tag, check_size, chunks


def ask(db: Session, choice: Choice, wanted: Wanted, reason: str, *, by: Officer, at: datetime) -> UUID:
    """Note whose cards are wanted and why; the list stands from now on, and that is what the second officer agrees to."""
    check_size(choice.cards)
    batch = CardBatch(
        id=uuid4(), state=State.ASKED, agency_code=choice.agency_code, kind=choice.kind, name=choice.name,
        detail=choice.detail, since=wanted.since, without_account=wanted.without_account, part=wanted.part or 1,
        parts=len(choice.parts) if wanted.part else 1, cards=choice.cards, printed=0, reason=reason, asked_by=by.id,
        asked_at=at, attempts=0,
    )  # fmt: skip
    db.add(batch)
    db.flush()
    _list(db, batch.id, choice)
    audit.record(
        db, Tag.ASKED, by.by, ("card_batch", batch.id), at, kind=batch.kind, cards=batch.cards, ward=wanted.ward,
        roster=str(wanted.roster or ""),
    )  # fmt: skip
    return batch.id


def _list(db: Session, batch_id: UUID, choice: Choice) -> None:
    people = [
        {
            "batch_id": batch_id, "position": position, "person_id": one.person_id, "group_name": one.group,
            "ma_so_bhxh": one.ma_so, "full_name": one.name, "outcome": one.outcome,
        }
        for position, one in enumerate(choice.rows, start=1)
    ]  # fmt: skip
    db.execute(insert(table_of(CardBatchItem)), people)
    waiting = [one for one in people if one["outcome"] is Outcome.WAITS]
    pieces = [
        {
            "batch_id": batch_id, "nth": nth, "first": waiting[span.start]["position"],
            "last": waiting[span.stop - 1]["position"],
        }
        for nth, span in zip(count(1), chunks([str(one["group_name"]) for one in waiting]), strict=False)
    ]  # fmt: skip
    db.execute(insert(table_of(CardBatchPiece)), pieces)


def agree(db: Session, batch: CardBatch, *, by: Officer, at: datetime) -> None:
    """The second officer agrees; `flask work` makes the file. Raises Refused for whoever asked, or when it is over."""
    check_second(batch.asked_by, by.id)
    settle(db, CardBatch, batch.id, at, life=WISH_LIFE, state=State.AGREED, decided_by=by.id)
    audit.record(db, Tag.AGREED, by.by, ("card_batch", batch.id), at)


def decline(db: Session, batch: CardBatch, *, by: Officer, at: datetime) -> None:
    """The second officer does not agree; whoever asked takes it back."""
    if batch.asked_by == by.id:
        settle(db, CardBatch, batch.id, at, life=WISH_LIFE, state=State.WITHDRAWN)
        audit.record(db, Tag.WITHDRAWN, by.by, ("card_batch", batch.id), at)
    else:
        settle(db, CardBatch, batch.id, at, life=WISH_LIFE, state=State.DECLINED, decided_by=by.id)
        audit.record(db, Tag.DECLINED, by.by, ("card_batch", batch.id), at)
    clear(db, batch.id, fetched=False, at=at)


def stop(db: Session, batch: CardBatch, *, by: Officer, at: datetime) -> None:
    """Make no more of it; what was made goes, and its strips are worth nothing. Raises Refused when it is over."""
    moving = CardBatch.id == batch.id, CardBatch.state == State.AGREED
    stopped = update(CardBatch).where(*moving).values(state=State.STOPPED, done_at=at).returning(CardBatch.id)
    if db.execute(stopped).first() is None:
        raise Refused(OVER)
    audit.record(db, Tag.STOPPED, by.by, ("card_batch", batch.id), at)
    clear(db, batch.id, fetched=False, at=at)


def clear(db: Session, id: UUID, *, fetched: bool, at: datetime) -> None:
    """Destroy the files and the list of a batch that has ended; revoke its strips, unless somebody has the paper."""
    batch = table_of(CardBatch).c
    file_id = db.scalar(select(batch.file_id).where(batch.id == id))
    listed = CardBatchItem.batch_id == id
    if not fetched:
        kept = select(CardBatchItem.kept_id).where(listed, CardBatchItem.kept_id.is_not(None))
        strips.sweep(db, [(UNFETCHED, [one for one in db.scalars(kept) if one is not None])], at)
    pieces = CardBatchPiece.batch_id == id, CardBatchPiece.file_id.is_not(None)
    gone = [file_id, *db.scalars(select(CardBatchPiece.file_id).where(*pieces))]
    db.execute(update(table_of(CardBatch)).where(batch.id == id).values(file_id=None, cleared_at=at, lease=None))
    db.execute(delete(table_of(CardBatchPiece)).where(table_of(CardBatchPiece).c.batch_id == id))
    db.execute(delete(table_of(CardBatchItem)).where(table_of(CardBatchItem).c.batch_id == id))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_([one for one in gone if one])))
