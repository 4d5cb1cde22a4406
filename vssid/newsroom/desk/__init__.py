"""Nội dung: where editors write what everybody reads. Door."""

from flask import Flask

from vssid import officers
from vssid.kernel.labels import N_
from vssid.newsroom.desk import attaching, publishing, writing
from vssid.officers import Permission, Tool

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Open the desk and show it in the console."""
    for window in (writing, publishing, attaching):
        app.register_blueprint(window.bp)
    officers.register_tool(app, Tool(writing.KEY, N_("Nội dung"), "articles.list_articles", Permission.CONTENT_EDIT))
