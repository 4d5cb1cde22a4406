"""Phản ánh, kiến nghị: people write, an agency answers by a day, both can be read later. Door."""

from datetime import timedelta

from flask import Flask

from vssid.support.feedback import brakes, desk, desk_publishing, follow, own, publishing, views
from vssid.support.feedback.actions import take
from vssid.support.feedback.forms import contact_check, one_line_end
from vssid.support.feedback.receiving import first_contact, receive
from vssid.support.feedback.rules import LONGEST_SUBJECT, SHORTEST_TEXT, Category, Letter, checked_text, reached_by
from vssid.support.feedback.visit import keep_open

__all__ = [
    "JOBS",
    "LONGEST_SUBJECT",
    "SHORTEST_TEXT",
    "Category",
    "Letter",
    "brakes",
    "checked_text",
    "contact_check",
    "first_contact",
    "init_app",
    "keep_open",
    "one_line_end",
    "reached_by",
    "receive",
    "take",
]

JOBS = (("support.feedback", timedelta(hours=1), publishing.forget_old),)


def init_app(app: Flask) -> None:
    """Open the windows and the desk, show the queue in the console."""
    for window in (views, follow, own, desk, desk_publishing):
        app.register_blueprint(window.bp)
    desk.init_app(app)
