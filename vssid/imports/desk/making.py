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
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from vssid.imports import actions
from vssid.imports.actions import Run
from vssid.imports.kinds import KINDS
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import FILE_KEPT, GOING_ON, SHOWN_CHANGES, State, Tag, Tally, spoken
from vssid.kernel import leases
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import Counts, table_of
from vssid.kernel.text import masked
from vssid.web import db as web

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
# Columns by which somebody could be reached or paid.
REACHED_BY = frozenset({"phone", "email", "address", "account_number", "paper"})
GONE = N_("Các dòng đã đọc không còn đủ. Hãy gửi lại tệp.")
MOST_ATTEMPTS = 3
DROPPED_AT_ONCE = 100
_RUNS = table_of(ImportRun)
_WAITS = ImportRun.state.in_([State.UPLOADED, State.STAGING, State.AGREED]) & ImportRun.file_id.is_not(None)


def make_next(app: Flask, at: datetime) -> bool:
    """Read or take over one file; False when none waits. What took three makers along is given up."""
    with app.app_context():
        engine = web.db.engine
        failed = {"state": State.FAILED, "ended_at": at, "sample": []}
        with unit(engine) as db:
            mine: ImportRun | None = leases.claim(
                db, ImportRun, _WAITS, ImportRun.started_at, failed, at, life=LEASE, most_attempts=MOST_ATTEMPTS
            )
        if mine is None:
            return False
        try:
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
    run = Run(mine.id, KINDS[mine.kind], path, mine.as_of, at, lease=mine.lease)
    by = By(ActorKind.OFFICER, mine.asked_by)
    try:
        if mine.state == State.AGREED:
            _recall(engine, run, mine)
            actions.take_over(engine, run, by)
        else:
            _read(engine, mine, run, by)
    except Refused as refusal:
        _note(engine, mine, words=spoken(refusal.label))
        actions.leave(engine, run, State.REFUSED, Tag.REFUSED, by)


def _recall(engine: Engine, run: Run, mine: ImportRun) -> None:
    """What was found when the file was read. Raises Refused when its rows are not all there any more."""
    run.tally = Tally(read=mine.counts.get("read", 0))
    with reading(engine) as db:
        staged = db.scalar(select(StagedRow.data).where(StagedRow.run_id == mine.id).limit(1))
        kept = db.scalar(select(func.count()).where(StagedRow.run_id == mine.id))
    if not staged or kept != run.tally.read:
        raise Refused(GONE)
    run.names = frozenset(staged)


def _read(engine: Engine, mine: ImportRun, run: Run, by: By) -> None:
    """Stage and examine every row anew, and say what taking them over would do."""
    with unit(engine) as db:
        db.execute(delete(table_of(StagedRow)).where(StagedRow.run_id == mine.id))
    _note(engine, mine, state=State.STAGING, read_bytes=0)
    with ErrorsFile(run.path.with_name(f"{run.path.name}.errors.csv")) as errors:
        actions.stage(
            engine,
            run,
            errors,
            today=day_of(run.at),
            progress=lambda position: _note(engine, mine, read_bytes=position),
        )
        actions.examine(engine, run, errors)
    words = ", ".join(run.ignored)
    if run.tally.refused:
        _keep_errors(engine, mine, errors.path, run.at)
        _note(engine, mine, words=words, read_bytes=mine.total_bytes)
        actions.leave(engine, run, State.REFUSED, Tag.REFUSED, by)
    elif run.tally.difference == Counts(same=run.tally.read):
        _note(engine, mine, words=words, read_bytes=mine.total_bytes)
        actions.take_over(engine, run, by)
    else:
        changes = actions.first_changes(engine, run, SHOWN_CHANGES) if run.tally.difference.changed else []
        sample = [[one.line, one.key, shown(one.cells)] for one in changes]
        found = {"counts": run.tally.as_dict(), "sample": sample, "words": words, "read_bytes": mine.total_bytes}
        _note(engine, mine, state=State.STAGED, lease=None, leased_until=None, **found)


def _keep_errors(engine: Engine, mine: ImportRun, path: Path, at: datetime) -> None:
    store: FileStore = current_app.extensions["files"]
    with unit(engine) as db:
        file = store.put(db, path.read_bytes(), "text/csv", at)
        db.flush()
        db.execute(update(_RUNS).where(ImportRun.id == mine.id).values(errors_id=file.id))


def _note(engine: Engine, mine: ImportRun, **values: object) -> None:
    """Only while it is ours: a maker that lost its lease says nothing any more. What goes on is leased anew."""
    values = {"leased_until": now() + LEASE, **values}
    with unit(engine) as db:
        db.execute(update(_RUNS).where(ImportRun.id == mine.id, ImportRun.lease == mine.lease).values(**values))


def shown(cells: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """What would change as an officer may see it: by which somebody is reached or paid, only its ends."""
    return {
        name: (masked(was), masked(new)) if name in REACHED_BY else (was, new) for name, (was, new) in cells.items()
    }


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
    db.execute(update(_RUNS).where(ImportRun.id.in_([run.id for run in found])).values(file_id=None, errors_id=None))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    return len(found)
