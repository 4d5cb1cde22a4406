"""/ho-tro/tro-chuyen: the question that begins a chat, or becomes a letter where nobody is there. No account needed."""

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, request, url_for
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Citizen
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now, today
from vssid.kernel.crypto import digest
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.limits import Limiter
from vssid.support import begun, feedback
from vssid.support.chat import actions, guest, queries
from vssid.support.chat.forms import StartForm
from vssid.support.chat.models import Chat
from vssid.support.chat.rules import (
    ACCOUNT_LIMIT,
    ACTIVE,
    CLOSED,
    FULL,
    KEY_DAYS,
    LONGEST_PREFILL,
    MOST_VISITORS_WAITING,
    MOST_WAITING,
    ONE_AT_A_TIME,
    TOO_OFTEN,
    checked_text,
    is_there,
)
from vssid.web import captcha, cookies, db, pages
from vssid.web.guards import Actor, actor_of, public
from vssid.web.i18n import language

bp = Blueprint("chat", __name__, url_prefix="/ho-tro/tro-chuyen")
FORM = "support/chat_start.html"
AS_LETTER = "phan-anh"  # the button where nobody is there
AGAIN_WITHIN = timedelta(minutes=10)  # a form sent twice in that time is a double press


@bp.get("")
@public
def form() -> Response:
    """The form; `hoi`, or what the assistant could not answer, fills in the question and sends nothing."""
    signed_in = actor_of(ActorKind.CITIZEN) is not None
    text = pages.query_text("hoi", LONGEST_PREFILL) or begun.words()
    shown = StartForm(formdata=None, signed_in=signed_in, data={"text": text})
    return pages.page(FORM, **_context(shown))


def _context(form: StartForm, **more: Any) -> dict[str, Any]:
    """The form with a fresh captcha where nobody is signed in, and whether somebody is there."""
    actor, at = actor_of(ActorKind.CITIZEN), now()
    hours = queries.hours(db.session, today())
    open_now = queries.open_at(db.session, at)
    seen_at = queries.last_seen(db.session)
    going_on = _going_on(db.session, actor)
    return {
        "form": form,
        "signed_in": actor is not None,
        "hours": [group.label for group in hours.groups] if hours else [],
        "open_now": open_now,
        "there": open_now and is_there(seen_at, at),
        "waiting": queries.waiting(db.session) if open_now else 0,
        "going_on": _address(going_on) if going_on else "",
        "as_letter": not open_now,
        "active": "ho-tro",
        **({"captcha": None} if actor else captcha.for_template(feedback.brakes.price_here())),
        **more,
    }


def _going_on(session: Session, actor: Actor | None) -> Chat | None:
    """The chat of this account or browser that has not ended."""
    if actor is not None:
        return queries.active_of(session, actor.id)
    found = guest.find(session)
    return found if found is not None and found.status in ACTIVE else None


def _address(chat: Chat) -> str:
    return url_for("chat_own.show", id=chat.id) if chat.account_id else guest.HERE


@bp.post("")
@public
def start() -> Response:
    """Begin to wait, or send the question as a letter."""
    actor = actor_of(ActorKind.CITIZEN)
    form = StartForm(signed_in=actor is not None)
    if not form.validate_on_submit():
        return _again(form, AS_LETTER in request.form)
    try:
        again = _started_before(form, actor)
        if again is not None:
            return _led_to(again, form)
        if AS_LETTER in request.form:
            return _as_letter(form, actor)
        _check_open(actor)
        by_work = True if actor else captcha.check(at_least=feedback.brakes.price_here() // 2)
        _count(actor, by_work)
        return _led_to(_started(form, actor), form)
    except Refused as refusal:
        form.refuse(refusal)
        return _again(form, refusal.label in (CLOSED, FULL) or AS_LETTER in request.form)


def _again(form: StartForm, as_letter: bool) -> Response:
    db.abandon()
    more = {"as_letter": True} if as_letter else {}
    return pages.refused(FORM, **_context(form, **more))


def _started_before(form: StartForm, actor: Actor | None) -> Chat | None:
    """The chat that this very form began a moment ago."""
    with reading(db.engine()) as session:
        found = queries.by_nonce(session, form.once)
    mine = found is not None and found.account_id == (actor.id if actor else None) and found.status in ACTIVE
    return found if found is not None and mine and now() - found.opened_at <= AGAIN_WITHIN else None


def _check_open(actor: Actor | None) -> None:
    """Raise Refused outside hours, where too many wait, and while another chat goes on; before anything is counted."""
    with reading(db.engine()) as session:
        if not queries.open_at(session, now()):
            raise Refused(CLOSED)
        if queries.waiting(session) >= (MOST_WAITING if actor else MOST_VISITORS_WAITING):
            raise Refused(FULL)
        if _going_on(session, actor) is not None:
            raise Refused(ONE_AT_A_TIME)


def _count(actor: Actor | None, by_work: bool) -> None:
    """Three a day for an account; others pay what their network's letters cost, and count as one."""
    if actor is None:
        feedback.brakes.count("", by_work)
        return
    limiter: Limiter = current_app.extensions["limiter"]
    if not limiter.allow("chat-account", str(actor.id), *ACCOUNT_LIMIT, now()):
        raise Refused(TOO_OFTEN)


def _writer(actor: Actor | None) -> tuple[Any, Any] | None:
    return (actor.id, cast(Citizen, actor).person_id) if actor else None


def _started(form: StartForm, actor: Actor | None) -> Chat:
    return actions.start(
        db.session, accounts.house().keyring, checked_text(form.text.data),
        nonce=form.once, writer=_writer(actor), key_digest=None if actor else digest(guest.key_for(form.once)),
        topic=feedback.Category(form.topic.data), contact=_contact(form), language=language(),
        shows_name=bool(form.shows_name.data) if actor else False, by=actor.by if actor else VISITOR, at=now(),
    )  # fmt: skip


def _contact(form: StartForm) -> str:
    return (form.contact.data or "") if "contact" in form else ""


def _led_to(chat: Chat, form: StartForm) -> Response:
    begun.sent()
    response = pages.after_post(None, _address(chat))
    if chat.account_id is None:
        cookies.put(response, guest.COOKIE, guest.key_for(form.once), KEY_DAYS)
    return response


def _as_letter(form: StartForm, actor: Actor | None) -> Response:
    """The question as a letter, by feedback's own rules and limits."""
    text = feedback.checked_text(form.text.data, feedback.SHORTEST_TEXT)
    by_work = True if actor else captcha.check(at_least=feedback.brakes.price_here() // 2)
    feedback.brakes.count(str(actor.id) if actor else "", by_work)
    with reading(db.engine()) as session:
        reply_to = feedback.first_contact(session, actor.id) if actor else ""
    letter = actions.letter_of(feedback.Category(form.topic.data), text, _contact(form), reply_to, language())
    made, secret = feedback.receive(
        db.session, letter, writer=_writer(actor), by=actor.by if actor else VISITOR, at=now()
    )
    begun.sent()
    if actor:
        return pages.after_post(None, url_for("feedback_own.show", id=made.id, moi=1))
    feedback.keep_open(made.id, secret)
    return pages.after_post(None, url_for("feedback_follow.show"))
