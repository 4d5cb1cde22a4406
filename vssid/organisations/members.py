"""An organisation's own pages: where its work stands, and who works for it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import mobile_number, spoken_phone
from vssid.organisations import actions, queries
from vssid.organisations.entrance import me, works
from vssid.organisations.forms import MemberForm
from vssid.organisations.models import Member, Organisation
from vssid.organisations.rules import MEMBERS_A_DAY, Contact, OrganisationKind, Permission, Role
from vssid.web import db, pages
from vssid.web.guards import member, reaches

bp = Blueprint("organisation", __name__, url_prefix="/to-chuc")
TOO_MANY = N_("Hôm nay đã gửi quá nhiều mã kích hoạt. Hãy thêm thành viên này vào ngày mai.")


@bp.get("")
@member()
def home() -> Response:
    """The organisation's work, the next thing to do first."""
    organisation = db.session.get_one(Organisation, me().organisation_id)
    shown = [(work, work.lines(db.session, organisation.id)) for work in works(me().organisation_kind)]
    return pages.page("organisations/home.html", organisation=organisation, works=shown, **_mine())


def _mine() -> dict[str, Any]:
    kind = me().organisation_kind
    return {
        "kind": kind,
        "of_facility": kind is OrganisationKind.FACILITY,
        "me": me(),
        "role": me().role.label_at(kind),
    }


@bp.get("/thanh-vien")
@member()
def list_members() -> Response:
    """Who works for the organisation."""
    return pages.page("organisations/members.html", **_context(_form(formdata=None)))


def _form(**options: Any) -> MemberForm:
    return MemberForm(kind=me().organisation_kind, **options)


def _context(form: MemberForm, problem: Label | None = None) -> dict[str, Any]:
    rows, kind = queries.members(db.session, me().organisation_id), me().organisation_kind
    return {
        **_mine(),
        "rows": [{"m": row, "role": Role(row.role).label_at(kind), "phone": spoken_phone(row.phone)} for row in rows],
        "form": form,
        "problem": problem,
        "may_manage": Permission.MANAGE in me().permissions,
        "mine": me().id,
    }


@bp.post("/thanh-vien")
@member(Permission.MANAGE)
def add() -> Response:
    """Let somebody in: their activation code goes to their own phone."""
    form = _form()
    if not form.validate_on_submit():
        db.abandon()
        return pages.refused("organisations/members.html", **_context(form))
    phone, limiter, at = mobile_number(form.phone.data) or "", current_app.extensions["limiter"], now()
    try:
        within = limiter.allow("member-added", str(me().organisation_id), *MEMBERS_A_DAY, at)
        if not within or not accounts.may_send(limiter, phone, False, at):
            raise Refused(TOO_MANY)
        contact = Contact(form.full_name.data, phone)
        role = Role(form.role.data)
        actions.add_member(
            db.session, current_app.extensions["keyring"], me().organisation_id, contact, role, by=me().by, at=at
        )
    except Refused as refusal:
        form.refuse(refusal)
        db.abandon()
        return pages.refused("organisations/members.html", **_context(form))
    words = _("Đã thêm thành viên. Mã kích hoạt được gửi bằng tin nhắn đến số %(phone)s.", phone=spoken_phone(phone))
    return pages.after_post(words, url_for("organisation.list_members"))


@bp.post("/thanh-vien/<uuid:id>/ket-thuc")
@reaches("member")
@member(Permission.MANAGE)
def end(id: UUID) -> Response:
    """Somebody works here no longer: out at once."""
    leaver: Member = queries.member_of(db.session, me().organisation_id, id) or abort(404)
    try:
        actions.end_member(db.session, leaver, by=me().by, at=now())
    except Refused as refusal:
        db.abandon()
        context = _context(_form(formdata=None), refusal.label)
        return pages.refused("organisations/members.html", **context)
    words = _("%(name)s không còn là thành viên.", name=leaver.full_name)
    return pages.after_post(words, url_for("organisation.list_members"))
