"""Taking an import back: within a week, and only while nobody has changed or built on what it brought."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from vssid import attesting
from vssid.directory import listings
from vssid.imports.actions import roomy
from vssid.imports.kinds import TABLES
from vssid.imports.models import ImportRun
from vssid.imports.rules import FILE_KEPT, State, Tag
from vssid.kernel import audit, undo
from vssid.kernel.audit import By
from vssid.kernel.db import writing
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.undo import Change

ENDED = (State.DONE, State.ABANDONED, State.FAILED)
FORGOTTEN_AT_ONCE = 50_000
NOTHING = N_("Lần nhập này không có gì để hoàn tác.")
TOO_OLD = N_("Đã quá 7 ngày nên không hoàn tác được nữa.")
# Of whose rows documents with a code are printed.
_PRINTED = ("contributions", "visits", "medical_papers")


def hindrance(db: Session, run: ImportRun, at: datetime) -> Label | None:
    """Why a run cannot be taken back, as far as can be told without looking at its rows; None when it may be tried."""
    if run.state not in (*ENDED, State.UNDOING) or run.ended_at is None or not undo.touched(db, run.id):
        return NOTHING
    return TOO_OLD if run.ended_at < at - FILE_KEPT else None


def take_back(engine: Engine, id: UUID, by: By, at: datetime) -> int:
    """Put everything back as it was before a run, in one transaction. Returns how many rows; raises Refused.

    Documents that were printed of those rows do not hold any more.
    """
    with roomy(writing(engine)) as db:
        run = db.get_one(ImportRun, id)
        if (wrong := hindrance(db, run, at)) is not None:
            raise Refused(wrong)
        touched = undo.touched(db, id)
        for table in TABLES:
            if table.name in touched and table.name in _PRINTED:
                persons = select(table.c.person_id).where(table.c.id.in_(undo.keys(db, id, table)))
                attesting.withdraw_of(db, persons, at)
        # As of this moment the run has written its rows, however often it was begun again.
        count = undo.take_back(db, id, TABLES, run.agreed_at or run.started_at)
        listings.touch(db, *listings.made_of(touched), at=at)
        run.state, run.refusal = State.UNDONE, None
        audit.record(db, Tag.UNDONE, by, ("import_run", id), at, kind=run.kind, rows=count)
    listings.bring_up_all(engine)
    return count


def forget_old(db: Session, at: datetime) -> int:
    """Drop notes of a run that was taken back, or ended a week ago, some ten thousand at once. Returns how many."""
    over = or_(ImportRun.id.is_(None), ImportRun.state == State.UNDONE, ImportRun.ended_at < at - FILE_KEPT)
    query = select(Change.name).outerjoin(ImportRun, ImportRun.id == Change.name).where(over)
    name = db.scalar(query.order_by(Change.id).limit(1))
    return undo.forget(db, name, FORGOTTEN_AT_ONCE) if name else 0
