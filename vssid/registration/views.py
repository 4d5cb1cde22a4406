"""Đăng ký: start, the first and the last of four saved steps, done. Everything is a plain form first."""

from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, content, directory
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import mobile_number
from vssid.registration import actions, drafts, queries
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.forms import InfoForm, PhoneForm
from vssid.registration.papers import sending_facts
from vssid.registration.rules import NETWORK_DRAFT_LIMIT, NETWORK_SEND_LIMIT, RESUME_LIMIT, Side
from vssid.registration.visit import (
    DRAFT_COOKIE,
    TOO_OFTEN,
    allowed,
    house,
    keep,
    missing_step,
    my_draft,
    stored_draft,
    window,
    with_draft_cookie,
)
from vssid.web import captcha, cookies, db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import language

bp = window("registration")
_RAW_FIELDS = (
    "ma_so_bhxh", "full_name", "id_number", "ward_code", "address_line", "phone", "contact_name", "email", "portal",
)  # fmt: skip


# --- start ------------------------------------------------------------------------------------------------------------


@bp.get("")
@public
def start() -> Response:
    """Who registers; a draft that was left is offered first, or people would make five."""
    stored = stored_draft()
    is_open = bool(session.get("draft"))
    return pages.page("registration/start.html", draft=stored, is_open=is_open, form=PhoneForm(formdata=None))


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
            return pages.leave(url_for(missing_step(stored, "review") or "registration.review"))
        else:
            form.refuse(Refused(N_("Không đúng số điện thoại đã khai trong bản nháp."), "phone"))
    return pages.refused("registration/start.html", draft=stored, is_open=False, form=form)


@bp.post("/bo-nhap")
@public
def discard() -> Response:
    """Throw the draft away and begin anew."""
    stored = stored_draft()
    if stored is not None:
        drafts.discard(db.session, stored.id)
    response = pages.leave(url_for("registration.info"))
    cookies.drop(response, DRAFT_COOKIE)
    session.pop("draft", None)
    return response


@bp.get("/to-chuc")
@public
def organisations() -> Response:
    """Organisations register at the agency: say where, and what to bring."""
    return pages.page("registration/organisations.html")


# --- step 1: information ----------------------------------------------------------------------------------------------


@bp.get("/ca-nhan/thong-tin")
@public
def info() -> Response:
    """The adult's form, filled with what the draft holds."""
    draft = my_draft()
    raw = draft.content.raw if draft else {}
    form = InfoForm(formdata=None, data=raw)
    return pages.page("registration/info.html", form=form, draft=draft, **_place_context(raw.get("ward_code", "")))


def _place_context(ward_code: str, province_code: str = "", query: str = "") -> dict[str, Any]:
    """The province and ward lists of the picker, and what a search found."""
    session_ = db.session
    place = directory.place(session_, ward_code) if ward_code else None
    chosen = province_code or (place.province_code if place else current_app.config["SETTINGS"].province)
    found = directory.search_wards(session_, query, None, 8) if query else []
    return {
        "provinces": directory.provinces(session_),
        "province_code": chosen,
        "wards": directory.wards(session_, chosen),
        "ward_code": place.code if place and place.province_code == chosen else "",
        "ward_query": query,
        "found": found,
    }


@bp.get("/ca-nhan/dia-chi")
@public
def place_part() -> Response:
    """The ward picker for another province, a search or a chosen result: a part of step 1."""
    context = _place_context(
        pages.query_text("ward_code", 5), pages.query_text("province_code", 2), pages.query_text("ward_query", 60)
    )
    return pages.page(
        "registration/info.html", block="place", form=InfoForm(formdata=None), draft=my_draft(), **context
    )


