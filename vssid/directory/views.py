"""Pickers for forms: wards and agencies as radio rows, whole small pages when they are opened by themselves."""

from collections.abc import Sequence

from flask import Blueprint, Response

from vssid.directory import offices, queries
from vssid.directory.models import Agency
from vssid.web import pages
from vssid.web.db import db
from vssid.web.guards import public
from vssid.web.htmx import is_fragment_request

bp = Blueprint("directory", __name__, url_prefix="/dia-ban")

_NEAREST = 3


@bp.get("/phuong-xa")
@public
def wards() -> Response:
    """Wards that match `q`, within the province `tinh` if named; without `q` all of that province."""
    province, text = pages.query_text("tinh", 2), pages.query_text("q", 100)
    found = (
        queries.search_wards(db.session(), text, province or None)
        if text
        else queries.places_in(db.session(), province)
    )
    return _part_may_be_kept(
        pages.page(
            "directory/wards.html",
            block="options",
            wards=found,
            chosen=pages.query_text("chon", 5),
            provinces=queries.provinces(db.session()),
            province=province,
            text=text,
        )
    )


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
