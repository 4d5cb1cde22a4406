"""“Bị từ chối”: the sentence to show at once, and the report to the agency where that did not help."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.card import queries as cards
from vssid.card.refusals import actions, queries
from vssid.card.refusals.forms import ELSEWHERE, ReportForm
from vssid.card.refusals.models import CardRefusal
from vssid.card.refusals.rules import (
    A_DAY,
    NO_PLACE,
    NO_SUCH_PLACE,
    TOO_OFTEN,
    Report,
    Said,
    Status,
    check_day,
    check_words,
    spoken_code,
)
from vssid.card.today import rules as today_rules
from vssid.card.today.law import for_reception
from vssid.directory.models import Facility
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label, Refused
from vssid.records.whose import Both, Whose
from vssid.web import db, pages

bp = Blueprint("refusals", __name__)
both = Both(bp, "the-bhyt")
PAGE = "/the-bhyt/bi-tu-choi"
LONGEST_SEARCH, MOST_FOUND = 100, 8
FIND = "find"  # the button that searches, within the form: nothing typed is lost
SENT = N_("Đã gửi báo cáo. Cơ quan BHXH trả lời chậm nhất ngày %(day)s.")


@dataclass(frozen=True)
class Search:
    """What was searched for, the places to choose from as (code, name with address), and whether nothing was found."""

    text: str
    places: list[tuple[str, str]]
    in_vain: bool


def _search(session: Session, whose: Whose, text: str, chosen: Facility | None = None) -> Search:
    """The facility on the card, the one that was chosen before, then what the search finds."""
    holder = cards.holder(session, whose.person_id, today()) or abort(404)
    face = holder.face
    own = [(face.facility_code, face.facility_name)] if face else []
    found = directory.search_facilities(session, text, limit=MOST_FOUND) if text else []
    listed = [*([chosen] if chosen else []), *found]
    named = [(one.code, ", ".join(part for part in (one.name, one.address) if part)) for one in listed]
    return Search(text, list(dict([*own, *named]).items()), bool(text) and not found)


@both.get(PAGE)
def form(whose: Whose) -> Response:
    """What to show, and the report."""
    search = _search(db.session, whose, pages.query_text("q", LONGEST_SEARCH))
    shown = ReportForm(formdata=None, places=search.places, data={"happened_on": today()})
    return _page(whose, shown, search)


def _page(whose: Whose, form: ReportForm, search: Search, status: int = 200) -> Response:
    """The sentence of the rule stands above all: often that solves it."""
    found = directory.parameters(db.session, today_rules.CODES, today())
    sent = queries.newest_of(db.session, accounts.me().id, whose.person_id)
    return pages.page(
        "card/refusal_form.html",
        status=status,
        whose=whose,
        form=form,
        search=search,
        reception=for_reception(found),
        due=queries.due_on(db.session, today()),
        sent=[_facts(one) for one in sent],
        here=request.path,
        elsewhere=ELSEWHERE,
        active=whose.active,
    )


@both.post(PAGE)
def send(whose: Whose) -> Response:
    """The report: its clock begins; or a search for the facility."""
    text = " ".join(request.form.get("q", "").split())[:LONGEST_SEARCH]
    # Read before the request writes.
    chosen = request.form.get("facility", "")[:LONGEST_SEARCH]
    with reading(db.engine()) as session:
        facility = directory.facility(session, chosen) if chosen not in ("", ELSEWHERE) else None
        search = _search(session, whose, text, facility)
        form = ReportForm(places=search.places)
    if FIND in request.form:
        db.abandon()
        return _page(whose, form, search)
    try:
        if form.validate_on_submit():
            name = facility.name if facility else (form.name.data or "").strip()
            told = _report(form, chosen, name, known=facility is not None)
            return _sent(whose, told)
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _page(whose, form, search, 422)


def _report(form: ReportForm, chosen: str, name: str, *, known: bool) -> Report:
    """What the form tells. Raises Refused for a place or a day that cannot be."""
    if chosen != ELSEWHERE and not known:
        raise Refused(NO_SUCH_PLACE, "facility")
    if not name:
        raise Refused(NO_PLACE, "name")
    day: date = form.happened_on.data
    said, words = Said(form.said.data), (form.words.data or "").strip()
    check_day(day, today())
    check_words(said, words)
    return Report(chosen if known else "", name, day, said, words)


def _sent(whose: Whose, told: Report) -> Response:
    """The report noted, and the way to its receipt. Raises Refused for one too many."""
    me, at = accounts.me(), now()
    if not current_app.extensions["limiter"].allow("card-refusal", str(me.id), *A_DAY, at):
        raise Refused(TOO_OFTEN)
    made = actions.report(db.session, me.id, whose.person_id, told, by=me.by, at=at)
    return pages.after_post(Label(str(SENT), day=made.due_on), f"{whose.base}{PAGE}/{made.id}")


@both.get(f"{PAGE}/<uuid:id>", reaches="refusal")
def show(whose: Whose, id: UUID) -> Response:
    """The receipt: what arrived, until when an answer is due, the answer."""
    found = queries.of_account(db.session, id, accounts.me().id, whose.person_id) or abort(404)
    return pages.page("card/refusal.html", whose=whose, **_facts(found), active=whose.active)


def _facts(one: CardRefusal) -> dict[str, Any]:
    status = Status(one.status)
    return {
        "told": one,
        "code": spoken_code(one.code),
        "said": Said(one.said).label,
        "state": status,
        "late": status is Status.NEW and today() > one.due_on,
    }
