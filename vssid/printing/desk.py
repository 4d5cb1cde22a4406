"""/can-bo/in-the: many cards as one PDF, which two supervisors want and only the first one fetches, for three days."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import directory, officers, organisations
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers import Officer, Permission, Queue, Tool
from vssid.officers.seconding import called
from vssid.organisations.queries import listing
from vssid.printing import actions, choosing, queries
from vssid.printing.choosing import Choice, Wanted
from vssid.printing.forms import WishForm, as_values, wanted_of
from vssid.printing.models import CardBatch
from vssid.printing.rules import ASKED_A_DAY, FILE_LIFE, LEFT_OUT, MOST_CARDS, WISH_LIFE, Kind, State
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.htmx import is_fragment_request

bp = Blueprint("printing", __name__, url_prefix="/can-bo/in-the")
EXPORT = Permission.EXPORT
KEY, QUEUE_KEY = "card-batches", "card-batches-second"
OFTEN = N_("Hôm nay bạn đã lập 10 yêu cầu. Hãy chờ đến ngày mai.")


def init_app(app: Flask) -> None:
    """Show the tool to those who may ask, and what waits for them as second officers."""
    waiting = Queue(QUEUE_KEY, N_("In thẻ theo lô chờ đồng ý"), "printing.list_waiting", EXPORT, _waiting_count)
    officers.register_queue(app, waiting)
    officers.register_tool(app, Tool(KEY, N_("In thẻ theo lô"), "printing.home", EXPORT))


def _waiting_count(session: Any, me: Officer) -> int:
    return len(queries.for_second(session, me, now()))


# --- whose cards ------------------------------------------------------------------------------------------------------


@bp.get("")
@officer(EXPORT)
def home() -> Response:
    """Look for an organisation or choose a ward; and what one has asked for."""
    me, text = officers.me(), pages.query_text("q", 100)
    shown: dict[str, Any] = {
        "text": text,
        "empty": "q" in request.args and not text,
        "found": listing(db.session, me, text, None).rows if text else [],
        "wards": [place for place, _agency in directory.wards_in_charge(db.session, me.agencies).values()],
        "rows": [_line(batch) for batch in queries.mine(db.session, me)],
    }
    return pages.page("printing/home.html", **shown, active=KEY)


@bp.get("/to-chuc/<uuid:id>")
@reaches("organisation")
@officer(EXPORT)
def rosters(id: UUID) -> Response:
    """The rosters of an organisation."""
    found = organisations.in_agencies(db.session, id, officers.me()) or abort(404)
    rows = queries.rosters(db.session, found.id)
    return pages.page("printing/rosters.html", organisation=found, rows=rows, active=KEY)


@bp.get("/xem-truoc")
@officer(EXPORT)
def preview() -> Response:
    """How many cards it would be, who gets none, and where to cut what is too long."""
    wanted = wanted_of(request.args) or abort(404)
    choice = choosing.chosen(db.session, officers.me(), wanted, today()) or abort(404)
    return _preview(choice, wanted, WishForm(formdata=None))


def _preview(choice: Choice, wanted: Wanted, form: WishForm, status: int = 200) -> Response:
    counts = [(why.label, sum(one.outcome is why for one in choice.rows)) for why in LEFT_OUT]
    shown: dict[str, Any] = {
        "choice": choice,
        "wanted": wanted,
        "left_out": [(label, count) for label, count in counts if count],
        "most": MOST_CARDS,
        "too_many": choice.cards > MOST_CARDS,
        "values": as_values(wanted),
    }
    return pages.page("printing/preview.html", status=status, form=form, **shown, active=KEY)


@bp.post("")
@fresh
@officer(EXPORT)
def ask() -> Response:
    """Want a batch. The list is read before the writing begins."""
    form, me, at = WishForm(), officers.me(), now()
    wanted = wanted_of(request.form) or abort(404)
    with reading(db.engine()) as session:
        choice = choosing.chosen(session, me, wanted, today()) or abort(404)
    try:
        if form.validate_on_submit():
            if not current_app.extensions["limiter"].allow("cards-asked", str(me.id), *ASKED_A_DAY, at):
                raise Refused(OFTEN)
            with unit(db.engine()) as session:
                id = actions.ask(session, choice, wanted, form.reason.data, by=me, at=at)
            words = _("Đã lập yêu cầu. Một giám sát khác cần đồng ý trong 7 ngày.")
            return pages.after_post(words, url_for("printing.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _preview(choice, wanted, form, 422)


# --- one batch --------------------------------------------------------------------------------------------------------


def _line(batch: CardBatch) -> dict[str, Any]:
    state = State(batch.state)
    if state is State.ASKED and batch.asked_at <= now() - WISH_LIFE:
        state = State.WITHDRAWN
    if state is State.MADE and not can_fetch(batch):
        state = State.GONE
    return {"batch": batch, "state": state}


def can_fetch(batch: CardBatch) -> bool:
    """Whether the file is there and not three days old."""
    return batch.file_id is not None and batch.done_at is not None and now() < batch.done_at + FILE_LIFE


@bp.get("/cho-dong-y")
@officer(EXPORT)
def list_waiting() -> Response:
    """What waits for this officer as the second."""
    batches = queries.for_second(db.session, officers.me(), now())
    rows = [{**_line(batch), "asker": called(db.session, batch.asked_by)} for batch in batches]
    return pages.page("printing/waiting.html", rows=rows, active=QUEUE_KEY)


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
        **_line(batch),
        "kind": Kind(batch.kind),
        "left_out": queries.left_out(db.session, batch.id),
        "asker": called(db.session, batch.asked_by),
        "second": called(db.session, batch.decided_by) if batch.decided_by else None,
        "mine": mine,
        "until": batch.done_at + FILE_LIFE if batch.done_at else None,
        "problem": problem,
        "active": KEY if mine else QUEUE_KEY,
    }
    # The part alone is asked for by itself only; what follows a POST is the whole.
    block = "progress" if is_fragment_request() and request.method == "GET" and "tiep" in request.args else "main"
    return pages.page("printing/batch.html", block=block, status=422 if problem else 200, **shown)


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
    return pages.after_post(_("Đã dừng. Thẻ đã tạo bị huỷ, mã trên đó bị thu hồi."), url_for("printing.show", id=id))


def _again(id: UUID, refusal: Refused) -> Response:
    """The batch once more as it stands, with what was refused."""
    db.abandon()
    db.session.expire_all()
    return _show(_batch(id), refusal.label)
