"""Kiểm tra tin nhắn, cuộc gọi: is this from us? What was pasted is judged and forgotten. Door."""

from datetime import timedelta

from flask import Flask

from vssid import notifications
from vssid.shield import views
from vssid.shield.views import register_link_check

__all__ = ["JOBS", "init_app", "register_link_check"]

JOBS = (("shield.texts", timedelta(hours=6), notifications.forget_texts),)


def init_app(app: Flask) -> None:
    """Open the window."""
    views.init_app(app)
