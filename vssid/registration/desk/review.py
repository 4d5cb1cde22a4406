"""The officer's side: the queue by due date, one declaration with its photos and checks, and the decision."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import notifications, officers, organisations
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import mobile_number, typed_code
from vssid.officers import Permission, Queue
from vssid.registration import actions, approval, duplicates, messages, queries
from vssid.registration.corrections.rules import Item, Reason, items_of
from vssid.registration.desk.checks import checks
from vssid.registration.desk.comparing import compared
from vssid.registration.desk.forms import PaperForm, RejectForm, likely_paper
from vssid.registration.fields import HandIn, Kind, PaperChannel, Side
from vssid.registration.models import Declaration
from vssid.registration.papers import office_facts
from vssid.registration.rules import Status, Tag, days_left, spoken_code
from vssid.registration.signed import desk as signed_desk
from vssid.registration.surroundings import house
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("declarations", __name__, url_prefix="/can-bo/to-khai")
READ, DECIDE = Permission.REGISTRATION_READ, Permission.REGISTRATION_DECIDE
VIEWS = {
    "cho": queries.OPEN,
    "cho-sua": (Status.RETURNED,),
    "da-duyet": (Status.APPROVED,),
    "khac": (Status.REJECTED, Status.WITHDRAWN, Status.LAPSED, Status.MERGED),
}


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    label = N_("Tờ khai đăng ký")
    queue = Queue("declarations", label, "declarations.list_queue", READ, queries.waiting_count)
    officers.register_queue(app, queue)


@bp.get("")
@officer(READ)
def list_queue() -> Response:
    """Declarations of one's agencies, the most urgent first; or those that an exact number finds."""
    me, text = officers.me(), pages.query_text("q", 20)
    view = request.args.get("xem", "cho")
    statuses = VIEWS.get(view, queries.OPEN)
    if text:
        wanted = mobile_number(text) or typed_code(text)
        found = queries.Page(queries.find(db.session, me, wanted, organisations.unit_code(text)), None)
    else:
        found = queries.queue(db.session, me, statuses, _key(request.args.get("sau", "")))
    rows = [_row(declaration) for declaration in found.rows]
    tabs = [
        ("cho", _("Chờ duyệt")),
        ("cho-sua", _("Chờ sửa")),
        ("da-duyet", _("Đã duyệt")),
        ("khac", _("Đã kết thúc khác")),
    ]
    following = url_for(".list_queue", xem=view, sau=found.next_key) if found.next_key else None
    return pages.page(
        "registration/queue.html",
        rows=rows,
        tabs=tabs,
        view=view,
        text=text,
        following=following,
        active="declarations",
    )


def _key(text: str) -> tuple[date, UUID] | None:
    day, _sep, id = text[:60].partition("_")
    try:
        return date.fromisoformat(day), UUID(id)
    except ValueError:
        return None


def _row(declaration: Declaration) -> dict[str, Any]:
    return {
        "d": declaration,
        "code": spoken_code(declaration.code),
        "kind_label": Kind(declaration.kind).label,
        "state": Status(declaration.status),
        "left": days_left(declaration.lapses_on, today()),
    }


@bp.get("/<uuid:id>")
@reaches("declaration")
@officer(READ)
def review(id: UUID) -> Response:
    """One declaration; that it was looked at is noted."""
    declaration = _mine(id)
    with unit(db.engine()) as session:
        actions.note_view(session, Tag.VIEWED, officers.me().by, id, now(), **_where(declaration))
    return pages.page("registration/review_desk.html", **_context(declaration))


def _where(declaration: Declaration) -> dict[str, str]:
    """For which agency the officer looks, and where the declaration stands: the person may ask why."""
    return {"agency": officers.me().agency_code, "status": declaration.status}


def _mine(id: UUID) -> Declaration:
    return queries.in_offices(db.session, id, officers.me()) or abort(404)


def _context(
    declaration: Declaration,
    paper: PaperForm | None = None,
    reject: RejectForm | None = None,
    returning: Label | None = None,
    marks: Any = None,
) -> dict[str, Any]:
    session, me = db.session, officers.me()
    known = queries.registered(session, declaration, today())
    midnight = datetime.combine(today(), datetime.min.time(), VIETNAM)
    kind = Kind(declaration.kind)
    return {
        **_row(declaration),
        "kind": kind,
        "photos": queries.photos(session, declaration.id),
        "sides": kind.sides,
        "compared": compared(session, declaration, known),
        "checks": checks(session, declaration, known, today()),
        "duplicates": duplicates.candidates(session, declaration),
        "mine": set(me.agencies),
        "facts": office_facts(session, declaration),
        "deliveries": notifications.delivery_of(session, messages.about(declaration.id)),
        "paper_label": PaperChannel(declaration.paper_channel).label if declaration.paper_channel else None,
        "signed": signed_desk.shown(declaration),
        "reason": messages.reason_in(declaration, "vi"),
        "paper": paper or PaperForm(formdata=None, data=likely_paper(declaration)),
        "reject": reject or RejectForm(formdata=None),
        "items": items_of(kind, of_facility=bool(declaration.facility_code)),
        "returning": returning,
        "marks": marks or {},
        "corrections": [_correction(declaration, one) for one in queries.corrections(session, declaration.id)],
        "following": queries.next_open(session, me, declaration),
        "decided_today": queries.decided_today(session, me.id, midnight),
        "may_decide": DECIDE in me.permissions,
        "active": "declarations",
    }


