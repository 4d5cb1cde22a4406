"""One's own rows to keep or to work on: CSV for spreadsheets, JSON for programs. Accounts keep their last four signs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from vssid.kernel.labels import N_, Label
from vssid.kernel.tables import csv_bytes
from vssid.records import disputes
from vssid.records.benefits import queries
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import BenefitKind
from vssid.records.benefits.views import ROOM, first_day, short_account
from vssid.records.disputes import RowKind
from vssid.records.whose import Both, Whose
from vssid.web import db
from vssid.web.i18n import say

bp = Blueprint("benefit_downloads", __name__)
both = Both(bp, "ca-nhan")

_HEAD: tuple[Label, ...] = (
    N_("Chế độ"),
    N_("Số quyết định hưởng"),
    N_("Ngày quyết định hưởng"),
    N_("Từ ngày"),
    N_("Đến ngày"),
    N_("Số tiền (đồng)"),
    N_("Đơn vị chi trả"),
    N_("Số tài khoản"),
    N_("Ngân hàng"),
    N_("Khiếu nại"),
)


@both.get(f"{ROOM}.csv")
def as_csv(whose: Whose) -> Response:
    """All one's benefits as CSV."""
    rows, disputed = queries.every(db.session, whose.person_id), _disputed(whose)
    table = [[say(name) for name in _HEAD], *(_cells(row, row.id in disputed) for row in rows)]
    return _file(csv_bytes(table), "text/csv; charset=utf-8", "thong-tin-huong.csv")


def _disputed(whose: Whose) -> frozenset[UUID]:
    return disputes.disputed(db.session, whose.person_id, RowKind.BENEFIT)


def _cells(row: Benefit, disputed: bool) -> Iterable[str]:
    days = (row.decision_date, first_day(row), row.to_date)
    yield say(BenefitKind(row.kind).label)
    yield row.decision_number
    yield from (f"{day:%d/%m/%Y}" if day else "" for day in days)
    yield str(row.amount)
    yield from (row.payer, short_account(row), row.bank, disputes.MARK if disputed else "")


@both.get(f"{ROOM}.json")
def as_json(whose: Whose) -> Response:
    """All one's benefits and adjustments as JSON, in the columns of the import files."""
    benefits = queries.every(db.session, whose.person_id)
    slips: Sequence[PensionAdjustment] = queries.adjustments(db.session, whose.person_id)
    disputed = _disputed(whose)
    document = {
        "benefits": [_benefit(row) | _mark(row.id, disputed) for row in benefits],
        "pension-adjustments": [_slip(row) | _mark(row.id, disputed) for row in slips],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _file(text.encode(), "application/json", "thong-tin-huong.json")


def _mark(id: UUID, disputed: frozenset[UUID]) -> dict[str, str | None]:
    return {"khieu_nai": disputes.MARK if id in disputed else None}


def _benefit(row: Benefit) -> dict[str, Any]:
    return {
        "che_do": row.kind,
        "so_quyet_dinh": row.decision_number,
        "ngay_quyet_dinh": row.decision_date.isoformat() if row.decision_date else None,
        "tu_ngay": row.from_date or None,
        "den_ngay": row.to_date.isoformat() if row.to_date else None,
        "so_tien": row.amount,
        "don_vi_chi_tra": row.payer,
        "so_tai_khoan": short_account(row),
        "ngan_hang": row.bank,
    }


def _slip(row: PensionAdjustment) -> dict[str, Any]:
    return {
        "so_quyet_dinh": row.decision_number,
        "hieu_luc_tu": row.effective_from.isoformat(),
        "muc_cu": row.old_amount,
        "muc_moi": row.new_amount,
        "can_cu": row.reason,
    }


def _file(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, content_type=media_type, headers=headers)
