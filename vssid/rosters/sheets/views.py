"""In phiếu: ask for the sheets, see whether they are ready, fetch them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for

from vssid import organisations
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.organisations import Permission
from vssid.rosters import queries
from vssid.rosters.models import Roster
from vssid.rosters.rules import PRINTS, Tag
from vssid.rosters.sheets import printing
from vssid.web import db, pages
from vssid.web.guards import member, reaches

bp = Blueprint("roster_prints", __name__, url_prefix="/to-chuc/danh-sach")
TOO_OFTEN = N_("Hôm nay tổ chức đã tạo phiếu quá nhiều lần. Hãy dùng tệp đã tạo, hoặc tạo lại vào ngày mai.")


def _mine(id: UUID) -> Roster:
    return queries.roster_of(db.session, organisations.me().organisation_id, id) or abort(404)


def _context(roster: Roster) -> dict[str, Any]:
    last = printing.newest(db.session, roster.id)
    return {"roster": roster, "print": last, "waiting": last is not None and last.state == "waiting"}


@bp.get("/<uuid:id>/in")
@reaches("roster")
@member(Permission.ROSTERS)
def show(id: UUID) -> Response:
    """Whether the sheets are ready; asked again every two seconds while they are being made."""
    return pages.page("rosters/print.html", block="state", **_context(_mine(id)))


@bp.post("/<uuid:id>/in")
@reaches("roster")
@member(Permission.ROSTERS)
def request_print(id: UUID) -> Response:
    """Have the sheets made; making them costs a processor's time, so wishes are counted."""
    whose = str(organisations.me().organisation_id)
    if not current_app.extensions["limiter"].allow("roster-print", whose, *PRINTS, now()):
        raise Refused(TOO_OFTEN)
    roster = _mine(id)
    printing.request(db.session, roster, by=organisations.me().by, at=now())
    db.commit()
    return pages.after_post(None, url_for(".show", id=id), "rosters/print.html", block="state", **_context(roster))


@bp.get("/<uuid:id>/in.pdf")
@reaches("roster")
@member(Permission.ROSTERS)
def sheets(id: UUID) -> Response:
    """The sheets; that somebody fetched them is noted."""
    roster = _mine(id)
    last = printing.newest(db.session, roster.id)
    if last is None or last.file_id is None:
        abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(db.session.get_one(StoredFile, last.file_id))
    with unit(db.engine()) as session:
        audit.record(session, Tag.EXPORTED, organisations.me().by, ("roster", roster.id), now(), what="sheets")
    headers = {"Content-Disposition": 'inline; filename="phieu-nop-to-khai.pdf"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="application/pdf", headers=headers)
