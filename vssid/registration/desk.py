"""The officer's side: the queue by due date, one declaration with its photos and checks, and the decision."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import notifications, officers
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import grouped, mobile_number, spoken_phone
from vssid.officers import Permission, Queue
from vssid.records import IdKind, Sex
from vssid.registration import actions, messages, queries
from vssid.registration.forms import PaperForm, RejectForm
from vssid.registration.models import Declaration
from vssid.registration.papers import full_address, info_facts, office_facts
from vssid.registration.rules import HandIn, Side, Status, Tag, days_left, spoken_code, typed_code
from vssid.registration.visit import house
from vssid.web import db, pages
from vssid.web.guards import officer, reaches
from vssid.web.i18n import say

bp = Blueprint("declarations", __name__, url_prefix="/can-bo/to-khai")
READ, DECIDE = Permission.REGISTRATION_READ, Permission.REGISTRATION_DECIDE
VIEWS = {
    "cho": queries.OPEN,
    "da-duyet": (Status.APPROVED,),
    "khac": (Status.REJECTED, Status.WITHDRAWN, Status.LAPSED),
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
        found = queries.Page(queries.find(db.session, me, wanted), None)
    else:
        found = queries.queue(db.session, me, statuses, _key(request.args.get("sau", "")))
    rows = [_row(declaration) for declaration in found.rows]
    tabs = [("cho", _("Chờ duyệt")), ("da-duyet", _("Đã duyệt")), ("khac", _("Đã kết thúc khác"))]
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
        actions.note_view(session, Tag.VIEWED, officers.me().by, id, now())
    return pages.page("registration/review_desk.html", **_context(declaration))


def _mine(id: UUID) -> Declaration:
    return queries.in_offices(db.session, id, officers.me()) or abort(404)


def _context(
    declaration: Declaration, paper: PaperForm | None = None, reject: RejectForm | None = None
) -> dict[str, Any]:
    session, me = db.session, officers.me()
    known = queries.registered(session, declaration)
    midnight = datetime.combine(today(), datetime.min.time(), VIETNAM)
    following = queries.next_open(session, me, declaration)
    return {
        **_row(declaration),
        "photos": queries.photos(session, declaration.id),
        "sides": list(Side),
        "compared": _compared(declaration, known),
        "checks": queries.checks(session, declaration, known),
        "duplicates": queries.duplicates(session, declaration),
        "facts": office_facts(session, declaration),
        "deliveries": notifications.delivery_of(session, messages.about(declaration.id)),
        "paper_label": HandIn(declaration.paper_channel).label if declaration.paper_channel else None,
        "reason": messages.reason_in(declaration, "vi"),
        "paper": paper or PaperForm(formdata=None),
        "reject": reject or RejectForm(formdata=None),
        "following": following,
        "decided_today": queries.decided_today(session, me.id, midnight),
        "may_decide": DECIDE in me.permissions,
        "active": "declarations",
    }


def _compared(declaration: Declaration, known: queries.Registered) -> list[dict[str, Any]]:
    """Typed beside registered, line by line; what differs is marked."""
    typed = {fact.label: fact.value for fact in info_facts(db.session, declaration)}
    registered = _registered_lines(declaration, known)
    lines = []
    for label, value in typed.items():
        other = registered.get(label, "")
        lines.append(
            {"label": label, "typed": value, "registered": other, "differs": bool(other) and _differ(value, other)}
        )
    for label in (_("Giới tính"), _("Ngày sinh")):
        lines.insert(2, {"label": label, "typed": "", "registered": registered.get(label, ""), "differs": False})
    return lines


def _differ(left: str, right: str) -> bool:
    return left.casefold().replace(" ", "") != right.casefold().replace(" ", "")


def _registered_lines(declaration: Declaration, known: queries.Registered) -> dict[str, str]:
    person = known.person
    if person is None:
        return {}
    birth = known.birth
    address = full_address(db.session, person.address, person.province_code, person.ward_code)
    return {
        _("Mã số BHXH"): grouped(known.numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4),
        _("Họ và tên"): person.full_name,
        _("Ngày sinh"): birth.vn() if birth else "",
        _("Giới tính"): say(Sex(person.sex).label),
        _("Số CCCD/Hộ chiếu/CMND"): known.numbers.get(IdKind(declaration.id_kind), ""),
        _("Địa chỉ liên hệ"): address,
        _("Số điện thoại"): spoken_phone(person.phone),
        _("Email"): person.email,
    }


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
        actions.note_view(session, Tag.PHOTO_VIEWED, officers.me().by, id, now(), side=wanted)
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
    return _again(id, paper=form)


def _again(id: UUID, **forms: Any) -> Response:
    db.abandon()
    return pages.refused("registration/review_desk.html", **_context(_mine(id), **forms))


@bp.post("/<uuid:id>/duyet")
@reaches("declaration")
@officer(DECIDE)
def approve(id: UUID) -> Response:
    """Phê duyệt; then the next declaration that waits."""
    declaration = _mine(id)
    following = queries.next_open(db.session, officers.me(), declaration)
    try:
        actions.approve(db.session, house(), declaration, by=officers.me(), at=now(), today=today())
    except Refused as refusal:
        form = RejectForm(formdata=None)
        form.refuse(refusal)
        return _again(id, reject=form)
    return pages.after_post(_("Đã duyệt tờ khai của %(name)s.", name=declaration.full_name), _next_url(following))


def _next_url(following: Declaration | None) -> str:
    return url_for(".review", id=following.id) if following else url_for(".list_queue")


@bp.post("/<uuid:id>/tu-choi")
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
                _("Đã từ chối tờ khai của %(name)s.", name=declaration.full_name), _next_url(following)
            )
    except Refused as refusal:
        form.refuse(refusal)
    return _again(id, reject=form)
