"""/can-bo/xuat-ho-so: many declarations as a file, which two supervisors want and only the first one fetches, for a day."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import directory, officers
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers import Officer, Permission, Queue, Tool
from vssid.officers.seconding import called
from vssid.registration.exports import actions, queries
from vssid.registration.exports.forms import WishForm
from vssid.registration.exports.models import DeclarationExport
from vssid.registration.exports.queries import Wanted
from vssid.registration.exports.rules import ALL_STATES, ASKED_A_DAY, FILE_LIFE, WISH_LIFE, State, Tag
from vssid.registration.rules import Status
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("exports_desk", __name__, url_prefix="/can-bo/xuat-ho-so")
EXPORT = Permission.EXPORT
KEY, QUEUE_KEY = "exports", "exports-second"
FOLDER = "registration/exports"
OFTEN = N_("Hôm nay bạn đã lập 10 yêu cầu. Hãy chờ đến ngày mai.")


def init_app(app: Flask) -> None:
    """Show the tool to those who may ask, and what waits for them as second officers."""
    waiting = Queue(QUEUE_KEY, N_("Xuất hồ sơ chờ đồng ý"), "exports_desk.list_waiting", EXPORT, _waiting_count)
    officers.register_queue(app, waiting)
    officers.register_tool(app, Tool(KEY, N_("Xuất hồ sơ"), "exports_desk.list_mine", EXPORT))


def _waiting_count(session: Any, me: Officer) -> int:
    return len(queries.for_second(session, me, now()))


def _form(**more: Any) -> WishForm:
    """The form with the officer's agencies by name, read on its own: a POST has not begun to write yet."""
    me = officers.me()
    with reading(db.engine()) as session:
        found = {code: directory.agency(session, code) for code in me.agencies}
    names = {code: f"{code} {agency.name}" if agency else code for code, agency in found.items()}
    return WishForm(officer=me, names=names, **more)


@bp.get("")
@officer(EXPORT)
def list_mine() -> Response:
    """The form, and what one has asked for."""
    return _mine(_form(formdata=None))


def _mine(form: WishForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    rows = [_line(wish) for wish in queries.mine(db.session, officers.me())]
    return pages.page(f"{FOLDER}/mine.html", status=status, form=form, rows=rows, active=KEY)


def _line(wish: DeclarationExport) -> dict[str, Any]:
    state = State(wish.state)
    if state is State.ASKED and wish.asked_at <= now() - WISH_LIFE:
        state = State.WITHDRAWN
    if state is State.MADE and not _can_fetch(wish):
        state = State.GONE
    return {"wish": wish, "state": state}


def _can_fetch(wish: DeclarationExport) -> bool:
    return wish.file_id is not None and wish.done_at is not None and now() < wish.done_at + FILE_LIFE


@bp.get("/cho-dong-y")
@officer(EXPORT)
def list_waiting() -> Response:
    """What waits for this officer as the second."""
    wishes = queries.for_second(db.session, officers.me(), now())
    rows = [{**_line(wish), "asker": called(db.session, wish.asked_by)} for wish in wishes]
    return pages.page(f"{FOLDER}/waiting.html", rows=rows, active=QUEUE_KEY)


@bp.post("")
@fresh
@officer(EXPORT)
def ask() -> Response:
    """Want a file."""
    form, me, at = _form(), officers.me(), now()
    try:
        if form.validate_on_submit():
            if not current_app.extensions["limiter"].allow("export-asked", str(me.id), *ASKED_A_DAY, at):
                raise Refused(OFTEN)
            id = actions.ask(db.session, form.wanted(), form.reason.data, by=me, at=at, today=today())
            words = _("Đã lập yêu cầu. Một giám sát khác cần đồng ý trong 7 ngày.")
            return pages.after_post(words, url_for("exports_desk.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _mine(form, 422)


# --- one wish ---------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:id>")
@reaches("export")
@officer(EXPORT)
def show(id: UUID) -> Response:
    """What is wanted, why, and how many declarations that are."""
    return _show(_wish(id))


def _wish(id: UUID) -> DeclarationExport:
    return queries.wish_for(db.session, id, officers.me()) or abort(404)


def _show(wish: DeclarationExport, problem: Label | None = None) -> Response:
    me = officers.me()
    agencies = [directory.agency(db.session, code) for code in wish.agencies.split(",")]
    shown: dict[str, Any] = {
        **_line(wish),
        "agencies": [f"{agency.code} {agency.name}" for agency in agencies if agency],
        "which": Status(wish.status).label if wish.status else ALL_STATES,
        "size": queries.size(db.session, Wanted.of(wish)) if wish.rows is None else wish.rows,
        "asker": called(db.session, wish.asked_by),
        "second": called(db.session, wish.decided_by) if wish.decided_by else None,
        "mine": wish.asked_by == me.id,
        "until": wish.done_at + FILE_LIFE if wish.done_at else None,
        "problem": problem,
        "active": KEY if wish.asked_by == me.id else QUEUE_KEY,
    }
    return pages.page(f"{FOLDER}/wish.html", status=422 if problem else 200, **shown)


@bp.post("/<uuid:id>/dong-y")
@fresh
@reaches("export")
@officer(EXPORT)
def agree(id: UUID) -> Response:
    """The second officer agrees."""
    wish = _wish(id)
    try:
        actions.agree(db.session, wish, by=officers.me(), at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã đồng ý. Tệp đang được tạo cho người lập."), url_for("exports_desk.list_waiting"))


@bp.post("/<uuid:id>/khong-dong-y")
@reaches("export")
@officer(EXPORT)
def decline(id: UUID) -> Response:
    """Declined by the second officer, or taken back by the first."""
    wish, me = _wish(id), officers.me()
    mine = wish.asked_by == me.id
    try:
        actions.decline(db.session, wish, by=me, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    words = _("Đã rút yêu cầu.") if mine else _("Đã ghi nhận: không đồng ý.")
    return pages.after_post(words, url_for("exports_desk.list_mine" if mine else "exports_desk.list_waiting"))


def _again(id: UUID, refusal: Refused) -> Response:
    """The wish once more as it stands, with what was refused."""
    db.abandon()
    db.session.expire_all()
    return _show(_wish(id), refusal.label)


@bp.get("/<uuid:id>/to-khai.csv")
@reaches("export")
@officer(EXPORT)
def fetch(id: UUID) -> Response:
    """The file, for whoever asked; that it was fetched is noted first."""
    wish, me = _wish(id), officers.me()
    if wish.asked_by != me.id or not _can_fetch(wish):
        abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(db.session.get_one(StoredFile, wish.file_id))
    with unit(db.engine()) as session:
        audit.record(session, Tag.FETCHED, me.by, ("export", wish.id), now())
    name = f"to-khai-{wish.first.isoformat()}-{wish.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="text/csv", headers=headers)
