"""What an officer does with a run: send a file, agree to take it over, give it up."""

import hashlib
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from vssid.imports import undoing
from vssid.imports.actions import clear_away
from vssid.imports.models import ImportRun
from vssid.imports.rules import NOT_WAITING, State, Tag
from vssid.kernel import audit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer


def send(
    db: Session, store: FileStore, kind: str, name: str, body: bytes, *, as_of: date, by: Officer, at: datetime
) -> UUID:
    """Keep a file to be read; returns the run."""
    clear_away(db, at)
    file = store.put(db, body, "application/octet-stream", at)
    db.flush()
    run = ImportRun(
        id=uuid4(), kind=kind, file_digest=hashlib.sha256(body).hexdigest(), as_of=as_of, state=State.UPLOADED,
        counts={}, started_at=at, asked_by=by.id, file_name=name, file_id=file.id, total_bytes=len(body),
    )  # fmt: skip
    db.add(run)
    db.flush()
    audit.record(db, Tag.SENT, by.by, ("import_run", run.id), at, kind=kind, agency=by.agency_code)
    return run.id


def agree(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Take it over. Raises Refused unless it waits for that; of several who agree at once one does."""
    _move(db, id, State.AGREED, attempts=0, lease=None, leased_until=None, agreed_at=at)
    audit.record(db, Tag.AGREED, by.by, ("import_run", id), at, agency=by.agency_code)


def give_up(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Take nothing over. Raises Refused unless it waits for that."""
    _move(db, id, State.ABANDONED, sample=[], ended_at=at)
    audit.record(db, Tag.TRIED, by.by, ("import_run", id), at, agency=by.agency_code)
    clear_away(db, at)


def undo(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Have it taken back. Raises Refused when it is too late, or others have changed the same data since."""
    run = db.get(ImportRun, id)
    wrong = undoing.hindrance(db, run, at) if run is not None and run.state in undoing.ENDED else undoing.NOTHING
    if run is None or wrong is not None:
        raise Refused(wrong or undoing.NOTHING)
    run.state, run.refusal, run.attempts, run.lease, run.leased_until = State.UNDOING, None, 0, None, None
    audit.record(db, Tag.UNDO, by.by, ("import_run", id), at, agency=by.agency_code)


def _move(db: Session, id: UUID, state: State, **values: object) -> None:
    waits = ImportRun.id == id, ImportRun.state == State.STAGED, ImportRun.file_id.is_not(None)
    moved = update(table_of(ImportRun)).where(*waits).values(state=state, **values).returning(ImportRun.id)
    if db.execute(moved).first() is None:
        raise Refused(NOT_WAITING)
