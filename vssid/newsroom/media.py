"""Pictures, films and documents of articles: bounded, known by their first bytes, in the file store before their rows commit.

Nobody's secret: they lie encrypted because the store knows nothing else, and are given to everybody.
"""

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from vssid.kernel import audit, images
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.images import LARGEST_BYTES, Sizes, Trouble
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import table_of
from vssid.kernel.text import has_control_characters, one_line
from vssid.kernel.workshop import Workshop
from vssid.newsroom.actions import changed
from vssid.newsroom.models import Article, ArticlePicture
from vssid.newsroom.rules import (
    LARGEST_DOCUMENT,
    LARGEST_VIDEO,
    LONGEST_NAME,
    MOST_PICTURES,
    WIDTHS,
    Tag,
    document_type,
    video_type,
)
from vssid.officers import Officer

IMAGE_SECONDS = 20
# Of films and documents in the clear; 400 MB at most.
MOST_COPIES = 20
NO_FILE = N_("Hãy chọn tệp.")
TOO_LARGE_PICTURE = N_("Ảnh lớn hơn 8 MB. Hãy chọn ảnh nhỏ hơn.")
TOO_LARGE_VIDEO = N_("Video lớn hơn 20 MB. Hãy nén nhỏ lại, hoặc chỉ ghi địa chỉ nơi đăng video.")
TOO_LARGE_DOCUMENT = N_("Tệp PDF lớn hơn 8 MB. Hãy nén nhỏ lại.")
NO_VIDEO = N_("Tệp này không phải video MP4 hoặc WebM.")
NO_DOCUMENT = N_("Tệp này không phải PDF.")
NO_PICTURE = N_("Không còn ảnh này.")
TOO_MANY = N_("Bài đã có %(most)d ảnh. Hãy xoá bớt ảnh không dùng.", most=MOST_PICTURES)
_TROUBLES = {
    Trouble.NOT_A_PHOTO: N_("Tệp này không phải ảnh JPEG, PNG, WebP hoặc HEIC. Hãy chọn ảnh khác."),
    Trouble.DAMAGED: N_("Ảnh bị hỏng, không mở được. Hãy chọn ảnh khác."),
    Trouble.TOO_MANY_PIXELS: N_("Ảnh quá lớn (trên 25 triệu điểm ảnh). Hãy thu nhỏ ảnh rồi gửi lại."),
    Trouble.TOO_SMALL: N_("Ảnh quá nhỏ: mỗi cạnh phải từ 200 điểm ảnh."),
}


def store() -> FileStore:
    """Where files lie."""
    files: FileStore = current_app.extensions["files"]
    return files


def clear_copy(row: StoredFile) -> Path:
    """A film or document in the clear, in a file that a server hands out in parts without holding the whole.

    Phones fetch a film in many parts, each of which would be decrypted from its beginning. Copies that nobody has asked for
    longest make room. Raises Unreadable, and OSError when the disk is full.
    """
    path = _clear_place(row.id)
    folder = path.parent
    if path.exists():
        os.utime(path)
        return path
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)[: 1 - MOST_COPIES]:
        old.unlink(missing_ok=True)
    partial = folder / f"{uuid4().hex}.part"
    try:
        partial.write_bytes(store().read(row))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def drop_clear_copy(id: UUID) -> None:
    """What is shown no longer does not lie there in the clear."""
    _clear_place(id).unlink(missing_ok=True)


def _clear_place(id: UUID) -> Path:
    place: Path = current_app.config["DATA_DIR"] / "films" / id.hex
    return place


def _sent(upload: FileStorage | None, limit: int, too_large: Label) -> bytes:
    body = upload.stream.read(limit + 1) if upload else b""
    if not body:
        raise Refused(NO_FILE, "file")
    if len(body) > limit:
        raise Refused(too_large, "file")
    return body


def sent_picture(upload: FileStorage | None) -> Sizes:
    """The picture of an upload, re-encoded in the workshop without what the camera wrote about itself. Raises Refused."""
    body = _sent(upload, LARGEST_BYTES, TOO_LARGE_PICTURE)
    workshop: Workshop = current_app.extensions["workshop"]
    small, large = WIDTHS
    made: Sizes | Trouble = workshop.run(IMAGE_SECONDS, images.of_page, body, large, small)
    if isinstance(made, Trouble):
        raise Refused(_TROUBLES[made], "file")
    return made


def sent_video(upload: FileStorage | None) -> tuple[bytes, str]:
    """A film and its media type. Raises Refused."""
    body = _sent(upload, LARGEST_VIDEO, TOO_LARGE_VIDEO)
    kind = video_type(body[:64])
    if kind is None:
        raise Refused(NO_VIDEO, "file")
    return body, kind


