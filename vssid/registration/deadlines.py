"""What time does to declarations: reminders, the lapse after the tenth day, photos that are no longer needed.

Each works off what is due, so a stop of any length only makes it late, never twice.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import SYSTEM
from vssid.registration import messages, pictures
from vssid.registration.fields import Side
from vssid.registration.models import Declaration
from vssid.registration.rules import PHOTOS_KEPT, REMINDERS, RETURNED_DAYS, Status, Tag
from vssid.registration.signed import actions as signed
from vssid.registration.surroundings import Surroundings

BATCH = 200


def lapse(db: Session, house: Surroundings, today: date, at: datetime) -> int:
    """Cancel declarations whose last day is over and whose paper has not come; returns how many.

    While items are returned the days do not count, but what nobody mends for `RETURNED_DAYS` lapses too.
    """
    over = select(Declaration).where(Declaration.status == Status.WAITING, Declaration.lapses_on < today).limit(BATCH)
    forgotten = select(Declaration).where(
        Declaration.status == Status.RETURNED,
        Declaration.paused_on < today - timedelta(days=RETURNED_DAYS),
        Declaration.paper_at.is_(None),
    )
    due = [*db.scalars(over), *db.scalars(forgotten.limit(BATCH))]
    for declaration in due:
        declaration.status, declaration.decided_at = Status.LAPSED, at
        messages.send_sms(db, house.keyring, "lapsed", declaration, at, at + timedelta(days=3))
        messages.send_mail(db, house.keyring, "lapsed", declaration, at, house.url)
        audit.record(db, Tag.LAPSED, SYSTEM, ("declaration", declaration.id), at)
    return len(due)


def remind(db: Session, house: Surroundings, today: date, at: datetime) -> int:
    """Remind those who agreed to it on the fifth and the eighth day; returns how many.

    After a stop that swallowed both, one reminder is sent: the later.
    """
    count = 0
    for number, days_before in reversed(list(enumerate(REMINDERS, 1))):
        due = select(Declaration).where(
            Declaration.status == Status.WAITING,
            Declaration.lapses_on <= today + timedelta(days=days_before),
            Declaration.lapses_on >= today,
            Declaration.wants_reminders,
            Declaration.reminders_sent < number,
        )
        for declaration in db.scalars(due.limit(BATCH)):
            declaration.reminders_sent = number
            messages.send_sms(db, house.keyring, "remind", declaration, at, at + timedelta(days=1))
            messages.send_mail(db, house.keyring, "remind", declaration, at, house.url)
            count += 1
        db.flush()
    return count


def remove_old_photos(db: Session, at: datetime) -> int:
    """Destroy photos, scans and signed forms 90 days after the end; an approved portrait stays with its person."""
    over = select(Declaration).where(Declaration.decided_at < at - PHOTOS_KEPT, Declaration.photos_removed_at.is_(None))
    count = 0
    for declaration in list(db.scalars(over.limit(BATCH))):
        keep = Side.PORTRAIT if declaration.status == Status.APPROVED else None
        declaration.photos_removed_at, declaration.scans = at, ""
        if pictures.drop_of(db, declaration.id, keep) + signed.drop_files(db, declaration.id):
            audit.record(db, Tag.PHOTOS_REMOVED, SYSTEM, ("declaration", declaration.id), at)
            count += 1
    return count
