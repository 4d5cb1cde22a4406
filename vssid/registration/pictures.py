"""The photos of drafts and declarations, and how a portrait that was sent before is recognised."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from vssid.kernel.files import StoredFile
from vssid.registration.fields import Side
from vssid.registration.models import DeclarationPhoto, PortraitBand

BANDS, BAND_BITS = 4, 16
# Of 64 signs. Shrinking and saving anew changes one or two; other pictures differ in some thirty.
ALIKE_WITHIN = 6


def look_of(jpeg: bytes) -> int:
    """A 64-bit hash of the whole picture (difference of neighbours, 9 × 8 grey): no measure of a face."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        small = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    grey = small.tobytes()
    look = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            look = look << 1 | (grey[at] < grey[at + 1])
    return look


def bands_of(look: int) -> list[int]:
    """The four quarters of a hash: two that differ in at most three signs share at least one."""
    return [look >> (BAND_BITS * band) & (1 << BAND_BITS) - 1 for band in range(BANDS)]


def put(
    db: Session, owner: str, owner_id: UUID, side: Side, files: tuple[StoredFile, StoredFile], look: int, at: datetime
) -> None:
    """Set one photo of a draft or declaration (`owner` is 'draft_id' or 'declaration_id'); the one before is destroyed."""
    column = getattr(DeclarationPhoto, owner)
    drop(db, select(DeclarationPhoto).where(column == owner_id, DeclarationPhoto.side == side))
    ids: dict[str, UUID | None] = {"draft_id": None, "declaration_id": None, owner: owner_id}
    photo = DeclarationPhoto(id=uuid4(), side=side, file_id=files[0].id, preview_id=files[1].id, saved_at=at, **ids)
    db.add(photo)
    db.flush()
    if side is Side.PORTRAIT:
        db.add_all(PortraitBand(band=band, bits=bits, photo_id=photo.id) for band, bits in enumerate(bands_of(look)))


def drop(db: Session, query: Any) -> int:
    """Destroy photos with their files' keys; returns how many."""
    photos = list(db.scalars(query))
    files = [id for photo in photos for id in (photo.file_id, photo.preview_id)]
    db.execute(delete(PortraitBand).where(PortraitBand.photo_id.in_([photo.id for photo in photos])))
    for photo in photos:
        db.delete(photo)
    db.flush()
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    return len(photos)


def drop_of(db: Session, declaration_id: UUID, keep: Side | None) -> int:
    """Destroy the photos of a declaration, except `keep`; returns how many."""
    query = select(DeclarationPhoto).where(DeclarationPhoto.declaration_id == declaration_id)
    return drop(db, query.where(DeclarationPhoto.side != keep) if keep else query)


def alike(db: Session, declaration_id: UUID) -> list[UUID]:
    """Other declarations whose portrait is nearly the same picture."""
    mine = (
        select(PortraitBand)
        .join(DeclarationPhoto, DeclarationPhoto.id == PortraitBand.photo_id)
        .where(DeclarationPhoto.declaration_id == declaration_id, DeclarationPhoto.side == Side.PORTRAIT)
    )
    own = {row.band: row.bits for row in db.scalars(mine)}
    if len(own) < BANDS:
        return []
    shared = or_(*((PortraitBand.band == band) & (PortraitBand.bits == bits) for band, bits in own.items()))
    candidates = list(db.scalars(select(PortraitBand.photo_id).where(shared).distinct().limit(200)))
    rows = db.execute(
        select(DeclarationPhoto.declaration_id, PortraitBand.band, PortraitBand.bits)
        .join(DeclarationPhoto, DeclarationPhoto.id == PortraitBand.photo_id)
        .where(PortraitBand.photo_id.in_(candidates))
    )
    apart: dict[UUID, int] = {}
    for id, band, bits in rows:
        if id is None:
            continue
        apart[id] = apart.get(id, 0) + (bits ^ own[band]).bit_count()
    return [id for id, signs in apart.items() if signs <= ALIKE_WITHIN and id != declaration_id]
