"""Files from the desk, read and taken over by `flask work`: leased, so that a restart begins the same step again.

A file lies decrypted, readable by its owner only, as long as it is being read.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy import Engine, case, delete, func, literal, select, update
from sqlalchemy.orm import Session

from vssid.imports import actions, undoing
from vssid.imports.actions import Job
from vssid.imports.desk import columns
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import FILE_KEPT, GOING_ON, SHOWN_CHANGES, State, Tag, Tally
from vssid.imports.ways import Way, job_of, way_of
from vssid.kernel import leases
from vssid.kernel.audit import SYSTEM, ActorKind, By
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import UtcDateTime, reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused, packed
from vssid.kernel.rows import Counts, table_of
from vssid.web import db as web

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
GONE = N_("Các dòng đã đọc không còn đủ. Hãy gửi lại tệp.")
MOST_ATTEMPTS = 3
DROPPED_AT_ONCE = 100
_RUNS = table_of(ImportRun)
_READS = ImportRun.state.in_([State.UPLOADED, State.STAGING, State.AGREED]) & ImportRun.file_id.is_not(None)
_WAITS = _READS | (ImportRun.state == State.UNDOING)


def make_next(app: Flask, at: datetime) -> bool:
    """Read or take over one file, or take one back; False when none waits. What took three makers along is given up."""
    with app.app_context():
        engine = web.db.engine
        # What could not be taken back stands as it did.
        failed = {
            "state": case((ImportRun.state == State.UNDOING, State.DONE), else_=State.FAILED),
            "ended_at": case((ImportRun.state == State.UNDOING, ImportRun.ended_at), else_=literal(at, UtcDateTime())),
            "sample": [],
        }
        with unit(engine) as db:
            mine: ImportRun | None = leases.claim(
                db, ImportRun, _WAITS, ImportRun.started_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
            )
        if mine is None:
            return False
        try:
            if mine.state == State.UNDOING:
                _undo(engine, mine, at)
            else:
                with _lying_open(engine, mine) as path:
                    _work(engine, mine, path, at)
        except Exception as wrong:
            log.error("import failed", id=str(mine.id), problem=type(wrong).__name__)
            if mine.attempts >= MOST_ATTEMPTS:
                _note(engine, mine, **failed)
    return True


@contextmanager
def _lying_open(engine: Engine, mine: ImportRun) -> Iterator[Path]:
    """The decrypted file, while it is needed."""
    store: FileStore = current_app.extensions["files"]
    folder: Path = current_app.config["DATA_DIR"] / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    with reading(engine) as db:
        body = store.read(db.get_one(StoredFile, mine.file_id))
    path = folder / mine.id.hex
    path.unlink(missing_ok=True)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        out.write(body)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.errors.csv").unlink(missing_ok=True)


def _work(engine: Engine, mine: ImportRun, path: Path, at: datetime) -> None:
    way = way_of(mine.kind)
    at = mine.agreed_at or at
    run = job_of(way, mine.kind, id=mine.id, path=path, as_of=mine.as_of, at=at, lease=mine.lease, title=mine.file_name)
    by = By(ActorKind.OFFICER, mine.asked_by)
    try:
        with way.errors(path) as errors:
            if mine.state == State.AGREED:
                _recall(engine, run, mine)
                way.take(engine, run, errors, by)
                if errors.count:
                    _keep_errors(engine, mine, errors, at)
            else:
                _read(engine, mine, way, run, errors, by)
    except Refused as refusal:
        _note(engine, mine, refusal=packed(refusal.label))
        actions.leave(engine, run, State.REFUSED, Tag.REFUSED, by)


def _undo(engine: Engine, mine: ImportRun, at: datetime) -> None:
    try:
        undoing.take_back(engine, mine.id, SYSTEM, at)
    except Refused as refusal:
        # Unless the command was quicker.
        undoable = ImportRun.id == mine.id, ImportRun.state == State.UNDOING
        with unit(engine) as db:
            db.execute(update(_RUNS).where(*undoable).values(state=State.DONE, refusal=packed(refusal.label)))


def _recall(engine: Engine, run: Job, mine: ImportRun) -> None:
    """What was found when the file was read. Raises Refused when its rows are not all there any more."""
    counts = mine.counts
    run.tally = Tally(read=counts["read"], refused=counts["refused"])
    with reading(engine) as db:
        staged = db.scalar(select(StagedRow.data).where(StagedRow.run_id == mine.id).limit(1))
        kept = db.scalar(select(func.count()).where(StagedRow.run_id == mine.id)) or 0
    if not staged or not run.recall(staged, kept):
        raise Refused(GONE)


def _read(engine: Engine, mine: ImportRun, way: Way, run: Job, errors: ErrorsFile, by: By) -> None:
    """Stage and examine every row anew, and say what taking them over would do."""
    with unit(engine) as db:
        db.execute(delete(table_of(StagedRow)).where(StagedRow.run_id == mine.id))
    total = way.size(run.path)
    _note(engine, mine, state=State.STAGING, read_bytes=0, total_bytes=total)
    way.stage(engine, run, errors, day_of(run.at), lambda position: _note(engine, mine, read_bytes=position))
    way.examine(engine, run, errors)
    _note(engine, mine, words=", ".join(run.ignored), read_bytes=total)
    if run.tally.refused:
        _keep_errors(engine, mine, errors, run.at)
    found = run.tally.difference
    if run.tally.refused and (way.whole or found == Counts()):
        actions.leave(engine, run, State.REFUSED, Tag.REFUSED, by)
    elif found == Counts(same=found.same):
        way.take(engine, run, errors, by)
    else:
        changes = way.changes(engine, run, SHOWN_CHANGES) if found.changed else []
        sample = [[one.line, one.key, columns.changed(one.cells, personal=run.kind.personal)] for one in changes]
        waiting = {"counts": run.tally.as_dict(), "sample": sample}
        _note(engine, mine, state=State.STAGED, lease=None, leased_until=None, **waiting)


def _keep_errors(engine: Engine, mine: ImportRun, errors: ErrorsFile, at: datetime) -> None:
    """Keep the list of problems; what was found only when rows were taken over stands behind what was found before."""
    store: FileStore = current_app.extensions["files"]
    errors.close()
    with reading(engine) as db:
        before = db.scalar(select(ImportRun.errors_id).where(ImportRun.id == mine.id))
        earlier = store.read(db.get_one(StoredFile, before)) if before and mine.state == State.AGREED else b""
    body = errors.path.read_bytes()
    with unit(engine) as db:
        file = store.put(db, earlier + (body.partition(b"\n")[2] if earlier else body), "text/csv", at)
        db.flush()
        problems = [[one.line, one.column, packed(one.label)] for one in errors.first]
        found = {"errors_id": file.id, **({} if earlier else {"problems": problems})}
        db.execute(update(_RUNS).where(ImportRun.id == mine.id).values(found))


def _note(engine: Engine, mine: ImportRun, **values: object) -> None:
    """Only while it is ours: a maker that lost its lease says nothing any more. What goes on is leased anew."""
    values = {"leased_until": now() + LEASE, **values}
    with unit(engine) as db:
        db.execute(update(_RUNS).where(ImportRun.id == mine.id, ImportRun.lease == mine.lease).values(**values))


def _sweep(db: Session, at: datetime) -> None:
    """Destroy what makers that were killed have left open."""
    folder: Path = current_app.config["DATA_DIR"] / "imports"
    leased = select(ImportRun.id).where(ImportRun.lease.is_not(None), ImportRun.leased_until >= at)
    open_now = {id.hex for id in db.scalars(leased.where(ImportRun.state.in_(GOING_ON)))}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.partition(".")[0] not in open_now:
            path.unlink(missing_ok=True)


def drop_old(db: Session, at: datetime) -> int:
    """Destroy files, and lists of problems, of runs that began a week ago; returns of how many runs. Hourly also what
    dead makers have left, and the rows of runs that nobody agreed to.
    """
    _sweep(db, at)
    actions.clear_away(db, at)
    has_file = ImportRun.file_id.is_not(None) | ImportRun.errors_id.is_not(None)
    old = select(ImportRun).where(ImportRun.started_at < at - FILE_KEPT, has_file)
    found = list(db.scalars(old.order_by(ImportRun.started_at).limit(DROPPED_AT_ONCE)))
    files = [id for run in found for id in (run.file_id, run.errors_id) if id]
    db.execute(
        update(_RUNS)
        .where(ImportRun.id.in_([run.id for run in found]))
        .values(file_id=None, errors_id=None, problems=[])
    )
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    return len(found)