def _correction(declaration: Declaration, one: Any) -> dict[str, Any]:
    """A returned item with its reason and, once it is mended, what stood there before."""
    return {"item": Item(one.item), "reason": Reason(one.reason_code).label, "correction": one}


@bp.get("/<uuid:id>/anh/<side>.jpg")
@reaches("declaration")
@officer(READ)
def photo(id: UUID, side: str) -> Response:
    """One photo, in full; every view is noted with officer and time."""
    declaration = _mine(id)
    wanted = Side(side) if side in list(Side) else abort(404)
    kept = queries.photos(db.session, declaration.id).get(wanted) or abort(404)
    row = queries.photo_file(db.session, kept)
    store: FileStore = current_app.extensions["files"]
    body = store.read(row)
    with unit(db.engine()) as session:
        actions.note_view(session, Tag.PHOTO_VIEWED, officers.me().by, id, now(), side=wanted, **_where(declaration))
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return Response(body, mimetype=row.media_type, headers=headers)


@bp.post("/<uuid:id>/giay")
@reaches("declaration")
@officer(DECIDE)
def receive_paper(id: UUID) -> Response:
    """Đã nhận tờ khai giấy."""
    declaration, form = _mine(id), PaperForm()
    try:
        if form.validate_on_submit():
            channel = HandIn(form.channel.data)
            actions.receive_paper(
                db.session, declaration, channel, form.id_shown.data, by=officers.me(), at=now(), today=today()
            )
            return pages.after_post(_("Đã ghi nhận tờ khai giấy."), url_for(".review", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return again(id, paper=form)


def again(id: UUID, **forms: Any) -> Response:
    """The declaration once more, with what was refused."""
    db.abandon()
    return pages.refused("registration/review_desk.html", **_context(_mine(id), **forms))


@bp.post("/<uuid:id>/duyet")
@fresh
@reaches("declaration")
@officer(DECIDE)
def approve(id: UUID) -> Response:
    """Phê duyệt; then the next declaration that waits."""
    declaration = _mine(id)
    following = queries.next_open(db.session, officers.me(), declaration)
    try:
        approval.approve(db.session, house(), declaration, by=officers.me(), at=now(), today=today())
    except Refused as refusal:
        form = RejectForm(formdata=None)
        form.refuse(refusal)
        return again(id, reject=form)
    to = url_for("counter.done", id=id) if declaration.counter_by else next_url(following)
    return pages.after_post(_("Đã duyệt tờ khai của %(name)s.", name=declaration.full_name), to)


def next_url(following: Declaration | None) -> str:
    """Where an officer goes after a decision: to the next declaration that waits, else to the queue."""
    return url_for("declarations.review", id=following.id) if following else url_for("declarations.list_queue")


@bp.post("/<uuid:id>/tu-choi")
@fresh
@reaches("declaration")
@officer(DECIDE)
def reject(id: UUID) -> Response:
    """Từ chối with a reason; then the next declaration that waits."""
    declaration, form = _mine(id), RejectForm()
    following = queries.next_open(db.session, officers.me(), declaration)
    try:
        if form.validate_on_submit():
            words = form.reason.data or ""
            actions.reject(db.session, house(), declaration, form.reason_code.data, words, by=officers.me(), at=now())
            return pages.after_post(
                _("Đã từ chối tờ khai của %(name)s.", name=declaration.full_name), next_url(following)
            )
    except Refused as refusal:
        form.refuse(refusal)
    return again(id, reject=form)


@bp.post("/<uuid:id>/gop")
@fresh
@reaches("declaration")
@officer(DECIDE)
def merge(id: UUID) -> Response:
    """Another declaration of the same person ends; this one goes on with the paper of both."""
    declaration, other = _mine(id), _other()
    try:
        duplicates.merge(db.session, house(), declaration, other, by=officers.me(), at=now())
    except Refused as refusal:
        form = RejectForm(formdata=None)
        form.refuse(refusal)
        return again(id, reject=form)
    return pages.after_post(_("Đã gộp tờ khai %(code)s.", code=spoken_code(other.code)), url_for(".review", id=id))


@bp.post("/<uuid:id>/khong-trung")
@fresh
@reaches("declaration")
@officer(DECIDE)
def tell_apart(id: UUID) -> Response:
    """These two are of two people."""
    declaration = _mine(id)
    other = queries.by_id(db.session, _other_id()) or abort(404)
    duplicates.tell_apart(db.session, declaration, other, by=officers.me(), at=now())
    return pages.after_post(_("Đã ghi nhận: không trùng."), url_for(".review", id=id))


def _other_id() -> UUID:
    try:
        return UUID(request.form.get("other", "")[:40])
    except ValueError:
        abort(404)


def _other() -> Declaration:
    """The declaration to merge; it must lie with the officer's agencies as well."""
    return _mine(_other_id())
