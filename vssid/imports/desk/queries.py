"""Reads of runs. Files concern the whole register, so every officer who may import sees every run."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vssid.directory.models import Agency, CollectionPoint, Employer, Facility
from vssid.imports.models import ImportRun, StagedRow
from vssid.officers.models import Officer

SHOWN_RUNS, SHOWN_ROWS = 30, 20


@dataclass(frozen=True)
class Told:
    """One run and the code of the officer who sent its file, '' for the command line."""

    run: ImportRun
    officer: str


def newest(db: Session) -> list[Told]:
    """The runs of late."""
    query = select(ImportRun, Officer.code).outerjoin(Officer, Officer.id == ImportRun.asked_by)
    rows = db.execute(query.order_by(ImportRun.started_at.desc()).limit(SHOWN_RUNS))
    return [Told(run, code or "") for run, code in rows]


def one(db: Session, id: UUID) -> Told | None:
    """One run."""
    query = select(ImportRun, Officer.code).outerjoin(Officer, Officer.id == ImportRun.asked_by)
    row = db.execute(query.where(ImportRun.id == id)).first()
    return Told(row[0], row[1] or "") if row else None


def first_rows(db: Session, id: UUID) -> list[tuple[int, dict[str, Any]]]:
    """The first staged rows of a run: the line in the file, and what was understood."""
    query = select(StagedRow.line, StagedRow.data).where(StagedRow.run_id == id)
    return [(line, data) for line, data in db.execute(query.order_by(StagedRow.line).limit(SHOWN_ROWS))]


_DIRECTORIES: dict[str, Any] = {
    "agencies": Agency, "facilities": Facility, "employers": Employer, "collection-points": CollectionPoint,
}  # fmt: skip


def held(db: Session, kind: str) -> int | None:
    """How many entries a directory has; None for what is no directory."""
    model = _DIRECTORIES.get(kind)
    return db.scalar(select(func.count()).select_from(model)) if model else None
