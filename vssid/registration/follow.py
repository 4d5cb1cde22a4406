"""Theo dõi tờ khai: by its code and phone, without an account. Mend the phone, withdraw, print form 01, find the code."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, directory, notifications
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, mobile_number, spoken_phone
from vssid.registration import actions, messages, queries
from vssid.registration.forms import FollowForm, LostCodeForm, PhoneForm
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_pdf, info_facts, office_facts
from vssid.registration.rules import (
    FOLLOW_CODE_LIMIT,
    FOLLOW_LIMIT,
    LOST_CODE_LIMIT,
    Status,
    Tag,
    days_left,
    ma_so_of,
    typed_code,
)
from vssid.registration.visit import TOO_OFTEN, allowed, house
from vssid.web import captcha, db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import language

bp = Blueprint("follow", __name__, url_prefix="/to-khai")
NOT_FOUND = N_("Không có tờ khai nào khớp cả mã và số điện thoại. Hãy xem lại, hoặc chọn “Quên mã tờ khai?”.")


@bp.get("")
@public
def ask() -> Response:
    """Code and phone."""
    return pages.page("registration/follow.html", form=FollowForm(formdata=None))


@bp.post("")
@public
def find() -> Response:
    """Open a declaration for this browser session; a wrong code and a wrong phone look the same."""
    form = FollowForm()
    if not form.validate_on_submit():
        return pages.refused("registration/follow.html", form=form)
    code, phone = typed_code(form.code.data), mobile_number(form.phone.data)
    within = allowed("follow-code", code, FOLLOW_CODE_LIMIT) and allowed(
        "follow", f"{code} {accounts.network()}", FOLLOW_LIMIT
    )
    if not within:
        form.refuse(Refused(TOO_OFTEN))
        return pages.refused("registration/follow.html", form=form, status=429)
    declaration = queries.by_code(db.session, code)
    if declaration is None or declaration.phone != phone:
        db.abandon()
        with unit(db.engine()) as session_:
            actions.note_view(
                session_, Tag.FOLLOW_REFUSED, VISITOR, declaration.id if declaration else UUID(int=0), now()
            )
        form.refuse(Refused(NOT_FOUND))
        return pages.refused("registration/follow.html", form=form)
    actions.note_view(db.session, Tag.FOLLOWED, VISITOR, declaration.id, now())
    session["declaration"] = str(declaration.id)
    return pages.leave(url_for("follow.show"))


def _mine() -> Declaration | None:
    """The declaration that this browser session has opened."""
    id = session.get("declaration")
    return queries.by_id(db.session, UUID(id)) if id else None


@bp.get("/xem")
@public
def show() -> Response | AnyResponse:
    """Where it stands, until when, what to do next."""
    declaration = _mine()
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
        "phone": masked(spoken_phone(declaration.phone).replace(" ", "")),
        "reason": messages.reason_in(declaration, language()),
        "deliveries": notifications.delivery_of(session_, messages.about(declaration.id)),
        "code_svg": qr.svg(declaration.code, _("Mã QR của tờ khai")),
    }
    if status == 200:
        return pages.page("registration/status.html", **context)
    return pages.refused("registration/status.html", status=status, **context)


@bp.get("/mau-01.pdf")
@public
def form_01() -> Response:
    """Form 01, to print and sign."""
    declaration = _mine() or abort(404)
    body = form_01_pdf(declaration)
    name = f"to-khai-{declaration.code}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="application/pdf", headers=headers)


@bp.post("/sua-so")
@public
def mend_phone() -> Response:
    """Correct a wrong phone number before the decision."""
    declaration, form = _mine() or abort(404), PhoneForm()
    try:
        if form.validate_on_submit():
            phone = mobile_number(form.phone.data) or ""
            db.abandon()
            sms = accounts.may_send(current_app.extensions["limiter"], phone, False, now())
            declaration = _mine() or abort(404)
            actions.mend_phone(db.session, house(), declaration, phone, sms=sms, at=now())
            return pages.after_post(_("Đã sửa số điện thoại. Mã tờ khai được gửi đến số mới."), url_for("follow.show"))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _show(_mine() or abort(404), form, 422)


@bp.post("/rut")
@public
def withdraw() -> Response:
    """Take the declaration back."""
    declaration = _mine() or abort(404)
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
