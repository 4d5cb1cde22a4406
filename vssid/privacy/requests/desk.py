"""Yêu cầu về dữ liệu, the officer's side: by the day they are due; acknowledged, extended, answered, refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, request, url_for
from flask_babel import gettext as _

from vssid import accounts, officers, records
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked
from vssid.officers import Permission, Queue
from vssid.privacy.looks import queries as looks
from vssid.privacy.models import DataRequest
from vssid.privacy.requests import actions, queries
from vssid.privacy.requests.forms import AnswerForm
from vssid.privacy.requests.views import facts, row_of
from vssid.privacy.rules import Status
from vssid.records import IdKind
from vssid.registration import house
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("requests_desk", __name__, url_prefix="/can-bo/du-lieu")
DECIDE = Permission.REGISTRATION_DECIDE
KEY = "data"


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    queue = Queue(KEY, N_("Yêu cầu về dữ liệu"), "requests_desk.list_queue", DECIDE, queries.waiting_count)
    officers.register_queue(app, queue)


@bp.get("")
@officer(DECIDE)
def list_queue() -> Response:
    """What waits, what is due first at the top; names only, no wishes."""
    rows = [{**facts(one), "name": _name(one.person_id)} for one in queries.queue(db.session, officers.me())]
    overdue = sum(row["late"] is not None for row in rows)
    return pages.page("privacy/desk_queue.html", rows=rows, overdue=overdue, active=KEY)


def _name(person_id: UUID) -> str:
    person = records.person(db.session, person_id)
    return person.full_name if person else ""


@bp.get("/<uuid:id>")
@reaches("request")
@officer(DECIDE)
def show(id: UUID) -> Response:
    """One request; that it was opened is noted."""
    found = _request(id)
    with unit(db.engine()) as session:
        actions.note_view(session, found, officers.me(), now())
    return _show(found, AnswerForm(formdata=None))


def _request(id: UUID) -> DataRequest:
    """A request of the officer's agencies, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.request_for(session, id, officers.me()) or abort(404)


def _show(found: DataRequest, form: AnswerForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    numbers = records.identifiers(db.session, found.person_id)
    account = accounts.by_person(db.session, found.person_id)
    shown: dict[str, Any] = {
        **facts(found),
        "name": _name(found.person_id),
        "ma_so": masked(numbers.get(IdKind.MA_SO_BHXH, "")),
        "by_guardian": account is None or account.id != found.account_id,
        "account_id": account.id if account else None,
        "look": looks.one(db.session, found.person_id, found.look_id) if found.look_id else None,
        "row": row_of(found),
        "form": form,
        "active": KEY,
    }
    return pages.page("privacy/desk_request.html", status=status, **shown)


@bp.post("/<uuid:id>/tiep-nhan")
@reaches("request")
@officer(DECIDE)
def acknowledge(id: UUID) -> Response:
    """Tiếp nhận: the first clock stops."""
    _request(id)
    try:
        actions.acknowledge(db.session, house(), id, by=officers.me(), at=now())
    except Refused as refusal:
        return _again(id, AnswerForm(formdata=None), refusal)
    return pages.after_post(_("Đã tiếp nhận yêu cầu."), url_for("requests_desk.show", id=id))


def _again(id: UUID, form: AnswerForm, refusal: Refused) -> Response:
    db.abandon()
    form.refuse(refusal)
    return _show(_request(id), form, 422)


SAID = {
    "done": N_("Đã trả lời. Người dân được báo."),
    "refuse": N_("Đã từ chối, kèm lý do. Người dân được báo."),
    "extend": N_("Đã gia hạn, kèm lý do. Người dân được báo."),
}


@bp.post("/<uuid:id>/tra-loi")
@fresh
@reaches("request")
@officer(DECIDE)
def answer(id: UUID) -> Response:
    """Done with words, refused with a reason, or extended once with a reason: by the button that was pressed."""
    form, act = AnswerForm(), request.form.get("act", "")
    found = _request(id)
    if act not in SAID:
        abort(422)
    try:
        if form.validate_on_submit():
            _act(act, id, form.words.data, now())
            ended = url_for("requests_desk.show", id=id)
            return pages.after_post(SAID[act], ended if act == "extend" else url_for("requests_desk.list_queue"))
    except Refused as refusal:
        return _again(id, form, refusal)
    return _show(found, form, 422)


def _act(act: str, id: UUID, words: str, at: datetime) -> None:
    me = officers.me()
    if act == "extend":
        actions.extend(db.session, house(), id, words, by=me, at=at)
        return
    status = Status.DONE if act == "done" else Status.REFUSED
    actions.finish(db.session, house(), id, status, words, by=me, at=at)
