"""Step 1, Thông tin: typed, or filled from a card's QR code; kept as a draft while it is typed."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, directory, scans
from vssid.kernel.db import reading
from vssid.kernel.labels import Label, Refused
from vssid.kernel.workshop import Workshop
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.fields import Kind
from vssid.registration.rules import NETWORK_DRAFT_LIMIT, NETWORK_SCAN_LIMIT
from vssid.registration.steps import facilities
from vssid.registration.steps.filling import fill, filled_by
from vssid.registration.steps.forms import ChildForm, InfoForm
from vssid.registration.steps.organisation_form import OrganisationForm
from vssid.registration.steps.start import bp
from vssid.registration.steps.visit import (
    TOO_OFTEN,
    allowed,
    begun_elsewhere,
    both,
    keep,
    my_draft,
    save,
    with_draft_cookie,
)
from vssid.web import db, pages
from vssid.web.guards import public
from vssid.web.i18n import say

FORMS: dict[str, type[InfoForm | ChildForm | OrganisationForm]] = {
    Kind.ADULT.value: InfoForm,
    Kind.CHILD.value: ChildForm,
    Kind.ORGANISATION.value: OrganisationForm,
}
PAGES = {
    Kind.ADULT.value: "registration/info.html",
    Kind.CHILD.value: "registration/child.html",
    Kind.ORGANISATION.value: "registration/organisation.html",
}
LONGEST_RAW = 300
# The look-up lies in a room beside this one: its address is all that is known of it.
LOOK_UP = "/tra-cuu/ma-so"


@both(bp.get, "/thong-tin")
@public
def info(path: str) -> Response | AnyResponse:
    """The form, filled with what the draft holds."""
    elsewhere = begun_elsewhere(path)
    if elsewhere:
        return elsewhere
    draft = my_draft(path)
    raw = draft.content.raw if draft else {}
    return pages.page(PAGES[path], **context(FORMS[path](formdata=None, data=raw), draft, raw, path))


def context(form: Any, draft: OpenDraft | None, values: Any, path: str) -> dict[str, Any]:
    """What step 1 shows: the form, the place picker, which fields a card's QR code has filled."""
    home = current_app.config["SETTINGS"].province
    return {
        "form": form,
        "draft": draft,
        "path": path,
        "scanned": filled_by(draft.content) if draft else {},
        "scan_error": None,
        "ward_error": None,
        **facilities.context(db.session, form, values),
        **directory.picker.context(db.session, values, home),
    }


@both(bp.post, "/thong-tin")
@public
def save_info(path: str) -> Response | AnyResponse:
    """Check step 1 and keep it. A scan fills it; the picker's own buttons only change the picker."""
    elsewhere = begun_elsewhere(path)
    if elsewhere:
        return elsewhere
    form, draft = FORMS[path](), my_draft(path)
    if scan_wanted():
        return scanned(path, draft, form, url_for("registration.info", path=path), PAGES[path])
    if "find_ma_so" in request.form:
        return _keep_unchecked(path, draft, form, LOOK_UP)
    picking = directory.picker.is_picking(request.form) or facilities.is_searching(request.form)
    typed = facilities.take(db.session, form, request.form)
    valid = not picking and form.validate_on_submit()
    unlisted = facilities.problem(db.session, form) if valid else None
    if unlisted is not None:
        form.refuse(unlisted)
    chosen = directory.picker.chosen(db.session, typed)
    if not valid or unlisted or chosen is None:
        error = None if picking or chosen else directory.picker.problem(db.session, typed)
        shown = {**context(form, draft, typed, path), "ward_error": error and say(error)}
        return pages.refused(PAGES[path], status=200 if picking else 422, **shown)
    kept = draft.content if draft else Content(Kind(path))
    kept.raw, kept.info, kept.in_account = raw_of(form), form.info(chosen), False
    db.let_go()
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        form.refuse(Refused(TOO_OFTEN))
        return pages.refused(PAGES[path], status=429, **context(form, None, request.form, path))
    return keep(draft, kept, url_for("photos.show", path=path))


def _keep_unchecked(path: str, draft: OpenDraft | None, form: Any, to: str) -> Response:
    """Leave for another page without losing a word."""
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        abort(429)
    kept = draft.content if draft else Content(Kind(path))
    kept.raw = raw_of(form)
    return keep(draft, kept, to)


def raw_of(form: Any) -> dict[str, str]:
    """What was typed, as it was typed, field by field."""
    names = (*(field.name for field in form), *directory.picker.FIELDS)
    return {name: request.form[name][:LONGEST_RAW] for name in names if name in request.form}


@both(bp.post, "/luu")
@public
def autosave(path: str) -> Response:
    """Keep what is typed so far, unchecked: a page that the camera or a call kills loses nothing."""
    if begun_elsewhere(path):
        abort(409)
    draft = my_draft(path)
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        abort(429)
    kept = draft.content if draft else Content(Kind(path))
    kept.raw = raw_of(FORMS[path]())
    secret = save(draft, kept)
    db.commit()
    return with_draft_cookie(Response(status=204), secret)


# --- scan to fill -----------------------------------------------------------------------------------------------------


def scan_wanted() -> bool:
    """Whether a scan came with the form: typed by a hardware scanner or a script, or as a photo."""
    photo = request.files.get("qr_photo")
    return bool(request.form.get("qr_text", "").strip()) or bool(photo and photo.filename) or "scan" in request.form


def scanned(
    path: str,
    draft: OpenDraft | None,
    form: Any,
    back: str,
    page: str,
    more: Callable[[], dict[str, Any]] = dict,
    *,
    in_account: bool = False,
) -> Response:
    """Fill the draft from a card's QR code; what was typed elsewhere in the form is kept.

    `more` gives what the page shows besides; it is asked last, since it begins the unit of work.
    """
    found = read_scan()
    if isinstance(found, Label):
        shown = context(form, draft, request.form, path)
        return pages.refused(page, **{**shown, "scan_error": found, **more()})
    kept = draft.content if draft else Content(Kind(path))
    kept.raw, kept.in_account = raw_of(form), in_account
    with reading(db.engine()) as session_:
        wrong = fill(session_, kept, found)
    if wrong:
        shown = context(form, draft, request.form, path)
        return pages.refused(page, **{**shown, "scan_error": wrong, **more()})
    if draft is None and not allowed("draft", accounts.network(), NETWORK_DRAFT_LIMIT):
        abort(429)
    return keep(draft, kept, back, _("Đã điền từ mã QR. Hãy xem lại từng mục; sửa được nếu sai."))


def read_scan() -> scans.Scan | Label:
    """What the QR code in this request says, or why it cannot be read."""
    if not allowed("scan", accounts.network(), NETWORK_SCAN_LIMIT):
        return TOO_OFTEN
    text = request.form.get("qr_text", "")
    if text.strip():
        read = scans.read(text)
    else:
        photo = request.files.get("qr_photo")
        workshop: Workshop = current_app.extensions["workshop"]
        read = scans.scan_photo(workshop, photo.stream.read(scans.LARGEST_BYTES + 1) if photo else b"")
    return read if isinstance(read, scans.Scan) else read.label
