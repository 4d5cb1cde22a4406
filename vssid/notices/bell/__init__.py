"""The bell: what the account was told, unread first in the eye, and its count in the top bar. Door."""

from flask import Flask

from vssid.notices.bell import views
from vssid.notifications import inbox

__all__ = ["JOBS", "init_app"]

JOBS = inbox.JOBS


def init_app(app: Flask) -> None:
    """Open the window and hang the bell into the citizen's frame."""
    app.register_blueprint(views.bp)
    app.extensions["bell"] = views.in_the_frame
