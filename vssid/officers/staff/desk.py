"""/can-bo/nhan-su: officers, what is wanted for them, and taking access away."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from sqlalchemy.orm import Session

from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers.entrance import Officer as Signed
from vssid.officers.entrance import Queue, me, register_queue
from vssid.officers.models import Officer
from vssid.officers.rules import Permission, Role
from vssid.officers.staff import actions, queries
from vssid.officers.staff.actions import Access
from vssid.officers.staff.forms import AccessForm
from vssid.officers.staff.models import Grant
from vssid.officers.staff.rules import Kind
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("staff", __name__, url_prefix="/can-bo/nhan-su")
MANAGE = Permission.STAFF_MANAGE
KEY = "staff"
STATES = {"new": N_("chờ cài đặt"), "active": N_("đang làm việc"), "ended": N_("đã kết thúc")}
SAID = N_("Đã lập yêu cầu. Một quản trị khác cần xác nhận trong 7 ngày.")


def init_app(app: Flask) -> None:
    """Show the page in the console of those who may, with how much waits for a second administrator."""
    register_queue(app, Queue(KEY, N_("Nhân sự"), "staff.list_all", MANAGE, _waiting))


def _waiting(session: Session, _officer: Signed) -> int:
    return len(queries.waiting(session, now()))


@bp.get("")
@officer(MANAGE)
def list_all() -> Response:
    """Officers by code; what waits for a second administrator above them."""
    code = pages.query_text("ma", 20)
    page = queries.listing(db.session, code, pages.query_text("sau", 20))
    return pages.page(
        "officers/staff.html",
        rows=[_line(row) for row in page.rows],
        waiting=[_wish(grant, asker) for grant, asker in queries.waiting(db.session, now())],
        code=code,
        following=url_for(".list_all", sau=page.next_code) if page.next_code else None,
        active=KEY,
    )


def _line(row: Officer) -> dict[str, Any]:
    return {"row": row, "role": Role(row.role).label, "state": STATES[row.status]}


def _wish(grant: Grant, asker: str) -> dict[str, Any]:
    mine = grant.asked_by == me().id
    about_me = grant.code == me().code
    return {
        "grant": grant, "kind": Kind(grant.kind).label, "role": Role(grant.role).label, "asker": asker,
        "may_agree": not mine and not about_me,
    }  # fmt: skip


@bp.get("/moi")
@officer(MANAGE)
def add_form() -> Response:
    """Somebody new."""
    return _form(AccessForm(formdata=None))


def _form(form: AccessForm, row: Officer | None = None, status: int = 200) -> Response:
    shown: dict[str, Any] = {"form": form, "row": row, "state": STATES[row.status] if row else None, "active": KEY}
    if status == 200:
        return pages.page("officers/staff_form.html", **shown)
    return pages.refused("officers/staff_form.html", status=status, **shown)


@bp.post("/moi")
@fresh
@officer(MANAGE)
def add() -> Response:
    """Want somebody new; a second administrator makes it true."""
    return _ask(Kind.ADD, AccessForm(), None)


def _ask(kind: Kind, form: AccessForm, row: Officer | None) -> Response:
    try:
        if form.validate_on_submit():
            actions.ask(db.session, kind, form.access(), by=me().by, at=now())
            return pages.after_post(SAID, url_for("staff.list_all"))
    except Refused as refusal:
        form.refuse(refusal)
    return _form(form, row, 422)


def _officer(id: UUID) -> Officer:
    return db.session.get(Officer, id) or abort(404)


@bp.get("/<uuid:id>")
@reaches("officer")
@officer(MANAGE)
def show(id: UUID) -> Response:
    """One officer, and what can be wanted for them."""
    row = _officer(id)
    known = {
        "name": row.name,
        "email": row.email,
        "agency_code": row.agency_code,
        "role": row.role,
        "ma_so_bhxh": row.ma_so_bhxh,
    }
    return _form(AccessForm(formdata=None, code=row.code, data=known), row)


@bp.post("/<uuid:id>/doi")
@fresh
@reaches("officer")
@officer(MANAGE)
def change(id: UUID) -> Response:
    """Want another role, agency or address for them."""
    row = _officer(id)
    return _ask(Kind.CHANGE, AccessForm(code=row.code), row)


@bp.post("/<uuid:id>/cap-lai")
@fresh
@reaches("officer")
@officer(MANAGE)
def renew(id: UUID) -> Response:
    """Want a new set-up code for whoever lost password, phone or key."""
    row = _officer(id)
    access = Access(row.code, row.name, row.email, Role(row.role), row.agency_code, row.ma_so_bhxh)
    return _acted(lambda: actions.ask(db.session, Kind.RENEW, access, by=me().by, at=now()), SAID)


def _acted(act: Any, said: Label) -> Response:
    """Do it, and say so or why not."""
    try:
        act()
    except Refused as refusal:
        db.abandon()
        said = refusal.label
    return pages.after_post(said, url_for("staff.list_all"))


@bp.post("/<uuid:id>/ket-thuc")
@fresh
@reaches("officer")
@officer(MANAGE)
def end(id: UUID) -> Response:
    """Their access ends at once: for that, one administrator is enough."""
    row = _officer(id)
    return _acted(
        lambda: actions.end(db.session, row, by=me(), at=now()), N_("Đã kết thúc quyền của %(code)s.", code=row.code)
    )


@bp.post("/yeu-cau/<uuid:id>/xac-nhan")
@fresh
@reaches("grant")
@officer(MANAGE)
def agree(id: UUID) -> Response:
    """The second administrator agrees."""
    grant = queries.grant(db.session, id, now()) or abort(404)
    keyring = current_app.extensions["keyring"]
    return _acted(
        lambda: actions.agree(db.session, keyring, grant, by=me(), at=now()),
        N_("Đã xác nhận. Quyền mới có hiệu lực từ lần mở trang tới."),
    )


@bp.post("/yeu-cau/<uuid:id>/huy")
@reaches("grant")
@officer(MANAGE)
def give_up(id: UUID) -> Response:
    """Taken back, or declined."""
    grant = queries.grant(db.session, id, now()) or abort(404)
    return _acted(lambda: actions.give_up(db.session, grant, by=me().by, at=now()), N_("Đã huỷ yêu cầu."))
