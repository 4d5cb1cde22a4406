"""Looking up is an act: who asked, when, and whether they were told."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.lookups import queries
from vssid.lookups.rules import Asked, Brake, Tag, answer


def find_ma_so(db: Session, asked: Asked, *, by: By, at: datetime) -> str | None:
    """The ten digits, or None. The audit names whom they belong to only when they were told."""
    id, known = queries.known_by_paper(db, asked)
    ma_so = answer(asked, known)
    audit.record(db, Tag.FOUND if ma_so else Tag.NOT_FOUND, by, ("person", id if ma_so else None), at)
    return ma_so


def note_brake(db: Session, brake: Brake, *, by: By, at: datetime) -> None:
    """A look-up was refused before the register was asked."""
    audit.record(db, Tag.TOO_OFTEN, by, ("person", None), at, limit=brake.value)
