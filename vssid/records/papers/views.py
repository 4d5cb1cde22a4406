"""Giấy tờ: the papers of a year, one paper with all that it says, and its print with a code that anybody can check.

Papers that tell of HIV stand behind an extra press, and are hidden from the guardian of somebody of sixteen or more. That
a guardian looked is noted, and so is each print.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid.kernel.clock import today
from vssid.kernel.labels import N_, Label
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.records.papers import printing, queries
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import PaperKind, Tag
from vssid.records.papers.showing import lines, number_line
from vssid.records.visits import queries as visits
from vssid.records.visits import reader
from vssid.records.visits.views import after, tabs
from vssid.records.whose import Both, Whose
from vssid.web import db, pages, papers
from vssid.web.i18n import day, say, shown, vietnamese

bp = Blueprint("papers", __name__)
both = Both(bp, "ca-nhan")
_ONE, _PDF = "/giay-to/<uuid:id>", "/giay-to/<uuid:id>.pdf"


def init_app(app: Flask) -> None:
    """Let papers be disputed."""
    disputes.register_rows(app, RowKind.PAPER, _described, lambda _session, _person, id: f"/giay-to/{id}")


def _described(session: Session, person_id: UUID, id: UUID) -> str | None:
    paper = queries.one(session, person_id, id, hide=reader.kept_from_reader(session, person_id))
    if paper is None:
        return None
    name = visits.facility_name(session, paper.facility_code) or paper.facility_code
    kept = {"number": paper.number, "place": vietnamese(name)}
    return shown(N_("%(kind)s số %(number)s của %(place)s", kind=_kind(paper), **kept))


def _kind(paper: Paper) -> Label:
    return PaperKind(paper.kind).label


@both.get("/giay-to")
def listing(whose: Whose) -> Response:
    """One's own papers of a year."""
    hide = reader.hides(whose)
    years = queries.years(db.session, whose.person_id, hide=hide)
    year = reader.wanted_year(years[0][0] if years else today().year)
    listed = queries.page(db.session, whose.person_id, year, after(), hide=hide) if dict(years).get(year) else None
    base = f"{whose.base}/giay-to"
    reader.note(whose, Tag.LISTED)
    return pages.page(
        "papers/list.html",
        whose=whose,
        base=base,
        tabs=tabs(whose, "giay-to"),
        year=year,
        years=[(one, f"{base}?nam={one}", one == year) for one, _count in years],
        rows=[(row, PaperKind(row.kind).label, *number_line(row), _state(row)) for row in listed.rows]
        if listed
        else [],
        following=f"{base}?nam={year}&sau={listed.next_key}" if listed and listed.next_key else None,
        disputed=disputes.disputed(db.session, whose.person_id, RowKind.PAPER),
        active=whose.active,
    )


def _state(paper: queries.Row | Paper) -> Label:
    """How a paper stands, as far as the files tell: none says that one was cancelled."""
    if paper.updated_at > paper.recorded_at:
        return N_("Cơ sở đã gửi lại")
    return N_("Đã nhận từ cơ sở")


@both.route(_ONE, "GET", "POST", reaches="paper")
def show(whose: Whose, id: UUID) -> Response:
    """One paper; where it is sensitive, first the question. The POST is the press: nothing of it stays in the history."""
    paper = queries.one(db.session, whose.person_id, id, hide=reader.hides(whose)) or abort(404)
    shown = request.method == "POST" or not paper.sensitive
    context = _context(whose, paper) if shown else {}
    db.commit()
    if shown:
        reader.note(whose, Tag.SEEN, paper=str(id))
    kind = say(_kind(paper))
    return pages.page(
        "papers/paper.html" if shown else "papers/ask.html",
        whose=whose,
        heading=_("%(title)s của %(name)s", title=kind, name=whose.name) if whose.name else kind,
        here=f"{whose.base}/giay-to/{id}",
        back=f"{whose.base}/giay-to?nam={paper.year}",
        active=whose.active,
        **context,
    )


def _context(whose: Whose, paper: Paper) -> dict[str, Any]:
    label, number = number_line(paper)
    # A visit that the reader is not told of is not pointed to either.
    visit = paper.visit_id and visits.one(db.session, whose.person_id, paper.visit_id, hide=reader.hides(whose))
    return {
        "paper": paper,
        "facility": visits.facility_name(db.session, paper.facility_code),
        "number_label": label,
        "number": number,
        "state": _state(paper),
        "lines": lines(paper),
        "visit": f"{whose.base}/so-kham/{visit.id}" if visit else None,
        "complaint": disputes.complaint(db.session, whose.person_id, RowKind.PAPER, paper.id),
        "dispute": disputes.link(whose, RowKind.PAPER, paper.id),
        "day_of": day,
    }


@both.route(_PDF, "GET", "POST", reaches="paper")
def printed(whose: Whose, id: UUID) -> Response:
    """One paper as PDF; a sensitive one is asked about first."""
    opened = request.method == "POST"
    paper = queries.one(db.session, whose.person_id, id, hide=reader.hides(whose)) or abort(404)
    if paper.sensitive and not opened:
        return redirect(f"{whose.base}/giay-to/{id}", 303, Response)  # type: ignore[return-value]
    facility = visits.facility_name(db.session, paper.facility_code)
    disputed = paper.id in disputes.disputed(db.session, whose.person_id, RowKind.PAPER)
    sheet = printing.sheet(db.session, paper, facility, disputed=disputed)
    db.commit()
    name = f"giay-to-{paper.kind}.pdf"
    answer = papers.answer(printing.html(sheet), name)
    if opened:
        # A browser that shows what a POST brought asks again by GET when the reader saves it.
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reader.note(whose, Tag.SEEN, paper=str(id))
    reader.note(whose, Tag.PRINTED, own=True, paper=str(id))
    return answer
