"""Rosters (danh sách): whom an organisation files for, who of them has handed in form 01, sheets to print, ticking. Door."""

from datetime import timedelta

from flask import Flask

from vssid import organisations
from vssid.kernel.labels import N_
from vssid.organisations import Permission, Work
from vssid.rosters import actions, queries, views
from vssid.rosters.intake import views as intake_views
from vssid.rosters.sheets import printing
from vssid.rosters.sheets import views as sheets_views
from vssid.rosters.ticking import desk

__all__ = ["JOBS", "MAKERS", "init_app"]

JOBS = (
    ("rosters.uploads", timedelta(hours=1), actions.drop_old_uploads),
    ("rosters.prints", timedelta(hours=1), printing.drop_old),
    ("rosters.retire", timedelta(minutes=10), actions.retire),
)

# Heavy work that waits in a table and is leased: see `work.register_maker`.
MAKERS = (("rosters.print", printing.make_next),)


def init_app(app: Flask) -> None:
    """Open the windows, and show rosters where an organisation and its officers look first."""
    for window in (intake_views, views, sheets_views):
        app.register_blueprint(window.bp)
    desk.init_app(app)
    work = Work(
        N_("Danh sách nộp tờ khai"),
        N_("Tải danh sách lên"),
        N_("Tải lên danh sách lớp hoặc tổ để in phiếu có mã QR và xem ai còn thiếu tờ khai."),
        "roster_uploads.form",
        queries.lines,
        Permission.ROSTERS,
    )
    organisations.register_work(app, work)
