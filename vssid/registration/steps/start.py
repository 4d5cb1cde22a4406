"""Đăng ký, the door: who is registered; a draft that was left is offered first, or people would make five."""

from flask import Response, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import mobile_number
from vssid.registration import drafts
from vssid.registration.fields import Kind
from vssid.registration.rules import RESUME_LIMIT
from vssid.registration.steps.forms import PhoneForm
from vssid.registration.steps.visit import (
    DRAFT_COOKIE,
    TOO_OFTEN,
    allowed,
    first_step,
    missing_step,
    stored_draft,
    window,
)
from vssid.web import cookies, db, pages
from vssid.web.guards import public

bp = window("registration")


@bp.get("")
@public
def start() -> Response:
    """Who registers, and the draft that was left."""
    stored = stored_draft()
    is_open = bool(session.get("draft"))
    form = PhoneForm(formdata=None)
    return pages.page("registration/start.html", draft=stored, is_open=is_open, form=form, goes_on=_next_step(stored))


def _next_step(stored: drafts.OpenDraft | None) -> str:
    if stored is None:
        return ""
    path = stored.content.kind.value
    return missing_step(stored, path, "review") or url_for("sending.review", path=path)


@bp.post("/lam-tiep")
@public
def resume() -> Response:
    """Open a draft again after the browser was closed: the phone proves that it is one's own."""
    stored, form = stored_draft(), PhoneForm()
    if stored is None:
        return pages.after_post(_("Bản nháp đã hết hạn hoặc đã gửi. Hãy bắt đầu lại."), url_for("registration.start"))
    if form.validate_on_submit():
        typed, kept = mobile_number(form.phone.data), mobile_number(stored.content.raw.get("phone", ""))
        if not allowed("resume", str(stored.id), RESUME_LIMIT):
            form.refuse(Refused(TOO_OFTEN, "phone"))
        elif kept is not None and typed == kept:
            session["draft"] = True
            return pages.leave(_next_step(stored))
        else:
            form.refuse(Refused(N_("Không đúng số điện thoại đã khai trong bản nháp."), "phone"))
    return pages.refused("registration/start.html", draft=stored, is_open=False, form=form, goes_on=_next_step(stored))


@bp.post("/bo-nhap")
@public
def discard() -> Response:
    """Throw the draft away and begin anew."""
    stored = stored_draft()
    if stored is not None:
        drafts.discard(db.session, stored.id)
    response = pages.leave(first_step(stored.content.kind.value if stored else Kind.ADULT.value, stored))
    cookies.drop(response, DRAFT_COOKIE)
    session.pop("draft", None)
    return response


@bp.get("/to-chuc")
@public
def organisations() -> AnyResponse:
    """An organisation's path, by its short address."""
    return redirect(first_step(Kind.ORGANISATION.value), 303)
