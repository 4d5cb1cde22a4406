"""A run of an import: stage, examine, take over. Unlike other verbs these commit, in short transactions of their own.

Nothing but staged rows is written before `take_over`, which is one transaction: all rows or none.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, cast, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from vssid.directory import listings
from vssid.imports.kinds import CLAIMS, PAPERS, TABLES, Kind, Named
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.problems import ErrorsFile
from vssid.imports.reading import rows
from vssid.imports.rules import (
    BATCH,
    GOING_ON,
    MOST_ROWS,
    STALE_AFTER_HOURS,
    State,
    Tag,
    Tally,
)
from vssid.kernel import audit, undo
from vssid.kernel.audit import By
from vssid.kernel.db import reading, unit, writing
from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import Cells, Changed, Data, Found, Staged, count_again, repeated_keys, table_of
from vssid.kernel.tables import Problem, SourceRow, check_header, unknown_columns

_ROWS, _RUNS = table_of(StagedRow), table_of(ImportRun)
_ROOM = {"temp_store": 1, "cache_size": -64 * 1024}  # of SQLite: sorting in files, 64 MiB
Progress = Callable[[int], None]


class Lost(Exception):
    """The run has ended or is another maker's work meanwhile."""


@dataclass
class Job:
    """One run while it goes on, whatever it reads."""

    id: UUID
    kind: Named
    path: Path
    as_of: date
    at: datetime
    tally: Tally = field(default_factory=Tally)
    lease: UUID | None = None  # of the desk's maker whose work it is; the command has none
    title: str = ""  # what people call the file, where the path does not say it
    ignored: list[str] = field(default_factory=list)

    def recall(self, staged: Data, kept: int) -> bool:
        """Go on with `kept` staged rows, of which `staged` is one; False when some are missing."""
        raise NotImplementedError


@dataclass
class Run(Job):
    """One run of a table."""

    kind: Kind
    names: frozenset[str] = frozenset()

    def recall(self, staged: Data, kept: int) -> bool:
        """All rows must be there, and their names are those of the file's columns."""
        self.names = frozenset(staged)
        return kept == self.tally.read


def clear_away(db: Session, at: datetime) -> None:
    """Drop what runs that ended, or died long ago, have left; a run that nobody agreed to for a day is given up."""
    going_on = ImportRun.state.in_(GOING_ON)
    worked_on = ImportRun.leased_until.is_not(None) & (ImportRun.leased_until >= at)
    old = (ImportRun.started_at < at - timedelta(hours=STALE_AFTER_HOURS)) & ~worked_on
    db.execute(delete(_ROWS).where(StagedRow.run_id.in_(select(ImportRun.id).where(old | ~going_on))))
    db.execute(update(_RUNS).where(going_on, old).values(state=State.ABANDONED, sample=[], ended_at=at))


def begin(engine: Engine, kind: Kind, path: Path, *, as_of: date, at: datetime) -> Run:
    """Note that a table is being read."""
    run = Run(uuid4(), kind, path, as_of, at)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    open_run(engine, run, digest)
    return run


def open_run(engine: Engine, run: Job, digest: str) -> None:
    """Note that something is being read; clears away what runs that ended, or died long ago, have left."""
    at = run.at
    with unit(engine) as db:
        clear_away(db, at)
        db.add(
            ImportRun(
                id=run.id,
                kind=run.kind.name,
                file_digest=digest,
                as_of=run.as_of,
                state=State.STAGING,
                read_lines=0,
                counts={},
                started_at=at,
                ended_at=None,
            )
        )


def stage(engine: Engine, run: Run, errors: ErrorsFile, *, today: date, progress: Progress) -> None:
    """Read and stage every row in batches; rows with problems go to `errors`. Raises Refused for an unreadable file."""
    source = rows(run.path)
    columns = _read_header(run, errors, source)
    with reading(engine) as db:
        read = run.kind.reader(db, run.as_of, today)
    good = _parsed(run, errors, source, columns, read, progress)
    for batch in iter(lambda: list(islice(good, BATCH)), []):
        with unit(engine) as db:
            db.execute(insert(_ROWS), batch)
    with unit(engine) as db:
        count_again(db, StagedRow)
    if run.tally.read == 0:
        raise Refused(N_("Tệp không có dòng dữ liệu nào."))


