"""/can-bo/khoa: an officer's own passkeys. Adding needs script; all else is plain forms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from vssid import accounts
from vssid.accounts import ceremony, passkeys
from vssid.accounts.rules import ua_label
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.officers.entrance import me
from vssid.officers.keys import actions
from vssid.officers.keys.rules import needs_key
from vssid.settings import Settings
from vssid.web import db, pages, scripted
from vssid.web.forms import Form, line
from vssid.web.guards import fresh, officer, reaches
from vssid.web.i18n import say

bp = Blueprint("officer_keys", __name__, url_prefix="/can-bo/khoa")
PAGE = "officers/keys.html"
KEY = "keys"


class NameForm(Form):
    """What a passkey is called."""

    name = line(_l("Tên để nhận ra"), passkeys.NAME_LONGEST, _l("Hãy đặt tên."), render_kw={"autocomplete": "off"})


def _around(**more: Any) -> dict[str, Any]:
    """The list as it stands, read on its own: a refusal shows it without the lock."""
    settings: Settings = current_app.config["SETTINGS"]
    possible = ceremony.passkey_site() is not None
    with reading(db.engine()) as session:
        kept = passkeys.listing(session, actions.owner(me().id))
    agent = say(ua_label(request.headers.get("User-Agent", "")))
    return {
        "kept": kept,
        "full": len(kept) >= passkeys.MOST,
        "possible": possible,
        "host": settings.public_host,
        "needed": needs_key(me().role, possible),
        "fresh": me().fresh,
        "room": bp.name,
        "form": NameForm(formdata=None, data={"name": str(agent)}),
        "active": KEY,
        "problem": None,
        **more,
    }


@bp.get("")
@officer()
def show() -> Response:
    """All of them, with name, day and last use."""
    return pages.page(PAGE, **_around())


@bp.post("/them")
@fresh
@officer()
def permit() -> Response:
    """Back to the page: who has just shown who they are may add one there."""
    return pages.after_post(None, url_for("officer_keys.show"))


@bp.post("/bat-dau")
@officer()
def begin() -> Response:
    """What the browser must be asked for a new one. A script cannot show the page that asks who they are: `permit` does."""
    scripted.body()
    here = ceremony.passkey_site() or abort(404)
    if not me().fresh:
        return scripted.refusal(ceremony.PROVE_FIRST, 403)
    if not current_app.extensions["limiter"].allow(
        "passkey-add-officer", str(me().id), *accounts.PASSKEYS_FROM_NETWORK, now()
    ):
        return scripted.refusal(accounts.TOO_MANY, 429)
    try:
        owner, called = actions.owner(me().id), f"{here.name} {me().code}"
        return scripted.answer(passkeys.begin_adding(db.session, here, owner, called, ceremony.this_browser(), now()))
    except Refused as refusal:
        return scripted.refusal(refusal.label)


@bp.post("")
@officer()
def add() -> Response:
    """Check and keep what the browser made."""
    given, here, at = scripted.body(), ceremony.passkey_site() or abort(404), now()
    if not me().fresh:
        return scripted.refusal(ceremony.PROVE_FIRST, 403)
    try:
        name = passkeys.checked_name(scripted.text(given, "name", 200))
        made = passkeys.check_new(db.engine(), here, actions.owner(me().id), given, ceremony.this_browser(), at)
        actions.add(db.session, current_app.extensions["keyring"], me().id, made, name, at=at)
    except Refused as refusal:
        return scripted.refusal(refusal.label)
    response = scripted.answer({"to": url_for("officer_keys.show")})
    flash(_("Đã thêm khoá. Lần sau đăng nhập bằng mật khẩu và khoá này."))
    return response


@bp.post("/<uuid:id>/ten")
@reaches("passkey")
@officer()
def rename(id: UUID) -> Response:
    """Another name."""
    form = NameForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, **_around(problem=form.name.errors[0]))
    try:
        actions.rename(db.session, me().id, id, form.name.data, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.refused(PAGE, **_around(problem=say(refusal.label)))
    return pages.after_post(_("Đã đổi tên."), url_for("officer_keys.show"))


@bp.post("/<uuid:id>/xoa")
@fresh
@reaches("passkey")
@officer()
def remove(id: UUID) -> Response:
    """It opens nothing any more."""
    possible = ceremony.passkey_site() is not None
    try:
        keyring = current_app.extensions["keyring"]
        actions.remove(db.session, keyring, me().id, id, possible=possible, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.refused(PAGE, **_around(problem=say(refusal.label)))
    return pages.after_post(_("Đã xoá. Hãy xoá cả trên máy hoặc khoá USB."), url_for("officer_keys.show"))


@bp.post("/chung-minh/bat-dau")
@officer()
def ask_proof() -> Response:
    """What the browser must be asked before a decision."""
    return ceremony.ask_proof(me())


@bp.post("/chung-minh")
@officer()
def take_proof() -> Response:
    """The officer has shown a passkey instead of the password."""
    return ceremony.take_proof(me())
