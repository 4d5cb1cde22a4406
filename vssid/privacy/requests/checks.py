"""Yêu cầu kiểm tra quá trình tham gia: the agency is asked to look at one fund's gaps and late months, of oneself or a child."""

from datetime import date
from typing import Any

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
from vssid.records.whose import Both, Whose
from vssid.web import db, pages

bp = Blueprint("checks", __name__)
both = Both(bp, "ca-nhan")
FUND = "/qua-trinh/<any(bhxh, bhtn, tnld, bhyt):fund>/kiem-tra"


@both.get(FUND)
def form(whose: Whose, fund: str) -> Response:
    """What is sent, and until when the answer comes."""
    return _page(whose, Fund(fund.upper()), CheckForm(formdata=None))


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


@both.post(FUND)
def ask(whose: Whose, fund: str) -> Response:
    """The request: its clocks begin."""
    form, chosen = CheckForm(), Fund(fund.upper())
    months, _due = _read(whose, chosen)
    try:
        if form.validate_on_submit():
            words = checking.joined(months, (form.words.data or "").strip())
            wish = Wish(Kind.CORRECT, words, About.PARTICIPATION, row_key=checking.key(chosen))
            return asked(whose.person_id, wish, now())
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _page(whose, chosen, form, 422)