def _read_header(run: Run, errors: ErrorsFile, source: Iterator[SourceRow]) -> list[str]:
    first = next(source, None)
    if first is None:
        raise Refused(N_("Tệp rỗng."))
    if first.problem:
        raise Refused(first.problem)
    if first.cells and first.cells[0].lstrip("\ufeff ").startswith("<?xml"):
        raise Refused(
            N_(
                "Đây là tệp XML. Hãy chọn loại “%(visits)s” hoặc “%(papers)s”, hoặc gửi tệp CSV, XLSX.",
                visits=CLAIMS.label,
                papers=PAPERS.label,
            )
        )
    columns = check_header(first.cells, run.kind.sheet)
    errors.set_columns(columns)
    run.ignored = unknown_columns(columns, run.kind.sheet)
    return columns


def _parsed(
    run: Run,
    errors: ErrorsFile,
    source: Iterable[SourceRow],
    columns: list[str],
    read: Callable[[Cells], Data],
    progress: Progress,
) -> Iterator[Data]:
    """The good rows, ready to be staged."""
    sheet, width = run.kind.sheet, len(columns)
    wanted = [(at, name) for at, name in enumerate(columns) if name in sheet.columns]
    for row in source:
        run.tally.read += 1
        if run.tally.read > MOST_ROWS:
            raise Refused(N_("Tệp có quá %(max)d dòng. Hãy chia nhỏ tệp.", max=MOST_ROWS))
        if run.tally.read % BATCH == 0:
            progress(row.position)
        given = row.cells
        cells = Cells({name: given[at] if at < len(given) else "" for at, name in wanted})
        if row.problem:
            cells.wrong("", row.problem)
        elif any(cell.strip() for cell in given[width:]):
            cells.wrong("", N_("Dòng có nhiều ô hơn tiêu đề."))
        data = {} if row.problem else read(cells)
        if not row.problem:
            cells.require(sheet.required)
        if cells.problems:
            run.tally.refused += 1
            errors.add((Problem(row.line, column, label) for column, label in cells.problems), given)
            continue
        if not run.names:
            run.names = frozenset(data)
        yield {"run_id": run.id, "line": row.line, "key": run.kind.key(data), "data": data}


def examine(engine: Engine, run: Run, errors: ErrorsFile) -> None:
    """Compare the staged rows with each other and with the register; what clashes is refused, the rest is counted.

    Does nothing when no row could be parsed.
    """
    if not run.names:
        return
    with roomy(engine) as db:
        found = sorted(_clashes(db, run), key=lambda clash: clash.line)
    lines = list(dict.fromkeys(clash.line for clash in found))
    _report(run, errors, found)
    with unit(engine) as db:
        for at in range(0, len(lines), BATCH):
            refused = StagedRow.line.in_(lines[at : at + BATCH])
            db.execute(delete(_ROWS).where(StagedRow.run_id == run.id, refused))
        db.execute(update(_RUNS).where(ImportRun.id == run.id).values(state=State.STAGED, read_lines=run.tally.read))
    run.tally.refused += len(lines)
    with roomy(engine) as db:
        run.tally.difference = run.kind.difference(db, _staged(db, run))


@contextmanager
def roomy(engine: Engine) -> Iterator[Session]:
    """One transaction whose sorting goes to files, so that memory stays flat, and whose cache spares random writes."""
    with engine.connect() as connection:
        # Past SQLAlchemy, which would begin a transaction first: within one SQLite changes no temp_store.
        driver: Any = connection.connection.driver_connection
        room = _ROOM if engine.dialect.name == "sqlite" else {}
        before = {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in room}
        for name, value in room.items():
            driver.execute(f"PRAGMA {name}={value}")
        try:
            with Session(connection, expire_on_commit=False) as session, session.begin():
                if engine.dialect.name == "postgresql":
                    session.execute(
                        text("SET LOCAL work_mem = '256MB'")
                    )  # less, and it compares every key with every key
                yield session
        finally:
            for name, value in before.items():
                driver.execute(f"PRAGMA {name}={value}")


