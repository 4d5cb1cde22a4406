"""Phản ánh, kiến nghị: people write, an agency answers by a day, both can be read later. Door."""

from datetime import timedelta

from flask import Flask

from vssid.support.feedback import desk, desk_publishing, follow, own, publishing, views

__all__ = ["JOBS", "init_app"]

JOBS = (("support.feedback", timedelta(hours=1), publishing.forget_old),)


def init_app(app: Flask) -> None:
    """Open the windows and the desk, show the queue in the console."""
    for window in (views, follow, own, desk, desk_publishing):
        app.register_blueprint(window.bp)
    desk.init_app(app)
