"""Vân tay, khoá màn hình: the passkeys of one's account. Adding needs script; all else is plain forms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from flask_babel import gettext as _

from vssid.accounts import ceremony, passkeys, queries
from vssid.accounts.ceremony import PROVE_FIRST, passkey_site, this_browser
from vssid.accounts.entrance import me
from vssid.accounts.factors import actions
from vssid.accounts.factors.asking import hotline
from vssid.accounts.factors.forms import PasskeyNameForm
from vssid.accounts.factors.rules import PASSKEYS_WITHOUT_SMS
from vssid.accounts.models import Account
from vssid.accounts.rules import PASSKEYS_OF_ACCOUNT, SWITCHED_A_DAY, TOO_MANY, ua_label
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.settings import Settings
from vssid.web import db, pages, scripted
from vssid.web.guards import citizen, fresh, reaches
from vssid.web.i18n import say

bp = Blueprint("passkeys", __name__, url_prefix="/tai-khoan/van-tay")
PAGE = "accounts/passkeys.html"


def _around(**more: Any) -> dict[str, Any]:
    """The list as it stands, read on its own: a refusal shows it without the lock."""
    settings: Settings = current_app.config["SETTINGS"]
    with reading(db.engine()) as session:
        account = session.get_one(Account, me().id)
        kept = passkeys.listing(session, actions.owner(me().id))
    return {
        "kept": kept,
        "full": len(kept) >= passkeys.MOST,
        "sms_on": account.sms_sign_in,
        "sms_can_go": len(kept) >= PASSKEYS_WITHOUT_SMS,
        "possible": passkey_site() is not None,
        "fresh": me().fresh,
        "room": bp.name,
        "host": settings.public_host,
        "form": PasskeyNameForm(formdata=None, data={"name": str(say(ua_label(_agent())))}),
        "active": "tai-khoan",
        "problem": None,
        **more,
    }


def _agent() -> str:
    return request.headers.get("User-Agent", "")


@bp.get("")
@citizen
def show() -> Response:
    """All of them, with name, day and last use."""
    return pages.page(PAGE, **_around())


@bp.post("/them")
@fresh
@citizen
def permit() -> Response:
    """Back to the page: who has just shown who they are may add one there."""
    return pages.after_post(None, url_for("passkeys.show"))


@bp.post("/bat-dau")
@citizen
def begin() -> Response:
    """What the browser must be asked for a new one. A script cannot show the page that asks who they are: `permit` does."""
    scripted.body()
    here = passkey_site() or abort(404)
    if not me().fresh:
        return scripted.refusal(PROVE_FIRST, 403)
    if not current_app.extensions["limiter"].allow("passkey-add", str(me().id), *PASSKEYS_OF_ACCOUNT, now()):
        return scripted.refusal(TOO_MANY, 429)
    with reading(db.engine()) as session:
        called = f"{here.name} {queries.shown_name(session, me().id)}"
    try:
        owner = actions.owner(me().id)
        return scripted.answer(passkeys.begin_adding(db.session, here, owner, called, this_browser(), now()))
    except Refused as refusal:
        return scripted.refusal(refusal.label)


@bp.post("")
@citizen
def add() -> Response:
    """Check and keep what the browser made."""
    given, here, at = scripted.body(), passkey_site() or abort(404), now()
    if not me().fresh:
        return scripted.refusal(PROVE_FIRST, 403)
    try:
        name = passkeys.checked_name(scripted.text(given, "name", 200))
        made = passkeys.check_new(db.engine(), here, actions.owner(me().id), given, this_browser(), at)
        keyring = current_app.extensions["keyring"]
        actions.add_passkey(db.session, keyring, me().id, made, name, at=at, hotline=hotline())
    except Refused as refusal:
        return scripted.refusal(refusal.label)
    response = scripted.answer({"to": url_for("passkeys.show")})
    flash(_("Đã thêm. Lần sau đăng nhập không cần mật khẩu."))
    return response


@bp.post("/<uuid:id>/ten")
@reaches("passkey")
@citizen
def rename(id: UUID) -> Response:
    """Another name."""
    form = PasskeyNameForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, **_around(problem=form.name.errors[0]))
    try:
        actions.rename_passkey(db.session, me().id, id, form.name.data, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.refused(PAGE, **_around(problem=say(refusal.label)))
    return pages.after_post(_("Đã đổi tên."), url_for("passkeys.show"))


@bp.post("/<uuid:id>/xoa")
@fresh
@reaches("passkey")
@citizen
def remove(id: UUID) -> Response:
    """It opens nothing any more."""
    keyring = current_app.extensions["keyring"]
    try:
        sms_again = actions.remove_passkey(db.session, keyring, me().id, id, at=now(), hotline=hotline())
    except Refused as refusal:
        db.abandon()
        return pages.refused(PAGE, **_around(problem=say(refusal.label)))
    words = _("Đã xoá. Hãy xoá cả trong phần mật khẩu của điện thoại.")
    if sms_again:
        words = _("Đã xoá. Còn chưa đến hai nên mã bằng tin nhắn được bật lại.")
    return pages.after_post(words, url_for("passkeys.show"))


@bp.post("/tin-nhan")
@fresh
@citizen
def switch_messages() -> Response:
    """Codes by message for a new device: on or off."""
    on, keyring = request.form.get("on") == "1", current_app.extensions["keyring"]
    # Each time costs a message to every contact.
    if not current_app.extensions["limiter"].allow("sms-switched", str(me().id), *SWITCHED_A_DAY, now()):
        return pages.refused(PAGE, **_around(problem=say(TOO_MANY)))
    try:
        actions.set_sms_sign_in(db.session, keyring, me().id, on, at=now(), hotline=hotline())
    except Refused as refusal:
        db.abandon()
        return pages.refused(PAGE, **_around(problem=say(refusal.label)))
    words = _("Lại nhận mã bằng tin nhắn để đăng nhập.") if on else _("Không nhận mã bằng tin nhắn để đăng nhập nữa.")
    return pages.after_post(words, url_for("passkeys.show"))


@bp.post("/chung-minh/bat-dau")
@citizen
def ask_proof() -> Response:
    """What the browser must be asked before a sensitive act."""
    return ceremony.ask_proof(me())


@bp.post("/chung-minh")
@citizen
def take_proof() -> Response:
    """The owner has shown a passkey instead of the password."""
    return ceremony.take_proof(me())
