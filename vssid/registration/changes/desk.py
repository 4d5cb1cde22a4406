"""The counter: changes for who stands before the officer, with their phone in hand or with a second officer and a wait."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import accounts, officers, records
from vssid.accounts import Account
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import grouped
from vssid.officers import Permission, Queue
from vssid.records import IdKind
from vssid.registration.changes import actions, asking, forms, queries, rules
from vssid.registration.changes.acts import ACTS
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.paper import pdf_answer
from vssid.registration.changes.rules import SEARCH_LIMIT, Channel, Counter, Status, Tag
from vssid.registration.rules import spoken_code
from vssid.registration.surroundings import house
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("changes_desk", __name__, url_prefix="/can-bo/thay-doi")
DECIDE = Permission.REGISTRATION_DECIDE
KEY = "changes"
FOLDER = "registration/changes"
NOT_FOUND = N_("Không thấy tài khoản nào mang cả hai số này do cơ quan của bạn đăng ký. Hãy xem lại từng số.")
TOO_OFTEN = N_("Đã tìm quá nhiều lần. Hãy đợi một giờ rồi thử lại.")


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    label = N_("Thay đổi, ngừng sử dụng")
    officers.register_queue(app, Queue(KEY, label, "changes_desk.list_queue", DECIDE, queries.waiting_count))


# --- the queue, and finding an account --------------------------------------------------------------------------------


@bp.get("")
@officer(DECIDE)
def list_queue() -> Response:
    """What waits for a second officer or its hour; and two exact keys to find an account."""
    return _queue(forms.SearchForm(formdata=None))


def _queue(form: forms.SearchForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    rows = [
        {**asking.facts(one), "code": spoken_code(one.code), "name": _name(one.person_id)}
        for one in queries.pending(db.session, officers.me())
    ]
    return pages.page(f"{FOLDER}/desk_queue.html", status=status, rows=rows, form=form, active=KEY)


def _name(person_id: UUID) -> str:
    person = records.person(db.session, person_id)
    return person.full_name if person else ""


@bp.post("")
@officer(DECIDE)
def find() -> Response:
    """Mã số and a paper's number together; that nothing was found is noted, too."""
    form, me = forms.SearchForm(), officers.me()
    try:
        if form.validate_on_submit():
            if not current_app.extensions["limiter"].allow("change-search", str(me.id), *SEARCH_LIMIT, now()):
                raise Refused(TOO_OFTEN)
            return pages.after_post(None, url_for("changes_desk.account", id=_found(*form.keys()).id))
    except Refused as refusal:
        form.refuse(refusal)
    return _queue(form, 422)


def _found(ma_so: str, number: str) -> Account:
    me = officers.me()
    with reading(db.engine()) as session:
        account = queries.find_account(session, ma_so, number, me, today())
    if account is None:
        with unit(db.engine()) as session:
            actions.note_view(session, Tag.SEARCH_MISSED, None, by=me.by, at=now())
        raise Refused(NOT_FOUND)
    return account


# --- one account, and what is done to it ------------------------------------------------------------------------------


@bp.get("/tai-khoan/<uuid:id>")
@reaches("account")
@officer(DECIDE)
def account(id: UUID) -> Response:
    """Who it is, how they are reached, what was changed; that it was looked at is noted."""
    found = _account(id)
    with unit(db.engine()) as session:
        actions.note_view(session, Tag.VIEWED, id, by=officers.me().by, at=now(), agency=officers.me().agency_code)
    child = found.guardian_id is not None
    acts = [(name, act) for name, act in ACTS.items() if act.for_children or not child]
    return pages.page(
        f"{FOLDER}/desk_account.html",
        **_about(found),
        acts=acts if found.status != "closed" else [],
        pending=queries.pending_of(db.session, id),
        recovery=accounts.recovery.waiting_of(db.session, id),
        changes=[asking.facts(one) for one in queries.newest_of(db.session, id)],
    )


