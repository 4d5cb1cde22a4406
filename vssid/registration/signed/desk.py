"""What the officer sees of a digital signature: who signed, with which certificate, and the signed file itself."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app

from vssid import officers
from vssid import signing as signatures
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.officers import Permission
from vssid.registration import actions
from vssid.registration import queries as declarations
from vssid.registration.models import Declaration
from vssid.registration.rules import Tag
from vssid.registration.signed import queries
from vssid.web import db
from vssid.web.guards import officer, reaches

bp = Blueprint("signed_desk", __name__, url_prefix="/can-bo/to-khai")


def shown(declaration: Declaration) -> dict[str, Any] | None:
    """The lines about the signature for the review, or None where the paper came another way or not yet."""
    form = queries.signed_form(db.session, declaration)
    if form is None:
        return None
    signed_what = declarations.by_id(db.session, form.declaration_id)
    return {
        "form": form,
        "revocation": signatures.Revocation(form.revocation).label,
        "markless": None if form.name_marks else signatures.MARKLESS_NAME,
        "changed": signed_what is None or queries.said(signed_what) != form.said or signed_what.id != declaration.id,
    }


@bp.get("/<uuid:id>/ky-so.pdf")
@reaches("declaration")
@officer(Permission.REGISTRATION_READ)
def signed_pdf(id: UUID) -> Response:
    """The signed form as it was sent; that it was opened is noted with officer and time."""
    declaration = declarations.in_offices(db.session, id, officers.me()) or abort(404)
    form = queries.signed_form(db.session, declaration)
    row = db.session.get(StoredFile, form.signed_file_id) if form and form.signed_file_id else None
    if row is None:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(row)
    with unit(db.engine()) as session:
        where = {"agency": officers.me().agency_code, "status": declaration.status}
        actions.note_view(session, Tag.SIGNED_FORM_VIEWED, officers.me().by, id, now(), **where)
    # Signed by a citizen, made by whatever program: opened by the officer's own viewer, never on our page.
    name = f"to-khai-{declaration.code}-da-ky.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype=row.media_type, headers=headers)
