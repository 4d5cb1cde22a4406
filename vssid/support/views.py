"""/ho-tro: every way to get help, on one page that is the same for everybody."""

from flask import Blueprint, Response, current_app

from vssid import directory
from vssid.kernel.clock import today
from vssid.web import db, pages
from vssid.web.guards import public
from vssid.web.published import published

bp = Blueprint("support", __name__, url_prefix="/ho-tro")
# Rooms that this one does not know: a row for each that is there.
ANSWERS, GUIDES, ASSISTANT = "/ho-tro/hoi-dap", "/huong-dan", "/ho-tro/tro-ly"
HOTLINE_HOURS = "tong_dai.gio"  # words of the operator: when somebody answers


@bp.get("")
@published
@public
def index() -> Response:
    """The hub."""
    province = directory.province_agency(db.session, current_app.config["SETTINGS"].province)
    hours = directory.parameter(db.session, HOTLINE_HOURS, today())
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    return pages.page(
        "support/index.html",
        answers=ANSWERS if ANSWERS in there else "",
        guides=GUIDES if GUIDES in there else "",
        assistant=ASSISTANT if ASSISTANT in there else "",
        hours=hours.value if hours else "",
        email=province.email if province else "",
        agency=province.name if province else "",
        active="ho-tro",
    )
