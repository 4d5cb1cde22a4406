"""The citizen's window: what of the account can be changed online, each proven by codes; and what was asked for."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import accounts, directory
from vssid.accounts import Account
from vssid.helping import Task
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label, Refused
from vssid.registration.addresses import address_of
from vssid.registration.changes import actions, asking, queries, rules
from vssid.registration.changes.forms import AddressForm, EmailForm, NoEmailForm, PhoneForm, StopForm
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.paper import pdf_answer
from vssid.registration.changes.rules import Channel, Item, Status, Wanted
from vssid.registration.fields import Address
from vssid.registration.rules import spoken_code
from vssid.registration.surroundings import house
from vssid.web import captcha, db, pages
from vssid.web.guards import citizen, fresh, lendable, reaches
from vssid.web.i18n import say

bp = Blueprint("changes", __name__, url_prefix="/tai-khoan")
FOLDER = "registration/changes"
SAID = {
    Status.DONE: N_("Đã thay đổi. Mọi liên hệ của tài khoản đều được báo."),
    Status.WAITING: N_("Đã ghi nhận. Bạn còn huỷ được cho đến giờ thực hiện."),
}


def _account() -> Account:
    """One's own account, read before the request writes."""
    with reading(db.engine()) as session:
        return accounts.by_person(session, accounts.me().person_id) or abort(404)


def _page(name: str, account: Account, status: int = 200, **shown: Any) -> Response:
    """The window of one change; why it is closed, where it is."""
    if status != 200:
        db.abandon()
    pending = queries.pending_of(db.session, account.id)
    held = _held(account)
    closed = _closed(Item(name), account, held, pending)
    context: dict[str, Any] = {
        "held": held,
        "closed": closed,
        "pending": pending,
        "active": "tai-khoan",
        **shown,
    }
    template = f"{FOLDER}/closed.html" if closed else f"{FOLDER}/{name}.html"
    return pages.page(template, status=status, title=say(Item(name).label), **context)


def _closed(item: Item, account: Account, held: dict[str, str], pending: ChangeRequest | None) -> Label | None:
    if account.guardian_id:
        return rules.OF_CHILD
    if pending:
        return rules.BUSY
    # Only a mailbox is proven by a mailbox; every other code goes to the phone.
    provable = held["phone"] or (item is Item.EMAIL and held["email"])
    return None if provable else rules.NO_PHONE


def _held(account: Account) -> dict[str, str]:
    held = queries.contacts_of(db.session, account)
    return {"phone": asking.shown(held.phone), "email": asking.shown(held.email) if held.email else ""}


def _asked(account: Account, wanted: Wanted) -> Response:
    """Ask, then to where the codes are typed."""
    if account.guardian_id is not None:
        raise Refused(rules.OF_CHILD)
    change = asking.ask(account, wanted, by=accounts.me().by)
    return pages.after_post(_("Đã gửi mã xác thực."), url_for("changes.show", id=change.id))


# --- phone ------------------------------------------------------------------------------------------------------------


@bp.get("/dien-thoai")
@citizen
def phone_form() -> Response:
    """Đổi số điện thoại, while the old one can still receive."""
    return _page("phone", _account(), form=PhoneForm(formdata=None))


@bp.post("/dien-thoai")
@fresh
@citizen
def change_phone() -> Response:
    """Codes to the old and the new number; that another account has it is said to nobody who has not proven it."""
    form, account = PhoneForm(), _account()
    try:
        if form.validate_on_submit():
            return _asked(account, Wanted(Item.PHONE, phone=form.number()))
    except Refused as refusal:
        form.refuse(refusal)
    return _page("phone", account, 422, form=form)


# --- e-mail -----------------------------------------------------------------------------------------------------------


@bp.get("/email")
@citizen
def email_form() -> Response:
    """Email: give one, change it, give it up."""
    return _page("email", _account(), form=EmailForm(formdata=None), **captcha.for_template())


@bp.post("/email")
@fresh
@citizen
def change_email() -> Response:
    """Codes to the old and the new mailbox; a first or lost one is proven by the phone."""
    form, account = EmailForm(), _account()
    try:
        if form.validate_on_submit():
            captcha.check()
            wanted = Wanted(Item.EMAIL, email=form.email.data, lost=bool(form.lost.data))
            return _asked(account, wanted)
    except Refused as refusal:
        form.refuse(refusal)
    return _page("email", account, 422, form=form, **captcha.for_template())


@bp.post("/email/bo")
@fresh
@citizen
def drop_email() -> Response:
    """Bỏ email, with a code to the phone."""
    form, account = NoEmailForm(), _account()
    try:
        return _asked(account, Wanted(Item.EMAIL))
    except Refused as refusal:
        form.refuse(refusal)
    return _page("email", account, 422, form=EmailForm(formdata=None), refusal=form, **captcha.for_template())


# --- address ----------------------------------------------------------------------------------------------------------


@bp.get("/dia-chi")
@lendable(Task.ADDRESS)
@citizen
def address_form() -> Response:
    """Địa chỉ liên hệ và người liên hệ, as they are known."""
    account = _account()
    address = address_of(db.session, account.person_id) or Address("", "", "")
    somebody, oneself = (queries.contact_name(db.session, account.person_id, itself=one) for one in (False, True))
    known = {"address_line": address.line, "contact_name": somebody if somebody != oneself else ""}
    form = AddressForm(formdata=None, data=known)
    return _page("address", account, form=form, **_picker({"ward_code": address.ward_code}))


