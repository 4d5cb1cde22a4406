"""/can-bo/in-the: many cards as one PDF, which two supervisors want and only the first one fetches, for three days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import directory, officers, organisations
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.officers import Officer, Queue, Tool
from vssid.officers.seconding import called
from vssid.organisations.queries import listing
from vssid.printing import actions, choosing, queries
from vssid.printing.batch import EXPORT, KEY, QUEUE_KEY, line
from vssid.printing.choosing import Choice, Wanted
from vssid.printing.forms import FilterForm, WishForm, as_values, wanted_of
from vssid.printing.models import CardBatch
from vssid.printing.rules import ASKED_A_DAY, CHOSEN_AN_HOUR, LEFT_OUT, MOST_CARDS
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.htmx import is_fragment_request

bp = Blueprint("printing", __name__, url_prefix="/can-bo/in-the")
CHOSEN_OFTEN = N_("Bạn đã xem trước nhiều lần. Hãy chờ một giờ rồi thử lại.")
OFTEN = N_("Hôm nay bạn đã lập 10 yêu cầu. Hãy chờ đến ngày mai.")


@dataclass(frozen=True)
class Chosen:
    """What was chosen, whose cards that is, and the batch that stands in the way."""

    wanted: Wanted
    choice: Choice
    standing: CardBatch | None


def init_app(app: Flask) -> None:
    """Show the tool to those who may ask, and what waits for them as second officers."""
    waiting = Queue(QUEUE_KEY, N_("In thẻ theo lô chờ đồng ý"), "printing.list_waiting", EXPORT, _waiting_count)
    officers.register_queue(app, waiting)
    officers.register_tool(app, Tool(KEY, N_("In thẻ theo lô"), "printing.home", EXPORT))


def _waiting_count(session: Any, me: Officer) -> int:
    return len(queries.for_second(session, me, now()))


# --- whose cards ------------------------------------------------------------------------------------------------------


@bp.get("")
@officer(EXPORT)
def home() -> Response:
    """Look for an organisation or choose a ward; and the batches of one's agencies."""
    return _home(FilterForm(formdata=None))


def _home(form: FilterForm, status: int = 200) -> Response:
    me, text = officers.me(), pages.query_text("q", 100)
    listed = queries.listing(db.session, me, _key())
    shown: dict[str, Any] = {
        "text": text,
        "empty": "q" in request.args and not text,
        "found": [one for one in listing(db.session, me, text, None).rows if one.status != "ended"] if text else [],
        "wards": [place for place, _agency in directory.wards_in_charge(db.session, me.agencies).values()],
        "form": form,
        "chosen_code": request.values.get("phuong-xa", ""),
        "without_account": bool(request.values.get("chua-co")),
        "rows": [{**line(batch), "asker": code} for batch, code in listed.rows],
        "following": url_for(".home", sau=listed.following) if listed.following else None,
    }
    return pages.page("printing/home.html", status=status, **shown, active=KEY)


def _key() -> tuple[datetime, UUID] | None:
    moment, _sign, id = pages.query_text("sau", 80).partition("_")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(id)
    except (ValueError, OverflowError):
        return None


@bp.get("/to-chuc/<uuid:id>")
@reaches("organisation")
@officer(EXPORT)
def rosters(id: UUID) -> Response:
    """The rosters of an organisation."""
    found = organisations.in_agencies(db.session, id, officers.me()) or abort(404)
    if found.status == "ended":
        abort(404)
    rows = queries.rosters(db.session, found.id)
    return pages.page("printing/rosters.html", organisation=found, rows=rows, active=KEY)


class Unchosen(Exception):
    """Nothing was chosen, as the form says; with the status of the answer."""


@bp.get("/xem-truoc")
@officer(EXPORT)
def preview() -> Response:
    """How many cards it would be, in how many parts, and who gets none."""
    filters = FilterForm(formdata=request.args)
    try:
        chosen = _choose(filters, request.args)
    except Unchosen as why:
        return _home(filters, why.args[0])
    return _preview(chosen, WishForm(formdata=None))


def _choose(filters: FilterForm, values: Mapping[str, str]) -> Chosen:
    """What the address or the form names, as of now: read on its own and not too often, for it reads a whole ward."""
    valid, me = filters.validate(), officers.me()  # type: ignore[no-untyped-call]
    wanted = wanted_of(values, filters.since.data) or abort(404)
    if not valid:
        raise Unchosen(422)
    if not current_app.extensions["limiter"].allow("cards-chosen", str(me.id), *CHOSEN_AN_HOUR, now()):
        filters.refuse(Refused(CHOSEN_OFTEN))
        raise Unchosen(422 if is_fragment_request() else 429)
    try:
        with reading(db.engine()) as session:
            choice = choosing.chosen(session, me, wanted, today()) or abort(404)
            return Chosen(wanted, choice, queries.standing(session, wanted.key))
    except Refused as refusal:
        filters.refuse(refusal)
        raise Unchosen(422) from refusal


def _preview(chosen: Chosen, form: WishForm, status: int = 200) -> Response:
    choice = chosen.choice
    counts = [(why.label, sum(one.outcome is why for one in choice.rows)) for why in LEFT_OUT]
    shown: dict[str, Any] = {
        "choice": choice,
        "wanted": chosen.wanted,
        "standing": chosen.standing,
        "left_out": [(label, count) for label, count in counts if count],
        "most": MOST_CARDS,
        "values": as_values(chosen.wanted),
    }
    return pages.page("printing/preview.html", status=status, form=form, **shown, active=KEY)


@bp.post("")
@fresh
@officer(EXPORT)
def ask() -> Response:
    """Want it, in as many batches as it takes. The list is read before the writing begins."""
    form, filters, me, at = WishForm(), FilterForm(), officers.me(), now()
    try:
        chosen = _choose(filters, request.form)
    except Unchosen as why:
        return _home(filters, why.args[0])
    try:
        if form.validate_on_submit():
            if not current_app.extensions["limiter"].allow("cards-asked", str(me.id), *ASKED_A_DAY, at):
                raise Refused(OFTEN)
            with unit(db.engine()) as session:
                id = actions.ask(session, chosen.choice, chosen.wanted, form.reason.data, by=me, at=at)
            words = _("Đã lập yêu cầu. Một giám sát khác cần đồng ý trong 7 ngày.")
            return pages.after_post(words, url_for("printing_batch.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _preview(chosen, form, 422)


@bp.get("/cho-dong-y")
@officer(EXPORT)
def list_waiting() -> Response:
    """What waits for this officer as the second."""
    batches = queries.for_second(db.session, officers.me(), now())
    totals = queries.totals(db.session, batches) if batches else {}
    rows = [
        {**line(batch), "asker": called(db.session, batch.asked_by), "cards": totals[batch.series_id]}
        for batch in batches
    ]
    return pages.page("printing/waiting.html", rows=rows, active=QUEUE_KEY)
