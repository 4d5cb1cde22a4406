"""/xac-minh: is this paper from us? And the list of what one has printed, to take a code back."""

import json
from base64 import b64encode
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from vssid import accounts
from vssid.attesting import actions, keys, queries
from vssid.attesting.actions import Found
from vssid.attesting.queries import Reader
from vssid.attesting.rules import CHECKS_AN_HOUR, LONGEST_TYPED, Document, spoken, telling
from vssid.kernel.clock import now, today
from vssid.kernel.labels import N_, Refused
from vssid.web import db, pages
from vssid.web.forms import Form, line
from vssid.web.guards import citizen, public, reaches, wards
from vssid.web.htmx import is_fragment_request

bp = Blueprint("attesting", __name__)
PAGE = "attesting/check.html"
TOO_OFTEN = N_("Nơi này đã kiểm tra quá nhiều lần trong một giờ. Hãy thử lại sau.")


class CheckForm(Form):
    """Mã xác minh, typed or scanned."""

    code = line(
        _l("Mã xác minh"),
        LONGEST_TYPED,
        _l("Hãy gõ mã xác minh in trên giấy."),
        description=_l("16 ký tự in trên giấy, ví dụ 7K3M-9QX2-BDFG-2345; không phân biệt chữ hoa, chữ thường."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


@bp.get("/xac-minh")
@public
def ask() -> Response:
    """Where to type the code; a scanned one is filled in from the address by a script."""
    return pages.page(PAGE, form=CheckForm(formdata=None), found=None)


@bp.post("/xac-minh")
@public
def check() -> Response:
    """What we know of the document; the check counts, and the owner is told of it."""
    form = CheckForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, form=form, found=None)
    limiter = current_app.extensions["limiter"]
    if not limiter.allow("document-check", accounts.network(), *CHECKS_AN_HOUR, now()):
        form.refuse(Refused(TOO_OFTEN))
        return pages.refused(PAGE, status=422 if is_fragment_request() else 429, form=form, found=None)
    specimen = current_app.extensions.get("specimen", bool)()
    found: Found = actions.check(db.session, form.code.data or "", specimen=specimen, at=now())
    db.commit()
    return pages.page(PAGE, status=200 if found.kind else 422, form=form, found=found)


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
