"""Trợ lý: questions in everyday words, answered from our texts, lists and one's own record, with the source. Door."""

from datetime import timedelta

from flask import Flask

from vssid.support.assistant import actions, desk, views

__all__ = ["JOBS", "init_app"]

JOBS = (("support.assistant", timedelta(hours=6), actions.forget_old),)


def init_app(app: Flask) -> None:
    """Open the window and the desk."""
    views.init_app(app)
    desk.init_app(app)
