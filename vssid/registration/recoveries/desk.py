"""The counter: who has lost every other way in shows a paper to one officer; a second confirms; then the wait begins."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import accounts, officers, records
from vssid.accounts import Account, recovery
from vssid.accounts.recovery import RecoveryRequest, Status, Tag, Way
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import grouped
from vssid.officers import Permission, Queue
from vssid.records import IdKind
from vssid.registration import queries as declarations
from vssid.registration.recoveries import queries
from vssid.registration.recoveries.forms import FindForm, PaperForm
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("recoveries_desk", __name__, url_prefix="/can-bo/khoi-phuc")
DECIDE = Permission.REGISTRATION_DECIDE
KEY = "recoveries"
FOLDER = "registration/recoveries"
NOT_FOUND = N_("Không thấy yêu cầu nào mang cả hai số này của tài khoản do cơ quan bạn đăng ký. Hãy xem lại từng số.")


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    label = N_("Khôi phục tài khoản")
    officers.register_queue(app, Queue(KEY, label, "recoveries_desk.list_queue", DECIDE, queries.second_count))


@bp.get("")
@officer(DECIDE)
def list_queue() -> Response:
    """What waits for a second officer or its hour; and two exact keys to find a request."""
    return _queue(FindForm(formdata=None))


def _queue(form: FindForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    rows = [
        {"request": one, "state": Status(one.status), "name": _name_of(one)}
        for one in queries.pending(db.session, officers.me())
    ]
    return pages.page(f"{FOLDER}/queue.html", status=status, rows=rows, form=form, active=KEY)


def _name_of(request: RecoveryRequest) -> str:
    account = accounts.contacts.by_id(db.session, request.account_id) if request.account_id else None
    person = records.person(db.session, account.person_id) if account else None
    return person.full_name if person else ""


@bp.post("")
@officer(DECIDE)
def find() -> Response:
    """Mã số and mã yêu cầu together; that nothing was found is noted, too."""
    form, me = FindForm(), officers.me()
    try:
        if form.validate_on_submit():
            limiter = current_app.extensions["limiter"]
            ma_so, code = form.keys()
            if not limiter.allow("recovery-search", str(me.id), *recovery.SEARCHED_BY_OFFICER, now()):
                raise Refused(recovery.OFTEN)
            return pages.after_post(None, url_for("recoveries_desk.show", id=_found(ma_so, code).id))
    except Refused as refusal:
        form.refuse(refusal)
    return _queue(form, 422)


def _found(ma_so: str, code: str) -> RecoveryRequest:
    me, keyring, at = officers.me(), current_app.extensions["keyring"], now()
    with reading(db.engine()) as session:
        request = queries.find(session, keyring, ma_so, code, me, at)
    if request is None:
        with unit(db.engine()) as session:
            recovery.note_view(session, Tag.SEARCH_MISSED, None, by=me.by, at=at)
        raise Refused(NOT_FOUND)
    return request


# --- one request ------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:id>")
@reaches("recovery")
@officer(DECIDE)
def show(id: UUID) -> Response:
    """Whose it is and where it stands; that it was looked at is noted."""
    request, account = _request(id)
    with unit(db.engine()) as session:
        recovery.note_view(session, Tag.VIEWED, account.id, by=officers.me().by, at=now())
    return _show(request, account, PaperForm(formdata=None))


def _request(id: UUID) -> tuple[RecoveryRequest, Account]:
    """A request of an account of the officer's agencies, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.request_for(session, id, officers.me()) or abort(404)


def _show(
    request: RecoveryRequest, account: Account, form: PaperForm, problem: Label | None = None, status: int = 200
) -> Response:
    if status != 200:
        db.abandon()
    person = records.person(db.session, account.person_id)
    numbers = records.identifiers(db.session, account.person_id)
    shown: dict[str, Any] = {
        "request_": request,
        "state": Status(request.status),
        "way": Way(request.way) if request.way else None,
        "name": person.full_name if person else "",
        "birth": records.PartialDate.parse(person.birth_date).vn() if person else "",
        "ma_so": grouped(numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4),
        "shown_paper": IdKind(request.id_shown).label if request.id_shown else None,
        "of_child": account.guardian_id is not None,
        "fits": recovery.still_fits(account.status, account.password_set_at, request.created_at),
        "mine": request.asked_by == officers.me().id,
        "account": account,
        "form": form,
        "problem": problem,
        "active": KEY,
    }
    return pages.page(f"{FOLDER}/request.html", status=status, **shown)


@bp.post("/<uuid:id>/lap")
@fresh
@reaches("recovery")
@officer(DECIDE)
def begin(id: UUID) -> Response:
    """The first officer: which paper was shown. From here a second one is asked."""
    form, (request, account), me = PaperForm(), _request(id), officers.me()
    if not form.validate_on_submit():
        return _show(request, account, form, status=422)
    request, account = queries.request_for(db.session, id, me) or abort(404)
    declaration = declarations.approved_of(db.session, account.person_id)
    agency = (declaration.agency_code if declaration else None) or me.agency_code
    try:
        recovery.begin_at_counter(db.session, request, agency, form.id_shown.data, by=me.by, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã lập. Yêu cầu chờ một cán bộ khác xác nhận."), url_for("recoveries_desk.show", id=id))


def _again(id: UUID, refusal: Refused) -> Response:
    """The request once more as it stands, with what was refused."""
    db.abandon()
    request, account = _request(id)
    return _show(request, account, PaperForm(formdata=None), refusal.label, 422)


@bp.post("/<uuid:id>/xac-nhan")
@fresh
@reaches("recovery")
@officer(DECIDE)
def confirm(id: UUID) -> Response:
    """The second officer; from here every contact has its time to stop it."""
    wait = recovery.waiting_period_of(Way.COUNTER)
    request, _account = queries.request_for(db.session, id, officers.me()) or abort(404)
    try:
        recovery.confirm_at_counter(db.session, recovery.house(), request, wait, by=officers.me().by, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(
        _("Đã xác nhận. Mật khẩu mới có tác dụng khi hết giờ chờ."), url_for("recoveries_desk.show", id=id)
    )


@bp.post("/<uuid:id>/huy")
@reaches("recovery")
@officer(DECIDE)
def cancel(id: UUID) -> Response:
    """Huỷ: for the citizen who calls, or by the second officer who does not agree."""
    request, _account = queries.request_for(db.session, id, officers.me()) or abort(404)
    try:
        recovery.cancel(db.session, recovery.house(), request, by=officers.me().by, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã huỷ yêu cầu."), url_for("recoveries_desk.list_queue"))
