"""SmartOTP: an authenticator app set up, confirmed by its first code, and switched off again."""

from typing import Any

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from vssid.accounts import codes, queries, smart_otp
from vssid.accounts.entrance import me
from vssid.accounts.factors import actions
from vssid.accounts.factors.asking import hotline
from vssid.accounts.factors.forms import AppCodeForm
from vssid.accounts.rules import WRONG_APP_CODE, spoken_code
from vssid.kernel import totp
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.web import db, pages, qr
from vssid.web.guards import citizen, fresh

bp = Blueprint("smart_otp", __name__, url_prefix="/tai-khoan/smart-otp")
PAGE = "accounts/smart_otp.html"


def _around(form: Any = None) -> dict[str, Any]:
    """Whether an app counts, or the secret of one that waits; read on its own."""
    keyring = current_app.extensions["keyring"]
    with reading(db.engine()) as session:
        is_set = smart_otp.is_set(session, me().id)
        secret = smart_otp.waiting_secret(session, keyring, me().id, now())
        name = queries.shown_name(session, me().id)
    found: dict[str, Any] = {"is_set": is_set, "secret": "", "code_svg": "", "active": "tai-khoan"}
    if secret:
        site = current_app.config["SETTINGS"].site_name
        uri = totp.address(secret, name, site)
        found |= {"secret": spoken_code(secret), "code_svg": qr.svg(uri, _("Mã QR để thêm vào ứng dụng xác thực"))}
    return {**found, "form": form or AppCodeForm(formdata=None)}


@bp.get("")
@citizen
def show() -> Response:
    """What it is; the QR code of a set-up that waits; how to switch it off."""
    return pages.page(PAGE, **_around())


@bp.post("")
@fresh
@citizen
def begin() -> Response:
    """Make a secret that waits a quarter of an hour for its first code."""
    smart_otp.begin(db.session, current_app.extensions["keyring"], me().id, now())
    return pages.after_post(None, url_for("smart_otp.show"))


def _step(typed: str, *, waiting: bool) -> int:
    """The step of a right code; one try is counted. Raises Refused for a wrong one."""
    at = now()
    if codes.may_try(current_app.extensions["limiter"], me().id, at):
        keyring = current_app.extensions["keyring"]
        step = smart_otp.compare(db.engine(), keyring, me().id, typed, at, waiting=waiting)
        if step is not None:
            return step
    raise Refused(WRONG_APP_CODE, "code")


@bp.post("/xac-nhan")
@fresh
@citizen
def confirm() -> Response:
    """The first right code switches it on."""
    form = AppCodeForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, **_around(form))
    try:
        step = _step(form.code.data, waiting=True)
        keyring = current_app.extensions["keyring"]
        actions.confirm_smart_otp(db.session, keyring, me().id, step, at=now(), hotline=hotline())
    except Refused as refusal:
        db.abandon()
        form.refuse(refusal)
        return pages.refused(PAGE, **_around(form))
    return pages.after_post(_("Đã bật SmartOTP."), url_for("smart_otp.show"))


@bp.post("/xoa")
@fresh
@citizen
def remove() -> Response:
    """Off, for who has shown the password of late: a lost app must not hold its owner."""
    keyring = current_app.extensions["keyring"]
    actions.remove_smart_otp(db.session, keyring, me().id, at=now(), hotline=hotline())
    return pages.after_post(_("Đã tắt SmartOTP. Lần sau, mã gửi bằng tin nhắn."), url_for("smart_otp.show"))
