"""Bản kê quá trình tham gia: all funds on paper, with a code that can be checked. Our own layout, not the agency's C14-TS."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort
from sqlalchemy import Row

from vssid import attesting
from vssid.attesting import Document, Fact, Statement
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.labels import N_
from vssid.records import disputes
from vssid.records.bearer import Bearer, bearer
from vssid.records.contributions import queries
from vssid.records.contributions.downloads import as_dict
from vssid.records.contributions.rules import (
    Fund,
    Kind,
    Month,
    Span,
    Status,
    Tally,
    ahead,
    duration,
    month_of,
    spoken,
    tally,
)
from vssid.records.disputes import RowKind
from vssid.records.whose import Both, Whose
from vssid.web import db, pages, papers
from vssid.web.i18n import number_in, say_in

LINES_A_FUND = 250  # a line takes some 7 ms to set, and the workshop has twenty seconds; the totals are of all
Line = tuple[Span, dict[str, Any]]
bp = Blueprint("contribution_statements", __name__)
both = Both(bp, "ca-nhan")


@both.get("/qua-trinh.pdf")
def printed(whose: Whose) -> Response:
    """One's own; that it was printed is noted."""
    who = bearer(db.session, whose.person_id) or abort(404)
    rows = queries.everything(db.session, whose.person_id)
    disputed = disputes.disputed(db.session, whose.person_id, RowKind.CONTRIBUTION) if rows else frozenset()
    return papers.answer(html(whose.person_id, who, rows, disputed), "qua-trinh-tham-gia.pdf")


@dataclass(frozen=True)
class Part:
    """One fund on the paper; texts in Vietnamese."""

    label: str
    total: str
    ahead: str
    items: list[dict[str, Any]]
    left_out: int


def html(person_id: UUID, who: Bearer, rows: Sequence[Row[Any]], disputed: frozenset[UUID]) -> str:
    """The finished HTML, its code noted."""
    at, until = now(), month_of(today())
    by_fund = {fund: [row for row in rows if row.fund == fund] for fund in Fund}
    tallies = {fund: tally(queries.as_periods(found), until) for fund, found in by_fund.items()}
    facts = [
        Fact(N_("Họ và tên"), who.name),
        Fact(N_("Năm sinh"), who.birth_year),
        *(Fact(fund.label, _total(found)) for fund, found in tallies.items()),
        Fact(N_("Tháng mới nhất có dữ liệu"), _newest(list(tallies.values()))),
        Fact(N_("Ngày in"), f"{today():%d/%m/%Y}"),
    ]
    content = json.dumps([as_dict(row, row.id in disputed) for row in rows], ensure_ascii=False)
    stamp = attesting.stamp(Statement(Document.PARTICIPATION, person_id, facts, content))
    parts = [_part(fund, found, tallies[fund], disputed, until) for fund, found in by_fund.items()]
    printed_at = f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return pages.paper(
        "records/contributions/paper.html", bearer=who, facts=facts, funds=parts, stamp=stamp, printed_at=printed_at
    )


def _part(fund: Fund, rows: list[Row[Any]], found: Tally, disputed: frozenset[UUID], until: Month) -> Part:
    lines = joined([_line(row, disputed) for row in rows])
    newest = lines[-LINES_A_FUND:]
    items = [{**told, "first": spoken(span.first), "last": spoken(span.last)} for span, told in newest]
    return Part(str(fund.label), _total(found), _ahead(rows, until), items, len(lines) - len(newest))


def joined(lines: list[Line]) -> list[Line]:
    """Lines, oldest first, in which months that follow each other and say the same are one: files often have a row a month."""
    found: list[Line] = []
    for span, told in lines:
        if found and found[-1][1] == told and span.first == found[-1][0].last + 1:
            found[-1] = Span(found[-1][0].first, span.last), told
        else:
            found.append((span, told))
    return found


def _total(found: Tally) -> str:
    if found.whole is None:
        return "chưa có dữ liệu"
    total = say_in("vi", duration(len(found.paid)))
    return f"{total}, chậm đóng {len(found.late)} tháng" if found.late else total


def _newest(tallies: list[Tally]) -> str:
    months = [found.whole.last for found in tallies if found.whole]
    return spoken(max(months)) if months else "chưa có dữ liệu"


def _ahead(rows: list[Row[Any]], until: Month) -> str:
    last = ahead(queries.as_periods(rows), until)
    return "" if last is None else spoken(last)


def _line(row: Row[Any], disputed: frozenset[UUID]) -> Line:
    status, kind = Status(row.status), Kind(row.kind)
    return Span(month_of(row.from_month), month_of(row.to_month)), {
        "employer": f"{row.employer_name} ({row.employer_code})" if row.employer_code else row.employer_name,
        "job": "; ".join(part for part in (row.job, row.workplace) if part),
        "salary": _salary(row.salary, row.currency),
        "coefficient": "" if row.coefficient is None else number_in("vi", row.coefficient),
        "state": str(status.label_for(kind)),
        "late": status is not Status.PAID,
        "voluntary": kind is Kind.VOLUNTARY,
        "disputed": row.id in disputed,
    }


def _salary(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return ""
    text = number_in("vi", amount)
    return text if currency == "VND" else f"{text} {currency}"
