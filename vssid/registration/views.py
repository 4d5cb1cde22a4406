"""Đăng ký: start, four saved steps, done. Everything is a plain form first; each step is kept on the server."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, content, directory
from vssid.kernel import images
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.images import LARGEST_BYTES, Trouble
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.limits import Limiter
from vssid.kernel.text import mobile_number
from vssid.kernel.workshop import Workshop
from vssid.registration import actions, drafts, queries
from vssid.registration.actions import Surroundings
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.forms import InfoForm, OfficeForm, PhoneForm, PhotoForm
from vssid.registration.papers import sending_facts
from vssid.registration.rules import (
    DRAFT_LIFE,
    DRAFT_PHOTO_LIMIT,
    NETWORK_DRAFT_LIMIT,
    NETWORK_PHOTO_LIMIT,
    NETWORK_SEND_LIMIT,
    RESUME_LIMIT,
    HandIn,
    Office,
    Side,
)
from vssid.web import captcha, cookies, db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import language

bp = Blueprint("registration", __name__, url_prefix="/dang-ky")
DRAFT_COOKIE = "draft"
IMAGE_SECONDS = 20
_RAW_FIELDS = (
    "ma_so_bhxh", "full_name", "id_number", "ward_code", "address_line", "phone", "contact_name", "email", "portal",
)  # fmt: skip
_TROUBLES = {
    Trouble.NOT_A_PHOTO: N_("Tệp này không phải ảnh JPEG, PNG hoặc WebP. Hãy chụp lại hoặc chọn ảnh khác."),
    Trouble.DAMAGED: N_("Ảnh bị hỏng, không mở được. Hãy chụp lại."),
    Trouble.TOO_MANY_PIXELS: N_("Ảnh quá lớn (trên 25 triệu điểm ảnh). Hãy giảm độ phân giải máy ảnh rồi chụp lại."),
    Trouble.TOO_SMALL: N_("Ảnh quá nhỏ, không đọc được. Hãy chụp lại gần hơn."),
}
TOO_LARGE = N_("Ảnh lớn hơn 8 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp lại.")
TOO_OFTEN = N_("Gửi quá nhiều lần. Hãy đợi một lát rồi thử lại; bản nháp vẫn còn.")


def house() -> Surroundings:
    """What the verbs need."""
    return Surroundings(current_app.extensions["keyring"], current_app.config["SETTINGS"].public_url)


def allowed(what: str, whom: str, limit: tuple[int, Any]) -> bool:
    """Count one `what` against its limit."""
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter.allow(what, whom, *limit, now())


@bp.before_request
def _terms_first() -> AnyResponse | None:
    """Nobody is asked for anything before they have read what it is for."""
    terms = content.to_terms(request.path if request.method == "GET" else url_for("registration.start"))
    return redirect(terms, 303) if terms else None


# --- the draft in hand ------------------------------------------------------------------------------------------------


def _draft() -> OpenDraft | None:
    """The visitor's draft, if this browser session opened it."""
    return _stored_draft() if session.get("draft") else None


def _stored_draft() -> OpenDraft | None:
    with reading(db.engine()) as session_:
        return drafts.find(session_, house().keyring, cookies.get(DRAFT_COOKIE), now())


def _keep(draft: OpenDraft | None, kept: Content, to: str, message: str | None = None) -> Response:
    """Save the draft (starting one if need be) and go on."""
    secret = None
    if draft is None:
        secret = drafts.create(db.session, house().keyring, kept, now())
    else:
        drafts.save(db.session, house().keyring, draft.id, kept, now())
    response = pages.after_post(message, to)
    return _with_draft_cookie(response, secret)


def _with_draft_cookie(response: Response, secret: str | None) -> Response:
    if secret is not None:
        cookies.put(response, DRAFT_COOKIE, secret, DRAFT_LIFE.days)
        session["draft"] = True
    return response


def _missing_step(draft: OpenDraft | None, before: str) -> str | None:
    """The first step that is not complete among those before `before`."""
    if draft is None or draft.content.info is None:
        return "registration.info"
    if before in ("office", "review") and not draft.photos_complete:
        return "registration.photos"
    if before == "review" and draft.content.office is None:
        return "registration.office"
    return None


# --- start ------------------------------------------------------------------------------------------------------------


@bp.get("")
@public
def start() -> Response:
    """Who registers; a draft that was left is offered first, or people would make five."""
    stored = _stored_draft()
    is_open = bool(session.get("draft"))
    return pages.page("registration/start.html", draft=stored, is_open=is_open, form=PhoneForm(formdata=None))


