"""Taking an import back: the last one that changed a table, within a week, and only while nobody has built on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from vssid.imports.kinds import TABLES
from vssid.imports.models import ImportRun
from vssid.imports.rules import FILE_KEPT, State, Tag
from vssid.kernel import audit, undo
from vssid.kernel.audit import By
from vssid.kernel.db import unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import table_of
from vssid.kernel.undo import Change

ENDED = (State.DONE, State.ABANDONED)
FORGOTTEN_AT_ONCE = 50_000
NOTHING = N_("Lần nhập này không có gì để hoàn tác.")
TOO_OLD = N_("Đã quá 7 ngày nên không hoàn tác được nữa.")


def hindrance(db: Session, run: ImportRun, at: datetime) -> Label | None:
    """Why a run cannot be taken back, as far as can be told without looking at its rows; None when it may be tried."""
    if run.state not in (*ENDED, State.UNDOING) or not run.touched or run.ended_at is None:
        return NOTHING
    if run.ended_at < at - FILE_KEPT:
        return TOO_OLD
    later = select(ImportRun).where(ImportRun.ended_at > run.ended_at, ImportRun.state.in_([*ENDED, State.UNDOING]))
    for other in db.scalars(later.order_by(ImportRun.ended_at.desc())):
        if set(other.touched) & set(run.touched):
            return N_(
                "Sau đó đã có lần nhập khác đổi cùng dữ liệu (%(kind)s). Hãy hoàn tác lần đó trước.", kind=other.kind
            )
    return None


def take_back(engine: Engine, id: UUID, by: By, at: datetime) -> int:
    """Put everything back as it was before a run, in one transaction. Returns how many rows; raises Refused."""
    with unit(engine) as db:
        run = db.get_one(ImportRun, id)
        if (wrong := hindrance(db, run, at)) is not None:
            raise Refused(wrong)
        assert run.ended_at is not None  # noqa: S101 - `hindrance` has seen it
        count = undo.take_back(db, id, TABLES, run.ended_at)
        run.state, run.touched = State.UNDONE, []
        audit.record(db, Tag.UNDONE, by, ("import_run", id), at, kind=run.kind, rows=count)
    return count


def forget_old(db: Session, at: datetime) -> int:
    """Drop notes of a run that was taken back, or ended a week ago, some ten thousand at once. Returns how many."""
    over = or_(ImportRun.id.is_(None), ImportRun.state == State.UNDONE, ImportRun.ended_at < at - FILE_KEPT)
    query = select(Change.name).outerjoin(ImportRun, ImportRun.id == Change.name).where(over)
    name = db.scalar(query.order_by(Change.id).limit(1))
    if name is None:
        return 0
    db.execute(update(table_of(ImportRun)).where(ImportRun.id == name).values(touched=[]))
    return undo.forget(db, name, FORGOTTEN_AT_ONCE)
