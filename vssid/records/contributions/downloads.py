"""One's own periods as files: CSV for spreadsheets, JSON for programs. Columns bear the names of the import kind."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy import Row

from vssid.kernel.clock import today
from vssid.kernel.tables import csv_bytes
from vssid.records import disputes
from vssid.records.contributions import queries
from vssid.records.contributions.rules import Fund, month_of, spoken, tally
from vssid.records.contributions.views import FUND, fund_of
from vssid.records.disputes import RowKind
from vssid.records.whose import Both, Whose
from vssid.web import db

bp = Blueprint("contribution_files", __name__)
both = Both(bp, "ca-nhan")


def as_dict(row: Row[Any], disputed: bool) -> dict[str, str]:
    """All that a row says, as text: decimals keep their digits. A disputed one says so."""
    return {
        "quy": row.fund,
        "tu_thang": spoken(month_of(row.from_month)),
        "den_thang": spoken(month_of(row.to_month)),
        "ma_don_vi": row.employer_code,
        "ten_don_vi": row.employer_name,
        "chuc_vu": row.job,
        "noi_lam_viec": row.workplace,
        "tien_luong": "" if row.salary is None else str(row.salary),
        "he_so": "" if row.coefficient is None else str(row.coefficient),
        "loai_tien": row.currency,
        "loai_hinh": row.kind,
        "trang_thai": row.status,
        "khieu_nai": disputes.MARK if disputed else "",
    }


COLUMNS = (
    "quy", "tu_thang", "den_thang", "ma_don_vi", "ten_don_vi", "chuc_vu", "noi_lam_viec", "tien_luong", "he_so", "loai_tien",
    "loai_hinh", "trang_thai", "khieu_nai",
)  # fmt: skip


@both.get(f"/qua-trinh/{FUND}.csv")
def table(whose: Whose, fund: str) -> Response:
    """One's own periods of a fund as CSV."""
    chosen = fund_of(fund)
    rows, disputed = _rows(whose, chosen)
    lines = [list(as_dict(row, row.id in disputed).values()) for row in rows]
    return _file(csv_bytes([COLUMNS, *lines]), "text/csv", f"qua-trinh-{chosen.slug}.csv")


@both.get(f"/qua-trinh/{FUND}.json")
def document(whose: Whose, fund: str) -> Response:
    """One's own periods of a fund as JSON, with the totals."""
    chosen = fund_of(fund)
    rows, disputed = _rows(whose, chosen)
    found = tally(queries.as_periods(rows), month_of(today()))
    content = {
        "quy": chosen.value,
        "den_thang": spoken(month_of(today())),
        "so_thang_da_dong": len(found.paid),
        "so_thang_cham_dong": len(found.late),
        "giai_doan": [as_dict(row, row.id in disputed) for row in rows],
    }
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return _file(body, "application/json", f"qua-trinh-{chosen.slug}.json")


def _rows(whose: Whose, fund: Fund) -> tuple[list[Row[Any]], frozenset[UUID]]:
    rows = queries.history(db.session, whose.person_id, fund)
    return rows, disputes.disputed(db.session, whose.person_id, RowKind.CONTRIBUTION) if rows else frozenset()


def _file(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=f"{media_type}; charset=utf-8", headers=headers)
