"""Trò chuyện với cán bộ: in working hours people ask and officers answer; otherwise a letter is made of it. Door."""

from datetime import timedelta

from flask import Flask

from vssid.support.chat import desk, guest, jobs, own, views
from vssid.support.chat.queries import hours, open_at

__all__ = ["JOBS", "hours", "init_app", "open_at"]

JOBS = (
    ("support.chat", timedelta(minutes=1), jobs.tidy),
    ("support.chat_forget", timedelta(hours=1), jobs.forget_old),
)


def init_app(app: Flask) -> None:
    """Open the windows and the desk, show the queue in the console."""
    for window in (views, own, guest, desk):
        app.register_blueprint(window.bp)
    desk.init_app(app)
