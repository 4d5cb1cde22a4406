"""Rosters (danh sách): whom an organisation files for, who of them has handed in form 01, sheets to print, ticking. Door."""

from datetime import timedelta

from flask import Flask

from vssid import organisations
from vssid.kernel.labels import N_
from vssid.organisations import Work
from vssid.rosters import actions, desk, pages, printing, prints, queries, upload

__all__ = ["JOBS", "MAKERS", "init_app"]

JOBS = (
    ("rosters.uploads", timedelta(hours=1), actions.drop_old_uploads),
    ("rosters.prints", timedelta(hours=1), printing.drop_old),
    ("rosters.retire", timedelta(hours=6), actions.retire),
)

# Heavy work that waits in a table and is leased: see `work.register_maker`.
MAKERS = (("rosters.print", printing.make_next),)


def init_app(app: Flask) -> None:
    """Open the windows, and show rosters where an organisation and its officers look first."""
    for window in (upload, pages, prints):
        app.register_blueprint(window.bp)
    desk.init_app(app)
    work = Work(N_("Danh sách nộp tờ khai"), N_("Tải danh sách lên"), "roster_uploads.form", queries.lines)
    organisations.register_work(app, work)
