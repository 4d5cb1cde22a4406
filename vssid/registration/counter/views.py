"""Đăng ký tại quầy: the form, the photos, form 01 to sign; checked and decided at the desk like any other; the sheet."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from vssid import accounts, content, directory, officers, scans
from vssid.kernel import images
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers import Permission, Tool
from vssid.registration import actions, queries
from vssid.registration.counter.actions import print_codes, put_photo, sheet_account, take_down
from vssid.registration.counter.forms import AdultCounterForm, ChildCounterForm
from vssid.registration.counter.sheet import sheet_html
from vssid.registration.drafts import Content
from vssid.registration.fields import Kind, Side
from vssid.registration.intake import stored, taken
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_pdf
from vssid.registration.pictures import look_of
from vssid.registration.rules import Status, Tag, spoken_code
from vssid.registration.steps.filling import fill, filled_by
from vssid.registration.steps.info import raw_of, read_scan, scan_wanted
from vssid.registration.surroundings import house
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.i18n import say
from vssid.web.papers import as_pdf

bp = Blueprint("counter", __name__, url_prefix="/can-bo/quay")
DECIDE = Permission.REGISTRATION_DECIDE
FORMS: dict[str, type[AdultCounterForm | ChildCounterForm]] = {
    Kind.ADULT.value: AdultCounterForm,
    Kind.CHILD.value: ChildCounterForm,
}
FORM, PHOTOS, SHEET = (
    "registration/counter_form.html",
    "registration/counter_photos.html",
    "registration/counter_done.html",
)


def init_app(app: Flask) -> None:
    """Show the counter among the console's tools."""
    officers.register_tool(app, Tool("counter", N_("Đăng ký tại quầy"), "counter.start", DECIDE))


@bp.get("")
@officer(DECIDE)
def start() -> Response:
    """Who registers; what was begun and not finished."""
    unfinished = queries.unfinished_at_counter(db.session, officers.me())
    return pages.page("registration/counter.html", unfinished=unfinished, active="counter")


# --- the form ---------------------------------------------------------------------------------------------------------


@bp.get("/<any('ca-nhan', 'tre-em'):path>")
@officer(DECIDE)
def form(path: str) -> Response:
    """An empty form."""
    return pages.page(FORM, **_context(path, FORMS[path](formdata=None), Content(Kind(path))))


def _context(path: str, form: Any, said: Content, consent: list[str] | None = None) -> dict[str, Any]:
    return {
        "path": path,
        "form": form,
        "scanned": filled_by(said),
        "scans": _signer().dumps(said.scans),
        "scan_error": None,
        "ward_error": None,
        "purposes": content.PURPOSES,
        "given": consent or [],
        "active": "counter",
        **directory.picker.context(db.session, said.raw, current_app.config["SETTINGS"].province),
    }


def _signer() -> URLSafeSerializer:
    """What a card's QR code said travels with the form until it is taken down; nobody edits it on the way."""
    return URLSafeSerializer(current_app.secret_key or "", salt="counter-scans")


def _said(path: str, form: Any) -> Content:
    """What the form holds: as typed, and what was scanned before."""
    try:
        kept = _signer().loads(request.form.get("scans", "")[:8000])
    except BadData:
        kept = {}
    return Content(Kind(path), raw_of(form), kept)


@bp.post("/<any('ca-nhan', 'tre-em'):path>")
@officer(DECIDE)
def take(path: str) -> Response:
    """Take it down. A scan fills the form; the picker's own buttons only change the picker."""
    form = FORMS[path]()
    said, consent = _said(path, form), request.form.getlist("purpose")[:10]
    if scan_wanted():
        return _filled(path, said, consent)
    picking = directory.picker.is_picking(request.form)
    valid = not picking and form.validate_on_submit()
    chosen = directory.picker.chosen(db.session, request.form)
    try:
        if valid and chosen is not None:
            given = {purpose.code: purpose.code in consent for purpose in content.PURPOSES}
            agreed = content.Acceptance(content.TERMS_VERSION, given)
            info = form.info(chosen)
            made = take_down(db.session, said, info, agreed, form.language.data, by=officers.me(), at=now())
            return pages.after_post(_("Đã ghi tờ khai. Hãy chụp ảnh, in và ký mẫu 01."), url_for(".show", id=made.id))
    except Refused as refusal:
        form.refuse(refusal)
        db.abandon()
    error = None if picking or chosen else directory.picker.problem(db.session, request.form)
    shown = {**_context(path, form, said, consent), "ward_error": error and say(error)}
    return pages.refused(FORM, status=200 if picking else 422, **shown)


