"""What officers do with a batch: ask, agree, decline, take back, stop. Each step has one winner."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vssid.card.strips import actions as strips
from vssid.kernel import audit
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer
from vssid.officers.seconding import OVER, check_second, settle
from vssid.printing import queries
from vssid.printing.choosing import Choice, Found, Wanted
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.printing.rules import REVOKED, UNFETCHED, WISH_LIFE, Outcome, State, Tag, check_size, chunks
from vssid.records import family_of

STANDING = N_("Danh sách này đã có lô đang chờ, đang tạo hoặc còn tệp. Hãy dùng lô đó, hoặc đợi đến khi nó kết thúc.")


def ask(db: Session, choice: Choice, wanted: Wanted, reason: str, *, by: Officer, at: datetime) -> UUID:
    """Note whose cards are wanted and why: a batch for each part of one reading, which stands from now on and is what the
    second officer agrees to. Returns the first. Raises Refused when the same list is being printed already.
    """
    check_size(choice.cards)
    if queries.standing(db, wanted.key) is not None:
        raise Refused(STANDING)
    series = uuid4()
    spans = zip(choice.parts, choice.shares(), strict=True)
    batches = [
        CardBatch(
            id=uuid4(), state=State.ASKED, agency_code=choice.agency_code, kind=choice.kind, name=choice.name,
            detail=choice.detail, since=wanted.since, without_account=wanted.without_account, list_key=wanted.key,
            series_id=series, part=nth, parts=len(choice.parts), cards=span.size, printed=0, reason=reason,
            # Parts are made in their order: the one that was asked for first comes first.
            asked_by=by.id, asked_at=at + timedelta(microseconds=nth - 1), attempts=0,
        )
        for nth, (span, _rows) in enumerate(spans, start=1)
    ]  # fmt: skip
    db.add_all(batches)
    try:
        db.flush()
    except IntegrityError as twice:
        # Pressed twice at once: the index knows.
        raise Refused(STANDING) from twice
    for batch, rows in zip(batches, choice.shares(), strict=True):
        _list(db, batch.id, rows)
        audit.record(
            db, Tag.ASKED, by.by, ("card_batch", batch.id), at, kind=batch.kind, cards=batch.cards, ward=wanted.ward,
            roster=str(wanted.roster or ""), part=batch.part, parts=batch.parts,
        )  # fmt: skip
    return batches[0].id


def _list(db: Session, batch_id: UUID, rows: list[Found]) -> None:
    people = [
        {
            "batch_id": batch_id, "position": position, "person_id": one.person_id, "group_name": one.group,
            "ma_so_bhxh": one.ma_so, "full_name": one.name, "outcome": one.outcome,
        }
        for position, one in enumerate(rows, start=1)
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
    """The second officer agrees to all parts; `flask work` makes the files. Raises Refused for whoever asked, or when it is over."""
    check_second(batch.asked_by, by.id)
    for id in _settled(db, batch, Tag.AGREED, by, at, state=State.AGREED, decided_by=by.id):
        _leave_out_family(db, id, by)


def _settled(db: Session, batch: CardBatch, tag: Tag, by: Officer, at: datetime, **values: object) -> list[UUID]:
    """All parts of one wish together."""
    of_series = select(CardBatch.id).where(CardBatch.series_id == batch.series_id).order_by(CardBatch.part)
    ids = list(db.scalars(of_series))
    for id in ids:
        settle(db, CardBatch, id, at, life=WISH_LIFE, **values)
        audit.record(db, tag, by.by, ("card_batch", id), at)
    return ids


def _leave_out_family(db: Session, id: UUID, officer: Officer) -> None:
    if not officer.ma_so_bhxh:
        return
    item, table = table_of(CardBatchItem), table_of(CardBatch)
    theirs = item.c.batch_id == id, item.c.outcome == Outcome.WAITS
    near = item.c.person_id.in_(family_of(officer.ma_so_bhxh))
    found = list(
        db.scalars(update(item).where(*theirs, near).values(outcome=Outcome.FAMILY).returning(item.c.position))
    )
    db.execute(update(table).where(table.c.id == id).values(cards=table.c.cards - len(found)))


def decline(db: Session, batch: CardBatch, *, by: Officer, at: datetime) -> None:
    """The second officer does not agree; whoever asked takes it back. All parts of it."""
    if batch.asked_by == by.id:
        ids = _settled(db, batch, Tag.WITHDRAWN, by, at, state=State.WITHDRAWN)
    else:
        ids = _settled(db, batch, Tag.DECLINED, by, at, state=State.DECLINED, decided_by=by.id)
    for id in ids:
        clear(db, id, UNFETCHED, at)


def stop(db: Session, batch: CardBatch, *, by: Officer, at: datetime) -> None:
    """Make no more of it; what was made goes, and its strips are worth nothing. Raises Refused when it is over."""
    moving = CardBatch.id == batch.id, CardBatch.state == State.AGREED
    stopped = update(CardBatch).where(*moving).values(state=State.STOPPED, done_at=at).returning(CardBatch.id)
    if db.execute(stopped).first() is None:
        raise Refused(OVER)
    audit.record(db, Tag.STOPPED, by.by, ("card_batch", batch.id), at)
    clear(db, batch.id, UNFETCHED, at)


def can_revoke(batch: CardBatch) -> bool:
    """Whether strips of it may be believed somewhere."""
    return batch.state == State.MADE or (batch.state == State.GONE and batch.fetched_at is not None)


def revoke(db: Session, batch: CardBatch, reason: str, *, by: Officer, at: datetime) -> None:
    """End all strips of a batch, whether somebody has the papers or not, and its file. Raises Refused when there is nothing to end."""
    gone = and_(CardBatch.state == State.GONE, CardBatch.fetched_at.is_not(None))
    which = CardBatch.id == batch.id, or_(CardBatch.state == State.MADE, gone)
    values = {"state": State.REVOKED, "revoked_by": by.id, "revoke_reason": reason}
    if db.execute(update(CardBatch).where(*which).values(values).returning(CardBatch.id)).first() is None:
        raise Refused(OVER)
    audit.record(db, Tag.REVOKED, by.by, ("card_batch", batch.id), at, reason=reason)
    clear(db, batch.id, REVOKED, at)


def clear(db: Session, id: UUID, why: str, at: datetime) -> None:
    """Destroy the files and the names of a batch that has ended, and end its strips for the reason `why`.

    '' where somebody has the papers: which strips they bear is still known then, so that they can be revoked.
    """
    batch, item = table_of(CardBatch).c, table_of(CardBatchItem)
    file_id = db.scalar(select(batch.file_id).where(batch.id == id))
    listed, printed = item.c.batch_id == id, item.c.kept_id.is_not(None)
    if why:
        kept = list(db.scalars(select(item.c.kept_id).where(listed, printed)))
        strips.sweep(db, [(why, kept)], at)
        db.execute(delete(item).where(listed))
    else:
        db.execute(delete(item).where(listed, ~printed))
        db.execute(update(item).where(listed).values(group_name="", ma_so_bhxh="", full_name=""))
    pieces = CardBatchPiece.batch_id == id, CardBatchPiece.file_id.is_not(None)
    gone = [file_id, *db.scalars(select(CardBatchPiece.file_id).where(*pieces))]
    db.execute(update(table_of(CardBatch)).where(batch.id == id).values(file_id=None, cleared_at=at, lease=None))
    db.execute(delete(table_of(CardBatchPiece)).where(table_of(CardBatchPiece).c.batch_id == id))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_([one for one in gone if one])))
