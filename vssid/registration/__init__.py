"""Registration (đăng ký giao dịch điện tử): drafts, declarations, decisions. Door."""

from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy.orm import Session

from vssid import notifications
from vssid.kernel.clock import day_of
from vssid.registration import actions, desk, drafts
from vssid.registration.actions import FORM_01, Surroundings
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_attachment
from vssid.registration.rules import HandIn, Side, Status

__all__ = ["JOBS", "Declaration", "HandIn", "Side", "Status", "Surroundings", "actions", "drafts", "init_app"]


def init_app(app: Flask) -> None:
    """Show the queue in the console and let messages carry form 01."""
    desk.init_app(app)
    notifications.register_attachment(app, FORM_01, form_01_attachment)


def _house() -> Surroundings:
    return Surroundings(current_app.extensions["keyring"], current_app.config["SETTINGS"].public_url)


def _lapse(db: Session, at: datetime) -> None:
    actions.lapse(db, _house(), day_of(at), at)


def _remind(db: Session, at: datetime) -> None:
    actions.remind(db, _house(), day_of(at), at)


JOBS = (
    ("declarations.lapse", timedelta(minutes=1), _lapse),
    ("declarations.remind", timedelta(minutes=30), _remind),
    ("declarations.photos", timedelta(hours=1), lambda db, at: actions.remove_old_photos(db, at)),
    ("drafts.purge", timedelta(minutes=10), drafts.purge),
)
