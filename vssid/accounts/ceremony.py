"""What the windows of passkeys share: where they belong, which browser asks, and the proof of somebody who is signed in."""

from typing import cast

from flask import Response, abort, current_app, session

from vssid.accounts import passkeys, sessions
from vssid.accounts.challenges import Ask
from vssid.accounts.passkeys import NOT_KNOWN, Owner
from vssid.accounts.rules import PROOFS_BY_KEY, TOO_MANY, Tag
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import token
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.limits import Limiter
from vssid.settings import Settings
from vssid.web import db, scripted
from vssid.web.guards import Actor

PROVE_FIRST = N_("Đã một lúc kể từ khi bạn đăng nhập. Hãy tải lại trang rồi thử lại.")
_BROWSER_KEY = "b"


def passkey_site() -> passkeys.Site | None:
    """Where this installation's passkeys belong; None where browsers would refuse them."""
    settings = cast(Settings, current_app.config["SETTINGS"])
    return passkeys.site(settings.public_url, settings.site_name)


def this_browser() -> str:
    """A random id of this browser's session, to which a challenge is bound."""
    known = session.get(_BROWSER_KEY)
    if not isinstance(known, str):
        known = session[_BROWSER_KEY] = token()
    return known


def owner_of(actor: Actor) -> Owner:
    """The actor as the owner of passkeys."""
    return Owner("officer" if actor.kind is ActorKind.OFFICER else "citizen", actor.id)


def has_key(actor: Actor) -> bool:
    """Whether the actor could prove with a passkey who they are. Read on its own: a POST has not begun to write yet."""
    if passkey_site() is None:
        return False
    with reading(db.engine()) as found:
        return passkeys.count(found, owner_of(actor)) > 0


def ask_proof(actor: Actor) -> Response:
    """What the browser must be asked so that the actor proves once more who they are."""
    scripted.body()
    here, at = passkey_site() or abort(404), now()
    if not _limiter().allow("passkey-proof-ask", str(actor.id), *PROOFS_BY_KEY, at):
        return scripted.refusal(TOO_MANY, 429)
    owner = owner_of(actor)
    with reading(db.engine()) as found:
        shown = [one.credential_id for one in passkeys.listing(found, owner)]
    asked = passkeys.begin_signing_in(
        db.session, here, owner.kind, shown, this_browser(), at, ask=Ask.PASSKEY_PROOF, whose=owner.id
    )
    return scripted.answer(asked)


def take_proof(actor: Actor) -> Response:
    """A right answer makes the session fresh, at once: the act that wanted it comes after."""
    given, here, at = scripted.body(), passkey_site() or abort(404), now()
    if not _limiter().allow("passkey-proof", str(actor.id), *PROOFS_BY_KEY, at):
        return scripted.refusal(TOO_MANY, 429)
    owner, engine = owner_of(actor), db.engine()
    try:
        assertion = passkeys.check(engine, here, owner.kind, given, this_browser(), at, ask=Ask.PASSKEY_PROOF)
        if assertion.owner != owner:
            raise Refused(NOT_KNOWN)
        with unit(engine) as found:
            if not passkeys.use(found, assertion, at):
                raise Refused(NOT_KNOWN)
    except Refused as refusal:
        kind = "officer" if owner.kind == "officer" else "account"
        with unit(engine) as found:
            audit.record(found, Tag.PASSKEY_REFUSED, actor.by, (kind, actor.id), at)
        return scripted.refusal(refusal.label)
    sessions.prove(engine, actor.session_id, at)
    return scripted.answer({})


def _limiter() -> Limiter:
    return cast(Limiter, current_app.extensions["limiter"])
