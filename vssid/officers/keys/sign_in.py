"""Signing in with password and passkey: asked and answered by a small script, in JSON. Neither of the two is enough."""

from typing import Any

from flask import Blueprint, Response, abort, current_app
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import ceremony, decoys, passkeys
from vssid.accounts.passkeys import Assertion, Site
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.officers import queries
from vssid.officers.admission import TOO_MANY, let_in, note_refusal, within_limit
from vssid.officers.keys import actions
from vssid.web import db, scripted
from vssid.web.guards import public

bp = Blueprint("officer_key", __name__, url_prefix="/can-bo/dang-nhap/khoa")
KIND = "officer"
WRONG = N_("Mã cán bộ, mật khẩu hoặc khoá chưa đúng. Hãy thử lại.")
LONGEST_PASSWORD = 200


def _may(what: str) -> bool:
    at, limiter = now(), current_app.extensions["limiter"]
    return bool(
        limiter.allow(f"passkey-{what}-officer", accounts.network(), *accounts.PASSKEYS_FROM_NETWORK, at)
        and limiter.allow(f"passkey-{what}-officer-all", "", *accounts.PASSKEYS_EVERYWHERE, at)
    )


@bp.post("/bat-dau")
@public
def begin() -> Response:
    """What the browser must be asked. The officer's keys are named among invented ones: nobody learns who is one."""
    given, here = scripted.body(), ceremony.passkey_site() or abort(404)
    if not _may("ask"):
        return scripted.refusal(TOO_MANY, 429)
    code = scripted.text(given, "name", 20).strip().upper()
    with reading(db.engine()) as session_:
        shown = _shown(session_, code)
    asked = passkeys.begin_signing_in(db.session, here, KIND, shown, ceremony.this_browser(), now())
    return scripted.answer(asked)


def _shown(session_: Session, code: str) -> list[bytes]:
    row = queries.by_code(session_, code)
    owner = actions.owner(row.id) if row else None
    return decoys.shown_ids(session_, current_app.config["SECRET_KEY"], f"officer {code}", owner)


@bp.post("")
@public
def finish() -> Response:
    """Password and passkey of the same officer; which of them was wrong is not said."""
    given, here = scripted.body(), ceremony.passkey_site() or abort(404)
    code = scripted.text(given, "name", 20).strip()
    if not _may("try") or not within_limit(code):
        return scripted.refusal(TOO_MANY, 429)
    with reading(db.engine()) as session_:
        row = queries.by_code(session_, code)
    password = scripted.text(given, "password", LONGEST_PASSWORD)
    right = accounts.right(row.password_hash if row else None, password)
    assertion = _asserted(here, given)
    if (
        row is None
        or not right
        or row.status != "active"
        or assertion is None
        or assertion.owner != actions.owner(row.id)
        or not passkeys.use(db.session, assertion, now())
    ):
        db.abandon()
        note_refusal(row.id if row else None)
        return scripted.refusal(WRONG)
    return let_in(row, lambda to: scripted.answer({"to": to}))


def _asserted(here: Site, given: dict[str, Any]) -> Assertion | None:
    """The answer of the passkey, if it is right; its challenge is used up either way."""
    try:
        return passkeys.check(db.engine(), here, KIND, given, ceremony.this_browser(), now())
    except Refused:
        return None
