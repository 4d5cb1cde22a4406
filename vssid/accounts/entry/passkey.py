"""“Đăng nhập bằng vân tay hoặc khoá màn hình”: asked and answered by a small script, in JSON. One passkey is both factors."""

from typing import Any

from flask import Blueprint, Response, abort, current_app

from vssid.accounts import decoys, passkeys, queries
from vssid.accounts.ceremony import passkey_site, this_browser
from vssid.accounts.entrance import network
from vssid.accounts.entry import actions, new_device
from vssid.accounts.entry.admission import let_in, limiter
from vssid.accounts.passkeys import NOT_KNOWN, Assertion, Owner
from vssid.accounts.rules import PASSKEYS_EVERYWHERE, PASSKEYS_FROM_NETWORK, TOO_MANY, Tag, login_name
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.web import db, scripted
from vssid.web.guards import Actor, actor_of, public

bp = Blueprint("passkey", __name__, url_prefix="/dang-nhap/van-tay")


def _may(what: str) -> bool:
    at = now()
    return limiter().allow(f"passkey-{what}", network(), *PASSKEYS_FROM_NETWORK, at) and limiter().allow(
        f"passkey-{what}-all", "", *PASSKEYS_EVERYWHERE, at
    )


@bp.post("/bat-dau")
@public
def begin() -> Response:
    """What the browser must be asked. With a number the keys of its account are named, and invented ones for all others."""
    given, here = scripted.body(), passkey_site() or abort(404)
    if not _may("ask"):
        return scripted.refusal(TOO_MANY, 429)
    shown = _shown(given)
    return scripted.answer(passkeys.begin_signing_in(db.session, here, actions.KIND, shown, this_browser(), now()))


def _shown(given: dict[str, Any]) -> list[bytes]:
    name = login_name(scripted.text(given, "name", 40))
    asked = new_device.standing() if given.get("pending") is True else None
    with reading(db.engine()) as session_:
        if asked is not None and asked.subject_id is not None:
            # The password was right here: whose keys these are is no secret any more.
            owner = Owner(actions.KIND, asked.subject_id)
            return [one.credential_id for one in passkeys.listing(session_, owner)]
        if not name:
            return []
        account = queries.by_login_name(session_, name)
        owner_of = Owner(actions.KIND, account.id) if account else None
        return decoys.shown_ids(session_, current_app.config["SECRET_KEY"], name, owner_of)


@bp.post("")
@public
def finish() -> Response:
    """Check the answer and come in, also on a new device; every other check is that of the password's way."""
    given, here, leaving = scripted.body(), passkey_site() or abort(404), actor_of(ActorKind.CITIZEN)
    if not _may("try"):
        return scripted.refusal(TOO_MANY, 429)
    assertion = None
    try:
        assertion = passkeys.check(db.engine(), here, actions.KIND, given, this_browser(), now())
        return _enter(assertion, leaving)
    except Refused as refusal:
        db.abandon()
        _note_refusal(assertion)
        return scripted.refusal(refusal.label)


def _enter(assertion: Assertion, leaving: Actor | None) -> Response:
    if not passkeys.use(db.session, assertion, now()):
        raise Refused(NOT_KNOWN)
    response = let_in(assertion.owner.id, leaving, lambda to: scripted.answer({"to": to}), proven=True)
    return response or scripted.refusal(NOT_KNOWN)


def _note_refusal(assertion: Assertion | None) -> None:
    """A right signature that was refused is a copied key, a removed one, or an account that lets nobody in."""
    key = str(assertion.passkey_id) if assertion else ""
    with unit(db.engine()) as session_:
        subject = ("account", assertion.owner.id if assertion else None)
        audit.record(session_, Tag.PASSKEY_REFUSED, VISITOR, subject, now(), key=key)
