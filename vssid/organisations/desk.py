"""The officer's side: the organisations of one's agencies, what they are, who works for them; ending one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from vssid import directory, officers
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.labels import Refused
from vssid.kernel.text import masked, spoken_phone
from vssid.officers import Permission
from vssid.organisations import actions, queries
from vssid.organisations.entrance import works
from vssid.organisations.forms import EndForm
from vssid.organisations.models import Member, Organisation
from vssid.organisations.rules import OrganisationKind, Portal, Role, Tag, check_reason
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.i18n import say

bp = Blueprint("organisations_desk", __name__, url_prefix="/can-bo/to-chuc")
READ, DECIDE = Permission.REGISTRATION_READ, Permission.REGISTRATION_DECIDE
LONGEST_QUERY = 100


@bp.get("")
@officer(READ)
def list_all() -> Response:
    """Organisations of one's agencies by name; those that a name, a unit code or a facility's code finds."""
    text = pages.query_text("q", LONGEST_QUERY)
    found = queries.listing(db.session, officers.me(), text, _key(pages.query_text("sau", 250)))
    following = url_for(".list_all", q=text or None, sau=found.next_key) if found.next_key else None
    kinds = {kind.value: kind.label for kind in OrganisationKind}
    return pages.page(
        "organisations/desk_list.html",
        rows=found.rows,
        kinds=kinds,
        text=text,
        following=following,
        active="organisations",
    )


def _key(text: str) -> tuple[str, UUID] | None:
    id, _sep, name = text.partition("_")
    try:
        return name, UUID(id)
    except ValueError:
        return None


@bp.get("/<uuid:id>")
@reaches("organisation")
@officer(READ)
def show(id: UUID) -> Response:
    """One organisation; that it was looked at is noted."""
    organisation = _mine(id)
    with unit(db.engine()) as session:
        audit.record(session, Tag.VIEWED, officers.me().by, ("organisation", id), now())
    return pages.page("organisations/desk_show.html", **_context(organisation, EndForm(formdata=None)))


def _mine(id: UUID) -> Organisation:
    return queries.in_agencies(db.session, id, officers.me()) or abort(404)


def _context(organisation: Organisation, form: EndForm) -> dict[str, Any]:
    members, kind = queries.members(db.session, organisation.id), OrganisationKind(organisation.kind)
    lines = [line for work in works(kind) for line in work.lines(db.session, organisation.id)]
    return {
        "organisation": organisation,
        "facts": [(label, value) for label, value in _facts(organisation) if value],
        "members": [(row.full_name, _about(row, kind)) for row in members],
        "lines": [(line.label, line.note) for line in lines],
        "of_facility": kind is OrganisationKind.FACILITY,
        "form": form,
        "may_decide": DECIDE in officers.me().permissions,
        "active": "organisations",
    }


def _about(row: Member, kind: OrganisationKind) -> str:
    waits = _("chưa kích hoạt") if row.status == "new" else ""
    parts = [say(Role(row.role).label_at(kind)), masked(spoken_phone(row.phone).replace(" ", "")), waits]
    return " · ".join(part for part in parts if part)


def _facility(code: str) -> str:
    found = directory.facility(db.session, code) if code else None
    return f"[{code}] {found.name if found else ''}".strip() if code else ""


def _facts(organisation: Organisation) -> list[tuple[str, str]]:
    agency = directory.agency(db.session, organisation.agency_code)
    place = directory.place_name(db.session, organisation.province_code, organisation.ward_code)
    portal = " · ".join(filter(None, (say(Portal(organisation.portal).label), organisation.ivan_provider)))
    return [
        (_("Loại tổ chức"), say(OrganisationKind(organisation.kind).label)),
        (_("Cơ sở khám chữa bệnh"), _facility(organisation.facility_code)),
        (_("Mã đơn vị"), organisation.ma_don_vi),
        (_("Mã số thuế"), organisation.tax_code),
        (_("Địa chỉ"), ", ".join(part for part in (organisation.address_line, place) if part)),
        (_("Cơ quan BHXH quản lý"), f"[{organisation.agency_code}] {agency.name if agency else ''}".strip()),
        (_("Đăng ký giao dịch tại"), portal),
    ]


@bp.post("/<uuid:id>/ket-thuc")
@fresh
@reaches("organisation")
@officer(DECIDE)
def end(id: UUID) -> Response:
    """End an organisation: its people are out at once, its rosters stay until their time is over."""
    organisation, form = _mine(id), EndForm()
    try:
        if form.validate_on_submit():
            reason = check_reason(form.reason.data)
            actions.end(db.session, organisation, reason, by=officers.me().by, at=now())
            words = _("Đã kết thúc tổ chức %(name)s.", name=organisation.name)
            return pages.after_post(words, url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return pages.refused("organisations/desk_show.html", **_context(_mine(id), form))
