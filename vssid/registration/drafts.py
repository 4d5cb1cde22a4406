"""Drafts: what a visitor has filled in, kept on the server after every step and found again by a cookie."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vssid.kernel.crypto import Keyring, Unreadable, digest, token
from vssid.kernel.files import StoredFile
from vssid.registration.models import DeclarationPhoto, Draft
from vssid.registration.rules import DRAFT_LIFE, Info, Office, Side


@dataclass
class Content:
    """What a draft holds: texts as typed (`raw`), and each step once it was checked."""

    raw: dict[str, str] = field(default_factory=dict)
    info: Info | None = None
    office: Office | None = None


@dataclass
class OpenDraft:
    """A draft in the hands of its visitor."""

    id: UUID
    saved_at: datetime
    content: Content
    photos: dict[Side, DeclarationPhoto]

    @property
    def photos_complete(self) -> bool:
        """Whether all three photos are there."""
        return set(Side) <= set(self.photos)


def find(db: Session, keyring: Keyring, secret: str | None, at: datetime) -> OpenDraft | None:
    """The draft of this cookie, if it has not run out."""
    if not secret:
        return None
    row = db.scalar(select(Draft).where(Draft.token_digest == digest(secret), Draft.expires_at > at))
    if row is None:
        return None
    try:
        content = _unpack(keyring.open_text(row.sealed, f"draft {row.id}"))
    except Unreadable:
        return None
    photos = db.scalars(select(DeclarationPhoto).where(DeclarationPhoto.draft_id == row.id))
    return OpenDraft(row.id, row.saved_at, content, {Side(photo.side): photo for photo in photos})


def _unpack(text: str) -> Content:
    data: dict[str, Any] = json.loads(text)
    info, office = data.get("info"), data.get("office")
    return Content(data.get("raw", {}), Info(**info) if info else None, Office(**office) if office else None)


def _pack(content: Content) -> str:
    packed: dict[str, Any] = {"raw": content.raw}
    if content.info:
        packed["info"] = asdict(content.info)
    if content.office:
        packed["office"] = asdict(content.office)
    return json.dumps(packed, ensure_ascii=False)


def create(db: Session, keyring: Keyring, content: Content, at: datetime) -> str:
    """Start a draft; returns the secret for the cookie."""
    id, secret = uuid4(), token()
    sealed = keyring.seal_text(_pack(content), f"draft {id}")
    db.add(
        Draft(id=id, token_digest=digest(secret), sealed=sealed, created_at=at, saved_at=at, expires_at=at + DRAFT_LIFE)
    )
    db.flush()
    return secret


def save(db: Session, keyring: Keyring, id: UUID, content: Content, at: datetime) -> None:
    """Write the draft's texts anew; it lives another seven days."""
    row = db.get_one(Draft, id)
    row.sealed = keyring.seal_text(_pack(content), f"draft {id}")
    row.saved_at, row.expires_at = at, at + DRAFT_LIFE


def put_photo(db: Session, draft_id: UUID, side: Side, file: StoredFile, preview: StoredFile, at: datetime) -> None:
    """Set one photo of a draft; the one before is destroyed with its key."""
    db.get_one(Draft, draft_id).saved_at = at
    _drop_photos(
        db, select(DeclarationPhoto).where(DeclarationPhoto.draft_id == draft_id, DeclarationPhoto.side == side)
    )
    db.add(
        DeclarationPhoto(
            id=uuid4(),
            draft_id=draft_id,
            declaration_id=None,
            side=side,
            file_id=file.id,
            preview_id=preview.id,
            saved_at=at,
        )
    )


def _drop_photos(db: Session, query: Any) -> int:
    photos = list(db.scalars(query))
    files = [id for photo in photos for id in (photo.file_id, photo.preview_id)]
    for photo in photos:
        db.delete(photo)
    db.flush()
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    return len(photos)


def discard(db: Session, draft_id: UUID) -> None:
    """Throw a draft and its photos away."""
    _drop_photos(db, select(DeclarationPhoto).where(DeclarationPhoto.draft_id == draft_id))
    db.execute(delete(Draft).where(Draft.id == draft_id))


def purge(db: Session, at: datetime) -> None:
    """Throw away drafts that ran out."""
    for id in db.scalars(select(Draft.id).where(Draft.expires_at < at).limit(500)):
        discard(db, id)


def drop_photos_of(db: Session, declaration_id: UUID, keep: Side | None) -> int:
    """Destroy the photos of a declaration, except `keep`; returns how many."""
    query = select(DeclarationPhoto).where(DeclarationPhoto.declaration_id == declaration_id)
    return _drop_photos(db, query.where(DeclarationPhoto.side != keep) if keep else query)
