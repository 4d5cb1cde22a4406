"""Trả lại để sửa: the officer marks single items, each with a reason."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now, today
from vssid.kernel.labels import Refused
from vssid.kernel.text import has_control_characters, one_line
from vssid.officers import Permission
from vssid.registration import queries
from vssid.registration.corrections import actions
from vssid.registration.corrections.rules import LONGEST_WORDS, Item, Returned, checked, items_of
from vssid.registration.desk.review import again, next_url
from vssid.registration.fields import Kind
from vssid.registration.surroundings import house
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("returning", __name__, url_prefix="/can-bo/to-khai")


@bp.post("/<uuid:id>/tra-lai")
@fresh
@reaches("declaration")
@officer(Permission.REGISTRATION_DECIDE)
def give_back(id: UUID) -> Response:
    """Return what was marked; then the next declaration that waits."""
    declaration = queries.in_offices(db.session, id, officers.me()) or abort(404)
    following = queries.next_open(db.session, officers.me(), declaration)
    try:
        returned = _marked(items_of(Kind(declaration.kind), of_facility=bool(declaration.facility_code)))
        actions.give_back(db.session, house(), declaration, returned, by=officers.me(), at=now(), today=today())
    except Refused as refusal:
        return again(id, returning=refusal.label, marks=request.form)
    return pages.after_post(
        _("Đã trả lại tờ khai của %(name)s để sửa.", name=declaration.full_name), next_url(following)
    )


def _marked(items: tuple[Item, ...]) -> list[Returned]:
    """The items for which a reason was chosen."""
    return [_one(item) for item in items if request.form.get(f"reason-{item.value}", "")]


def _one(item: Item) -> Returned:
    text: Any = request.form.get(f"words-{item.value}", "")[: LONGEST_WORDS * 2]
    words = "" if has_control_characters(text) else one_line(text)
    return checked(item, request.form[f"reason-{item.value}"], words, f"sample-{item.value}" in request.form)
