"""The public keys, and the list of what one has printed, to take a code back."""

import json
from base64 import b64encode
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.attesting import actions, keys, queries
from vssid.attesting.queries import Reader
from vssid.attesting.rules import Document, spoken, telling
from vssid.kernel.clock import now, today
from vssid.web import db, pages
from vssid.web.guards import citizen, public, reaches, wards

bp = Blueprint("attesting", __name__)


@bp.get("/xac-minh/khoa.json")
@public
def public_keys() -> Response:
    """The public keys with their days, for whoever checks seals with a program of their own."""
    found = [
        {
            "khoa": one.id,
            "ed25519": b64encode(one.public).decode(),
            "tu_ngay": one.since.isoformat(),
            "thoi_ky_tu": one.retired_on.isoformat() if one.retired_on else None,
            "thu_hoi_ngay": one.revoked_on.isoformat() if one.revoked_on else None,
        }
        for one in keys.published(db.session)
    ]
    return Response(json.dumps({"khoa_cong_khai": found}, indent=1), mimetype="application/json")


@bp.get("/ca-nhan/giay-co-ma")
@citizen
def listing() -> Response:
    """What was printed with a code: of oneself by whomever, of children by oneself."""
    after = request.args.get("sau", "")
    try:
        key = UUID(after) if after else None
    except ValueError:
        key = None
    rows, following = queries.page(db.session, _reader(), key)
    shown = [(row, Document(row.kind), spoken(row.code), row.last_day >= today(), telling(row.facts)) for row in rows]
    next_url = url_for(".listing", sau=following) if following else None
    return pages.page("attesting/printed.html", rows=shown, following=next_url, active="ca-nhan")


@bp.post("/ca-nhan/giay-co-ma/<uuid:id>/thu-hoi")
@reaches("document")
@citizen
def withdraw(id: UUID) -> Response:
    """Take a document's code back."""
    reader = _reader()
    row = queries.one(db.session, reader, id) or abort(404)
    actions.withdraw(db.session, row, by=accounts.me().by, at=now())
    return pages.after_post(
        _("Đã thu hồi mã. Ai kiểm tra giấy này sẽ thấy giấy không còn dùng được."), url_for(".listing")
    )


def _reader() -> Reader:
    me = accounts.me()
    return Reader(me.id, me.person_id, wards())
