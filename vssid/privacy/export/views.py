"""Tải dữ liệu của tôi: ask with the password, see whether it is ready, fetch it within a day."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.privacy.export import making
from vssid.privacy.export.forms import ExportForm
from vssid.privacy.rules import EXPORT_LIFE, EXPORTS_A_DAY, Tag
from vssid.registration import house
from vssid.web import db, pages
from vssid.web.guards import citizen
from vssid.web.i18n import language

bp = Blueprint("exports", __name__, url_prefix="/tai-khoan/du-lieu/xuat")
PAGE = "privacy/export.html"
TOO_OFTEN = N_("Hôm nay bạn đã tạo bản dữ liệu ba lần. Hãy dùng bản đã tạo, hoặc thử lại vào ngày mai.")


@bp.get("")
@citizen
def show() -> Response:
    """The form, or how far the copy is; asked again every two seconds while it is being made."""
    return pages.page(PAGE, block="state", **_context(ExportForm(formdata=None)))


def _context(form: ExportForm) -> dict[str, Any]:
    last = making.newest(db.session, accounts.me().person_id)
    over = last is not None and last.requested_at + EXPORT_LIFE < now()
    return {
        "form": form,
        "export": None if over else last,
        "waiting": last is not None and not over and last.state == "waiting",
        "until": last.requested_at + EXPORT_LIFE if last else None,
        "active": "tai-khoan",
    }


@bp.post("")
@citizen
def ask() -> Response:
    """Have a copy made: the password first, then three a day."""
    form = ExportForm()
    try:
        if form.validate_on_submit():
            me, at = accounts.me(), now()
            _check_password(form.password.data)
            if not current_app.extensions["limiter"].allow("data-export", str(me.person_id), *EXPORTS_A_DAY, at):
                raise Refused(TOO_OFTEN)
            making.request(db.session, house(), me.id, language(), by=me.by, at=at)
            db.commit()
            return pages.after_post(
                _("Đã nhận yêu cầu."), url_for(".show"), PAGE, block="state", **_context(ExportForm(formdata=None))
            )
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return pages.refused(PAGE, block="state", **_context(form))


def _check_password(password: str) -> None:
    accounts.check_own_password(accounts.me().id, password, "password")


@bp.get("/du-lieu.zip")
@citizen
def fetch() -> Response:
    """The copy; that it was fetched is noted."""
    me = accounts.me()
    last = making.newest(db.session, me.person_id)
    if last is None or last.file_id is None or last.requested_at + EXPORT_LIFE < now():
        abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(db.session.get_one(StoredFile, last.file_id))
    with unit(db.engine()) as session:
        audit.record(session, Tag.EXPORT_FETCHED, me.by, ("person", me.person_id), now())
    headers = {
        "Content-Disposition": 'attachment; filename="du-lieu-cua-toi.zip"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, mimetype="application/zip", headers=headers)
