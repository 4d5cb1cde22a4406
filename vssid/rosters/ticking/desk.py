"""The officer's side: returned forms are ticked by scanning, one after another, without touching the mouse."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, flash, request, url_for

from vssid import officers
from vssid.kernel import audit
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.db import unit
from vssid.kernel.labels import N_
from vssid.officers import Permission, Tool
from vssid.registration import Status
from vssid.registration.rules import spoken_code
from vssid.rosters.rules import Tag
from vssid.rosters.ticking.actions import Outcome, tick, ticked
from vssid.web import db, pages
from vssid.web.guards import officer
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import say

bp = Blueprint("ticking", __name__, url_prefix="/can-bo/to-chuc")
DECIDE = Permission.REGISTRATION_DECIDE
LONGEST_CODE = 40


def init_app(app: Flask) -> None:
    """Show the screen among the console's tools."""
    app.register_blueprint(bp)
    officers.register_tool(app, Tool("ticking", N_("Nhận tờ khai giấy"), "ticking.screen", DECIDE))


@bp.get("/nhan-to-khai")
@officer(DECIDE)
def screen() -> Response:
    """One field, and what was ticked today."""
    return pages.page("rosters/tick.html", block="state", **_context(None))


def _empty() -> Response:
    """Nothing was scanned or typed: said at the field, which htmx therefore renews as well."""
    answer = pages.refused("rosters/tick.html", block="counter", **_context(None) | {"empty": True})
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#counter", "outerHTML"
    return answer


def _context(outcome: Outcome | None) -> dict[str, Any]:
    midnight = datetime.combine(today(), datetime.min.time(), VIETNAM)
    found = ticked(db.session, officers.me().id, midnight)
    rows = [{"d": one, "code": spoken_code(one.code), "state": Status(one.status)} for one in found]
    return {"outcome": outcome, "empty": False, "rows": rows, "active": "ticking"}


@bp.post("/nhan-to-khai")
@officer(DECIDE)
def receive() -> Response:
    """Tick what was scanned; said in words, with a tone of its own for each outcome."""
    text = request.form.get("code", "")[:LONGEST_CODE]
    if not text.strip():
        return _empty()
    outcome = tick(db.session, text, by=officers.me(), at=now(), today=today())
    if not outcome.done:
        db.abandon()
        _note(outcome)
        return pages.refused("rosters/tick.html", block="state", **_context(outcome))
    db.commit()
    if not is_fragment_request():
        flash(say(outcome.words), outcome.tone)
    return pages.after_post(None, url_for(".screen"), "rosters/tick.html", block="state", **_context(outcome))


def _note(outcome: Outcome) -> None:
    """A name was shown: that is an act, too."""
    if outcome.subject is not None:
        with unit(db.engine()) as session:
            audit.record(
                session, Tag.SCANNED, officers.me().by, outcome.subject, now(), agency=officers.me().agency_code
            )