@bp.post("/lam-tiep")
@public
def resume() -> Response:
    """Open a draft again after the browser was closed: the phone proves that it is one's own."""
    stored, form = _stored_draft(), PhoneForm()
    if stored is None:
        return pages.after_post(_("Bản nháp đã hết hạn hoặc đã gửi. Hãy bắt đầu lại."), url_for("registration.start"))
    if form.validate_on_submit():
        typed, kept = mobile_number(form.phone.data), mobile_number(stored.content.raw.get("phone", ""))
        if not allowed("resume", str(stored.id), RESUME_LIMIT):
            form.refuse(Refused(TOO_OFTEN, "phone"))
        elif kept is not None and typed == kept:
            session["draft"] = True
            return pages.leave(url_for(_missing_step(stored, "review") or "registration.review"))
        else:
            form.refuse(Refused(N_("Không đúng số điện thoại đã khai trong bản nháp."), "phone"))
    return pages.refused("registration/start.html", draft=stored, is_open=False, form=form)


@bp.post("/bo-nhap")
@public
def discard() -> Response:
    """Throw the draft away and begin anew."""
    stored = _stored_draft()
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
    draft = _draft()
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
    return pages.page("registration/info.html", block="place", form=InfoForm(formdata=None), draft=_draft(), **context)


@bp.post("/ca-nhan/thong-tin")
@public
def save_info() -> Response:
    """Check step 1 and keep it; “Tìm” and “Chọn tỉnh” (for those without script) only change the picker."""
    form, draft = InfoForm(), _draft()
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
    return _keep(draft, kept, url_for("registration.photos"))


def directory_text(text: str) -> str:
    """A search as it may be asked: one short line."""
    return " ".join(text[:60].split())


def _raw() -> dict[str, str]:
    return {name: request.form.get(name, "")[:300] for name in _RAW_FIELDS}


@bp.post("/ca-nhan/luu")
@public
def autosave() -> Response:
    """Keep what is typed so far, unchecked: a page that the camera or a call kills loses nothing."""
    draft = _draft()
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
    return _with_draft_cookie(Response(status=204), secret)


# --- step 2: photos ---------------------------------------------------------------------------------------------------


@bp.get("/ca-nhan/anh")
@public
def photos() -> Response | AnyResponse:
    """Three small forms, one a photo."""
    draft = _draft()
    missing = _missing_step(draft, "photos")
    if missing:
        return redirect(url_for(missing), 303)
    workshop: Workshop = current_app.extensions["workshop"]
    workshop.warm()
    return _photo_page(draft)


def _photo_page(
    draft: OpenDraft | None, side: Side | None = None, error: Label | None = None, status: int = 200
) -> Response:
    context: dict[str, Any] = {"draft": draft, "sides": list(Side), "failed": side, "error": error}
    if status != 200:
        return pages.refused("registration/photos.html", status=status, **context)
    return pages.page("registration/photos.html", **context)


@bp.post("/ca-nhan/anh/<side>")
@public
def save_photo(side: str) -> Response | AnyResponse:
    """Take one photo: bounded, re-encoded without metadata, encrypted, on the disk before the answer."""
    wanted = _side(side)
    draft = _draft()
    if draft is None or draft.content.info is None:
        return redirect(url_for("registration.info"), 303)
    form = PhotoForm()
    upload = request.files.get(form.photo.name)
    data = upload.stream.read(LARGEST_BYTES + 1) if upload else b""
    if not data:
        return _photo_page(draft, wanted, N_("Chưa có ảnh nào được chọn."), 422)
    if len(data) > LARGEST_BYTES:
        return _photo_page(draft, wanted, TOO_LARGE, 413)
    within = allowed("photo", str(draft.id), DRAFT_PHOTO_LIMIT) and allowed(
        "photo-net", accounts.network(), NETWORK_PHOTO_LIMIT
    )
    if not within:
        return _photo_page(draft, wanted, TOO_OFTEN, 429)
    workshop: Workshop = current_app.extensions["workshop"]
    photo = workshop.run(IMAGE_SECONDS, images.prepare, data)
    if isinstance(photo, Trouble):
        return _photo_page(draft, wanted, _TROUBLES[photo], 422)
    store: FileStore = current_app.extensions["files"]
    files = [store.put(db.session, body, "image/jpeg", now()) for body in (photo.jpeg, photo.preview)]
    drafts.put_photo(db.session, draft.id, wanted, files[0], files[1], now())
    db.commit()
    return pages.after_post(None, url_for("registration.photos"), "registration/photos.html", **_fresh_photos())


def _fresh_photos() -> dict[str, Any]:
    return {"draft": _draft(), "sides": list(Side), "failed": None, "error": None}


def _side(text: str) -> Side:
    return Side(text) if text in list(Side) else abort(404)


