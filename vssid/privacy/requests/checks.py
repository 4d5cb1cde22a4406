"""Yêu cầu kiểm tra quá trình tham gia: the agency is asked to look at one fund's gaps and late months, of oneself or a child."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.privacy.requests import checking, queries
from vssid.privacy.requests.actions import Wish
from vssid.privacy.requests.forms import CheckForm
from vssid.privacy.requests.views import asked
from vssid.privacy.rules import About, Kind
from vssid.records import contributions
from vssid.records.contributions import Fund
from vssid.records.whose import Whose, mine, of_child
from vssid.web import db, pages
from vssid.web.guards import citizen, guardian_of

bp = Blueprint("checks", __name__, url_prefix="/ca-nhan")
FUND = "/qua-trinh/<any(bhxh, bhtn, tnld, bhyt):fund>/kiem-tra"


@bp.get(FUND)
@citizen
def form(fund: str) -> Response:
    """What is sent, and until when the answer comes."""
    return _page(mine("ca-nhan"), Fund(fund.upper()), CheckForm(formdata=None))


@bp.post(FUND)
@citizen
def ask(fund: str) -> Response:
    """The request: its clocks begin."""
    return _ask(mine("ca-nhan"), Fund(fund.upper()))


@bp.get(f"/gia-dinh/<uuid:child>{FUND}")
@guardian_of
def child_form(child: UUID, fund: str) -> Response:
    """The same for a child."""
    return _page(of_child(), Fund(fund.upper()), CheckForm(formdata=None))


@bp.post(f"/gia-dinh/<uuid:child>{FUND}")
@guardian_of
def ask_for_child(child: UUID, fund: str) -> Response:
    """The request of a guardian."""
    return _ask(of_child(), Fund(fund.upper()))


def _read(whose: Whose, fund: Fund) -> tuple[str, date]:
    """The months by the register of now, and the last day of the answer. Read before the request writes."""
    with reading(db.engine()) as session:
        found = contributions.tally(
            contributions.periods(session, whose.person_id, fund), contributions.month_of(today())
        )
        return checking.kept(fund, found), queries.clocks(session, Kind.CORRECT, today()).done_by


def _page(whose: Whose, fund: Fund, form: CheckForm, status: int = 200) -> Response:
    months, due = _read(whose, fund)
    shown: dict[str, Any] = {
        "form": form,
        "whose": whose,
        "lines": checking.told(months),
        "due": due,
        "here": request.path,
        "back": f"{whose.base}/qua-trinh/{fund.slug}",
        "active": whose.active,
    }
    if status == 200:
        return pages.page("privacy/check_form.html", **shown)
    return pages.refused("privacy/check_form.html", status=status, **shown)


def _ask(whose: Whose, fund: Fund) -> Response:
    form = CheckForm()
    months, _due = _read(whose, fund)
    try:
        if form.validate_on_submit():
            words = checking.joined(months, (form.words.data or "").strip())
            wish = Wish(Kind.CORRECT, words, About.PARTICIPATION, row_key=checking.key(fund))
            return asked(whose.person_id, wish, now())
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _page(whose, fund, form, 422)
