"""Thông tin tài khoản: what the account is, its password, its devices."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from vssid.accounts import actions, passwords, queries
from vssid.accounts.entrance import may_guess, me
from vssid.accounts.models import Account
from vssid.accounts.recovery.queries import waiting_of
from vssid.accounts.rules import TOO_MANY, check_password
from vssid.accounts.security.forms import PasswordForm
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, spoken_phone
from vssid.web import db, pages
from vssid.web.guards import citizen, reaches

bp = Blueprint("account", __name__, url_prefix="/tai-khoan")


@bp.get("")
@citizen
def overview() -> Response:
    """Contacts, masked, and the ways to change what can be changed."""
    account = db.session.get_one(Account, me().id)
    phone = masked(spoken_phone(queries.phone_of(db.session, account)).replace(" ", ""))
    name, _at, host = (account.email or "").partition("@")
    email = f"{masked(name, 1, 1)}@{host}" if account.email else ""
    names = queries.login_names(db.session, account.id)
    return pages.page(
        "accounts/overview.html",
        recovery_waits=waiting_of(db.session, account.id),
        phone=phone,
        email=email,
        names=[masked(n) for n in names],
        active="tai-khoan",
    )


@bp.get("/mat-khau")
@citizen
def password_form() -> Response:
    """Đổi mật khẩu."""
    return pages.page("accounts/password.html", form=PasswordForm(formdata=None), active="tai-khoan")


@bp.post("/mat-khau")
@citizen
def change_password() -> Response:
    """The old password first; then every other session ends and all contacts are told."""
    form = PasswordForm()
    try:
        if form.validate_on_submit():
            _change(form)
            return pages.after_post(
                _("Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."), url_for("account.overview")
            )
    except Refused as refusal:
        form.refuse(refusal)
    return pages.refused("accounts/password.html", form=form, active="tai-khoan")


def _change(form: Any) -> None:
    with reading(db.engine()) as session:
        account = session.get_one(Account, me().id)
        names = queries.login_names(session, account.id)
        phone = queries.phone_of(session, account)
    if not may_guess(names[0] if names else "", account.id):
        raise Refused(TOO_MANY, "old")
    if not passwords.right(account.password_hash, form.old.data):
        raise Refused(N_("Mật khẩu cũ chưa đúng."), "old")
    own = (*names, "0" + phone[3:])
    check_password(form.password.data, passwords.common(), own)
    password_hash = passwords.hashed(form.password.data)
    hotline = current_app.config["SETTINGS"].hotline
    keyring = current_app.extensions["keyring"]
    actions.change_password(db.session, keyring, account.id, password_hash, me().session_id, at=now(), hotline=hotline)


@bp.get("/thiet-bi")
@citizen
def devices() -> Response:
    """Where the account is trusted, with a button to end that."""
    return pages.page("accounts/devices.html", devices=queries.devices(db.session, me().id), active="tai-khoan")


@bp.post("/thiet-bi/<uuid:id>/xoa")
@reaches("device")
@citizen
def forget_device(id: UUID) -> Response:
    """Stop trusting a device; its session ends at once."""
    actions.forget_device(db.session, me().id, id, at=now())
    return pages.after_post(
        _("Đã xoá thiết bị. Lần sau đăng nhập trên đó sẽ cần mã xác thực."), url_for("account.devices")
    )
