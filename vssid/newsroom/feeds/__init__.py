"""Nguồn tin: what other sites say in their feeds, as articles of ours that lead there. Door."""

from datetime import timedelta

from flask import Flask

from vssid import officers
from vssid.kernel.labels import N_
from vssid.newsroom.feeds import actions, desk, making
from vssid.officers import Permission, Tool

__all__ = ["JOBS", "MAKERS", "init_app"]

JOBS = (("newsroom.feeds", timedelta(hours=1), actions.drop_beyond),)
MAKERS = (("newsroom.feeds", making.make_next),)


def init_app(app: Flask) -> None:
    """Open the desk and show it in the console."""
    app.register_blueprint(desk.bp)
    officers.register_tool(app, Tool(desk.KEY, N_("Nguồn tin"), "feeds.list_feeds", Permission.CONTENT_EDIT))
