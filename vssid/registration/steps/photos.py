"""Step 2, Ảnh: each photo is its own small saved step, bounded, re-encoded, encrypted, on the disk before the answer."""

from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid.kernel import images
from vssid.kernel.clock import now
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Label
from vssid.kernel.workshop import Workshop
from vssid.registration import drafts
from vssid.registration.drafts import OpenDraft
from vssid.registration.fields import Kind, Side
from vssid.registration.intake import stored, taken
from vssid.registration.pictures import look_of
from vssid.registration.steps.visit import both, first_step, missing_step, my_draft, window
from vssid.web import db, pages
from vssid.web.guards import public

bp = window("photos")


@both(bp.get, "/anh")
@public
def show(path: str) -> Response | AnyResponse:
    """Small forms, one a photo."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "photos")
    if missing:
        return redirect(missing, 303)
    workshop: Workshop = current_app.extensions["workshop"]
    workshop.warm()
    return _photo_page(draft)


def _photo_page(
    draft: OpenDraft | None, side: Side | None = None, error: Label | None = None, status: int = 200
) -> Response:
    context = _context(draft, side, error)
    if status != 200:
        return pages.refused("registration/photos.html", status=status, **context)
    return pages.page("registration/photos.html", **context)


def _context(draft: OpenDraft | None, failed: Side | None = None, error: Label | None = None) -> dict[str, Any]:
    sides = draft.sides if draft else ()
    needed = draft.content.kind.needed if draft else frozenset()
    path = draft.content.kind.value if draft else ""
    shown = {"draft": draft, "path": path, "sides": sides, "needed": needed, "failed": failed, "error": error}
    return {**shown, "edit_info": first_step(path, draft)}


@both(bp.post, "/anh/<side>")
@public
def save_photo(path: str, side: str) -> Response | AnyResponse:
    """Take one photo: bounded, re-encoded without metadata, encrypted, on the disk before the answer."""
    wanted = _side(path, side)
    draft = my_draft(path)
    if draft is None or draft.content.info is None:
        return redirect(first_step(path, draft), 303)
    photo = taken(request.files.get("photo"), str(draft.id))
    if not isinstance(photo, images.Photo):
        return _photo_page(draft, wanted, *photo)
    look = look_of(photo.preview)
    drafts.put_photo(db.session, draft.id, wanted, stored(photo), look, now())
    db.commit()
    return pages.after_post(
        None, url_for("photos.show", path=path), "registration/photos.html", **_context(my_draft(path))
    )


def _side(path: str, text: str) -> Side:
    return Side(text) if text in Kind(path).sides else abort(404)


@both(bp.get, "/anh/<side>/<uuid:id>.jpg")
@public
def preview(path: str, side: str, id: UUID) -> Response:
    """The small picture beside “Chụp lại”; never the full one, and only to the browser session that holds the draft."""
    draft = my_draft(path) or abort(404)
    photo = draft.photos.get(_side(path, side)) or abort(404)
    if photo.id != id:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    row = db.session.get_one(StoredFile, photo.preview_id)
    return Response(store.read(row), mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@both(bp.post, "/anh")
@public
def photos_done(path: str) -> Response:
    """On to step 3 once all that are needed are there."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "photos")
    if missing:
        return pages.after_post(None, missing)
    if draft is None or not draft.photos_complete:
        needed = Kind(path).needed
        lacking = next(side for side in Kind(path).sides if side in needed and (not draft or side not in draft.photos))
        return _photo_page(draft, lacking, N_("Còn thiếu ảnh này."), 422)
    return pages.after_post(None, url_for("offices.show", path=path))