def _account(id: UUID) -> Account:
    """An account that the officer's agencies registered, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.account_for(session, id, officers.me()) or abort(404)


def _about(account: Account) -> dict[str, Any]:
    held = queries.contacts_of(db.session, account)
    numbers = records.identifiers(db.session, account.person_id)
    return {
        "account": account,
        "name": _name(account.person_id),
        "ma_so": grouped(numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4),
        "phone": asking.shown(held.phone) if held.phone else "",
        "email": asking.shown(held.email) if held.email else "",
        "active": KEY,
    }


@bp.get("/tai-khoan/<uuid:id>/<act>")
@reaches("account")
@officer(DECIDE)
def ask_form(id: UUID, act: str) -> Response:
    """The form of one act."""
    wanted = ACTS.get(act) or abort(404)
    return _ask_page(_account(id), act, wanted.form(formdata=None))


def _ask_page(account: Account, name: str, form: Any, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    shown = {**_about(account), "act": ACTS[name], "act_name": name, "form": form}
    return pages.page(f"{FOLDER}/desk_ask.html", status=status, **shown)


@bp.post("/tai-khoan/<uuid:id>/<act>")
@fresh
@reaches("account")
@officer(DECIDE)
def ask(id: UUID, act: str) -> Response:
    """Note what was shown and wanted, and send the codes; or hand it to a second officer."""
    wanted, found, me = ACTS.get(act) or abort(404), _account(id), officers.me()
    form = wanted.form()
    try:
        if form.validate_on_submit():
            reason = form.reason.data if "reason" in form else ""
            counter = Counter(me.agency_code, form.id_shown.data, reason or "")
            change = asking.ask(found, wanted.wanted(form), by=me.by, counter=counter)
            return pages.after_post(_("Đã lập yêu cầu."), url_for("changes_desk.show", id=change.id))
    except Refused as refusal:
        form.refuse(refusal)
    return _ask_page(found, act, form, 422)


# --- one change -------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:id>")
@reaches("change")
@officer(DECIDE)
def show(id: UUID) -> Response:
    """One change; that it was looked at is noted."""
    change = _change(id)
    with unit(db.engine()) as session:
        actions.note_view(
            session, Tag.VIEWED, change.account_id, by=officers.me().by, at=now(), agency=officers.me().agency_code
        )
    return _show(change, asking.codes_form(change, formdata=None))


def _change(id: UUID) -> ChangeRequest:
    """A change of an account of the officer's agencies, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.change_for(session, id, officers.me()) or abort(404)


def _show(change: ChangeRequest, form: Any, problem: Label | None = None, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    person = records.person(db.session, change.person_id)
    numbers = records.identifiers(db.session, change.person_id)
    shown = {
        **asking.facts(change),
        "code": spoken_code(change.code),
        "name": person.full_name if person else "",
        "birth": records.PartialDate.parse(person.birth_date).vn() if person else "",
        "ma_so": grouped(numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4),
        "shown_paper": IdKind(change.id_shown).label if change.id_shown else None,
        "mine": change.asked_by == officers.me().id,
        "form": form,
        "problem": problem,
        "active": KEY,
    }
    return pages.page(f"{FOLDER}/desk_change.html", status=status, **shown)


@bp.post("/<uuid:id>/ma")
@fresh
@reaches("change")
@officer(DECIDE)
def prove(id: UUID) -> Response:
    """The codes as the citizen reads them out."""
    change = _change(id)
    if change.channel != Channel.COUNTER:
        abort(404)
    form = asking.codes_form(change)
    try:
        if form.validate_on_submit():
            said = SAID[asking.prove(change, form.typed(), by=officers.me().by)]
            return pages.after_post(said, url_for("changes_desk.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _show(change, form, status=422)


SAID = {
    Status.DONE: N_("Đã thực hiện. Mọi liên hệ của tài khoản đều được báo."),
    Status.SECOND: N_("Mã đúng. Yêu cầu chờ một cán bộ khác xác nhận."),
}


@bp.post("/<uuid:id>/xac-nhan")
@fresh
@reaches("change")
@officer(DECIDE)
def confirm(id: UUID) -> Response:
    """The second officer; from here the old contacts have their time to stop it."""
    wait = accounts.waiting_period(asking.hours(rules.WAIT_WITHOUT_PHONE))
    change = queries.change_for(db.session, id, officers.me()) or abort(404)
    try:
        actions.confirm(db.session, house(), change, wait, by=officers.me(), at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã xác nhận. Thay đổi chờ đến giờ thực hiện."), url_for("changes_desk.show", id=id))


def _again(id: UUID, refusal: Refused) -> Response:
    """The change once more as it stands, with what was refused."""
    db.abandon()
    change = _change(id)
    return _show(change, asking.codes_form(change, formdata=None), refusal.label, 422)


@bp.post("/<uuid:id>/huy")
@reaches("change")
@officer(DECIDE)
def cancel(id: UUID) -> Response:
    """Huỷ: for the citizen who calls, or by the second officer who does not agree."""
    change = queries.change_for(db.session, id, officers.me()) or abort(404)
    try:
        actions.cancel(db.session, house(), change, by=officers.me().by, at=now())
    except Refused as refusal:
        return _again(id, refusal)
    return pages.after_post(_("Đã huỷ yêu cầu."), url_for("changes_desk.list_queue"))


@bp.get("/<uuid:id>/to-khai.pdf")
@reaches("change")
@officer(DECIDE)
def form_01(id: UUID) -> Response:
    """Form 01 with its purpose ticked, to be signed at the counter and kept; it says numbers in full, so its look is noted."""
    change = _change(id)
    with unit(db.engine()) as session:
        actions.note_view(
            session, Tag.VIEWED, change.account_id, by=officers.me().by, at=now(), agency=officers.me().agency_code
        )
    return pdf_answer(change)
