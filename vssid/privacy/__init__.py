"""What people may know and decide about their own data: who looked, copies, requests, consents. Door."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from vssid import content
from vssid.card import renewal
from vssid.privacy import views
from vssid.privacy.cli import export_subject
from vssid.privacy.consents import queries as consents
from vssid.privacy.consents import views as consents_views
from vssid.privacy.export import making
from vssid.privacy.export import views as export_views
from vssid.privacy.looks import views as looks_views
from vssid.privacy.requests import actions as requests_actions
from vssid.privacy.requests import checks, desk, rows
from vssid.privacy.requests import views as requests_views
from vssid.privacy.rules import REMINDERS

__all__ = ["JOBS", "MAKERS", "init_app"]

JOBS = (
    ("privacy.exports", timedelta(minutes=10), making.drop_old),
    ("privacy.requests", timedelta(hours=1), requests_actions.forget_old),
)
MAKERS = (("privacy.export", making.make_next),)


def init_app(app: Flask) -> None:
    """Open the windows and the desk, show the queue in the console, add the command."""
    for window in (views, looks_views, consents_views, requests_views, export_views, checks, desk):
        app.register_blueprint(window.bp)
    app.register_blueprint(consents_views.children)
    desk.init_app(app)
    rows.init_app(app)
    renewal.register_agreeing(app, _remind_of_cards)
    app.cli.add_command(export_subject)


def _remind_of_cards(db: Session, owners: Mapping[UUID, UUID]) -> set[UUID]:
    return consents.agreeing(db, owners, REMINDERS, content.REMINDS_OF_CARDS_SINCE)
