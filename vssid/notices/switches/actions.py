"""A service is switched off, its stop changed, and on again; what is over is forgotten."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import delete
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.notices.switches.models import ServiceStop
from vssid.notices.switches.rules import RACED, Tag, check_until
from vssid.notices.words import FiveWords
from vssid.officers import Officer


def switch_off(
    db: Session, service: str, version: int, words: FiveWords, until: datetime, *, by: Officer, at: datetime
) -> None:
    """Let a service rest until `until`, or change words and time of one that does.

    `version` is 0 for one that works. Raises Refused for a time too long, and where somebody else was faster.
    """
    check_until(until, at)
    found = _found(db, service, version, at)
    if found is None:
        db.add(ServiceStop(service=service, since=at, until=until, version=1, changed_by=by.id, **words.columns))
    else:
        found.until, found.version, found.changed_by = until, found.version + 1, by.id
        for name, text in words.columns.items():
            setattr(found, name, text)
    seconds = int((until - at).total_seconds())
    audit.record(db, Tag.CHANGED if found else Tag.OFF, by.by, _subject(service), at, service=service, seconds=seconds)


def switch_on(db: Session, service: str, version: int, *, by: Officer, at: datetime) -> None:
    """Let it work again. Raises Refused where somebody else was faster."""
    found = _found(db, service, version, at)
    if found is None:
        raise Refused(RACED)
    db.delete(found)
    audit.record(db, Tag.ON, by.by, _subject(service), at, service=service)


def _found(db: Session, service: str, version: int, at: datetime) -> ServiceStop | None:
    found = db.get(ServiceStop, service, populate_existing=True)
    if found is not None and found.until <= at:
        db.delete(found)
        db.flush()
        found = None
    if (found.version if found else 0) != version:
        raise Refused(RACED)
    return found


def _subject(service: str) -> tuple[str, UUID]:
    """Services have keys, the audit ids: one id a key, so that a service's history is found."""
    return "service", uuid5(NAMESPACE_URL, f"service:{service}")


def forget_over(db: Session, at: datetime) -> None:
    """Drop stops whose time is over."""
    db.execute(delete(table_of(ServiceStop)).where(ServiceStop.until <= at))
