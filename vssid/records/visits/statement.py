"""Bản kê các lần khám chữa bệnh: a year's visits on paper, with a code that can be checked.

Diagnoses are printed only when the reader asks for them, those of sensitive visits never: paper is shown to others. Such
visits are left out altogether unless somebody presses the button that asks for them; the paper says neither.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from sqlalchemy import Row

from vssid import attesting
from vssid.attesting import Document, Fact, Statement
from vssid.kernel.clock import VIETNAM, day_of, now, today
from vssid.kernel.labels import N_
from vssid.records import disputes
from vssid.records.bearer import Bearer, bearer
from vssid.records.disputes import RowKind
from vssid.records.visits import queries, reader
from vssid.records.visits.rules import ZERO, Tag, money
from vssid.records.whose import Both, Whose
from vssid.web import db, pages, papers

bp = Blueprint("visit_statements", __name__)
both = Both(bp, "ca-nhan")
AMOUNTS = ("total_hospital", "paid_by_fund", "copay", "paid_by_patient")


@both.route("/so-kham.pdf", "GET", "POST")
def printed(whose: Whose) -> Response:
    """One's own visits of the year `nam`; with `chan_doan=1` also what they were for; after the press all of them."""
    year, diagnoses = reader.wanted_year(today().year), request.args.get("chan_doan") == "1"
    pressed = request.method == "POST"
    hide = reader.hides(whose) or not pressed
    who = bearer(db.session, whose.person_id) or abort(404)
    visits = queries.of_year(db.session, whose.person_id, year, hide=hide) or abort(404)
    disputed = disputes.disputed(db.session, whose.person_id, RowKind.VISIT)
    db.commit()
    reader.note(whose, Tag.PRINTED)
    told = [_visit(row, disputed, diagnoses) for row in visits]
    name = f"so-kham-{year}.pdf"
    answer = papers.answer(html(whose.person_id, who, year, visits, told, diagnoses=diagnoses), name)
    if pressed:
        # A browser that shows what a POST brought asks again by GET when the reader saves it.
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def html(
    person_id: UUID, who: Bearer, year: int, visits: Sequence[Row[Any]], told: list[dict[str, Any]], *, diagnoses: bool
) -> str:
    """The finished HTML, its code noted; `told` are the visits as they are printed."""
    sums = [money(sum((getattr(row, name) for row in visits), ZERO)) for name in AMOUNTS]
    labels = (N_("Tổng chi phí"), N_("Quỹ BHYT trả"), N_("Cùng chi trả"), N_("Tự trả"))
    facts = [
        Fact(N_("Họ và tên"), who.name),
        Fact(N_("Năm sinh"), who.birth_year),
        Fact(N_("Năm khám chữa bệnh"), str(year)),
        Fact(N_("Chẩn đoán"), str(N_("có in") if diagnoses else N_("không in"))),
        Fact(N_("Số lần khám"), str(len(visits))),
        *(Fact(label, f"{amount} đồng") for label, amount in zip(labels, sums, strict=True)),
        Fact(N_("Ngày in"), f"{today():%d/%m/%Y}"),
    ]
    stamp = attesting.stamp(Statement(Document.VISITS, person_id, facts, json.dumps(told, ensure_ascii=False)))
    return pages.paper(
        "visits/paper.html",
        bearer=who,
        facts=facts,
        year=year,
        visits=told,
        sums=sums,
        diagnoses=diagnoses,
        stamp=stamp,
        printed_at=f"{now().astimezone(VIETNAM):%H:%M %d/%m/%Y}",
    )


def _visit(row: Row[Any], disputed: frozenset[UUID], diagnoses: bool) -> dict[str, Any]:
    came, left = day_of(row.admitted_at), day_of(row.discharged_at)
    shown = diagnoses and not row.sensitive
    amounts: list[Decimal] = [getattr(row, name) for name in AMOUNTS]
    return {
        "came": f"{came:%d/%m/%Y}",
        "left": f"{left:%d/%m/%Y}" if left != came else "",
        "place": row.facility or f"Cơ sở mã {row.facility_code}",
        "diagnosis": (row.main_diagnosis or row.main_diagnosis_code) if shown else "",
        "amounts": [money(amount) for amount in amounts],
        "disputed": row.id in disputed,
    }