@bp.get("/ca-nhan/anh/<side>/<uuid:id>.jpg")
@public
def preview(side: str, id: UUID) -> Response:
    """The small picture beside “Chụp lại”; never the full one, and only to the browser session that holds the draft."""
    draft = _draft() or abort(404)
    photo = draft.photos.get(_side(side)) or abort(404)
    if photo.id != id:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    row = db.session.get_one(StoredFile, photo.preview_id)
    return Response(store.read(row), mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@bp.post("/ca-nhan/anh")
@public
def photos_done() -> Response:
    """On to step 3 once all three are there."""
    draft = _draft()
    missing = _missing_step(draft, "photos")
    if missing:
        return pages.after_post(None, url_for(missing))
    if draft is None or not draft.photos_complete:
        lacking = next(side for side in Side if draft is None or side not in draft.photos)
        return _photo_page(draft, lacking, N_("Còn thiếu ảnh này."), 422)
    return pages.after_post(None, url_for("registration.office"))


# --- step 3: agency ---------------------------------------------------------------------------------------------------


@bp.get("/ca-nhan/co-quan")
@public
def office() -> Response | AnyResponse:
    """The nearest agencies first, then search and tree."""
    draft = _draft()
    missing = _missing_step(draft, "office")
    if missing or draft is None or draft.content.info is None:
        return redirect(url_for(missing or "registration.info"), 303)
    kept = draft.content.office
    form = OfficeForm(
        formdata=None,
        data={
            "agency_code": kept.agency_code if kept else "",
            "hand_in": kept.hand_in if kept else HandIn.COUNTER.value,
            "wants_form_by_email": kept.wants_form_by_email if kept else False,
            "email": (kept.email if kept else "") or draft.content.info.email,
        },
    )
    return pages.page("registration/office.html", form=form, **_agency_context(draft, form.agency_code.data))


def _agency_context(draft: OpenDraft, chosen: str | None) -> dict[str, Any]:
    session_, ward = db.session, draft.content.info.ward_code if draft.content.info else ""
    query, parent = pages.query_text("q", 60), pages.query_text("cha", 5)
    nearest = [near.agency for near in directory.nearest_agencies(session_, ward, 3)]
    listed = directory.search_agencies(session_, query, 20) if query else directory.agency_children(session_, parent)
    current = directory.agency(session_, chosen) if chosen else None
    return {
        "draft": draft,
        "nearest": nearest,
        "listed": [agency for agency in listed if agency not in nearest],
        "path": directory.agency_path(session_, parent) if parent else [],
        "query": query,
        "parent": parent,
        "chosen": current,
    }


@bp.post("/ca-nhan/co-quan")
@public
def save_office() -> Response | AnyResponse:
    """Keep agency, way of handing in, and whether the form is mailed."""
    draft = _draft()
    missing = _missing_step(draft, "office")
    if missing or draft is None or draft.content.info is None:
        return pages.after_post(None, url_for(missing or "registration.info"))
    form = OfficeForm()
    valid = form.validate_on_submit()
    code = (form.agency_code.data or "")[:5]
    with reading(db.engine()) as session_:
        known = directory.agency(session_, code) if code else None
    if valid and known is None:
        form.refuse(Refused(N_("Hãy chọn một cơ quan trong danh sách."), "agency_code"))
    if not valid or known is None:
        return pages.refused("registration/office.html", form=form, **_agency_context(draft, code))
    draft.content.office = Office(code, form.hand_in.data, bool(form.wants_form_by_email.data), form.email.data or "")
    return _keep(draft, draft.content, url_for("registration.review"))


# --- step 4: review and send ------------------------------------------------------------------------------------------


@bp.get("/ca-nhan/xem-lai")
@public
def review() -> Response | AnyResponse:
    """Everything once more, each part with its way back."""
    draft = _draft()
    missing = _missing_step(draft, "review")
    if missing or draft is None:
        return redirect(url_for(missing or "registration.info"), 303)
    return pages.page("registration/review.html", errors=[], **_review_context(draft))


def _review_context(draft: OpenDraft) -> dict[str, Any]:
    return {"draft": draft, "facts": sending_facts(db.session, draft), "sides": list(Side), **captcha.for_template()}


@bp.post("/ca-nhan/xem-lai")
@public
def send() -> Response | AnyResponse:
    """Gửi. A second press, or a parallel one, finds the declaration sent and changes nothing."""
    draft = _draft()
    missing = _missing_step(draft, "review")
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
    return pages.page("registration/done.html", **done_context(declaration, now()))


def done_context(declaration: Any, _at: datetime) -> dict[str, Any]:
    """What the page after sending shows."""
    agency = directory.agency(db.session, declaration.agency_code)
    code_svg = qr.svg(declaration.code, _("Mã QR của tờ khai"))
    return {"declaration": declaration, "agency": agency, "code_svg": code_svg, "today": today()}
