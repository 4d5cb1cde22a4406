"""Theo dõi tờ khai: by its code and phone, without an account. Mend the phone, withdraw, print form 01, find the code."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, directory, notifications
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, mobile_number, spoken_phone, typed_code
from vssid.registration import actions, messages, queries
from vssid.registration.corrections.rules import Item, Reason
from vssid.registration.fields import Kind, PaperChannel, ma_so_of
from vssid.registration.follow.calendar import lapse_event
from vssid.registration.follow.forms import FollowForm, LostCodeForm
from vssid.registration.follow.timeline import steps_of
from vssid.registration.follow.visit import keep_open, opened
from vssid.registration.models import Declaration
from vssid.registration.papers import blank_form_pdf, form_01_pdf, info_facts, office_facts
from vssid.registration.reopening import reopen
from vssid.registration.rules import (
    FOLLOW_CODE_LIMIT,
    FOLLOW_LIMIT,
    LOST_CODE_LIMIT,
    RESEND_MAIL_LIMIT,
    Status,
    Tag,
    days_left,
)
from vssid.registration.signed.offer import offered
from vssid.registration.steps.forms import PhoneForm
from vssid.registration.steps.visit import TOO_OFTEN, allowed, first_step, stored_draft, with_draft_cookie
from vssid.registration.surroundings import house
from vssid.web import captcha, db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import language

bp = Blueprint("follow", __name__, url_prefix="/to-khai")
NOBODY = UUID(int=0)
NOT_FOUND = N_("Không có tờ khai nào khớp cả mã và số điện thoại. Hãy xem lại, hoặc chọn “Quên mã tờ khai?”.")


@bp.get("")
@public
def ask() -> Response:
    """Code and phone."""
    return _ask(FollowForm(formdata=None))


def _ask(form: FollowForm, status: int = 200) -> Response:
    shown = {"form": form, **captcha.for_template()}
    if status == 200:
        return pages.page("registration/follow.html", **shown)
    return pages.refused("registration/follow.html", status=status, **shown)


@bp.post("")
@public
def find() -> Response:
    """Open a declaration for this browser session; a wrong code and a wrong phone look the same."""
    form = FollowForm()
    if not form.validate_on_submit():
        return _ask(form, 422)
    try:
        captcha.check()
    except Refused as refusal:
        form.refuse(refusal)
        return _ask(form, 422)
    code, phone = typed_code(form.code.data), mobile_number(form.phone.data)
    within = allowed("follow-code", code, FOLLOW_CODE_LIMIT) and allowed(
        "follow", f"{code} {accounts.network()}", FOLLOW_LIMIT
    )
    if not within:
        form.refuse(Refused(TOO_OFTEN))
        return _ask(form, 429)
    declaration = queries.by_code(db.session, code)
    if declaration is None or not declaration.phone or declaration.phone != phone:
        db.abandon()
        with unit(db.engine()) as session_:
            actions.note_view(session_, Tag.FOLLOW_REFUSED, VISITOR, declaration.id if declaration else NOBODY, now())
        form.refuse(Refused(NOT_FOUND))
        return _ask(form, 422)
    actions.note_view(db.session, Tag.FOLLOWED, VISITOR, declaration.id, now())
    keep_open(declaration)
    return pages.leave(url_for("follow.show"))


@bp.get("/xem")
@public
def show() -> Response | AnyResponse:
    """Where it stands, until when, what to do next."""
    declaration = opened()
    if declaration is None:
        return redirect(url_for("follow.ask"), 303)
    return _show(declaration, PhoneForm(formdata=None))


def _show(declaration: Declaration, form: PhoneForm, status: int = 200) -> Response:
    session_, state = db.session, Status(declaration.status)
    context: dict[str, Any] = {
        "declaration": declaration,
        "state": state,
        "form": form,
        "left": days_left(declaration.lapses_on, today()),
        "agency": directory.agency(session_, declaration.agency_code),
        "facts": info_facts(session_, declaration) + office_facts(session_, declaration),
        "phone": masked(spoken_phone(declaration.phone).replace(" ", "")) if not declaration.phone_of_account else "",
        "reason": messages.reason_in(declaration, language()),
        "deliveries": notifications.delivery_of(session_, messages.about(declaration.id)),
        "code_svg": qr.svg(declaration.code, _("Mã QR của tờ khai")),
        "steps": steps_of(session_, declaration, today()),
        "returned": _returned(declaration),
        "signing": offered(declaration),
        "signed": declaration.paper_channel == PaperChannel.SIGNED,
        **_activation(declaration),
    }
    if status == 200:
        return pages.page("registration/status.html", **context)
    return pages.refused("registration/status.html", status=status, **context)


def _returned(declaration: Declaration) -> list[dict[str, Any]]:
    """The items that wait for the citizen, each with its reason."""
    if declaration.status != Status.RETURNED:
        return []
    waiting = queries.open_corrections(db.session, declaration.id)
    return [{"item": Item(one.item), "reason": Reason(one.reason_code).label, "words": one.words} for one in waiting]


def _activation(declaration: Declaration) -> dict[str, Any]:
    """What became of the activation message, and whether a new one may be asked for, by which channels."""
    account = _new_account(db.session, declaration)
    sent = notifications.delivery_of(db.session, ("account", account.id)) if account else []
    return {
        "activation": [delivery for delivery in sent if delivery.kind == "code.activation"],
        "resend_sms": account is not None,
        "resend_mail": account is not None and bool(account.email),
    }


def _new_account(session_: Session, declaration: Declaration) -> Any:
    """The account that this declaration opened, while it still waits for its activation; no later declaration's."""
    if declaration.status != Status.APPROVED or declaration.person_id is None:
        return None
    opened_by = queries.approved_of(session_, declaration.person_id)
    if opened_by is None or opened_by.id != declaration.id:
        return None
    account = accounts.by_person(session_, declaration.person_id)
    return account if account is not None and account.status == "new" else None


