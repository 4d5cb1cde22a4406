"""Thông tin hưởng: what one received, part by part and year by year; each row by itself; adjustments of the pension."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request

from vssid import accounts
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.text import masked
from vssid.records import disputes
from vssid.records.benefits import queries
from vssid.records.benefits.models import Benefit
from vssid.records.benefits.rules import BenefitKind, Branch, Tag, in_all
from vssid.records.disputes import RowKind
from vssid.records.whose import Both, Whose
from vssid.web import db, pages

bp = Blueprint("benefits", __name__)
both = Both(bp, "ca-nhan")
ROOM = "/thong-tin-huong"
ACCOUNT_TAIL = 4
_BRANCH = f"{ROOM}/<any({', '.join(repr(str(branch)) for branch in Branch)}):branch>"


@both.get(ROOM)
def index(whose: Whose) -> Response:
    """Go to the first part that holds anything."""
    branch = queries.first_branch(db.session, whose.person_id)
    return redirect(f"{whose.base}{ROOM}/{branch}", 303, Response)  # type: ignore[return-value]


@both.get(_BRANCH)
def show(whose: Whose, branch: str) -> Response:
    """One part: its rows, what was received in a year and in all."""
    part = Branch(branch)
    totals = queries.totals(db.session, whose.person_id, part)
    wanted = pages.query_text("nam", 4)
    year = next((total.year for total in totals if f"{total.year}" == wanted), None)
    after = queries.Key.parse(pages.query_text("sau", 60))
    found = queries.page(db.session, whose.person_id, part, year, after)
    here = f"{whose.base}{ROOM}"
    following = f"{here}/{part}?{f'nam={year}&' if year is not None else ''}sau={found.following}"
    return pages.page(
        "records/benefits/list.html",
        whose=whose,
        here=here,
        branch=part,
        tabs=[(one.label, f"{here}/{one}", one is part) for one in Branch],
        totals=totals,
        year=year,
        of_year=next((total for total in totals if total.year == year), None),
        in_all=in_all(totals),
        rows=_rows(found.rows),
        disputed=disputes.disputed(db.session, whose.person_id, RowKind.BENEFIT),
        following=following if found.following else None,
        active=whose.active,
    )


def _rows(rows: Sequence[Benefit]) -> list[tuple[Benefit, BenefitKind, date | None]]:
    """Each row with its kind and its first day; what else is known stands on its own page."""
    return [(row, BenefitKind(row.kind), first_day(row)) for row in rows]


def first_day(row: Benefit) -> date | None:
    """The first day of a benefit, if it is known."""
    return date.fromisoformat(row.from_date) if row.from_date else None


def short_account(row: Benefit) -> str:
    """The account's last four signs behind stars; '' without an account."""
    return masked(row.account_number.replace(" ", ""), 0, ACCOUNT_TAIL)


@both.get(f"{ROOM}/<uuid:id>", reaches="benefit")
def one(whose: Whose, id: UUID) -> Response:
    """One benefit with all that is known of it."""
    row = queries.one(db.session, whose.person_id, id) or abort(404)
    reveal = request.args.get("hien") == "1" and bool(row.account_number)
    if reveal:
        with unit(db.engine()) as session:
            subject = ("person", whose.person_id)
            audit.record(session, Tag.ACCOUNT_SHOWN, accounts.me().by, subject, now(), benefit=str(row.id))
    kind = BenefitKind(row.kind)
    return pages.page(
        "records/benefits/one.html",
        whose=whose,
        row=row,
        kind=kind,
        first=first_day(row),
        account=row.account_number if reveal else short_account(row),
        reveal=reveal,
        here=f"{whose.base}{ROOM}/{row.id}",
        back=f"{whose.base}{ROOM}/{kind.branch}",
        complaint=disputes.complaint(db.session, whose.person_id, RowKind.BENEFIT, row.id),
        dispute=disputes.link(whose, RowKind.BENEFIT, row.id),
        active=whose.active,
    )


@both.get(f"{ROOM}/phieu-dieu-chinh")
def slips(whose: Whose) -> Response:
    """Phiếu điều chỉnh lương hưu: how one's pension went up, newest first."""
    rows = queries.adjustments(db.session, whose.person_id)
    return pages.page(
        "records/benefits/slips.html",
        whose=whose,
        rows=rows,
        now_held=next((row for row in rows if row.effective_from <= today()), None),
        here=f"{whose.base}{ROOM}/phieu-dieu-chinh",
        back=f"{whose.base}{ROOM}/{Branch.MONTHLY}",
        disputed=disputes.disputed(db.session, whose.person_id, RowKind.BENEFIT),
        active=whose.active,
    )


@both.get(f"{ROOM}/phieu-dieu-chinh/<uuid:id>", reaches="benefit")
def slip(whose: Whose, id: UUID) -> Response:
    """One adjustment: before, after, the difference, why."""
    row = queries.adjustment(db.session, whose.person_id, id) or abort(404)
    return pages.page(
        "records/benefits/slip.html",
        whose=whose,
        row=row,
        back=f"{whose.base}{ROOM}/phieu-dieu-chinh",
        complaint=disputes.complaint(db.session, whose.person_id, RowKind.BENEFIT, row.id),
        dispute=disputes.link(whose, RowKind.BENEFIT, row.id),
        active=whose.active,
    )
