"""Trang chủ."""

from flask import Blueprint, Response

from vssid.web import pages
from vssid.web.guards import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> Response:
    """Signed out: what this is and the two ways in. Signed in: the card first, then one's own things."""
    return pages.page("home/index.html")
