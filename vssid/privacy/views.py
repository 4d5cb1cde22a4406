"""Dữ liệu của tôi: four ways to see and decide what becomes of one's own data."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from vssid import accounts
from vssid.privacy.export import making
from vssid.privacy.requests import queries
from vssid.web import db, pages
from vssid.web.guards import citizen

bp = Blueprint("privacy", __name__, url_prefix="/tai-khoan/du-lieu")


@bp.get("")
@citizen
def home() -> Response:
    """The four, each with a line of truth."""
    me = accounts.me()
    last = making.newest(db.session, me.person_id)
    lines = {"waiting": _("Đang tạo"), "done": _("Đã sẵn sàng để tải")}
    waiting = queries.open_count(db.session, me.id)
    return pages.page(
        "privacy/home.html",
        export_line=lines.get(last.state if last else "", _("Một bản đầy đủ: PDF, JSON, ảnh")),
        requests_line=_("%(n)s yêu cầu chờ trả lời", n=waiting) if waiting else _("Sửa, xoá, hạn chế, phản đối"),
        active="tai-khoan",
    )