def _picker(values: Any) -> dict[str, Any]:
    home = current_app.config["SETTINGS"].province
    return {"ward_error": None, **directory.picker.context(db.session, values, home)}


@bp.post("/dia-chi")
@lendable(Task.ADDRESS)
@citizen
def change_address() -> Response:
    """A code to the phone. The picker's own buttons only change the picker."""
    form, account = AddressForm(), _account()
    picking = directory.picker.is_picking(request.form)
    with reading(db.engine()) as session:
        chosen = directory.picker.chosen(session, request.form)
        error = None if picking else directory.picker.problem(session, request.form)
    try:
        if not picking and form.validate_on_submit() and chosen is not None:
            place, line = chosen.place, form.address_line.data
            address = Address(place.province_code, place.code, line, chosen.given)
            return _asked(account, Wanted(Item.ADDRESS, address=address, contact_name=form.contact_name.data or ""))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    shown = {**_picker(request.form), "ward_error": error and say(error)}
    return _page("address", account, 200 if picking else 422, form=form, **shown)


# --- the end ----------------------------------------------------------------------------------------------------------


@bp.get("/ngung-su-dung")
@citizen
def stop_form() -> Response:
    """What ends and what stays."""
    account = _account()
    return _stop_page(account, StopForm(formdata=None, guards=_guards(account)))


def _guards(account: Account) -> bool:
    with reading(db.engine()) as session:
        return actions.minors_guarded(session, account, now())


def _stop_page(account: Account, form: StopForm, status: int = 200) -> Response:
    hours = int(accounts.waiting_period(asking.hours(rules.WAIT_TO_STOP)).total_seconds() // 3600)
    return _page("stop", account, status, form=form, hours=hours)


@bp.post("/ngung-su-dung")
@citizen
def stop() -> Response:
    """The password and a code to the phone; then the waiting period."""
    account = _account()
    form = StopForm(guards=_guards(account))
    try:
        if form.validate_on_submit():
            accounts.check_own_password(account.id, form.password.data, "password")
            return _asked(account, Wanted(Item.STOP))
    except Refused as refusal:
        form.refuse(refusal)
    return _stop_page(account, form, 422)


# --- what was asked for -----------------------------------------------------------------------------------------------


@bp.get("/thay-doi")
@citizen
def list_changes() -> Response:
    """The changes of one's account, newest first."""
    changes = [asking.facts(one) for one in queries.newest_of(db.session, accounts.me().id)]
    return pages.page(f"{FOLDER}/list.html", changes=changes, active="tai-khoan")


@bp.get("/thay-doi/<uuid:id>")
@lendable(Task.ADDRESS)
@reaches("change")
@citizen
def show(id: UUID) -> Response:
    """One change: its codes, or where it stands."""
    change = _mine(id)
    return _show(change, asking.codes_form(change, formdata=None))


def _mine(id: UUID) -> ChangeRequest:
    """A change of one's own account, read before the request writes; to a helper none but those of the address exist."""
    with reading(db.engine()) as session:
        change = queries.of_account(session, id, accounts.me().id) or abort(404)
    if accounts.me().task is not None and change.item != Item.ADDRESS:
        abort(404)
    return change


def _show(change: ChangeRequest, form: Any, status: int = 200) -> Response:
    shown = {**asking.facts(change), "code": spoken_code(change.code), "form": form, "active": "tai-khoan"}
    shown["again"] = url_for(f"changes.{change.item}_form")
    if status == 200:
        return pages.page(f"{FOLDER}/show.html", **shown)
    return pages.refused(f"{FOLDER}/show.html", status=status, **shown)


@bp.post("/thay-doi/<uuid:id>")
@lendable(Task.ADDRESS)
@reaches("change")
@citizen
def prove(id: UUID) -> Response:
    """The codes; both right: it is done, or begins to wait."""
    change = _mine(id)
    if change.channel != Channel.ONLINE:
        abort(404)
    form = asking.codes_form(change)
    try:
        if form.validate_on_submit():
            status = asking.prove(change, form.typed(), by=accounts.me().by)
            return pages.after_post(SAID[status], url_for("changes.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _show(change, form, 422)


@bp.post("/thay-doi/<uuid:id>/huy")
@lendable(Task.ADDRESS)
@reaches("change")
@citizen
def cancel(id: UUID) -> Response:
    """Huỷ, within its time."""
    change = _mine(id)
    words: Label
    try:
        actions.cancel(db.session, house(), change, by=accounts.me().by, at=now())
        words = N_("Đã huỷ thay đổi. Tài khoản giữ nguyên như trước.")
    except Refused as refusal:
        db.abandon()
        words = refusal.label
    return pages.after_post(words, url_for("changes.show", id=id))


@bp.get("/thay-doi/<uuid:id>/to-khai.pdf")
@reaches("change")
@citizen
def form_01(id: UUID) -> Response:
    """Form 01 with its purpose ticked, for what is done or waits."""
    change = _mine(id)
    if change.status not in (Status.DONE, *rules.PENDING):
        abort(404)
    return pdf_answer(change)
