"""The last step of both ways in, password with TOTP and password with a passkey; and what they share before."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, current_app, request, session

from vssid import accounts
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.labels import N_
from vssid.kernel.limits import Limiter
from vssid.officers import actions
from vssid.officers.models import Officer
from vssid.officers.rules import GUESSES, Tag
from vssid.web import db
from vssid.web.guards import TOKEN_KEYS, forget_actors, local_path

TOO_MANY = N_("Đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại.", minutes=15)


def next_page() -> str:
    """Where to go once in: a page of the console."""
    target = local_path(request.args.get("tiep"), "/can-bo")
    return target if target.startswith("/can-bo") else "/can-bo"


def within_limit(code: str) -> bool:
    """Count one try, in a transaction of its own and therefore before the request's own opens."""
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter.allow("guess-officer", f"{code.upper()} {accounts.network()}", *GUESSES, now())


def note_refusal(officer_id: UUID | None) -> None:
    """A try that failed goes into the audit, in a transaction of its own: the request's must be over."""
    with unit(db.engine()) as session_:
        audit.record(session_, Tag.SIGN_IN_REFUSED, VISITOR, ("officer", officer_id), now())


def let_in(row: Officer, answer: Callable[[str], Response]) -> Response:
    """Open the officer's one session and answer with the page that was wanted; `answer` commits."""
    secret = actions.sign_in(db.session, row, at=now())
    response = answer(next_page())
    session.clear()
    session[TOKEN_KEYS[ActorKind.OFFICER]] = secret
    forget_actors()
    return response