@bp.post("/gui-lai")
@public
def resend() -> Response:
    """A new activation code, by SMS or by e-mail: the channel of before may be the one that fails."""
    by_mail = request.form.get("kenh") == "email"
    with reading(db.engine()) as session_:
        declaration = opened(session_) or abort(404)
        account = _new_account(session_, declaration)
        number = accounts.phone_of(session_, account) if account else "-"
    limiter = current_app.extensions["limiter"]
    within = (
        allowed("activation-mail", str(declaration.id), RESEND_MAIL_LIMIT)
        if by_mail
        else accounts.may_send(limiter, number, False, now())
    )
    declaration = opened() or abort(404)
    account = _new_account(db.session, declaration)
    if account is None or (by_mail and not account.email):
        raise Refused(N_("Không còn mã kích hoạt nào để gửi lại."))
    if not within:
        db.abandon()
        return pages.after_post(TOO_OFTEN, url_for("follow.show"))
    accounts.send_code(
        db.session, house().keyring, account, accounts.Purpose.ACTIVATION, by=VISITOR, at=now(), by_mail=by_mail,
        child=declaration.full_name if declaration.kind == Kind.CHILD else "",
    )  # fmt: skip
    channel = "email" if by_mail else "sms"
    audit.record(db.session, Tag.CODE_RESENT, VISITOR, ("declaration", declaration.id), now(), channel=channel)
    return pages.after_post(_("Đã gửi mã kích hoạt mới; mã cũ không dùng được nữa."), url_for("follow.show"))


