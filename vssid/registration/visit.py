"""A visitor in the middle of a registration: their draft, what they may do next, how often they may try."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid import content
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_
from vssid.kernel.limits import Limiter
from vssid.registration import drafts
from vssid.registration.actions import Surroundings
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.rules import DRAFT_LIFE
from vssid.web import cookies, db, pages

DRAFT_COOKIE = "draft"
TOO_OFTEN = N_("Gửi quá nhiều lần. Hãy đợi một lát rồi thử lại; bản nháp vẫn còn.")


def house() -> Surroundings:
    """What the verbs need."""
    return Surroundings(current_app.extensions["keyring"], current_app.config["SETTINGS"].public_url)


def allowed(what: str, whom: str, limit: tuple[int, Any]) -> bool:
    """Count one `what` against its limit."""
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter.allow(what, whom, *limit, now())


def window(name: str) -> Blueprint:
    """A blueprint below /dang-ky, behind the terms."""
    bp = Blueprint(name, __name__, url_prefix="/dang-ky")
    bp.before_request(_terms_first)
    return bp


def _terms_first() -> AnyResponse | None:
    """Nobody is asked for anything before they have read what it is for."""
    terms = content.to_terms(request.path if request.method == "GET" else url_for("registration.start"))
    return redirect(terms, 303) if terms else None


def my_draft() -> OpenDraft | None:
    """The visitor's draft, if this browser session opened it."""
    return stored_draft() if session.get("draft") else None


def stored_draft() -> OpenDraft | None:
    """The draft of this browser's cookie, whoever holds the browser."""
    with reading(db.engine()) as session_:
        return drafts.find(session_, house().keyring, cookies.get(DRAFT_COOKIE), now())


def keep(draft: OpenDraft | None, kept: Content, to: str, message: str | None = None) -> Response:
    """Save the draft (starting one if need be) and go on."""
    secret = None
    if draft is None:
        secret = drafts.create(db.session, house().keyring, kept, now())
    else:
        drafts.save(db.session, house().keyring, draft.id, kept, now())
    response = pages.after_post(message, to)
    return with_draft_cookie(response, secret)


def with_draft_cookie(response: Response, secret: str | None) -> Response:
    """Hand a new draft's secret to the browser and open the draft for its session."""
    if secret is not None:
        cookies.put(response, DRAFT_COOKIE, secret, DRAFT_LIFE.days)
        session["draft"] = True
    return response


def missing_step(draft: OpenDraft | None, before: str) -> str | None:
    """The first step that is not complete among those before `before`."""
    if draft is None or draft.content.info is None:
        return "registration.info"
    if before in ("office", "review") and not draft.photos_complete:
        return "photos.show"
    if before == "review" and draft.content.office is None:
        return "offices.show"
    return None
