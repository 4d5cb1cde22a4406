"""“Bị từ chối”: a facility would not take the card; the agency hears of it and answers. Door."""

from datetime import timedelta

from flask import Flask

from vssid.card.refusals import actions, desk, views
from vssid.card.refusals.queries import register_agency

__all__ = ["JOBS", "init_app", "register_agency"]

JOBS = (("card.refusals", timedelta(hours=1), actions.forget_old),)


def init_app(app: Flask) -> None:
    """Open the window and the desk, show the queue in the console."""
    for window in (views, desk):
        app.register_blueprint(window.bp)
    desk.init_app(app)
