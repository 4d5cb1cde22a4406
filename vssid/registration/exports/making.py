"""The files: made by `flask work` outside any transaction, kept encrypted, destroyed after a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask import Flask, current_app
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel import audit, leases
from vssid.kernel.audit import SYSTEM
from vssid.kernel.clock import day_of
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.rows import table_of
from vssid.kernel.tables import csv_bytes
from vssid.kernel.text import masked
from vssid.registration.exports import queries
from vssid.registration.exports.models import DeclarationExport
from vssid.registration.exports.queries import Wanted
from vssid.registration.exports.rules import COLUMNS, FILE_LIFE, KEPT, MOST_ROWS, WISH_LIFE, State, Tag
from vssid.registration.fields import Kind
from vssid.registration.rules import Status
from vssid.web import db as web
from vssid.web.i18n import say_in

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
MEDIA_TYPE = "text/csv"
_AGREED = DeclarationExport.state == State.AGREED


class TooMany(Exception):
    """More rows than a file may hold have come since it was asked for."""


def claim(db: Session, at: datetime) -> DeclarationExport | None:
    """Lease the one that has waited longest; what took three makers along is given up."""
    failed = {"state": State.FAILED, "done_at": at}
    found: DeclarationExport | None = leases.claim(
        db, DeclarationExport, _AGREED, DeclarationExport.asked_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
    )
    return found


def make_next(app: Flask, at: datetime) -> bool:
    """Make one file that was agreed to; False when none waits. What fails three times, or grew too long, is given up."""
    with app.app_context():
        engine = web.db.engine
        with unit(engine) as db:
            mine = claim(db, at)
        if mine is None:
            return False
        try:
            body, rows = made(engine, Wanted.of(mine))
        except Exception as wrong:
            log.error("export failed", id=str(mine.id), problem=type(wrong).__name__)
            if mine.attempts >= MOST_ATTEMPTS or isinstance(wrong, TooMany):
                with unit(engine) as db:
                    _settle(db, mine, state=State.FAILED, done_at=at)
            return True
        with unit(engine) as db:
            _keep(db, mine, body, rows, at)
    return True


def made(engine: Engine, wanted: Wanted) -> tuple[bytes, int]:
    """The CSV as of now, in one reading, and how many declarations it holds. Raises TooMany."""
    table = Table()
    with reading(engine) as db:
        return csv_bytes(table.lines(db, wanted)), table.rows


class Table:
    """The lines of a file; `rows` counts the declarations among them as they go by."""

    def __init__(self) -> None:
        """Nothing has gone by yet."""
        self.rows = 0

    def lines(self, db: Session, wanted: Wanted) -> Iterator[tuple[str, ...]]:
        """The header, then one line a declaration; words are Vietnamese, days are Vietnam's."""
        yield COLUMNS
        names = {code: _agency(db, code) for code in wanted.agencies}
        officers: dict[UUID, str] = {}
        for row in queries.declarations(db, wanted):
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise TooMany
            if row.decided_by and row.decided_by not in officers:
                officers |= queries.officer_codes(db, {row.decided_by})
            yield (
                row.code, say_in("vi", Kind(row.kind).label), row.full_name, masked(row.ma_so_bhxh, 4, 2),
                _day(row.sent_at), say_in("vi", Status(row.status).label), _day(row.paper_at), _day(row.decided_at),
                officers.get(row.decided_by, ""), names[row.agency_code],
            )  # fmt: skip


def _agency(db: Session, code: str) -> str:
    found = directory.agency(db, code)
    return f"{code} {found.name}" if found else code


def _day(moment: datetime | None) -> str:
    return f"{day_of(moment):%d/%m/%Y}" if moment else ""


def _keep(db: Session, mine: DeclarationExport, body: bytes, rows: int, at: datetime) -> None:
    store: FileStore = current_app.extensions["files"]
    file = store.put(db, body, MEDIA_TYPE, at)
    db.flush()
    if not _settle(db, mine, state=State.MADE, file_id=file.id, rows=rows, done_at=at):
        db.delete(file)  # made by another meanwhile
        return
    audit.record(db, Tag.MADE, SYSTEM, ("export", mine.id), at, rows=rows)


def _settle(db: Session, mine: DeclarationExport, **values: object) -> bool:
    done = update(table_of(DeclarationExport)).where(
        DeclarationExport.id == mine.id, DeclarationExport.lease == mine.lease, _AGREED
    )
    return db.execute(done.values(**values).returning(DeclarationExport.id)).first() is not None


def drop_old(db: Session, at: datetime) -> int:
    """Destroy files that are a day old; returns how many. Wishes that nobody answered for a week end as well."""
    old = select(DeclarationExport).where(DeclarationExport.state == State.MADE)
    found = list(db.scalars(old.where(DeclarationExport.done_at < at - FILE_LIFE).limit(200)))
    files = [one.file_id for one in found if one.file_id]
    gone = update(table_of(DeclarationExport)).where(DeclarationExport.id.in_([one.id for one in found]))
    db.execute(gone.values(state=State.GONE, file_id=None))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    unanswered = update(table_of(DeclarationExport)).where(DeclarationExport.state == State.ASKED)
    db.execute(unanswered.where(DeclarationExport.asked_at <= at - WISH_LIFE).values(state=State.WITHDRAWN))
    done = delete(table_of(DeclarationExport)).where(DeclarationExport.asked_at < at - KEPT)
    db.execute(done.where(DeclarationExport.file_id.is_(None), DeclarationExport.state != State.AGREED))
    return len(found)
