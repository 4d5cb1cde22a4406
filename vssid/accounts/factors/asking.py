"""The password asked once more, before the unit of work begins."""

from flask import current_app

from vssid.accounts.entrance import check_own_password, me
from vssid.settings import Settings


def hotline() -> str:
    """The number that notices name."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.hotline


def check_password(typed: str) -> None:
    """Raise Refused unless `typed` is the reader's password; counted like any guess."""
    check_own_password(me().id, typed, "password")