def _staged(db: Session, run: Run) -> Staged:
    dialect = db.get_bind().dialect.name
    if dialect == "postgresql":
        # JSONB is read some five times faster than JSON; OFFSET 0 keeps the planner from converting at every use.
        data = cast(StagedRow.data, JSONB).label("data")
        source = select(StagedRow.line, StagedRow.key, data).where(StagedRow.run_id == run.id).offset(0)
    else:
        source = select(StagedRow.line, StagedRow.key, StagedRow.data).where(StagedRow.run_id == run.id)
    return Staged(source.subquery(), dialect, run.names, run.as_of, run.at)


def _clashes(db: Session, run: Run) -> Iterator[Found]:
    staged, column = _staged(db, run), run.kind.sheet.columns[0]
    for line, first in db.execute(repeated_keys(staged)):
        yield Found(line, column, N_("Trùng khoá với dòng %(line)s.", line=first))
    yield from run.kind.within(db, staged)
    yield from run.kind.clashes(db, staged)


def _report(run: Run, errors: ErrorsFile, found: list[Found]) -> None:
    """Write clashes with their rows, for which the file is read once more: rows are not kept in memory."""
    if not found:
        return
    by_line = {line: list(clashes) for line, clashes in groupby(found, key=lambda clash: clash.line)}
    for row in rows(run.path):
        if clashes := by_line.pop(row.line, None):
            errors.add((Problem(clash.line, clash.column, clash.label) for clash in clashes), row.cells)
        if not by_line:
            return


def first_changes(engine: Engine, run: Run, most: int) -> list[Changed]:
    """At most `most` of the rows that would change."""
    with roomy(engine) as db:
        return run.kind.changes(db, _staged(db, run), most)


def take_over(engine: Engine, run: Run, by: By) -> None:
    """All staged rows in one transaction, or none. Raises Refused when the register has changed since `examine`."""
    with roomy(writing(engine)) as db:
        staged = _staged(db, run)
        if next(run.kind.clashes(db, staged), None):
            raise Refused(N_("Sổ bộ vừa thay đổi trong lúc đọc tệp. Hãy nhập lại từ đầu."))
        run.tally.difference = difference = run.kind.difference(db, staged)
        if difference.new or difference.changed:
            with undo.noting(db, run.id, TABLES):
                run.kind.take(db, staged)
        conclude(db, run, State.DONE, Tag.APPLIED, by)
    clear(engine, run)
    listings.bring_up_all(engine)


def leave(engine: Engine, run: Job, state: State, tag: Tag, by: By) -> None:
    """End a run without taking anything over: a dry run, a refusal, a "no"."""
    with unit(engine) as db:
        conclude(db, run, state, tag, by)
    clear(engine, run)


def conclude(db: Session, run: Job, state: State, tag: Tag, by: By) -> None:
    """Note how a run ended, in its row and in the audit. Raises Lost, so that nothing of it stays, if it is another's now."""
    counts = run.tally.as_dict()
    ended = {"state": state, "counts": counts, "sample": [], "read_lines": run.tally.read, "ended_at": run.at}
    mine = ImportRun.lease == run.lease if run.lease else ImportRun.lease.is_(None)
    done = update(_RUNS).where(ImportRun.id == run.id, ImportRun.state.in_(GOING_ON), mine).values(ended)
    if db.execute(done.returning(ImportRun.id)).first() is None:
        raise Lost
    audit.record(db, tag, by, ("import_run", run.id), run.at, kind=run.kind.name, **counts)


def clear(engine: Engine, run: Job) -> None:
    """Remove what a run has staged."""
    # The run has ended and says so: rows that cannot be cleared now (a full disk) are cleared by the next one's `begin`.
    with suppress(OperationalError), unit(engine) as db:
        db.execute(delete(_ROWS).where(StagedRow.run_id == run.id))
