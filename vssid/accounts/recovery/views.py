"""The windows of one-time codes: a new account is activated, a forgotten password set anew."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from vssid.accounts import actions, codes, passwords, proofs, queries
from vssid.accounts.models import Account
from vssid.accounts.proofs import Proof
from vssid.accounts.recovery.forms import ActivationForm, CodeRequestForm
from vssid.accounts.rules import WRONG_CODE, Purpose, activation_purposes, check_password, login_name
from vssid.kernel.audit import VISITOR
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
            raise Refused(WRONG_CODE, "code")
        actions.set_first_password(
            db.session, _keyring(), account, proof, password_hash, at=at, hotline=_settings().hotline
        )
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("accounts/activate.html", form=form)
    return pages.after_post(_("Đã đặt mật khẩu. Hãy đăng nhập."), url_for("accounts.sign_in_form"))


def _try_code(name: str, typed: str) -> tuple[Account | None, Proof | None]:
    with reading(db.engine()) as session_:
        account = queries.by_login_name(session_, name)
    # An unknown name costs the same work: a code is tried against an id that nobody has.
    subject = account.id if account else UUID(int=0)
    limiter = current_app.extensions["limiter"]
    purposes = activation_purposes(typed)
    return account, proofs.attempt(db.engine(), limiter, _keyring(), purposes, subject, typed, now())


@bp.get("/quen-mat-khau")
@public
def code_request_form() -> Response:
    """Ask for a new activation or reset code."""
    return pages.page("accounts/forgotten.html", form=CodeRequestForm(formdata=None), **captcha.for_template())


@bp.post("/quen-mat-khau")
@public
def request_code() -> Response:
    """Send a code when number and phone belong together; the answer is the same for everybody."""
    form = CodeRequestForm()
    if not form.validate_on_submit():
        return pages.refused("accounts/forgotten.html", form=form, **captcha.for_template())
    try:
        captcha.check()
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused("accounts/forgotten.html", form=form, **captcha.for_template())
    phone = mobile_number(form.phone.data) or "-"
    limiter, at = current_app.extensions["limiter"], now()
    allowed = codes.may_send(limiter, phone, False, at)
    account = queries.by_login_name(db.session, login_name(form.name.data))
    reached = account is not None and queries.phone_of(db.session, account) == phone
    if allowed and account is not None and reached and account.status != "closed":
        purpose = Purpose.ACTIVATION if account.status == "new" else Purpose.RESET
        actions.send_code(db.session, _keyring(), account, purpose, by=VISITOR, at=at)
    words = _(
        "Nếu mã số và số điện thoại khớp với tài khoản, mã mới đã được gửi bằng tin nhắn. Tin nhắn thường đến trong một phút."
    )
    return pages.after_post(words, url_for("recovery.activation_form"))
