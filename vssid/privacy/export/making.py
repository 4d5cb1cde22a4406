"""Copies of data: asked for on a page, made by `flask work` outside any transaction, destroyed after a day."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from flask import Flask, current_app
from sqlalchemy import Engine, Select, delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts import Account
from vssid.kernel import audit, leases
from vssid.kernel.audit import By
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import table_of
from vssid.privacy import messages
from vssid.privacy.export.archive import SECONDS, archive
from vssid.privacy.export.reading import Reading
from vssid.privacy.models import DataExport
from vssid.privacy.rules import EXPORT_LIFE, Tag
from vssid.registration import Surroundings, house
from vssid.web import db as web

log = structlog.get_logger()

LEASE = timedelta(seconds=SECONDS + 60)
MOST_ATTEMPTS = 3
BUSY = N_("Bản dữ liệu đang được tạo. Hãy đợi, thường dưới một phút.")
_WAITS = DataExport.state == "waiting"


def newest(db: Session, person_id: UUID) -> DataExport | None:
    """The last copy that was asked for."""
    query = select(DataExport).where(DataExport.person_id == person_id)
    return db.scalar(query.order_by(DataExport.requested_at.desc()).limit(1))


def request(db: Session, surroundings: Surroundings, account_id: UUID, language: str, *, by: By, at: datetime) -> None:
    """Have a copy made; the one before it goes, and every contact is told. Raises Refused while one is being made."""
    account = db.get_one(Account, account_id)
    last = newest(db, account.person_id)
    if last is not None and last.state == "waiting":
        raise Refused(BUSY)
    drop(db, select(DataExport).where(DataExport.person_id == account.person_id))
    wanted = {"id": uuid4(), "person_id": account.person_id, "account_id": account_id, "language": language}
    db.add(DataExport(state="waiting", attempts=0, requested_at=at, **wanted))
    audit.record(db, Tag.EXPORT_ASKED, by, ("person", account.person_id), at)
    messages.tell(db, surroundings, account, messages.EXPORT_ASKED, "export_asked", at)


def drop(db: Session, which: Select[DataExport]) -> int:
    """Destroy copies, files included; returns how many."""
    found = list(db.scalars(which))
    files = [one.file_id for one in found if one.file_id]
    db.execute(delete(table_of(DataExport)).where(DataExport.id.in_([one.id for one in found])))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    for one in found:
        db.expunge(one)
    return len(found)


def drop_old(db: Session, at: datetime) -> int:
    """Copies that are a day old; what was asked for a day ago and never made goes with them."""
    return drop(db, select(DataExport).where(DataExport.requested_at < at - EXPORT_LIFE).limit(200))


def claim(db: Session, at: datetime) -> DataExport | None:
    """Lease the one that has waited longest; what took three makers along is given up."""
    failed = {"state": "failed", "done_at": at}
    found: DataExport | None = leases.claim(
        db, DataExport, _WAITS, DataExport.requested_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
    )
    return found


def make_next(app: Flask, at: datetime) -> bool:
    """Make one copy that waits; False when none does. What fails three times is given up."""
    with app.app_context():
        engine = web.db.engine
        with unit(engine) as db:
            mine = claim(db, at)
        if mine is None:
            return False
        try:
            body = made(engine, mine.person_id, mine.language, at)
        except Exception as wrong:
            log.error("copy failed", id=str(mine.id), problem=type(wrong).__name__)
            if mine.attempts >= MOST_ATTEMPTS:
                with unit(engine) as db:
                    _settle(db, mine, state="failed", done_at=at)
            return True
        with unit(engine) as db:
            _keep(db, mine, body, at)
    return True


def made(engine: Engine, person_id: UUID, language: str, at: datetime) -> bytes:
    """The archive of a person as of now, in one reading; nothing is written."""
    store: FileStore = current_app.extensions["files"]
    with reading(engine) as db:
        return archive(db, store, Reading(db, person_id, at).all(), language)


def _keep(db: Session, mine: DataExport, body: bytes, at: datetime) -> None:
    store: FileStore = current_app.extensions["files"]
    file = store.put(db, body, "application/zip", at)
    db.flush()
    if not _settle(db, mine, state="done", file_id=file.id, done_at=at):
        db.delete(file)  # dropped, or made by another meanwhile
        return
    account = db.get_one(Account, mine.account_id)
    messages.tell(db, house(), account, messages.EXPORT_READY, "export_ready", at)


def _settle(db: Session, mine: DataExport, **values: object) -> bool:
    done = update(table_of(DataExport)).where(DataExport.id == mine.id, DataExport.lease == mine.lease, _WAITS)
    return db.execute(done.values(**values).returning(DataExport.id)).first() is not None
