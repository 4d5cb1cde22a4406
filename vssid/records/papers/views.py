"""Giấy tờ: the papers of a year, one paper with all that it says, and its print with a code that anybody can check.

Papers that tell of HIV stand behind an extra press, and are hidden from the guardian of somebody of sixteen or more. That
a guardian looked is noted, and so is each print.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, redirect
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
from vssid.records.visits.views import ACTIVE, after, tabs
from vssid.records.whose import Whose, mine, of_child
from vssid.web import db, pages, papers
from vssid.web.guards import citizen, guardian_of, reaches
from vssid.web.i18n import day, say, shown, vietnamese

bp = Blueprint("papers", __name__, url_prefix="/ca-nhan")
_CHILD = "/gia-dinh/<uuid:child>"
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


@bp.get("/giay-to")
@citizen
def listing() -> Response:
    """One's own papers of a year."""
    return _listing(mine(ACTIVE))


@bp.get(f"{_CHILD}/giay-to")
@guardian_of
def listing_child(child: UUID) -> Response:
    """The same for a child; that the guardian looked is noted."""
    return _listing(of_child())


def _listing(whose: Whose) -> Response:
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


@bp.get(_ONE)
@reaches("paper")
@citizen
def show(id: UUID) -> Response:
    """One paper; where it is sensitive, first the question."""
    return _show(mine(ACTIVE), id, opened=False)


@bp.post(_ONE)
@reaches("paper")
@citizen
def open_(id: UUID) -> Response:
    """The same after the press: nothing changes, and nothing of it stays in the browser's history."""
    return _show(mine(ACTIVE), id, opened=True)


@bp.get(_CHILD + _ONE)
@guardian_of
def show_child(child: UUID, id: UUID) -> Response:
    """The same for a child; that the guardian looked is noted."""
    return _show(of_child(), id, opened=False)


@bp.post(_CHILD + _ONE)
@guardian_of
def open_child(child: UUID, id: UUID) -> Response:
    """The same after the press."""
    return _show(of_child(), id, opened=True)


def _show(whose: Whose, id: UUID, *, opened: bool) -> Response:
    paper = queries.one(db.session, whose.person_id, id, hide=reader.hides(whose)) or abort(404)
    shown = opened or not paper.sensitive
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


@bp.get(_PDF)
@reaches("paper")
@citizen
def print_(id: UUID) -> Response:
    """One paper as PDF; a sensitive one is asked about first."""
    return _print(mine(ACTIVE), id, opened=False)


@bp.post(_PDF)
@reaches("paper")
@citizen
def print_opened(id: UUID) -> Response:
    """The same from a page that was opened by a press."""
    return _print(mine(ACTIVE), id, opened=True)


@bp.get(_CHILD + _PDF)
@guardian_of
def print_child(child: UUID, id: UUID) -> Response:
    """The same for a child."""
    return _print(of_child(), id, opened=False)


@bp.post(_CHILD + _PDF)
@guardian_of
def print_opened_child(child: UUID, id: UUID) -> Response:
    """The same from a page that was opened by a press."""
    return _print(of_child(), id, opened=True)


def _print(whose: Whose, id: UUID, *, opened: bool) -> Response:
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
