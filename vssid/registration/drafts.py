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
from vssid.registration import pictures
from vssid.registration.fields import Guardian, Info, Kind, Office, Organisation, Side
from vssid.registration.models import DeclarationPhoto, Draft
from vssid.registration.rules import DRAFT_LIFE


@dataclass
class Content:
    """What a draft holds: texts as typed (`raw`), what QR codes said (`scans`, by kind of card), each step once checked.

    `in_account` is one for a child that was begun in a guardian's account.
    """

    kind: Kind = Kind.ADULT
    raw: dict[str, str] = field(default_factory=dict)
    scans: dict[str, dict[str, Any]] = field(default_factory=dict)
    info: Info | None = None
    office: Office | None = None
    in_account: bool = False


@dataclass
class OpenDraft:
    """A draft in the hands of its visitor."""

    id: UUID
    saved_at: datetime
    content: Content
    photos: dict[Side, DeclarationPhoto]

    @property
    def photos_complete(self) -> bool:
        """Whether all photos that this path needs are there."""
        return self.content.kind.needed <= set(self.photos)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The photos of this path, in order."""
        return self.content.kind.sides


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
    if info and info.get("guardian"):
        info["guardian"] = Guardian(**info["guardian"])
    if info and info.get("organisation"):
        info["organisation"] = Organisation(**info["organisation"])
    return Content(
        Kind(data.get("kind", Kind.ADULT)),
        data.get("raw", {}),
        data.get("scans", {}),
        Info(**info) if info else None,
        Office(**office) if office else None,
        data.get("in_account", False),
    )


def _pack(content: Content) -> str:
    return json.dumps(asdict(content), ensure_ascii=False)


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


def put_photo(
    db: Session, draft_id: UUID, side: Side, files: tuple[StoredFile, StoredFile], look: int, at: datetime
) -> None:
    """Set one photo of a draft; the one before is destroyed with its key."""
    db.get_one(Draft, draft_id).saved_at = at
    pictures.put(db, "draft_id", draft_id, side, files, look, at)


def discard(db: Session, draft_id: UUID) -> None:
    """Throw a draft and its photos away."""
    pictures.drop(db, select(DeclarationPhoto).where(DeclarationPhoto.draft_id == draft_id))
    db.execute(delete(Draft).where(Draft.id == draft_id))


def purge(db: Session, at: datetime) -> None:
    """Throw away drafts that ran out."""
    for id in db.scalars(select(Draft.id).where(Draft.expires_at < at).limit(500)):
        discard(db, id)
