"""Ký số thay bản giấy: get the form to sign, sign it with one's own software, send it back."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, signing
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import Busy, Label, Refused
from vssid.registration.fields import Kind
from vssid.registration.follow.visit import opened
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_html
from vssid.registration.rules import Status, Tag, check_paper
from vssid.registration.signed import actions, queries
from vssid.registration.signed.offer import offered
from vssid.registration.signed.rules import BUSY, ISSUE_LIMIT, NETWORK_SIGN_LIMIT, NO_FILE, SIGN_LIMIT
from vssid.registration.steps.visit import TOO_OFTEN, allowed
from vssid.web import db, pages
from vssid.web.guards import public
from vssid.web.papers import as_pdf

bp = Blueprint("signed", __name__, url_prefix="/to-khai/ky-so")
PAGE = "registration/signing.html"


@bp.get("")
@public
def show() -> Response | AnyResponse:
    """The three steps."""
    declaration = opened()
    if declaration is None:
        return redirect(url_for("follow.ask"), 303)
    if not offered(declaration):
        return redirect(url_for("follow.show"), 303)
    return _page()


def _page(error: Label | None = None, status: int = 200) -> Response:
    declaration = opened() or abort(404)
    form = queries.form_of(db.session, declaration.id)
    shown: dict[str, Any] = {
        "declaration": declaration,
        "child": declaration.kind == Kind.CHILD,
        "issued_at": form.issued_at if form and form.issued_file_id else None,
        "outdated": form is not None and form.said != queries.said(declaration),
        "offered": offered(declaration),
        "megabytes": signing.LARGEST_BYTES // 1024**2,
        "error": error,
    }
    return pages.page(PAGE, **shown) if status == 200 else pages.refused(PAGE, status=status, **shown)


def _again(refusal: Refused, status: int = 422) -> Response:
    db.abandon()
    return _page(refusal.label, status)


@bp.post("/ban-ky")
@public
def issue() -> Response:
    """Make the form to be signed and keep its bytes: what comes back is compared with them."""
    with reading(db.engine()) as session_:
        declaration = _waiting(opened(session_))
        html, says = form_01_html(session_, declaration, to_sign=True), queries.said(declaration)
    if not _within("sign-issue", declaration, ISSUE_LIMIT):
        return _again(Refused(TOO_OFTEN), 429)
    try:
        pdf = as_pdf(html)
        store: FileStore = current_app.extensions["files"]
        actions.issue(db.session, store, opened() or abort(404), pdf, says, at=now(), today=today())
    except Busy:
        return _again(Refused(BUSY), 503)
    except Refused as refusal:
        return _again(refusal)
    return pages.after_post(_("Đã tạo bản để ký. Hãy tải về và ký trên tệp đó."), url_for("signed.show"))


def _waiting(declaration: Declaration | None) -> Declaration:
    """The declaration that waits for its paper; others get words, and nothing exists where nobody is trusted to sign."""
    if declaration is None or not signing.offered(current_app.config["SETTINGS"].data_dir):
        abort(404)
    check_paper(Status(declaration.status), declaration.paper_at is not None, declaration.lapses_on, today())
    return declaration


def _within(what: str, declaration: Declaration, limit: tuple[int, timedelta]) -> bool:
    return allowed(what, str(declaration.id), limit) and allowed("sign-network", accounts.network(), NETWORK_SIGN_LIMIT)


@bp.get("/mau-01.pdf")
@public
def issued() -> Response:
    """The form to be signed, byte for byte as it was issued."""
    declaration = opened() or abort(404)
    form = queries.form_of(db.session, declaration.id)
    row = db.session.get(StoredFile, form.issued_file_id) if form and form.issued_file_id else None
    if row is None:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    # A browser's own viewer would save another file than the one it was given.
    name = f"to-khai-{declaration.code}-de-ky.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(store.read(row), mimetype=row.media_type, headers=headers)


@bp.post("")
@public
def receive() -> Response:
    """Judge what was sent, before the request touches its unit of work; a valid one counts as the paper."""
    upload = request.files.get("signed")
    pdf = upload.stream.read(signing.LARGEST_BYTES + 1) if upload else b""
    with reading(db.engine()) as session_:
        declaration = _waiting(opened(session_))
    if not pdf:
        return _again(Refused(NO_FILE))
    if not _within("sign", declaration, SIGN_LIMIT):
        return _again(Refused(TOO_OFTEN), 429)
    at = now()
    try:
        judged = _judged(pdf, at)
        store: FileStore = current_app.extensions["files"]
        actions.receive(db.session, store, opened() or abort(404), judged, at=at, today=today())
    except Busy:
        return _again(Refused(BUSY), 503)
    except Refused as refusal:
        return _again(refusal)
    return pages.after_post(_("Chữ ký số hợp lệ. Bạn không phải nộp bản giấy."), url_for("follow.show"))


def _judged(pdf: bytes, at: datetime) -> actions.Judged:
    """The file with its verdict. Raises Refused in the words of what is wrong, and Busy."""
    store: FileStore = current_app.extensions["files"]
    with reading(db.engine()) as session_:
        declaration = opened(session_) or abort(404)
        issued_id = actions.checked_issue(declaration, queries.form_of(session_, declaration.id))
        body = store.read(session_.get_one(StoredFile, issued_id))
        signatory = queries.signatory(session_, declaration)
    workshop, data_dir = current_app.extensions["workshop"], current_app.config["SETTINGS"].data_dir
    verdict = signing.judge(workshop, data_dir, pdf, body, signatory, at)
    if verdict.problem is None and verdict.signer is not None:
        return actions.Judged(pdf, issued_id, verdict.signer, verdict)
    problem = verdict.problem or signing.Problem.DAMAGED
    with unit(db.engine()) as session_:
        audit.record(
            session_, Tag.SIGNED_FORM_REFUSED, VISITOR, ("declaration", declaration.id), at, problem=problem.value
        )
    raise Refused(problem.label)
