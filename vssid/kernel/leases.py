"""Work that is asked for in a row and made outside any transaction: leased, so that no two makers do the same."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from vssid.kernel.rows import table_of


def claim(
    db: Session,
    model: Any,
    waits: ColumnElement[bool],
    asked_at: Any,
    failed: dict[str, Any],
    at: datetime,
    *,
    life: timedelta,
    most_attempts: int,
) -> Any:
    """Lease the row of `model` that `waits` longest by `asked_at`, for `life`; None when none does.

    `model` has id, lease, leased_until and attempts. A row that took `most_attempts` makers along, or whose result could
    not be kept, gets the values `failed` instead, like any other that fails.
    """
    free = model.leased_until.is_(None) | (model.leased_until < at)
    waiting = select(model.id, model.attempts).where(waits, free)
    while (row := db.execute(waiting.order_by(asked_at).limit(1)).first()) is not None:
        mine = update(table_of(model)).where(model.id == row.id, waits, free)
        if row.attempts >= most_attempts:
            db.execute(mine.values(**failed))
            continue
        lease = uuid4()
        db.execute(mine.values(lease=lease, leased_until=at + life, attempts=model.attempts + 1))
        return db.scalar(select(model).where(model.id == row.id, model.lease == lease))
    return None
