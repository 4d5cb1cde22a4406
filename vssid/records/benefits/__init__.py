"""Thông tin hưởng: benefits that were decided, and adjustments of pensions. Door."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from vssid.kernel.labels import N_, Label
from vssid.records import disputes
from vssid.records.benefits import queries
from vssid.records.benefits.rules import BenefitKind, summary
from vssid.records.disputes import RowKind
from vssid.web.i18n import say

__all__ = ["init_app", "line"]


def init_app(app: Flask) -> None:
    """Let benefits and adjustments be disputed row by row."""
    disputes.register_rows(app, RowKind.BENEFIT, _describe, _address)


def line(db: Session, person_id: UUID, today: date) -> Label:
    """What a person is receiving, or received last, in one line."""
    return summary(queries.newest_of_each_kind(db, person_id), queries.pension_on(db, person_id, today), today)


def _address(db: Session, person_id: UUID, row_id: UUID) -> str:
    """Where a benefit or an adjustment stands below its owner's pages."""
    if queries.adjustment(db, person_id, row_id) is not None:
        return f"/thong-tin-huong/phieu-dieu-chinh/{row_id}"
    return f"/thong-tin-huong/{row_id}"


def _describe(db: Session, person_id: UUID, row_id: UUID) -> str | None:
    """What the owner calls a benefit or an adjustment; ids of the two never meet."""
    row = queries.one(db, person_id, row_id)
    if row is not None:
        label = BenefitKind(row.kind).label
        return say(N_("Thông tin hưởng: %(kind)s, %(amount)s đồng", kind=label, amount=Decimal(row.amount)))
    slip = queries.adjustment(db, person_id, row_id)
    if slip is None:
        return None
    return say(N_("Phiếu điều chỉnh lương hưu từ ngày %(day)s", day=slip.effective_from))
