"""The password asked once more, before the unit of work begins."""

from flask import current_app

from vssid.accounts import passwords, queries
from vssid.accounts.entrance import may_guess, me
from vssid.accounts.models import Account
from vssid.accounts.rules import TOO_MANY
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.settings import Settings
from vssid.web import db


def hotline() -> str:
    """The number that notices name."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.hotline


def check_password(typed: str) -> None:
    """Raise Refused unless `typed` is the reader's password; counted like any guess."""
    with reading(db.engine()) as session:
        account = session.get_one(Account, me().id)
        names = queries.login_names(session, account.id)
    if not may_guess(names[0] if names else "", account.id):
        raise Refused(TOO_MANY, "password")
    if not passwords.right(account.password_hash, typed):
        raise Refused(N_("Mật khẩu chưa đúng."), "password")