def _filled(path: str, said: Content, consent: list[str]) -> Response:
    """The form with what a card's QR code says; nothing is kept until it is taken down."""
    found = read_scan()
    if isinstance(found, scans.Scan):
        with reading(db.engine()) as session_:
            wrong = fill(session_, said, found)
    else:
        wrong = found
    form = FORMS[path](formdata=None, data=said.raw)
    shown = {**_context(path, form, said, consent), "scan_error": wrong}
    return pages.refused(FORM, status=422 if wrong else 200, **shown)


# --- photos and form 01 -----------------------------------------------------------------------------------------------


def _mine(id: UUID, session_: Any = None) -> Declaration:
    return queries.at_counter(session_ or db.session, id, officers.me()) or abort(404)


@bp.get("/<uuid:id>")
@reaches("declaration")
@officer(DECIDE)
def show(id: UUID) -> Response:
    """The photos, one small form each; form 01 to print; then on to the desk."""
    return pages.page(PHOTOS, **_photo_context(_mine(id)))


def _photo_context(declaration: Declaration, failed: Side | None = None, error: Label | None = None) -> dict[str, Any]:
    kind = Kind(declaration.kind)
    photos = queries.photos(db.session, declaration.id)
    return {
        "d": declaration,
        "code": spoken_code(declaration.code),
        "sides": kind.sides,
        "needed": kind.needed,
        "photos": photos,
        "complete": kind.needed <= set(photos),
        "failed": failed,
        "error": error,
        "active": "counter",
    }


@bp.post("/<uuid:id>/anh/<side>")
@reaches("declaration")
@officer(DECIDE)
def save_photo(id: UUID, side: str) -> Response:
    """Take one photo, from the webcam or a file, while nothing is decided."""
    with reading(db.engine()) as session_:
        declaration = _mine(id, session_)
        if not Status(declaration.status).open or side not in Kind(declaration.kind).sides:
            abort(404)
    photo = taken(request.files.get("photo"), str(id))
    if not isinstance(photo, images.Photo):
        error, status = photo
        return pages.refused(PHOTOS, status=status, **_photo_context(_mine(id), Side(side), error))
    look = look_of(photo.preview)
    put_photo(db.session, _mine(id), Side(side), stored(photo), look, at=now())
    return pages.after_post(_("Đã lưu ảnh."), url_for(".show", id=id))


@bp.get("/<uuid:id>/anh/<side>.jpg")
@reaches("declaration")
@officer(DECIDE)
def preview(id: UUID, side: str) -> Response:
    """The small picture beside “Chụp lại”."""
    kept = queries.photos(db.session, _mine(id).id)
    photo = kept.get(Side(side)) if side in list(Side) else None
    if photo is None:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(queries.preview_file(db.session, photo))
    return Response(body, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@bp.get("/<uuid:id>/mau-01.pdf")
@reaches("declaration")
@officer(DECIDE)
def form_01(id: UUID) -> Response:
    """Form 01, to be signed at the counter."""
    declaration = _mine(id)
    with unit(db.engine()) as session:
        where = {"agency": officers.me().agency_code, "status": declaration.status}
        actions.note_view(session, Tag.FORM_VIEWED, officers.me().by, id, now(), **where)
    return _pdf(form_01_pdf(declaration), f"to-khai-{declaration.code}.pdf")


def _pdf(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="application/pdf", headers=headers)


# --- the sheet --------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:id>/phieu")
@reaches("declaration")
@officer(DECIDE)
def done(id: UUID) -> Response:
    """Decided: print the sheet, or say that there is nothing to print."""
    declaration = _mine(id)
    waits = sheet_account(db.session, declaration) is not None
    following = queries.next_open(db.session, officers.me(), declaration)
    return pages.page(SHEET, d=declaration, waits=waits, following=following, active="counter")


@bp.post("/<uuid:id>/phieu")
@fresh
@reaches("declaration")
@officer(DECIDE)
def print_sheet(id: UUID) -> Response:
    """The sheet with fresh codes, as PDF; those of an earlier sheet are void from here on."""
    batch, at = accounts.backup.fresh(), now()
    declaration = _mine(id)
    code = print_codes(db.session, house(), declaration, batch, by=officers.me(), at=at)
    html = sheet_html(declaration, code, batch, at, house().url)
    db.commit()
    return _pdf(as_pdf(html), f"phieu-{declaration.code}.pdf")