@bp.get("/han-nop.ics")
@public
def calendar() -> Response:
    """The last day for the paper, for the phone's calendar."""
    declaration = opened() or abort(404)
    agency = directory.agency(db.session, declaration.agency_code)
    body = lapse_event(declaration, agency.name if agency else "", current_app.config["SETTINGS"].public_url, now())
    headers = {
        "Content-Disposition": f'attachment; filename="han-nop-{declaration.code}.ics"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, mimetype="text/calendar", headers=headers)


@bp.post("/lam-lai")
@public
def begin_again() -> Response:
    """A new draft with what an ended declaration said and showed, so that nobody types everything twice."""
    if stored_draft() is not None:
        return pages.after_post(
            _("Bạn đang có bản nháp làm dở. Hãy làm tiếp, hoặc bỏ bản nháp trước."), url_for("registration.start")
        )
    declaration = opened() or abort(404)
    store: FileStore = current_app.extensions["files"]
    secret = reopen(db.session, house().keyring, store, declaration, at=now())
    response = pages.after_post(
        _("Đã chép lại nội dung cũ. Hãy xem lại từng bước rồi gửi."), first_step(declaration.kind)
    )
    return with_draft_cookie(response, secret)


@bp.get("/mau-01-trong.pdf")
@public
def blank_form() -> Response:
    """Form 01 to fill in by hand: for anybody, before any terms."""
    headers = {"Content-Disposition": 'inline; filename="mau-01-trong.pdf"', "Cache-Control": "public, max-age=86400"}
    return Response(blank_form_pdf(), mimetype="application/pdf", headers=headers)


@bp.get("/mau-01.pdf")
@public
def form_01() -> Response:
    """Form 01, to print and sign."""
    declaration = opened() or abort(404)
    body = form_01_pdf(declaration)
    name = f"to-khai-{declaration.code}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="application/pdf", headers=headers)


@bp.post("/sua-so")
@public
def mend_phone() -> Response:
    """Correct a wrong phone number before the decision."""
    declaration, form = opened() or abort(404), PhoneForm()
    try:
        if form.validate_on_submit():
            phone = mobile_number(form.phone.data) or ""
            db.let_go()
            sms = accounts.may_send(current_app.extensions["limiter"], phone, False, now())
            declaration = opened() or abort(404)
            actions.mend_phone(db.session, house(), declaration, phone, sms=sms, at=now())
            return pages.after_post(_("Đã sửa số điện thoại. Mã tờ khai được gửi đến số mới."), url_for("follow.show"))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _show(opened() or abort(404), form, 422)


@bp.post("/rut")
@public
def withdraw() -> Response:
    """Take the declaration back."""
    declaration = opened() or abort(404)
    actions.withdraw(db.session, declaration, at=now())
    return pages.after_post(_("Đã rút tờ khai. Bạn có thể đăng ký lại bất cứ lúc nào."), url_for("follow.show"))


@bp.get("/quen-ma")
@public
def lost_code_form() -> Response:
    """Mã số and phone, for who lost the code."""
    return pages.page("registration/lost_code.html", form=LostCodeForm(formdata=None), **captcha.for_template())


@bp.post("/quen-ma")
@public
def lost_code() -> Response:
    """Send the code to the phone of the declaration; the answer is the same for everybody."""
    form = LostCodeForm()
    try:
        if not form.validate_on_submit():
            raise Refused(N_("Hãy sửa những chỗ được đánh dấu."))
        captcha.check()
        phone = mobile_number(form.phone.data) or ""
        if not allowed("lost-code", phone, LOST_CODE_LIMIT):
            raise Refused(TOO_OFTEN)
    except Refused as refusal:
        if not form.errors:
            form.refuse(refusal)
        return pages.refused("registration/lost_code.html", form=form, **captcha.for_template())
    sms = accounts.may_send(current_app.extensions["limiter"], phone, False, now())
    for declaration in queries.open_of(db.session, ma_so_of(form.ma_so_bhxh.data), phone):
        if sms:
            messages.send_sms(db.session, house().keyring, "code", declaration, now())
    words = _("Nếu có tờ khai đang chờ của mã số và số điện thoại này, mã đã được gửi bằng tin nhắn.")
    return pages.after_post(words, url_for("follow.ask"))
