"""Step 2, Ảnh: each photo is its own small saved step, bounded, re-encoded, encrypted, on the disk before the answer."""

from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts
from vssid.kernel import images
from vssid.kernel.clock import now
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.images import LARGEST_BYTES, Trouble
from vssid.kernel.labels import N_, Label
from vssid.kernel.workshop import Workshop
from vssid.registration import drafts
from vssid.registration.drafts import OpenDraft
from vssid.registration.forms import PhotoForm
from vssid.registration.rules import DRAFT_PHOTO_LIMIT, NETWORK_PHOTO_LIMIT, Side
from vssid.registration.visit import TOO_OFTEN, allowed, missing_step, my_draft, window
from vssid.web import db, pages
from vssid.web.guards import public

bp = window("photos")

IMAGE_SECONDS = 20
_TROUBLES = {
    Trouble.NOT_A_PHOTO: N_("Tệp này không phải ảnh JPEG, PNG hoặc WebP. Hãy chụp lại hoặc chọn ảnh khác."),
    Trouble.DAMAGED: N_("Ảnh bị hỏng, không mở được. Hãy chụp lại."),
    Trouble.TOO_MANY_PIXELS: N_("Ảnh quá lớn (trên 25 triệu điểm ảnh). Hãy giảm độ phân giải máy ảnh rồi chụp lại."),
    Trouble.TOO_SMALL: N_("Ảnh quá nhỏ, không đọc được. Hãy chụp lại gần hơn."),
}
TOO_LARGE = N_("Ảnh lớn hơn 8 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp lại.")


@bp.get("/ca-nhan/anh")
@public
def show() -> Response | AnyResponse:
    """Three small forms, one a photo."""
    draft = my_draft()
    missing = missing_step(draft, "photos")
    if missing:
        return redirect(url_for(missing), 303)
    workshop: Workshop = current_app.extensions["workshop"]
    workshop.warm()
    return _photo_page(draft)


def _photo_page(
    draft: OpenDraft | None, side: Side | None = None, error: Label | None = None, status: int = 200
) -> Response:
    context: dict[str, Any] = {"draft": draft, "sides": list(Side), "failed": side, "error": error}
    if status != 200:
        return pages.refused("registration/photos.html", status=status, **context)
    return pages.page("registration/photos.html", **context)


@bp.post("/ca-nhan/anh/<side>")
@public
def save_photo(side: str) -> Response | AnyResponse:
    """Take one photo: bounded, re-encoded without metadata, encrypted, on the disk before the answer."""
    wanted = _side(side)
    draft = my_draft()
    if draft is None or draft.content.info is None:
        return redirect(url_for("registration.info"), 303)
    form = PhotoForm()
    upload = request.files.get(form.photo.name)
    data = upload.stream.read(LARGEST_BYTES + 1) if upload else b""
    if not data:
        return _photo_page(draft, wanted, N_("Chưa có ảnh nào được chọn."), 422)
    if len(data) > LARGEST_BYTES:
        return _photo_page(draft, wanted, TOO_LARGE, 413)
    within = allowed("photo", str(draft.id), DRAFT_PHOTO_LIMIT) and allowed(
        "photo-net", accounts.network(), NETWORK_PHOTO_LIMIT
    )
    if not within:
        return _photo_page(draft, wanted, TOO_OFTEN, 429)
    workshop: Workshop = current_app.extensions["workshop"]
    photo = workshop.run(IMAGE_SECONDS, images.prepare, data)
    if isinstance(photo, Trouble):
        return _photo_page(draft, wanted, _TROUBLES[photo], 422)
    store: FileStore = current_app.extensions["files"]
    files = [store.put(db.session, body, "image/jpeg", now()) for body in (photo.jpeg, photo.preview)]
    drafts.put_photo(db.session, draft.id, wanted, files[0], files[1], now())
    db.commit()
    return pages.after_post(None, url_for("photos.show"), "registration/photos.html", **_fresh_photos())


def _fresh_photos() -> dict[str, Any]:
    return {"draft": my_draft(), "sides": list(Side), "failed": None, "error": None}


def _side(text: str) -> Side:
    return Side(text) if text in list(Side) else abort(404)


@bp.get("/ca-nhan/anh/<side>/<uuid:id>.jpg")
@public
def preview(side: str, id: UUID) -> Response:
    """The small picture beside “Chụp lại”; never the full one, and only to the browser session that holds the draft."""
    draft = my_draft() or abort(404)
    photo = draft.photos.get(_side(side)) or abort(404)
    if photo.id != id:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    row = db.session.get_one(StoredFile, photo.preview_id)
    return Response(store.read(row), mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@bp.post("/ca-nhan/anh")
@public
def photos_done() -> Response:
    """On to step 3 once all three are there."""
    draft = my_draft()
    missing = missing_step(draft, "photos")
    if missing:
        return pages.after_post(None, url_for(missing))
    if draft is None or not draft.photos_complete:
        lacking = next(side for side in Side if draft is None or side not in draft.photos)
        return _photo_page(draft, lacking, N_("Còn thiếu ảnh này."), 422)
    return pages.after_post(None, url_for("offices.show"))
