"""The citizen's window on the register: their portrait (the profile page is composed in `home`)."""

from flask import Blueprint, Response, abort, current_app

from vssid import accounts
from vssid.helping import Task
from vssid.kernel.files import FileStore, StoredFile
from vssid.records import queries
from vssid.web import db
from vssid.web.guards import citizen, lendable

bp = Blueprint("records", __name__, url_prefix="/ca-nhan")


@bp.get("/anh-chan-dung.jpg")
@lendable(Task.CARD)
@citizen
def portrait() -> Response:
    """One's own approved portrait."""
    person = queries.person(db.session, accounts.me().person_id) or abort(404)
    row = db.session.get(StoredFile, person.portrait_file_id) if person.portrait_file_id else None
    if row is None:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    return Response(store.read(row), mimetype=row.media_type, headers={"Cache-Control": "private, no-store"})
