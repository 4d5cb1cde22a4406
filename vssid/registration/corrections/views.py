"""What the citizen mends: one returned item a page, nothing else of the declaration."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import directory
from vssid.kernel import images
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import Label, Refused
from vssid.registration import queries
from vssid.registration.corrections import actions
from vssid.registration.corrections.forms import FORMS
from vssid.registration.corrections.rules import Item, Reason
from vssid.registration.follow.visit import opened
from vssid.registration.intake import stored, taken
from vssid.registration.models import Correction, Declaration
from vssid.registration.pictures import look_of
from vssid.web import db, pages
from vssid.web.guards import public
from vssid.web.i18n import say

bp = Blueprint("corrections", __name__, url_prefix="/to-khai/sua")
PAGE = "registration/mend.html"


@bp.get("/<item>")
@public
def show(item: str) -> Response | AnyResponse:
    """The item, why it came back, and the one thing to fill in."""
    declaration, correction = _returned(item)
    return pages.page(PAGE, **_context(declaration, correction))


def _returned(item: str) -> tuple[Declaration, Correction]:
    """The declaration that this browser opened, and its open correction of the item."""
    declaration = opened() or abort(404)
    found = [one for one in queries.open_corrections(db.session, declaration.id) if one.item == item]
    return declaration, found[0] if found else abort(404)


def _context(
    declaration: Declaration, correction: Correction, form: Any = None, error: Label | None = None
) -> dict[str, Any]:
    item = Item(correction.item)
    shown: dict[str, Any] = {
        "item": item,
        "reason": Reason(correction.reason_code).label,
        "correction": correction,
        "error": error,
        "form": None,
    }
    if item in FORMS:
        current = {"full_name": declaration.full_name, "address_line": declaration.address_line}
        shown["form"] = form or FORMS[item](formdata=None, data=current)
    if item is Item.ADDRESS:
        values = request.form if form else {"ward_code": declaration.ward_code}
        shown |= directory.picker.context(db.session, values, current_app.config["SETTINGS"].province)
    return shown


@bp.post("/<item>")
@public
def mend(item: str) -> Response:
    """Take the mended item; after the last one the declaration goes on by itself."""
    with reading(db.engine()) as session_:
        declaration = opened(session_) or abort(404)
    wanted = Item(item) if item in list(Item) else abort(404)
    try:
        last = _mend_photo(wanted, declaration) if wanted.side else _mend_line(wanted)
    except Refused as refusal:
        db.abandon()
        declaration, correction = _returned(item)
        form = FORMS[wanted]() if wanted in FORMS else None
        if form is not None:
            form.validate()
            form.refuse(refusal)
        return pages.refused(PAGE, **_context(declaration, correction, form, refusal.label))
    if isinstance(last, Response):
        return last
    message = (
        _("Đã sửa xong. Tờ khai được chuyển lại cho cán bộ, bạn không phải làm gì thêm.")
        if last
        else _("Đã nhận. Hãy sửa tiếp những mục còn lại.")
    )
    return pages.after_post(message, url_for("follow.show"))


def _mend_line(item: Item) -> bool | Response:
    form = FORMS[item]()
    declaration, correction = _returned(item.value)
    picking = item is Item.ADDRESS and directory.picker.is_picking(request.form)
    chosen = directory.picker.chosen(db.session, request.form) if item is Item.ADDRESS else None
    valid = not picking and form.validate_on_submit()
    missing = item is Item.ADDRESS and chosen is None
    if not valid or missing:
        shown = _context(declaration, correction, form)
        if missing and not picking:
            error = directory.picker.problem(db.session, request.form)
            shown["ward_error"] = error and say(error)
        return pages.refused(PAGE, status=200 if picking else 422, **shown)
    values = form.values()
    if chosen is not None:
        values |= {"province_code": chosen.place.province_code, "ward_code": chosen.place.code}
        values["address_given"] = chosen.given
    return actions.mend(db.session, declaration, correction, values, at=now(), today=today())


def _mend_photo(item: Item, declaration: Declaration) -> bool:
    photo = taken(request.files.get("photo"), str(declaration.id))
    if not isinstance(photo, images.Photo):
        raise Refused(photo[0])
    look = look_of(photo.preview)
    declaration, correction = _returned(item.value)
    files = stored(photo)
    return actions.mend_photo(db.session, declaration, correction, files, look, at=now(), today=today())
