"""One batch: what it is of and how far, whose cards, and what officers do with it until its papers are worth nothing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.labels import Label, Refused
from vssid.kernel.text import masked
from vssid.officers import Permission
from vssid.officers.seconding import called
from vssid.printing import actions, queries
from vssid.printing.forms import RevokeForm
from vssid.printing.models import CardBatch
from vssid.printing.rules import FILE_LIFE, WISH_LIFE, Kind, State, Tag
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.htmx import is_poll

bp = Blueprint("printing_batch", __name__, url_prefix="/can-bo/in-the")
EXPORT = Permission.EXPORT
KEY, QUEUE_KEY = "card-batches", "card-batches-second"


def line(batch: CardBatch) -> dict[str, Any]:
    """A batch and where it stands, also where no job has noted that its time is over."""
    state = State(batch.state)
    if state is State.ASKED and batch.asked_at <= now() - WISH_LIFE:
        state = State.WITHDRAWN
    if state is State.MADE and not can_fetch(batch):
        state = State.GONE
    return {"batch": batch, "state": state}


def can_fetch(batch: CardBatch) -> bool:
    """Whether the file is there and not three days old."""
    return batch.file_id is not None and batch.done_at is not None and now() < batch.done_at + FILE_LIFE


@bp.get("/<uuid:id>")
@reaches("card_batch")
@officer(EXPORT)
def show(id: UUID) -> Response:
    """Whose cards, why, and how far it is; while it is being made the part is asked for every two seconds."""
    return _show(_batch(id))


def _batch(id: UUID) -> CardBatch:
    return queries.batch_for(db.session, id, officers.me()) or abort(404)


def _show(batch: CardBatch, problem: Label | None = None) -> Response:
    mine = batch.asked_by == officers.me().id
    shown: dict[str, Any] = {
        **line(batch),
        "kind": Kind(batch.kind),
        "left_out": queries.left_out(db.session, batch.id),
        "asker": called(db.session, batch.asked_by),
        "second": called(db.session, batch.decided_by) if batch.decided_by else None,
        "mine": mine,
        "series": [line(part) for part in queries.series(db.session, batch)],
        "can_revoke": actions.can_revoke(batch),
        "revoker": called(db.session, batch.revoked_by) if batch.revoked_by else None,
        "until": batch.done_at + FILE_LIFE if batch.done_at else None,
        "problem": problem,
        "active": KEY if mine else QUEUE_KEY,
    }
    block = "progress" if is_poll() else "main"
    return pages.page("printing/batch.html", block=block, status=422 if problem else 200, **shown)


@bp.get("/<uuid:id>/danh-sach")
@reaches("card_batch")
@officer(EXPORT)
def to_print(id: UUID) -> Response:
    """Who gets a card, numbers masked: what the second officer agrees to. That it was looked at is noted."""
    batch, me, after = _batch(id), officers.me(), pages.query_text("sau", 9)
    if batch.cleared_at is not None:
        abort(404)
    rows, following = queries.to_print(db.session, id, int(after) if after.isdecimal() else 0)
    with unit(db.engine()) as session:
        audit.record(session, Tag.LISTED, me.by, ("card_batch", id), now(), rows=len(rows))
    people = [(row.group_name, row.full_name, masked(row.ma_so_bhxh, 4, 2)) for row in rows]
    further = url_for(".to_print", id=id, sau=following) if following else None
    active = KEY if batch.asked_by == me.id else QUEUE_KEY
    return pages.page("printing/people.html", batch=batch, rows=people, following=further, active=active)


@bp.post("/<uuid:id>/dong-y")
@fresh
@reaches("card_batch")
@officer(EXPORT)
def agree(id: UUID) -> Response:
    """The second officer agrees."""
    batch, me = _batch(id), officers.me()
    try:
        actions.agree(db.session, batch, by=me, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã đồng ý. Tệp đang được tạo cho người lập."), url_for("printing.list_waiting"))


@bp.post("/<uuid:id>/khong-dong-y")
@reaches("card_batch")
@officer(EXPORT)
def decline(id: UUID) -> Response:
    """Declined by the second officer, or taken back by the first."""
    batch, me = _batch(id), officers.me()
    mine = batch.asked_by == me.id
    try:
        actions.decline(db.session, batch, by=me, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    words = _("Đã rút yêu cầu.") if mine else _("Đã ghi nhận: không đồng ý.")
    return pages.after_post(words, url_for("printing.home" if mine else "printing.list_waiting"))


@bp.post("/<uuid:id>/dung")
@reaches("card_batch")
@officer(EXPORT)
def stop(id: UUID) -> Response:
    """Make no more of it."""
    batch, me = _batch(id), officers.me()
    try:
        actions.stop(db.session, batch, by=me, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(
        _("Đã dừng. Thẻ đã tạo bị huỷ, mã trên đó bị thu hồi."), url_for("printing_batch.show", id=id)
    )


@bp.get("/<uuid:id>/thu-hoi")
@reaches("card_batch")
@officer(EXPORT)
def revoke_form(id: UUID) -> Response:
    """What revoking means, and why it is done."""
    batch = _batch(id)
    if not actions.can_revoke(batch):
        abort(404)
    return _revoking(batch, RevokeForm(formdata=None))


def _revoking(batch: CardBatch, form: RevokeForm, status: int = 200) -> Response:
    return pages.page("printing/revoke.html", status=status, batch=batch, form=form, active=KEY)


@bp.post("/<uuid:id>/thu-hoi")
@fresh
@reaches("card_batch")
@officer(EXPORT)
def revoke(id: UUID) -> Response:
    """End all its strips: the papers are worth nothing any more, wherever they are."""
    batch, form = _batch(id), RevokeForm()
    if not form.validate_on_submit():
        return _revoking(batch, form, 422)
    try:
        actions.revoke(db.session, batch, form.reason.data, by=officers.me(), at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã thu hồi cả lô: mã trên các thẻ này không còn giá trị."), url_for(".show", id=id))


def _again(id: UUID, refusal: Refused) -> Response:
    """The batch once more as it stands, with what was refused."""
    db.abandon()
    db.session.expire_all()
    return _show(_batch(id), refusal.label)
