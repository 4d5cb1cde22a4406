"""/thong-bao/bang.json: what a phone keeps of the board, to be shown without network."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, current_app

from vssid.kernel.clock import now
from vssid.notices.board.rules import Item, Place
from vssid.notices.words import CODES
from vssid.web.guards import public
from vssid.web.published import published

bp = Blueprint("board", __name__, url_prefix="/thong-bao")


@bp.get("/bang.json")
@published
@public
def board() -> Response:
    """What stands on anybody's pages or soon will, in all languages: {bang: [{muc, chu, tu, den}]}, times in seconds."""
    standing: Callable[[], list[Item]] = current_app.extensions["board.items"]
    at = now()
    found = [
        {
            "muc": one.severity.value,
            "chu": {code: getattr(one.words, code) for code in CODES if getattr(one.words, code)},
            "tu": int(one.begins_at.timestamp()),
            "den": int(one.ends_at.timestamp()),
        }
        for one in sorted(standing(), key=lambda one: (one.severity.rank, one.ends_at))
        if one.ends_at > at and one.place in (Place.EVERYWHERE, Place.PUBLIC)
    ]
    body = json.dumps({"luc": int(at.timestamp()), "bang": found}, ensure_ascii=False, separators=(",", ":"))
    return Response(body, mimetype="application/json", headers={"Cache-Control": "public, max-age=60"})
