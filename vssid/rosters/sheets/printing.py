"""Sheets to print: asked for on a page, made in the background, kept encrypted for a week.

Making one for 2,000 people takes some ten seconds and 250 MB. It happens outside any transaction, in a child process that
ends with the work, so that neither the web server nor the mail with form 01 waits for it.
"""

from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

import structlog
from flask import Flask, current_app
from sqlalchemy import Engine, Select, delete, select, update
from sqlalchemy.orm import Session

from vssid import organisations
from vssid.kernel import audit, leases
from vssid.kernel.audit import By
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.rows import table_of
from vssid.kernel.workshop import PDF, Workshop
from vssid.records import PartialDate
from vssid.rosters import queries
from vssid.rosters.models import Roster, RosterPrint, RosterRow
from vssid.rosters.rules import ROW_CODE_MARK, Tag, spoken_row_code
from vssid.web import db as web
from vssid.web import pages, qr

log = structlog.get_logger()

PRINT_LIFE = timedelta(days=7)
SECONDS = 240
LEASE = timedelta(seconds=SECONDS + 60)
MOST_ATTEMPTS = 3
_WAITS = RosterPrint.state == "waiting"


def newest(db: Session, roster_id: UUID) -> RosterPrint | None:
    """The last print that was asked for."""
    query = select(RosterPrint).where(RosterPrint.roster_id == roster_id)
    return db.scalar(query.order_by(RosterPrint.requested_at.desc()).limit(1))


def request(db: Session, roster: Roster, *, by: By, at: datetime) -> None:
    """Have the sheets made; while they are being made a second wish changes nothing. The print before it goes."""
    last = newest(db, roster.id)
    if last is not None and last.state == "waiting":
        return
    drop(db, select(RosterPrint).where(RosterPrint.roster_id == roster.id))
    db.add(RosterPrint(id=uuid4(), roster_id=roster.id, state="waiting", attempts=0, people=0, requested_at=at))
    audit.record(db, Tag.PRINTED, by, ("roster", roster.id), at)


def drop(db: Session, which: Select[RosterPrint]) -> int:
    """Destroy prints, files included; returns how many."""
    found = list(db.scalars(which))
    files = [one.file_id for one in found if one.file_id]
    db.execute(delete(table_of(RosterPrint)).where(RosterPrint.id.in_([one.id for one in found])))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    return len(found)


def drop_old(db: Session, at: datetime) -> int:
    """Prints that are a week old."""
    return drop(db, select(RosterPrint).where(RosterPrint.requested_at < at - PRINT_LIFE).limit(200))


def claim(db: Session, at: datetime) -> RosterPrint | None:
    """Lease the one that has waited longest; what took three makers along is given up."""
    failed = {"state": "failed", "done_at": at}
    found: RosterPrint | None = leases.claim(
        db, RosterPrint, _WAITS, RosterPrint.requested_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
    )
    return found


def make_next(app: Flask, at: datetime) -> bool:
    """Make one print that waits; False when none does. What fails three times is given up."""
    with app.app_context():
        engine = web.db.engine
        with unit(engine) as db:
            mine = claim(db, at)
        if mine is None:
            return False
        try:
            body, people = _made(engine, mine)
        except Exception as wrong:
            log.error("print failed", id=str(mine.id), problem=type(wrong).__name__)
            if mine.attempts >= MOST_ATTEMPTS:
                with unit(engine) as db:
                    _settle(db, mine, state="failed", done_at=at)
            return True
        store: FileStore = current_app.extensions["files"]
        with unit(engine) as db:
            file = store.put(db, body, "application/pdf", at)
            db.flush()
            if not _settle(db, mine, state="done", file_id=file.id, people=people, done_at=at):
                db.delete(file)  # deleted, or made by another meanwhile
    return True


def _made(engine: Engine, mine: RosterPrint) -> tuple[bytes, int]:
    with reading(engine) as db:
        roster = db.get_one(Roster, mine.roster_id)
        rows = queries.all_rows(db, roster.id)
        html = sheets_html(db, roster, rows)
    workshop = Workshop()
    try:
        body: bytes = workshop.run_named(SECONDS, PDF, html)
    finally:
        workshop.close()
    return body, len(rows)


def sheets_html(db: Session, roster: Roster, rows: list[RosterRow]) -> str:
    """All sheets as one self-contained document; no mã số stands on them, for a whole class sees them."""
    organisation = organisations.by_id(db, roster.organisation_id)
    classes = [
        {"name": group[0].class_name or "Chưa chia lớp/tổ", "rows": [_printed(row) for row in group]}
        for group in (list(found) for _key, found in groupby(rows, lambda row: row.class_key))
    ]
    return pages.paper(
        "rosters/sheets.html",
        organisation=organisation.name if organisation else "",
        title=roster.title,
        address=f"{current_app.config['SETTINGS'].public_url}/dang-ky",
        classes=classes,
    )


def _printed(row: RosterRow) -> dict[str, str]:
    return {
        "name": row.full_name,
        "birth": PartialDate.parse(row.birth_date).vn(),
        "code": spoken_row_code(row.code),
        "png": qr.png_uri(ROW_CODE_MARK + row.code),
    }


def _settle(db: Session, mine: RosterPrint, **values: object) -> bool:
    done = update(table_of(RosterPrint)).where(RosterPrint.id == mine.id, RosterPrint.lease == mine.lease, _WAITS)
    return db.execute(done.values(**values).returning(RosterPrint.id)).first() is not None
