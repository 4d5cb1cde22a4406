"""Registration (đăng ký giao dịch điện tử): drafts, declarations, decisions. Door."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.card import refusals
from vssid.kernel.clock import day_of
from vssid.registration import actions, deadlines, drafts
from vssid.registration.actions import FORM_01
from vssid.registration.changes import actions as changing
from vssid.registration.changes import desk as changes_desk
from vssid.registration.changes import stopping
from vssid.registration.changes import views as changes
from vssid.registration.changes.queries import pending_of as pending_change
from vssid.registration.changes.rules import HISTORY as CHANGES_HISTORY
from vssid.registration.changes.rules import Item as ChangedItem
from vssid.registration.corrections import desk as returning
from vssid.registration.corrections import views as corrections
from vssid.registration.counter import views as counter
from vssid.registration.desk import review
from vssid.registration.exports import desk as exports_desk
from vssid.registration.exports import making as exporting
from vssid.registration.fields import HandIn, Kind, Side
from vssid.registration.follow import views as follow
from vssid.registration.follow.visit import keep_open
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_attachment
from vssid.registration.queries import approved_of, of_guardian
from vssid.registration.recoveries import desk as recoveries_desk
from vssid.registration.rules import Status
from vssid.registration.signed import desk as signed_desk
from vssid.registration.signed import views as signed
from vssid.registration.steps import family, info, offices, photos, sending
from vssid.registration.surroundings import Surroundings, house

__all__ = [
    "JOBS",
    "MAKERS",
    "ChangedItem",
    "Declaration",
    "HandIn",
    "Kind",
    "Side",
    "Status",
    "Surroundings",
    "actions",
    "drafts",
    "house",
    "init_app",
    "keep_open",
    "of_guardian",
    "pending_change",
]


def init_app(app: Flask) -> None:
    """Open the windows and the desk, show the queue in the console, let messages carry form 01."""
    citizens = (info, photos, offices, sending, family, follow, corrections, signed, changes, stopping)
    for window in (*citizens, review, returning, signed_desk, counter, changes_desk, recoveries_desk, exports_desk):
        app.register_blueprint(window.bp)
    for desk in (review, counter, changes_desk, recoveries_desk, exports_desk):
        desk.init_app(app)
    accounts.register_history(app, CHANGES_HISTORY)
    notifications.register_attachment(app, FORM_01, form_01_attachment)
    refusals.register_agency(app, _agency_of)


def _agency_of(db: Session, person_id: UUID) -> str | None:
    declaration = approved_of(db, person_id)
    return declaration.agency_code if declaration else None


def _lapse(db: Session, at: datetime) -> None:
    deadlines.lapse(db, house(), day_of(at), at)


def _remind(db: Session, at: datetime) -> None:
    deadlines.remind(db, house(), day_of(at), at)


def _change(db: Session, at: datetime) -> None:
    changing.apply_due(db, house(), at)


JOBS = (
    ("declarations.lapse", timedelta(minutes=1), _lapse),
    ("declarations.remind", timedelta(minutes=30), _remind),
    ("declarations.photos", timedelta(hours=1), lambda db, at: deadlines.remove_old_photos(db, at)),
    ("changes.apply", timedelta(minutes=1), _change),
    ("changes.forget", timedelta(minutes=10), changing.forget_unproven),
    ("exports.drop", timedelta(minutes=10), exporting.drop_old),
    ("drafts.purge", timedelta(minutes=10), drafts.purge),
)

MAKERS = (("declaration exports", exporting.make_next),)
