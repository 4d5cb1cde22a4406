"""The windows of one-time codes: a new account is activated, a forgotten password set anew."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid.accounts import actions, codes, passwords, proofs, reaching
from vssid.accounts.entrance import network
from vssid.accounts.models import Account
from vssid.accounts.proofs import Proof
from vssid.accounts.recovery import sending
from vssid.accounts.recovery.forms import ActivationForm, CodeRequestForm
from vssid.accounts.recovery.hours import waiting_period_of
from vssid.accounts.recovery.rules import ASKED_FROM_NETWORK, OFTEN, WRONG_CODE_BY_PHONE, Way
from vssid.accounts.rules import WRONG_CODE, activation_purposes, check_password, login_name
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.kernel.text import mobile_number
from vssid.settings import Settings
from vssid.web import captcha, db, pages
from vssid.web.guards import public

bp = Blueprint("recovery", __name__)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _keyring() -> Any:
    return current_app.extensions["keyring"]


@bp.get("/kich-hoat")
@public
def activation_form() -> Response:
    """Where the code of the approval message is typed in."""
    return pages.page("accounts/activate.html", form=ActivationForm(formdata=None))


@bp.post("/kich-hoat")
@public
def activate() -> Response:
    """Check the code, set the first (or a forgotten) password; signs nobody in and trusts no device."""
    form = ActivationForm()
    if not form.validate_on_submit():
        return pages.refused("accounts/activate.html", form=form)
    name, at = login_name(form.name.data), now()
    try:
        check_password(form.password.data, passwords.common(), (name,))
        account, proof = _try_code(name, form.code.data)
        password_hash = passwords.hashed(form.password.data)
        if account is None or proof is None:
            raise Refused(WRONG_CODE_BY_PHONE if mobile_number(name) else WRONG_CODE, "code")
        actions.set_first_password(
            db.session, _keyring(), account, proof, password_hash, at=at, hotline=_settings().hotline
        )
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("accounts/activate.html", form=form)
    return pages.after_post(_("Đã đặt mật khẩu. Hãy đăng nhập."), url_for("accounts.sign_in_form"))


def _try_code(name: str, typed: str) -> tuple[Account | None, Proof | None]:
    with reading(db.engine()) as session_:
        account = _meant(session_, name)
    # An unknown name costs the same work: a code is tried against an id that nobody has.
    subject = account.id if account else UUID(int=0)
    limiter = current_app.extensions["limiter"]
    purposes = activation_purposes(typed)
    return account, proofs.attempt(db.engine(), limiter, _keyring(), purposes, subject, typed, now())


def _meant(session_: Session, name: str) -> Account | None:
    """The account of a mã số or CCCD; else the only one whose codes go to this phone."""
    named, phone = reaching.by_name(session_, name), mobile_number(name)
    held = reaching.by_phone(session_, phone) if phone else []
    if named is not None:
        return named.account
    return held[0].account if len(held) == 1 else None


@bp.get("/quen-mat-khau")
@public
def code_request_form() -> Response:
    """Ask for a new activation or reset code."""
    return pages.page("accounts/forgotten.html", form=CodeRequestForm(formdata=None), **captcha.for_template())


@bp.post("/quen-mat-khau")
@public
def request_code() -> Response:
    """Send a code to the phone of the account that is meant; the answer is the same for everybody."""
    form = CodeRequestForm()
    limiter, at = current_app.extensions["limiter"], now()
    try:
        if not form.validate_on_submit():
            return pages.refused("accounts/forgotten.html", form=form, **captcha.for_template())
        captcha.check()
        if not limiter.allow("code-asked", network(), *ASKED_FROM_NETWORK, at):
            raise Refused(OFTEN)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("accounts/forgotten.html", form=form, **captcha.for_template())
    phone, name = mobile_number(form.phone.data) or "", login_name(form.name.data or "")
    allowed = codes.may_send(limiter, phone, False, at)
    found = sending.find(db.session, phone, name)
    sending.send_way_in(db.session, _keyring(), phone, found if allowed else [], at=at)
    words = _(
        "Nếu số điện thoại này thuộc một tài khoản, tin nhắn vừa được gửi đến số đó, thường đến trong một phút. Làm theo tin nhắn."
    )
    return pages.after_post(words, url_for("recovery.activation_form"))


@bp.get("/quen-mat-khau/cach-khac")
@public
def ladder() -> Response:
    """Every way back in, the quickest first. The same for everybody: it knows of no account."""
    hours = {way.value: int(waiting_period_of(way).total_seconds() // 3600) for way in Way}
    return pages.page("accounts/recovery/ladder.html", hours=hours)
