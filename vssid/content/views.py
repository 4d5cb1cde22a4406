"""Introduction, terms with consent per purpose, privacy."""

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from vssid.content.consent import Acceptance, accepted, remember
from vssid.content.terms import INTRODUCTION, PARAGRAPHS, PURPOSES, TERMS_VERSION, all_needed
from vssid.kernel.audit import ActorKind
from vssid.web import pages
from vssid.web.guards import actor_of, local_path, public

bp = Blueprint("content", __name__)


@bp.get("/bat-dau")
@public
def start() -> Response:
    """The three short pages before first use."""
    step = request.args.get("trang", "1")
    at = int(step) if step in ("1", "2", "3") else 1
    title, paragraphs = INTRODUCTION[at - 1]
    back = _back()
    terms = url_for("content.terms", tiep=back)
    follows = url_for("content.start", trang=at + 1, tiep=back) if at < len(INTRODUCTION) else terms
    return pages.page(
        "content/start.html",
        title=title,
        paragraphs=paragraphs,
        at=at,
        total=len(INTRODUCTION),
        follows=follows,
        terms=terms,
    )


def _back() -> str:
    return local_path(request.args.get("tiep"), "/dang-ky")


@bp.get("/dieu-khoan")
@public
def terms() -> Response:
    """The terms, and per purpose a box that is never ticked beforehand."""
    return pages.page("content/terms.html", **_terms_context({}, missing=False))


def _terms_context(given: dict[str, bool], *, missing: bool) -> dict[str, Any]:
    return {
        "paragraphs": PARAGRAPHS,
        "purposes": PURPOSES,
        "given": given,
        "missing": missing,
        "terms_version": TERMS_VERSION,
        "back": _back(),
        "already": accepted() is not None,
    }


@bp.post("/dieu-khoan")
@public
def accept() -> Response:
    """Chấp nhận: note what was agreed to; without the needed purposes say what remains possible."""
    given = {purpose.code: purpose.code in request.form.getlist("purpose")[:10] for purpose in PURPOSES}
    if not all_needed(given):
        return pages.refused("content/terms.html", **_terms_context(given, missing=True))
    acceptance = Acceptance(TERMS_VERSION, given)
    record = current_app.extensions.get("note_acceptance")
    if record is not None and actor_of(ActorKind.CITIZEN) is not None:
        record(acceptance)
    response = pages.leave(_back())
    remember(response, acceptance)
    return response


@bp.get("/quyen-rieng-tu")
@public
def privacy() -> Response:
    """The same promises without the boxes."""
    return pages.page("content/privacy.html", paragraphs=PARAGRAPHS, purposes=PURPOSES, terms_version=TERMS_VERSION)
