"""A visitor in the middle of a registration: their draft, what they may do next, how often they may try."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, content, helping
from vssid.helping import Task
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_
from vssid.kernel.limits import Limiter
from vssid.registration import drafts
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.fields import Kind
from vssid.registration.rules import DRAFT_LIFE
from vssid.registration.surroundings import house
from vssid.web import cookies, db, pages
from vssid.web.guards import actor_of

View = TypeVar("View", bound=Callable[..., Any])
DRAFT_COOKIE = "draft"
TOO_OFTEN = N_("Gửi quá nhiều lần. Hãy đợi một lát rồi thử lại; bản nháp vẫn còn.")


def allowed(what: str, whom: str, limit: tuple[int, Any]) -> bool:
    """Count one `what` against its limit."""
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter.allow(what, whom, *limit, now())


def window(name: str) -> Blueprint:
    """A blueprint below /dang-ky, behind the terms."""
    bp = Blueprint(name, __name__, url_prefix="/dang-ky")
    bp.before_request(_terms_first)
    return bp


def both(route: Callable[..., Any], rule: str) -> Callable[[View], View]:
    """Serve a step below /ca-nhan and below /tre-em: `path` tells the view who is registered."""

    def serve(view: View) -> View:
        for kind in Kind:
            route(f"/{kind.value}{rule}", defaults={"path": kind.value})(view)
        return view

    return serve


def _terms_first() -> AnyResponse | None:
    """Nobody is asked for anything before they have read what it is for."""
    terms = content.to_terms(request.path if request.method == "GET" else url_for("registration.start"))
    return redirect(terms, 303) if terms else None


def stored_draft() -> OpenDraft | None:
    """The draft of this browser's cookie, whoever holds the browser."""
    with reading(db.engine()) as session_:
        return drafts.find(session_, house().keyring, cookies.get(DRAFT_COOKIE), now())


def any_draft() -> OpenDraft | None:
    """The visitor's draft, if this browser session opened it; one of a guardian's account while that guardian is here."""
    draft = stored_draft() if session.get("draft") else None
    return draft if draft and (not draft.content.in_account or guardian_is_here(draft.content)) else None


def guardian_is_here(kept: Content) -> bool:
    """Whether the guardian in whose account this was begun is signed in, or a helper to whom they lent that."""
    actor = helping.helper_with(Task.CHILD) or actor_of(ActorKind.CITIZEN)
    if not isinstance(actor, accounts.Citizen):
        return False
    guardian = kept.info.guardian if kept.info else None
    return guardian is None or guardian.person_id in ("", actor.person_id.hex)


def my_draft(path: str) -> OpenDraft | None:
    """The visitor's draft of this path; one for somebody of another kind is not mixed with it."""
    draft = any_draft()
    return draft if draft and draft.content.kind == path else None


def begun_elsewhere(path: str) -> AnyResponse | None:
    """To the start, where a draft of another path is offered, if there is one: what was typed there is not lost."""
    draft = any_draft()
    return None if draft is None or draft.content.kind == path else redirect(url_for("registration.start"), 303)


def keep(draft: OpenDraft | None, kept: Content, to: str, message: str | None = None) -> Response:
    """Save the draft (starting one if need be) and go on."""
    secret = save(draft, kept)
    return with_draft_cookie(pages.after_post(message, to), secret)


def save(draft: OpenDraft | None, kept: Content) -> str | None:
    """Write the draft; returns the secret of one that was started."""
    if draft is None:
        return drafts.create(db.session, house().keyring, kept, now())
    drafts.save(db.session, house().keyring, draft.id, kept, now())
    return None


def with_draft_cookie(response: Response, secret: str | None) -> Response:
    """Hand a new draft's secret to the browser and open the draft for its session."""
    if secret is not None:
        cookies.put(response, DRAFT_COOKIE, secret, DRAFT_LIFE.days)
        session["draft"] = True
    return response


def first_step(path: str, draft: OpenDraft | None = None) -> str:
    """The address of step 1: within the account for a guardian who is signed in."""
    if path == Kind.CHILD and draft is not None and draft.content.in_account:
        return url_for("family.info")
    return url_for("registration.info", path=path)


def missing_step(draft: OpenDraft | None, path: str, before: str) -> str | None:
    """The address of the first step that is not complete among those before `before`."""
    if draft is None or draft.content.info is None:
        return first_step(path, draft)
    if before in ("office", "review") and not draft.photos_complete:
        return url_for("photos.show", path=path)
    if before == "review" and draft.content.office is None:
        return url_for("offices.show", path=path)
    return None
