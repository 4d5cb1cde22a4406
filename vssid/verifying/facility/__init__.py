"""The counter of a registered health facility: it checks cards, patients are checked in, and they see who looked. Door."""

from datetime import timedelta

from flask import Flask

from vssid import organisations
from vssid.kernel.labels import N_
from vssid.organisations import Permission, Work
from vssid.verifying.facility import actions, desk, views
from vssid.verifying.facility.rules import SEEN

__all__ = ["JOBS", "SEEN", "init_app"]

JOBS = (("verifying.facility.purge", timedelta(hours=6), actions.purge),)


def init_app(app: Flask) -> None:
    """Open the counter and the citizen's list, and show the counter where members look first."""
    for window in (desk, views):
        app.register_blueprint(window.bp)
    views.init_app(app)
    work = Work(
        N_("Tiếp nhận khám chữa bệnh"),
        N_("Kiểm tra thẻ BHYT"),
        N_("Quét mã trên điện thoại hoặc thẻ giấy của người bệnh để biết thẻ có dùng được hôm nay không."),
        "reception.show",
        desk.lines,
        Permission.CHECK,
    )
    organisations.register_work(app, work)
