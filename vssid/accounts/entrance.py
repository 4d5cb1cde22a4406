"""How a request becomes a citizen: the session token, idleness, terms that changed; and the brakes on guessing."""

from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_address, ip_network
from typing import cast
from uuid import UUID

from flask import Flask, current_app, g, request, url_for
from sqlalchemy.orm import Session

from vssid import content
from vssid.accounts import actions, ceremony, passwords, queries, sessions
from vssid.accounts.models import Account
from vssid.accounts.rules import (
    GUESSES_EVERYWHERE,
    GUESSES_FROM_NETWORK,
    GUESSES_ON_ACCOUNT,
    PROOF_LIFE,
    TOO_MANY,
    WRONG_PASSWORD,
    Tag,
)
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label, Refused
from vssid.kernel.limits import Limiter
from vssid.settings import CITIZEN_IDLE
from vssid.web import db, guards
from vssid.web.guards import Actor
from vssid.web.proving import Ceremony


@dataclass(frozen=True, kw_only=True)
class Citizen(Actor):
    """A signed-in citizen: `id` is the account's; `person_id` the register's.

    Until `guarded_until`, the day on which they are of age, their guardian uses the account for them.
    """

    person_id: UUID
    guarded_until: date | None = None


def me() -> Citizen:
    """The citizen behind this request; only within views guarded by `@citizen`."""
    return cast(Citizen, g.actor)


def init_app(app: Flask) -> None:
    """Tell the guards how citizens come in, and the terms where to note an acceptance."""
    guards.register(app, ActorKind.CITIZEN, load_citizen, "accounts.sign_in_form", prove, ceremony=_ceremony)
    content.on_acceptance(app, _note_acceptance)


def load_citizen(token: str) -> Citizen | None:
    """The citizen of a session token, or None when it is unknown, ended, idle too long or past its absolute end."""
    at = now()
    live = _ask(token, at)
    if live is None or live.person_id is None or at - live.last_seen_at > CITIZEN_IDLE:
        return None
    if live.guarded_until is not None and day_of(at) >= live.guarded_until:
        return None
    last_seen = sessions.seen(db.engine(), live.id, live.last_seen_at, at)
    return Citizen(
        kind=ActorKind.CITIZEN,
        id=live.subject_id,
        session_id=live.id,
        ends_at=min(last_seen + CITIZEN_IDLE, live.expires_at),
        detour=None if live.terms_version == content.TERMS_VERSION else "/dieu-khoan",
        fresh=live.proven_at is not None and at - live.proven_at <= PROOF_LIFE,
        person_id=live.person_id,
        guarded_until=live.guarded_until,
    )


def prove(actor: Actor, password: str) -> None:
    """The owner's password once more, before a sensitive act. Raises Refused."""
    check_own_password(actor.id, password, "proof")
    sessions.prove(db.engine(), actor.session_id, now())


def check_own_password(account_id: UUID, password: str, field: str, wrong: Label = WRONG_PASSWORD) -> None:
    """Raise Refused, about `field`, unless it is the account's password; a wrong one counts as a guess from a known device.

    Takes as long as a hash: never with a transaction open.
    """
    if not may_guess(str(account_id), account_id):
        raise Refused(TOO_MANY, field)
    with reading(db.engine()) as session:
        stored = session.get_one(Account, account_id).password_hash
    if not passwords.right(stored, password):
        note_refusal(account_id)
        raise Refused(wrong, field)
    with unit(db.engine()) as session:
        guessed_right("", account_id, session)


def _ceremony(actor: Actor) -> Ceremony | None:
    if not ceremony.has_key(actor):
        return None
    return Ceremony(url_for("passkeys.ask_proof"), url_for("passkeys.take_proof"))


def note_refusal(account_id: UUID | None) -> None:
    """A password that was wrong goes into the audit, in a transaction of its own."""
    with unit(db.engine()) as session:
        audit.record(session, Tag.SIGN_IN_REFUSED, VISITOR, ("account", account_id), now())


def _ask(token: str, at: datetime) -> queries.LiveSession | None:
    """Within a page's own reading; before a write in a short one of its own, which holds no lock."""
    if request.method in db.SAFE_METHODS:
        return queries.live_citizen(db.session, token, at)
    with reading(db.engine()) as session:
        return queries.live_citizen(session, token, at)


def _note_acceptance(acceptance: content.Acceptance) -> None:
    actor = guards.actor_of(ActorKind.CITIZEN)
    if actor is not None:
        subject = ("account", actor.id)
        digest = content.TERMS_DIGEST
        actions.record_consent(db.session, subject, acceptance.given, acceptance.version, digest, by=actor.by, at=now())


def network() -> str:
    """The neighbourhood of the peer's address: /24 or /64, so that changing the last part helps no one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))


def guessed_right(name: str, known_device: UUID | None = None, session: Session | None = None) -> None:
    """The owner came in: the guesses of their device or network start anew, within the unit of `session` (the request's)."""
    limiter: Limiter = current_app.extensions["limiter"]
    if known_device is not None:
        limiter.forget(session or db.session, "guess-device", str(known_device))
    else:
        limiter.forget(session or db.session, "guess-network", f"{name} {network()}")


def may_guess(name: str, known_device: UUID | None) -> bool:
    """Count one password guess; False when it is one too many.

    A known device has an allowance of its own, so a spray from elsewhere cannot lock the owner out of it.
    """
    limiter: Limiter = current_app.extensions["limiter"]
    at = now()
    if known_device is not None:
        return limiter.allow("guess-device", str(known_device), *GUESSES_FROM_NETWORK, at)
    counts = [
        ("guess-network", f"{name} {network()}", *GUESSES_FROM_NETWORK),
        ("guess-name", name, *GUESSES_ON_ACCOUNT),
        ("guess-all", "", *GUESSES_EVERYWHERE),
    ]
    return limiter.allow_all(counts, at)
