"""Pickers for forms: places and agencies as parts of a form, whole small pages when they are opened by themselves."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request

from vssid.directory import offices, picker, queries
from vssid.directory.models import Agency
from vssid.directory.rules import Hit
from vssid.directory.search import search_wards
from vssid.web import pages
from vssid.web.db import db
from vssid.web.guards import public
from vssid.web.htmx import is_fragment_request

bp = Blueprint("directory", __name__, url_prefix="/dia-ban")

_NEAREST = 3


@bp.get("/chon")
@public
def choose() -> Response:
    """The picker for what is chosen so far: the part that every form with a place renews."""
    shown = picker.context(db.session(), request.args, current_app.config["SETTINGS"].province)
    return _part_may_be_kept(pages.page("directory/choose.html", block="picker", **shown))


@bp.get("/phuong-xa")
@public
def wards() -> Response:
    """Wards that match `q`, within the province `tinh` if named; without `q` all of that province."""
    province, text = pages.query_text("tinh", 2), pages.query_text("q", 100)
    found = search_wards(db.session(), text, province or None) if text else _all_of(province)
    return _part_may_be_kept(
        pages.page(
            "directory/wards.html",
            block="options",
            hits=found,
            chosen=pages.query_text("chon", 10),
            provinces=queries.provinces(db.session()),
            province=province,
            text=text,
        )
    )


def _all_of(province: str) -> list[Hit]:
    return [Hit(place.code, place.label, (place,)) for place in queries.places_in(db.session(), province)]


@bp.get("/co-quan")
@public
def agencies() -> Response:
    """Agencies that match `q` (below `cha` if named); without `q` the nearest to the ward `xa`, or those below `cha`."""
    text, parent, ward = pages.query_text("q", 100), pages.query_text("cha", 5), pages.query_text("xa", 5)
    return _part_may_be_kept(
        pages.page(
            "directory/agencies.html",
            block="rows",
            agencies=_agencies(text, parent, ward),
            chosen=pages.query_text("chon", 5),
            text=text,
            parent=parent,
        )
    )


def _agencies(text: str, parent: str, ward: str) -> Sequence[Agency]:
    if text:
        return offices.search_agencies(db.session(), text, parent_code=parent)
    if ward and not parent:
        return [near.agency for near in offices.nearest_agencies(db.session(), ward, _NEAREST)]
    top = offices.agency(db.session(), parent) if parent else None
    return [*([top] if top else []), *offices.agency_children(db.session(), parent)]


def _part_may_be_kept(answer: Response) -> Response:
    """The part holds nothing personal, only words in the reader's language; the page around it greets people by name."""
    if is_fragment_request():
        answer.headers["Cache-Control"] = "public, max-age=3600"
        answer.vary.update(("Cookie", "Accept-Language"))
    return answer
