"""Step 4, Xem lại và Gửi, and what is said afterwards."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, content, directory
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.registration import actions, queries
from vssid.registration.drafts import OpenDraft
from vssid.registration.papers import sending_facts
from vssid.registration.rules import NETWORK_SEND_LIMIT
from vssid.registration.signed.offer import offered
from vssid.registration.steps.visit import (
    DRAFT_COOKIE,
    TOO_OFTEN,
    allowed,
    both,
    first_step,
    guardian_is_here,
    missing_step,
    my_draft,
    window,
)
from vssid.registration.surroundings import house
from vssid.web import captcha, cookies, db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import language

bp = window("sending")


@both(bp.get, "/xem-lai")
@public
def review(path: str) -> Response | AnyResponse:
    """Everything once more, each part with its way back."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "review")
    if missing or draft is None:
        return redirect(missing or first_step(path), 303)
    return pages.page("registration/review.html", errors=[], **_review_context(draft, path))


def _review_context(draft: OpenDraft, path: str) -> dict[str, Any]:
    return {
        "draft": draft,
        "path": path,
        "edit_info": first_step(path, draft),
        "facts": sending_facts(db.session, draft),
        **captcha.for_template(),
    }


@both(bp.post, "/xem-lai")
@public
def send(path: str) -> Response | AnyResponse:
    """Gửi. A second press, or a parallel one, finds the declaration sent and changes nothing."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "review")
    consent = content.accepted()
    if missing or draft is None or consent is None:
        sent = url_for("sending.done", path=path) if session.get("declaration") else None
        return pages.after_post(None, sent or missing or url_for("registration.start"))
    try:
        captcha.check()
        if not allowed("send", accounts.network(), NETWORK_SEND_LIMIT):
            raise Refused(TOO_OFTEN)
        _check_guardian(draft)
        with reading(db.engine()) as session_:
            phone = queries.phone_for(session_, draft.content.info)
        sms = bool(phone) and accounts.may_send(current_app.extensions["limiter"], phone, False, now())
        declaration = actions.send(db.session, house(), draft, consent, language(), sms=sms, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.refused("registration/review.html", errors=[refusal.label], **_review_context(draft, path))
    session["declaration"] = str(declaration.id)
    session.pop("draft", None)
    response = pages.leave(url_for("sending.done", path=path))
    cookies.drop(response, DRAFT_COOKIE)
    return response


def _check_guardian(draft: OpenDraft) -> None:
    """What was begun in a guardian's account is sent by that guardian."""
    guardian = draft.content.info.guardian if draft.content.info else None
    if guardian is not None and guardian.person_id and not guardian_is_here(draft.content):
        raise Refused(N_("Tờ khai này bắt đầu trong tài khoản của người giám hộ. Hãy đăng nhập rồi gửi."))


@both(bp.get, "/hoan-tat")
@public
def done(path: str) -> Response | AnyResponse:
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
        signing=offered(declaration),
    )
