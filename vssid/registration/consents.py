"""What withdrawing a consent stops in this room: reminders of what is still open, photos of what is decided."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.rows import table_of
from vssid.registration import pictures
from vssid.registration.fields import Side
from vssid.registration.models import Declaration
from vssid.registration.rules import Status, Tag
from vssid.registration.signed import actions as signed

MOST = 50
_REMINDED = (Status.WAITING, Status.RECEIVED, Status.RETURNED)


def set_reminders(db: Session, person_id: UUID, numbers: Sequence[str], phone: str, *, wanted: bool) -> int:
    """Remind of the open declarations that this person has sent, for themselves or a child, or no longer; how many."""
    sent = or_(Declaration.guardian_person_id == person_id, _own(person_id, numbers, phone))
    changed = update(table_of(Declaration)).where(sent, Declaration.status.in_(_REMINDED))
    return len(db.execute(changed.values(wants_reminders=wanted).returning(Declaration.id)).all())


def drop_photos(db: Session, person_id: UUID, numbers: Sequence[str], phone: str, *, by: By, at: datetime) -> int:
    """Destroy now what would be destroyed 90 days after the decision; an approved portrait stays on the card.

    Returns of how many declarations something was left to destroy.
    """
    mine = select(Declaration).where(
        _own(person_id, numbers, phone), Declaration.decided_at.is_not(None), Declaration.photos_removed_at.is_(None)
    )
    count = 0
    for declaration in list(db.scalars(mine.limit(MOST))):
        keep = Side.PORTRAIT if declaration.status == Status.APPROVED else None
        declaration.photos_removed_at, declaration.scans = at, ""
        if pictures.drop_of(db, declaration.id, keep) + signed.drop_files(db, declaration.id):
            audit.record(db, Tag.PHOTOS_REMOVED, by, ("declaration", declaration.id), at)
            count += 1
    return count


def _own(person_id: UUID, numbers: Sequence[str], phone: str) -> ColumnElement[bool]:
    """Declarations that opened the account, or name its mã số and its proven phone: anybody can type a mã số."""
    named = and_(Declaration.ma_so_bhxh.in_(numbers), Declaration.phone == phone)
    return or_(Declaration.person_id == person_id, named) if phone else Declaration.person_id == person_id
