"""Sổ khám chữa bệnh: a year's visits with their sums, one visit with what it cost and who paid.

Visits that tell of HIV stand behind an extra press, and are hidden from the guardian of somebody of sixteen or more. That
a guardian looked is noted.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.clock import day_of, today
from vssid.kernel.labels import N_
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.records.papers.rules import PaperKind
from vssid.records.visits import departments, queries, reader
from vssid.records.visits.models import Visit, VisitLine
from vssid.records.visits.rules import (
    CEILING_TIMES,
    DISCHARGES,
    KINDS,
    RESULTS,
    Tag,
    Year,
    ceiling_day,
    grouped,
)
from vssid.records.whose import Both, Whose
from vssid.web import db, pages
from vssid.web.i18n import day, language, number, shown, vietnamese

bp = Blueprint("visits", __name__)
both = Both(bp, "ca-nhan")
PAGE = "visits/visit.html"


def init_app(app: Flask) -> None:
    """Let visits be disputed."""
    disputes.register_rows(app, RowKind.VISIT, _described, lambda _session, _person, id: f"/so-kham/{id}")


def _described(session: Session, person_id: UUID, id: UUID) -> str | None:
    visit = queries.one(session, person_id, id, hide=reader.kept_from_reader(session, person_id))
    if visit is None:
        return None
    name = queries.facility_name(session, visit.facility_code) or visit.facility_code
    return shown(N_("Lần khám ngày %(day)s tại %(place)s", day=day_of(visit.admitted_at), place=vietnamese(name)))


@both.get("/so-kham")
def listing(whose: Whose) -> Response:
    """One's own visits of a year."""
    hide = reader.hides(whose)
    years = queries.years(db.session, whose.person_id, hide=hide)
    year = reader.wanted_year(years[0].year if years else today().year)
    sums = next((one for one in years if one.year == year), None)
    listed = queries.page(db.session, whose.person_id, year, after(), hide=hide) if sums else None
    base = f"{whose.base}/so-kham"
    reader.note(whose, Tag.LISTED)
    return pages.page(
        "visits/list.html",
        whose=whose,
        base=base,
        tabs=tabs(whose, "so-kham"),
        year=year,
        years=[(one.year, f"{base}?nam={one.year}", one.year == year) for one in years],
        sums=sums,
        rule=_rule(sums) if sums else None,
        rows=listed.rows if listed else [],
        following=f"{base}?nam={year}&sau={listed.next_key}" if listed and listed.next_key else None,
        disputed=disputes.disputed(db.session, whose.person_id, RowKind.VISIT),
        day_of=_day,
        active=whose.active,
    )


def _day(at: datetime) -> str:
    return day(day_of(at))


def tabs(whose: Whose, current: str) -> list[tuple[str, str, bool]]:
    """The two halves of the book: what was done, and the papers about it."""
    halves = ((_("Lịch sử"), "so-kham"), (_("Giấy tờ"), "giay-to"))
    return [(label, f"{whose.base}/{slug}", slug == current) for label, slug in halves]


def after() -> UUID | None:
    """The row behind which the page begins, as the address names it."""
    try:
        return UUID(pages.query_text("sau", 36))
    except ValueError:
        return None


def _rule(sums: Year) -> dict[str, Any] | None:
    """The rule of five years in figures of this year and this person; None where the law's figure is not known."""
    found = directory.parameter(db.session, "luong_co_so", ceiling_day(sums.year, today()))
    level = directory.number_of(found.code, found.value) if found else None
    if level is None:
        return None
    ceiling = CEILING_TIMES * level
    return {
        "times": CEILING_TIMES,
        "level": number(level),
        "ceiling": number(ceiling),
        "copay": number(sums.copay),
        "missing": number(ceiling - sums.copay) if sums.copay <= ceiling else None,
        "running": sums.year == today().year,
    }


@both.route("/so-kham/<uuid:id>", "GET", "POST", reaches="visit")
def show(whose: Whose, id: UUID) -> Response:
    """One visit; where it is sensitive, first the question. The POST is the press: nothing of it stays in the history."""
    found = queries.whole(db.session, whose.person_id, id, hide=reader.hides(whose)) or abort(404)
    visit = found.visit
    shown = request.method == "POST" or not visit.sensitive
    context = _context(whose, found) if shown else {}
    db.commit()
    if shown:
        reader.note(whose, Tag.SEEN, visit=str(id))
    title = _("Lần khám ngày %(day)s", day=_day(visit.admitted_at))
    if whose.name:
        title = _("%(title)s của %(name)s", title=title, name=whose.name)
    return pages.page(
        PAGE if shown else "visits/ask.html",
        whose=whose,
        heading=title,
        here=f"{whose.base}/so-kham/{id}",
        back=f"{whose.base}/so-kham?nam={visit.year}",
        active=whose.active,
        **context,
    )


def _context(whose: Whose, found: queries.Whole) -> dict[str, Any]:
    visit = found.visit
    lines = queries.lines(db.session, visit.id)
    groups = [
        (group.label, number(subtotal), [_cost(lines[at]) for at in positions])
        for group, (positions, subtotal) in grouped((one.group_code, one.part, one.amount) for one in lines).items()
    ]
    return {
        "visit": visit,
        "kind": KINDS.get(visit.visit_kind),
        "result": RESULTS.get(visit.result),
        "discharge": DISCHARGES.get(visit.discharge_kind),
        "departments": departments.named(visit.department_code),
        **_diseases(visit),
        "groups": groups,
        "day_of": _day,
        "complaint": disputes.complaint(db.session, whose.person_id, RowKind.VISIT, visit.id),
        "dispute": disputes.link(whose, RowKind.VISIT, visit.id),
        "facility": found.facility,
        "papers": [(f"{whose.base}/giay-to/{id}", PaperKind(kind).label) for kind, id in found.papers],
    }


class Disease(NamedTuple):
    """A disease by its code; its names '' where the list of diseases does not know it, the English one only for who reads it."""

    code: str
    name: str
    english: str


def _diseases(visit: Visit) -> dict[str, Any]:
    """The main disease and the others as the page shows them."""
    others = [code for part in visit.other_codes.split(";") if (code := part.strip())]
    known = directory.icd10_names(db.session, [visit.main_diagnosis_code, *others])
    abroad = language() != "vi"

    def disease(code: str) -> Disease:
        row = known.get(code)
        return Disease(code, row.name if row else "", row.name_en if row and abroad else "")

    return {"main": disease(visit.main_diagnosis_code), "others": [disease(code) for code in others]}


def _cost(line: VisitLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "count": f"{number(line.quantity)} {line.unit} × {number(line.price)}".replace("  ", " "),
        "rate": line.rate,
        "amount": number(line.amount),
        "fund": number(line.paid_by_fund),
    }