@bp.post("/ca-nhan/thong-tin")
@public
def save_info() -> Response:
    """Check step 1 and keep it; “Tìm” and “Chọn tỉnh” (for those without script) only change the picker."""
    form, draft = InfoForm(), my_draft()
    province = request.form.get("province_code", "")[:2]
    query = directory_text(request.form.get("ward_query", ""))
    picking = "find_ward" in request.form or "choose_province" in request.form
    valid = not picking and form.validate_on_submit()
    place = directory.place(db.session, (form.ward_code.data or "")[:5])
    if valid and place is None:
        form.refuse(Refused(N_("Hãy chọn phường/xã trong danh sách."), "ward_code"))
    if not valid or place is None:
        shown = _place_context("" if "choose_province" in request.form else form.ward_code.data or "", province, query)
        return pages.refused("registration/info.html", form=form, draft=draft, status=200 if picking else 422, **shown)
    kept = draft.content if draft else Content()
    kept.raw, kept.info = _raw(), form.info(place.province_code)
    db.abandon()
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        form.refuse(Refused(TOO_OFTEN))
        return pages.refused("registration/info.html", form=form, draft=None, status=429, **_place_context(place.code))
    return keep(draft, kept, url_for("photos.show"))


def directory_text(text: str) -> str:
    """A search as it may be asked: one short line."""
    return " ".join(text[:60].split())


def _raw() -> dict[str, str]:
    return {name: request.form.get(name, "")[:300] for name in _RAW_FIELDS}


@bp.post("/ca-nhan/luu")
@public
def autosave() -> Response:
    """Keep what is typed so far, unchecked: a page that the camera or a call kills loses nothing."""
    draft = my_draft()
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        abort(429)
    kept = draft.content if draft else Content()
    kept.raw = _raw()
    secret = None
    if draft is None:
        secret = drafts.create(db.session, house().keyring, kept, now())
    else:
        drafts.save(db.session, house().keyring, draft.id, kept, now())
    db.commit()
    return with_draft_cookie(Response(status=204), secret)


# --- step 4: review and send ------------------------------------------------------------------------------------------


@bp.get("/ca-nhan/xem-lai")
@public
def review() -> Response | AnyResponse:
    """Everything once more, each part with its way back."""
    draft = my_draft()
    missing = missing_step(draft, "review")
    if missing or draft is None:
        return redirect(url_for(missing or "registration.info"), 303)
    return pages.page("registration/review.html", errors=[], **_review_context(draft))


def _review_context(draft: OpenDraft) -> dict[str, Any]:
    return {"draft": draft, "facts": sending_facts(db.session, draft), "sides": list(Side), **captcha.for_template()}


@bp.post("/ca-nhan/xem-lai")
@public
def send() -> Response | AnyResponse:
    """Gửi. A second press, or a parallel one, finds the declaration sent and changes nothing."""
    draft = my_draft()
    missing = missing_step(draft, "review")
    consent = content.accepted()
    if missing or draft is None or consent is None:
        target = "registration.done" if session.get("declaration") else missing or "registration.start"
        return pages.after_post(None, url_for(target))
    try:
        captcha.check()
        if not allowed("send", accounts.network(), NETWORK_SEND_LIMIT):
            raise Refused(TOO_OFTEN)
        phone = draft.content.info.phone if draft.content.info else ""
        sms = accounts.may_send(current_app.extensions["limiter"], phone, False, now())
        declaration = actions.send(db.session, house(), draft, consent, language(), sms=sms, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.refused("registration/review.html", errors=[refusal.label], **_review_context(draft))
    session["declaration"] = str(declaration.id)
    session.pop("draft", None)
    response = pages.leave(url_for("registration.done"))
    cookies.drop(response, DRAFT_COOKIE)
    return response


@bp.get("/ca-nhan/hoan-tat")
@public
def done() -> Response | AnyResponse:
    """The code, the last day, what to bring, form 01."""
    id = session.get("declaration")
    declaration = queries.by_id(db.session, UUID(id)) if id else None
    if declaration is None:
        return redirect(url_for("registration.start"), 303)
    return pages.page(
        "registration/done.html",
        declaration=declaration,
        agency=directory.agency(db.session, declaration.agency_code),
        code_svg=qr.svg(declaration.code, _("Mã QR của tờ khai")),
    )