def sent_document(upload: FileStorage | None) -> tuple[bytes, str, str]:
    """A document, its media type and a name of at most LONGEST_NAME signs. Raises Refused."""
    body = _sent(upload, LARGEST_DOCUMENT, TOO_LARGE_DOCUMENT)
    kind = document_type(body[:8])
    if kind is None:
        raise Refused(NO_DOCUMENT, "file")
    typed = "".join(sign for sign in (upload.filename or "" if upload else "") if not has_control_characters(sign))
    name = one_line(typed).replace("/", "-").replace("\\", "-")
    return body, kind, (name[: LONGEST_NAME - 4].removesuffix(".pdf") or "van-ban") + ".pdf"


def add_picture(db: Session, id: UUID, sizes: Sizes, alt: str, *, by: Officer, at: datetime) -> UUID:
    """Give an article a picture; returns its id. Raises Refused for one too many."""
    if (db.scalar(select(func.count()).where(ArticlePicture.article_id == id)) or 0) >= MOST_PICTURES:
        raise Refused(TOO_MANY, "file")
    picture_id = put_picture(db, id, sizes, alt, by.id, at)
    _note(db, Tag.PICTURE_ADDED, id, by, at, picture=str(picture_id))
    return picture_id


def put_picture(
    db: Session, id: UUID, sizes: Sizes, alt: str, added_by: UUID, at: datetime, *, cover: bool = False
) -> UUID:
    """Store a picture of an article, as its `cover` if wanted; returns its id."""
    large, small = (store().put(db, body, "image/jpeg", at) for body in (sizes.large, sizes.small))
    db.flush()
    picture = ArticlePicture(
        id=uuid4(), article_id=id, alt=alt, width=sizes.width, height=sizes.height, large_id=large.id,
        small_id=small.id, is_cover=cover, added_at=at, added_by=added_by,
    )  # fmt: skip
    db.add(picture)
    db.flush()
    return picture.id


def drop_picture(db: Session, id: UUID, picture_id: UUID, *, by: Officer, at: datetime) -> None:
    """Destroy a picture of an article; where a text still shows it, its words for the blind remain."""
    picture = _picture(db, id, picture_id)
    files = [picture.large_id, picture.small_id]
    db.delete(picture)
    db.flush()
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    _note(db, Tag.PICTURE_DROPPED, id, by, at, picture=str(picture_id))


def choose_cover(db: Session, id: UUID, picture_id: UUID, *, by: Officer, at: datetime) -> None:
    """Show this picture in lists, or no longer if it was the one."""
    chosen = not _picture(db, id, picture_id).is_cover
    pictures = table_of(ArticlePicture)
    db.execute(update(pictures).where(pictures.c.article_id == id, pictures.c.is_cover).values(is_cover=False))
    db.execute(update(pictures).where(pictures.c.id == picture_id).values(is_cover=chosen))
    _note(db, Tag.COVER_CHOSEN, id, by, at, picture=str(picture_id))


def _picture(db: Session, id: UUID, picture_id: UUID) -> ArticlePicture:
    found = db.get(ArticlePicture, picture_id)
    if found is None or found.article_id != id:
        raise Refused(NO_PICTURE)
    return found


def put_video(db: Session, id: UUID, body: bytes, media_type: str, *, by: Officer, at: datetime) -> None:
    """Play this film; the one before is destroyed."""
    article = changed(db, id, by, at)
    _replace(db, article, "video_file_id", store().put(db, body, media_type, at))
    _note(db, Tag.FILE_ADDED, id, by, at)


def put_document(db: Session, id: UUID, body: bytes, media_type: str, name: str, *, by: Officer, at: datetime) -> None:
    """Hang this document on an article; the one before is destroyed."""
    article = changed(db, id, by, at)
    article.attachment_name = name
    _replace(db, article, "attachment_id", store().put(db, body, media_type, at))
    _note(db, Tag.FILE_ADDED, id, by, at)


def drop_files(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Destroy film and document of an article."""
    article = changed(db, id, by, at)
    for column in ("video_file_id", "attachment_id"):
        _replace(db, article, column, None)
    article.attachment_name = ""
    _note(db, Tag.FILE_DROPPED, id, by, at)


def _replace(db: Session, article: Article, column: str, file: StoredFile | None) -> None:
    db.flush()
    before = getattr(article, column)
    setattr(article, column, file.id if file else None)
    db.flush()
    if before is not None:
        db.execute(delete(StoredFile).where(StoredFile.id == before))


def _note(db: Session, tag: Tag, id: UUID, by: Officer, at: datetime, **detail: str | int) -> None:
    audit.record(db, tag, by.by, ("article", id), at, agency=by.agency_code, **detail)
