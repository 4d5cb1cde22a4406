"""Imports as officers begin them: sent by a form, read and taken over by `flask work`, followed on a page. Door."""

from datetime import timedelta

from flask import Flask

from vssid import officers
from vssid.imports import undoing
from vssid.imports.desk import making, views
from vssid.kernel.labels import N_
from vssid.officers import Permission, Tool

__all__ = ["JOBS", "MAKERS", "init_app"]

JOBS = (
    ("imports.files", timedelta(hours=1), making.drop_old),
    ("imports.notes", timedelta(minutes=5), undoing.forget_old),
)
MAKERS = (("imports.desk", making.make_next),)


def init_app(app: Flask) -> None:
    """Open the window and show it in the console."""
    app.register_blueprint(views.bp)
    officers.register_tool(app, Tool(views.KEY, N_("Nhập dữ liệu"), "imports_desk.list_runs", Permission.IMPORT))
