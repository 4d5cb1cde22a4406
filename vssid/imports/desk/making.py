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
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from vssid.imports import actions
from vssid.imports.actions import Run
from vssid.imports.kinds import KINDS
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import FILE_KEPT, SHOWN_CHANGES, State, Tag, Tally, spoken
from vssid.kernel import leases
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.clock import day_of
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import Refused
from vssid.kernel.rows import Counts, table_of
from vssid.web import db as web

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 3
DROPPED_AT_ONCE = 100
_RUNS = table_of(ImportRun)
_WAITS = ImportRun.state.in_([State.UPLOADED, State.STAGING, State.AGREED]) & ImportRun.file_id.is_not(None)


def make_next(app: Flask, at: datetime) -> bool:
    """Read or take over one file; False when none waits. What took three makers along is given up."""
    with app.app_context():
        engine = web.db.engine
        failed = {"state": State.FAILED, "ended_at": at}
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
    run, by = Run(mine.id, KINDS[mine.kind], path, mine.as_of, at), By(ActorKind.OFFICER, mine.asked_by)
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
    """What was found when the file was read; its rows are still staged."""
    run.tally = Tally(read=mine.counts.get("read", 0))
    with reading(engine) as db:
        staged = db.scalar(select(StagedRow.data).where(StagedRow.run_id == mine.id).limit(1))
    run.names = frozenset(staged or ())


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
        sample = [[one.line, one.key, one.cells] for one in changes]
        found = {"counts": run.tally.as_dict(), "sample": sample, "words": words, "read_bytes": mine.total_bytes}
        _note(engine, mine, state=State.STAGED, lease=None, **found)


def _keep_errors(engine: Engine, mine: ImportRun, path: Path, at: datetime) -> None:
    store: FileStore = current_app.extensions["files"]
    with unit(engine) as db:
        file = store.put(db, path.read_bytes(), "text/csv", at)
        db.flush()
        db.execute(update(_RUNS).where(ImportRun.id == mine.id).values(errors_id=file.id))


def _note(engine: Engine, mine: ImportRun, **values: object) -> None:
    """Only while it is ours: a maker that lost its lease says nothing any more."""
    with unit(engine) as db:
        db.execute(update(_RUNS).where(ImportRun.id == mine.id, ImportRun.lease == mine.lease).values(**values))


def drop_old(db: Session, at: datetime) -> int:
    """Destroy files, and lists of problems, of runs that began a week ago; returns of how many runs."""
    has_file = ImportRun.file_id.is_not(None) | ImportRun.errors_id.is_not(None)
    old = select(ImportRun).where(ImportRun.started_at < at - FILE_KEPT, has_file)
    found = list(db.scalars(old.order_by(ImportRun.started_at).limit(DROPPED_AT_ONCE)))
    files = [id for run in found for id in (run.file_id, run.errors_id) if id]
    db.execute(update(_RUNS).where(ImportRun.id.in_([run.id for run in found])).values(file_id=None, errors_id=None))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id.in_(files)))
    return len(found)
