"""“Không phải tôi / sai”: a complaint about one row of one's records, or of one's child's; the row is marked until answered."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, request
from sqlalchemy.orm import Session

from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.privacy.requests import queries
from vssid.privacy.requests.actions import Wish
from vssid.privacy.requests.forms import RowForm
from vssid.privacy.requests.views import BASE, asked
from vssid.privacy.rules import About, Kind
from vssid.records import disputes
from vssid.records.disputes import Complaint, RowKind
from vssid.records.whose import Both, Whose
from vssid.web import db, pages

bp = Blueprint("disputes", __name__)
both = Both(bp, "ca-nhan")
ROW = "/khieu-nai/<kind>/<uuid:row>"


def init_app(app: Flask) -> None:
    """Open the window, and tell the rooms below which rows are disputed."""
    app.register_blueprint(bp)
    disputes.register_open(app, _open)


def _open(session: Session, person_id: UUID, rows: RowKind) -> dict[UUID, Complaint]:
    """What is open, with the ways to the receipts."""
    return {
        id: Complaint(f"{BASE}/{one.id}", one.account_id, one.done_by)
        for id, one in queries.disputed(session, person_id, rows).items()
    }


@both.get(ROW, reaches="record")
def form(whose: Whose, kind: str, row: UUID) -> Response:
    """What is wrong with a row of one's own."""
    return _page(whose, kind, row, RowForm(formdata=None, own=whose.own))


def _named(whose: Whose, kind: str, row: UUID) -> tuple[str, str, date]:
    """What the row is called, where it stands, until when the answer comes; rows of others do not exist. Read before the request writes."""
    if kind not in list(RowKind):
        abort(404)
    with reading(db.engine()) as session:
        called = disputes.described(session, whose.person_id, RowKind(kind), row) or abort(404)
        back = whose.base + disputes.address(session, whose.person_id, RowKind(kind), row)
        return called, back, queries.clocks(session, Kind.ROW, today()).done_by


def _page(whose: Whose, kind: str, row: UUID, form: RowForm, status: int = 200) -> Response:
    called, back, due = _named(whose, kind, row)
    shown: dict[str, Any] = {
        "form": form, "whose": whose, "row": called, "back": back, "due": due, "here": request.path, "active": whose.active,
    }  # fmt: skip
    if status == 200:
        return pages.page("privacy/row_form.html", **shown)
    return pages.refused("privacy/row_form.html", status=status, **shown)


@both.post(ROW, reaches="record")
def ask(whose: Whose, kind: str, row: UUID) -> Response:
    """The complaint: its clocks begin."""
    form = RowForm(own=whose.own)
    _named(whose, kind, row)
    try:
        if form.validate_on_submit():
            words = (form.words.data or "").strip()
            wish = Wish(Kind.ROW, words, About(form.about.data), row_key=f"{kind}/{row}")
            return asked(whose.person_id, wish, now())
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _page(whose, kind, row, form, 422)
