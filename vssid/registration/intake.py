"""One photo from a citizen: bounded, re-encoded without metadata, encrypted, on the disk before its row commits."""

from flask import current_app
from werkzeug.datastructures import FileStorage

from vssid import accounts
from vssid.kernel import images
from vssid.kernel.clock import now
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.images import LARGEST_BYTES, Photo, Trouble
from vssid.kernel.labels import N_, Label
from vssid.kernel.limits import Limiter
from vssid.kernel.workshop import Workshop
from vssid.registration.rules import DRAFT_PHOTO_LIMIT, NETWORK_PHOTO_LIMIT
from vssid.web import db

IMAGE_SECONDS = 20
NO_PHOTO = N_("Chưa có ảnh nào được chọn.")
TOO_LARGE = N_("Ảnh lớn hơn 8 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp lại.")
TOO_OFTEN = N_("Gửi quá nhiều lần. Hãy đợi một lát rồi thử lại.")
_TROUBLES = {
    Trouble.NOT_A_PHOTO: N_("Tệp này không phải ảnh JPEG, PNG, WebP hoặc HEIC. Hãy chụp lại hoặc chọn ảnh khác."),
    Trouble.DAMAGED: N_("Ảnh bị hỏng, không mở được. Hãy chụp lại."),
    Trouble.TOO_MANY_PIXELS: N_("Ảnh quá lớn (trên 25 triệu điểm ảnh). Hãy giảm độ phân giải máy ảnh rồi chụp lại."),
    Trouble.TOO_SMALL: N_("Ảnh quá nhỏ, không đọc được. Hãy chụp lại gần hơn."),
}


def taken(upload: FileStorage | None, owner: str) -> Photo | tuple[Label, int]:
    """The photo of an upload, made small and clean; or why not, with the answer's status. Counts against `owner`."""
    data = upload.stream.read(LARGEST_BYTES + 1) if upload else b""
    if not data:
        return NO_PHOTO, 422
    if len(data) > LARGEST_BYTES:
        return TOO_LARGE, 413
    limiter: Limiter = current_app.extensions["limiter"]
    at = now()
    within = limiter.allow("photo", owner, *DRAFT_PHOTO_LIMIT, at) and limiter.allow(
        "photo-net", accounts.network(), *NETWORK_PHOTO_LIMIT, at
    )
    if not within:
        return TOO_OFTEN, 429
    workshop: Workshop = current_app.extensions["workshop"]
    photo: Photo | Trouble = workshop.run(IMAGE_SECONDS, images.prepare, data)
    return (_TROUBLES[photo], 422) if isinstance(photo, Trouble) else photo


def stored(photo: Photo) -> tuple[StoredFile, StoredFile]:
    """Picture and preview in the file store, within the request's unit of work."""
    store: FileStore = current_app.extensions["files"]
    picture, preview = (store.put(db.session, body, "image/jpeg", now()) for body in (photo.jpeg, photo.preview))
    return picture, preview
