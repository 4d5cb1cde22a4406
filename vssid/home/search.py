"""Tìm kiếm: all that is written for everybody, and the way to the lists and to the assistant with the same words."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, request

from vssid import accounts, newsroom
from vssid.kernel.clock import day_of, now
from vssid.lookups.lists.rules import SHEETS, Wanted
from vssid.newsroom import Kind
from vssid.web import db, errors, pages
from vssid.web.flood import QUESTIONS_A_MINUTE, TOO_MANY, Flood
from vssid.web.guards import public
from vssid.web.i18n import LANGUAGES, language
from vssid.web.published import published

bp = Blueprint("search", __name__)
LAST_PAGE = 9
_KINDS = {kind.section.rpartition("/")[2]: kind for kind in Kind if kind.section}


def init_app(app: Flask) -> None:
    """Open the window."""
    app.extensions["search.flood"] = Flood(QUESTIONS_A_MINUTE)
    app.register_blueprint(bp)


@bp.get("/tim-kiem")
@published
@public
def show() -> Response:
    """The form, what was found, and where else the same words may be looked for."""
    text, section = pages.query_text("q", newsroom.LONGEST_SEARCH), pages.query_text("loai", 20)
    number = pages.query_number("trang", LAST_PAGE)
    if text and not current_app.extensions["search.flood"].takes(accounts.network()):
        return errors.error_page(429, text=TOO_MANY, headers={"Retry-After": "60"})
    kind = _KINDS.get(section)
    found = newsroom.find(db.session, text, language(), now(), kind=kind, page=number)
    return pages.page(
        "home/search.html",
        block="found" if "q" in request.args else "main",
        text=text,
        kind=kind,
        section=section if kind else "",
        kinds=[(one, _address(text, slug)) for slug, one in _KINDS.items() if one in found.kinds],
        everything=_address(text),
        found=found,
        rows=[(hit, LANGUAGES[hit.language][1], day_of(hit.publish_at)) for hit in found.hits],
        following=_address(text, section if kind else "", number + 1) if found.more and number < LAST_PAGE else None,
        assistant=_with("/ho-tro/tro-ly", {"cau-hoi": text}),
        lists=[(sheet, Wanted(text).address(sheet.slug)) for sheet in SHEETS],
        active="tim-kiem",
    )


def _address(text: str, section: str = "", number: int = 0) -> str:
    return _with("/tim-kiem", {"q": text, "loai": section, "trang": number})


def _with(path: str, asked: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path
