"""/ho-tro: every way to get help, on one page that is the same for everybody."""

from flask import Blueprint, Response, current_app

from vssid import directory
from vssid.kernel.clock import today
from vssid.support import chat
from vssid.web import db, pages
from vssid.web.guards import public
from vssid.web.published import published

bp = Blueprint("support", __name__, url_prefix="/ho-tro")
HOTLINE_HOURS = "tong_dai.gio"  # words of the operator: when somebody answers


@bp.get("")
@published
@public
def index() -> Response:
    """The hub."""
    province = directory.province_agency(db.session, current_app.config["SETTINGS"].province)
    hours = directory.parameter(db.session, HOTLINE_HOURS, today())
    chat_hours = chat.hours(db.session, today())
    return pages.page(
        "support/index.html",
        hours=hours.value if hours else "",
        chat_hours=[group.label for group in chat_hours.groups] if chat_hours else [],
        email=province.email if province else "",
        agency=province.name if province else "",
        active="ho-tro",
    )
