"""What one officer wants and a second one agrees to: each step has one winner."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from vssid.kernel.labels import N_, Refused
from vssid.officers.models import Officer

OVER = N_("Yêu cầu này đã được xử lý hoặc đã hết hạn. Hãy tải lại trang.")


def check_second(asked_by: object, by: object) -> None:
    """Raise Refused for whoever asked (safety 2.3.5)."""
    if asked_by == by:
        raise Refused(N_("Cần một giám sát khác đồng ý: bạn là người đã lập yêu cầu này."))


def settle(db: Session, model: Any, id: UUID, at: datetime, *, life: timedelta, **values: object) -> None:
    """Give a wish that still waits, for `life` at most, its new values. Raises Refused when it is over.

    `model` has id, asked_at, decided_at and a state that begins as "asked".
    """
    waits = model.id == id, model.state == "asked", model.asked_at > at - life
    settled = update(model).where(*waits).values(decided_at=at, **values).returning(model.id)
    if db.execute(settled).first() is None:
        raise Refused(OVER)


def called(db: Session, id: UUID) -> str:
    """An officer's code and name."""
    row = db.get_one(Officer, id)
    return f"{row.code} · {row.name}"
