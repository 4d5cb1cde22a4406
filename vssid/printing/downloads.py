"""What an officer fetches of a batch: the PDF, for whoever asked; and the list of those who have no card in it."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy import update

from vssid import officers
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.rows import table_of
from vssid.kernel.tables import csv_bytes
from vssid.kernel.text import masked
from vssid.officers import Permission
from vssid.printing import queries
from vssid.printing.batch import can_fetch
from vssid.printing.models import CardBatch, CardBatchItem
from vssid.printing.rules import Outcome, Tag
from vssid.web import db
from vssid.web.guards import officer, reaches
from vssid.web.i18n import say_in

bp = Blueprint("printing_downloads", __name__, url_prefix="/can-bo/in-the")
FILE_NAME = "the-bhyt-theo-lo.pdf"
COLUMNS = ("Lớp, tổ hoặc ấp", "Họ và tên", "Mã số BHXH", "Vì sao không in")


@bp.get("/<uuid:id>/the-bhyt.pdf")
@reaches("card_batch")
@officer(Permission.EXPORT)
def cards(id: UUID) -> Response:
    """The file, for whoever asked; that it was fetched is noted first."""
    me, at = officers.me(), now()
    batch = queries.batch_for(db.session, id, me)
    if batch is None or batch.asked_by != me.id or not can_fetch(batch):
        abort(404)
    if request.method == "HEAD":
        # Whoever asks whether it is there has not fetched it.
        return _sent(b"", "application/pdf", FILE_NAME)
    store: FileStore = current_app.extensions["files"]
    body = store.read(db.session.get_one(StoredFile, batch.file_id))
    with unit(db.engine()) as session:
        table = table_of(CardBatch)
        still = update(table).where(table.c.id == id, table.c.cleared_at.is_(None)).returning(table.c.id)
        # Destroyed meanwhile: its strips are worth nothing any more.
        if session.execute(still.values(fetched_at=at)).first() is None:
            abort(404)
        audit.record(session, Tag.FETCHED, me.by, ("card_batch", id), at)
    return _sent(body, "application/pdf", FILE_NAME)


@bp.get("/<uuid:id>/khong-in-duoc.csv")
@reaches("card_batch")
@officer(Permission.EXPORT)
def those_left_out(id: UUID) -> Response:
    """Who has no card in it and why, numbers masked."""
    me = officers.me()
    batch = queries.batch_for(db.session, id, me)
    items = queries.those_left_out(db.session, id) if batch else []
    if not items:
        abort(404)
    with unit(db.engine()) as session:
        audit.record(session, Tag.LISTED, me.by, ("card_batch", id), now(), rows=len(items))
    return _sent(csv_bytes(_table(items)), "text/csv", "khong-in-duoc.csv")


def _table(items: list[CardBatchItem]) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    for item in items:
        why = say_in("vi", Outcome(item.outcome).label)
        yield item.group_name, item.full_name, masked(item.ma_so_bhxh, 4, 2), why


def _sent(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype=media_type, headers=headers)
