"""A year of one's own visits as files: CSV for spreadsheets, JSON for programs.

Visits that tell of HIV are left out, unless somebody presses the button that asks for them; the file says neither.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy import Row

from vssid.kernel.clock import VIETNAM, today
from vssid.kernel.db import reading
from vssid.kernel.tables import csv_bytes
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.records.visits import queries, reader
from vssid.records.visits.rules import Tag
from vssid.records.whose import Both, Whose
from vssid.web import db

bp = Blueprint("visit_files", __name__)
both = Both(bp, "ca-nhan")
FILE = "/so-kham.<any(csv, json):form>"

# A line of a CSV is a visit with its totals, or one of its costs; whoever adds up chooses by the first column.
VISIT, COST = "lan_kham", "chi_phi"
_OF_VISIT = (
    "ngay_vao", "ngay_ra", "ma_cskcb", "ten_cskcb", "loai_kcb", "ma_khoa", "ma_benh_chinh", "chan_doan", "ma_benh_kem_theo",
    "khieu_nai",
)  # fmt: skip
_OF_COST = (
    "phan", "ma_nhom", "ma", "ten", "don_vi_tinh", "so_luong", "don_gia", "ty_le", "muc_huong",
)  # fmt: skip
_MONEY = ("tong_chi_phi", "trong_pham_vi", "quy_bhyt_tra", "cung_chi_tra", "tu_tra", "nguon_khac")
COLUMNS = ("dong", *_OF_VISIT, *_OF_COST, *_MONEY)


@both.route(FILE, "GET", "POST")
def taken(whose: Whose, form: str) -> Response:
    """One's own visits of a year; after the press also the sensitive ones. Nothing changes."""
    year = reader.wanted_year(today().year)
    hide = reader.hides(whose) or request.method != "POST"
    with reading(db.engine()) as session:
        visits = queries.of_year(session, whose.person_id, year, hide=hide)
        lines = queries.lines_of_year(session, whose.person_id, year, hide=hide)
        disputed = disputes.disputed(session, whose.person_id, RowKind.VISIT)
    reader.note(whose, Tag.TAKEN)
    if form == "csv":
        rows = (list(row.values()) for row in _rows(visits, lines, disputed))
        return _file(csv_bytes([COLUMNS, *rows]), "text/csv", f"so-kham-{year}.csv")
    told = [
        {**_visit(one, disputed), **_money_of_visit(one), "chi_phi": [_cost(line) for line in lines.get(one.id, [])]}
        for one in visits
    ]
    body = json.dumps({"nam": year, "so_lan_kham": len(told), "lan_kham": told}, ensure_ascii=False, indent=1)
    return _file(body.encode(), "application/json", f"so-kham-{year}.json")


def _rows(visits: Any, lines: dict[UUID, list[Row[Any]]], disputed: frozenset[UUID]) -> Iterator[dict[str, str]]:
    none = dict.fromkeys(COLUMNS, "")
    for visit in visits:
        yield none | {"dong": VISIT} | _visit(visit, disputed) | _money_of_visit(visit)
        # Day and place stand beside each cost, so that a table that is sorted anew still says where it belongs.
        where = {
            name: value
            for name, value in _visit(visit, disputed).items()
            if name in ("ngay_vao", "ngay_ra", "ma_cskcb")
        }
        for line in lines.get(visit.id, []):
            yield none | {"dong": COST} | where | _cost(line)


def _visit(row: Row[Any], disputed: frozenset[UUID]) -> dict[str, str]:
    came, left = (moment.astimezone(VIETNAM) for moment in (row.admitted_at, row.discharged_at))
    values = (
        f"{came:%d/%m/%Y %H:%M}", f"{left:%d/%m/%Y %H:%M}", row.facility_code, row.facility or "", row.visit_kind,
        row.department_code, row.main_diagnosis_code, row.main_diagnosis, row.other_codes, disputes.MARK if row.id in disputed else "",
    )  # fmt: skip
    return dict(zip(_OF_VISIT, values, strict=True))


def _money_of_visit(row: Row[Any]) -> dict[str, str]:
    return _money(
        row.total_hospital, row.total_insurance, row.paid_by_fund, row.copay, row.paid_by_patient, row.other_sources
    )


def _cost(row: Row[Any]) -> dict[str, str]:
    values = (
        row.part, row.group_code, row.code, row.name, row.unit, str(row.quantity), str(row.price), _known(row.rate),
        _known(row.level),
    )  # fmt: skip
    money = _money(row.amount, row.insured, row.paid_by_fund, row.copay, row.paid_by_patient, row.other_sources)
    return dict(zip(_OF_COST, values, strict=True)) | money


def _known(percent: int | None) -> str:
    return "" if percent is None else str(percent)


def _money(*amounts: Decimal) -> dict[str, str]:
    return {name: str(amount) for name, amount in zip(_MONEY, amounts, strict=True)}


def _file(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, content_type=f"{media_type}; charset=utf-8", headers=headers)
