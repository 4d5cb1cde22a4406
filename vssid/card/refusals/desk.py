"""Thẻ bị từ chối, the officer's side: reports by the day their answer is due, each answered once in words."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, url_for
from flask_babel import gettext as _

from vssid import accounts, directory, officers, records
from vssid.card.refusals import actions, queries
from vssid.card.refusals.forms import AnswerForm
from vssid.card.refusals.models import CardRefusal
from vssid.card.refusals.rules import Said, Status, spoken_code
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, phones
from vssid.officers import Permission, Queue
from vssid.records import IdKind
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("refusals_desk", __name__, url_prefix="/can-bo/the-bi-tu-choi")
DECIDE = Permission.REGISTRATION_DECIDE
KEY = "refusals"
ANSWERED = "da-tra-loi"
LONGEST_KEY = 60


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    officers.register_queue(
        app, Queue(KEY, N_("Thẻ bị từ chối"), "refusals_desk.list_queue", DECIDE, queries.waiting_count)
    )


@bp.get("")
@officer(DECIDE)
def list_queue() -> Response:
    """What waits, what is due first at the top; or what was answered. Names and places, no words."""
    which = pages.query_text("loc", 20)
    status = Status.ANSWERED if which == ANSWERED else Status.NEW
    page = queries.queue(db.session, officers.me(), status, _key(pages.query_text("sau", LONGEST_KEY)))
    following = url_for(".list_queue", loc=which or None, sau=page.following) if page.following else None
    rows = [
        {"told": report, "name": name, "code": spoken_code(report.code), "said": Said(report.said).label,
         "late": status is Status.NEW and today() > report.due_on}
        for report, name in page.rows
    ]  # fmt: skip
    tabs = [
        (_("Đang chờ"), url_for(".list_queue"), status is Status.NEW),
        (_("Đã trả lời"), url_for(".list_queue", loc=ANSWERED), status is Status.ANSWERED),
    ]
    return pages.page(
        "card/desk_refusals.html", rows=rows, tabs=tabs, waiting=status is Status.NEW, following=following, active=KEY
    )


def _key(text: str) -> tuple[date, UUID] | None:
    day, _sign, id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(id)
    except ValueError:
        return None


@bp.get("/<uuid:id>")
@reaches("refusal")
@officer(DECIDE)
def show(id: UUID) -> Response:
    """One report; that it was opened is noted."""
    found = _report(id)
    with unit(db.engine()) as session:
        actions.note_view(session, found, officers.me(), now())
    return _show(found, AnswerForm(formdata=None))


def _report(id: UUID) -> CardRefusal:
    """A report of the officer's agencies, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.report_for(session, id, officers.me()) or abort(404)


def _show(found: CardRefusal, form: AnswerForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    person = records.person(db.session, found.person_id)
    numbers = records.identifiers(db.session, found.person_id)
    account = accounts.by_person(db.session, found.person_id)
    facility = directory.facility(db.session, found.facility_code) if found.facility_code else None
    state = Status(found.status)
    return pages.page(
        "card/desk_refusal.html",
        status=status,
        told=found,
        name=person.full_name if person else "",
        ma_so=masked(numbers.get(IdKind.MA_SO_BHXH, "")),
        by_guardian=account is None or account.id != found.account_id,
        code=spoken_code(found.code),
        said=Said(found.said).label,
        state=state,
        numbers=phones(facility.phone) if facility else (),
        late=state is Status.NEW and today() > found.due_on,
        form=form,
        active=KEY,
    )


@bp.post("/<uuid:id>/tra-loi")
@fresh
@reaches("refusal")
@officer(DECIDE)
def answer(id: UUID) -> Response:
    """The answer: it goes to the person and stands on their receipt."""
    form, found = AnswerForm(), _report(id)
    try:
        if form.validate_on_submit():
            actions.answer(db.session, accounts.house(), id, form.words.data, by=officers.me(), at=now())
            return pages.after_post(_("Đã trả lời. Người dân được báo."), url_for(".list_queue"))
    except Refused as refusal:
        db.abandon()
        found = _report(id)
        form.refuse(refusal)
    return _show(found, form, 422)
