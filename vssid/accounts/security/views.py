"""Thông tin tài khoản: what the account is, and its password."""

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from vssid.accounts import actions, backup, passwords, queries
from vssid.accounts.entrance import check_own_password, me
from vssid.accounts.models import Account
from vssid.accounts.recovery.queries import waiting_of
from vssid.accounts.rules import Tag, check_password
from vssid.accounts.security.forms import PasswordForm
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import masked, masked_email, spoken_phone
from vssid.web import db, pages
from vssid.web.guards import citizen

bp = Blueprint("account", __name__, url_prefix="/tai-khoan")


@bp.get("")
@citizen
def overview() -> Response:
    """Contacts, masked until asked for, and the ways to change what can be changed."""
    account = db.session.get_one(Account, me().id)
    reveal = request.args.get("hien") == "1"
    if reveal:
        with unit(db.engine()) as session:
            audit.record(session, Tag.REVEALED, me().by, ("account", account.id), now())
    phone, names = queries.phone_of(db.session, account), queries.login_names(db.session, account.id)
    return pages.page(
        "accounts/overview.html",
        phone=spoken_phone(phone) if reveal else masked(spoken_phone(phone).replace(" ", "")),
        email=account.email or "" if reveal else masked_email(account.email or ""),
        names=names if reveal else [masked(name) for name in names],
        reveal=reveal,
        backup_left=backup.left(db.session, account.id),
        recovery_waits=waiting_of(db.session, account.id),
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
    check_own_password(account.id, form.old.data, "old", N_("Mật khẩu cũ chưa đúng."))
    own = (*names, "0" + phone[3:])
    check_password(form.password.data, passwords.common(), own)
    password_hash = passwords.hashed(form.password.data)
    hotline = current_app.config["SETTINGS"].hotline
    keyring = current_app.extensions["keyring"]
    actions.change_password(db.session, keyring, account.id, password_hash, me().session_id, at=now(), hotline=hotline)
