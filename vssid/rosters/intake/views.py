"""Tải danh sách lên: a file is checked and shown first, saved on a second word; templates to fill in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import organisations
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Refused
from vssid.kernel.tables import Problem, csv_bytes, empty_workbook, listed
from vssid.organisations import OrganisationKind, Permission
from vssid.rosters import actions, queries
from vssid.rosters.intake import staging
from vssid.rosters.intake.checking import read
from vssid.rosters.intake.forms import SaveForm, UploadForm
from vssid.rosters.models import RosterUpload
from vssid.rosters.rules import LARGEST_BYTES, SHEET, UPLOADS, Reading, check_title
from vssid.rosters.views import download
from vssid.web import db, pages
from vssid.web.guards import member, reaches
from vssid.web.i18n import say

bp = Blueprint("roster_uploads", __name__, url_prefix="/to-chuc/danh-sach/tai-len")
PROBLEMS_PAGE = 50
TOO_OFTEN = N_("Hôm nay tổ chức đã tải lên quá nhiều tệp. Hãy gộp các lớp vào một tệp, hoặc tải tiếp vào ngày mai.")


def _store() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


@bp.get("/mau.<kind>")
@member(Permission.ROSTERS)
def template(kind: str) -> Response:
    """An empty table with the names of the columns."""
    if kind == "csv":
        body, media = csv_bytes([SHEET.columns]), "text/csv"
    elif kind == "xlsx":
        body = empty_workbook(SHEET.columns)
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        abort(404)
    return download(body, f"danh-sach-mau.{kind}", media)


@bp.get("")
@member(Permission.ROSTERS)
def form() -> Response:
    """A file and a title."""
    return pages.page("rosters/upload.html", form=UploadForm(formdata=None, data={"title": _usual_title()}))


def _usual_title() -> str:
    """The school year, which is prepared from July on; the year for who is no school."""
    organisation = organisations.by_id(db.session, organisations.me().organisation_id)
    if organisation is None or organisation.kind != OrganisationKind.SCHOOL:
        return _("Danh sách năm %(year)s", year=today().year)
    begins = today().year if today().month >= 7 else today().year - 1
    return _("Năm học %(year)s–%(next)s", year=begins, next=begins + 1)


@bp.post("")
@member(Permission.ROSTERS)
def send() -> Response:
    """Check the file and keep what was found for a day; nothing is in the roster yet."""
    form_ = UploadForm()
    try:
        if not form_.validate_on_submit():
            return pages.refused("rosters/upload.html", form=form_)
        check_title(form_.title.data)
        limiter = current_app.extensions["limiter"]
        # Before it is read: a file that cannot be costs the workshop as much as one that can.
        if not limiter.allow("roster-upload", str(organisations.me().organisation_id), *UPLOADS, now()):
            raise Refused(TOO_OFTEN, "file")
        found = _read()
        upload = staging.keep(db.session, _store(), organisations.me().organisation_id, form_.title.data, found, now())
    except Refused as refusal:
        form_.refuse(refusal)
        return pages.refused("rosters/upload.html", form=form_)
    return pages.after_post(None, url_for(".look", id=upload.id))


def _read() -> Reading:
    file = request.files.get("file")
    data = file.read(LARGEST_BYTES + 1) if file else b""
    return read(current_app.extensions["workshop"], data, today())


def _mine(id: UUID) -> RosterUpload:
    return queries.upload_of(db.session, organisations.me().organisation_id, id) or abort(404)


@bp.get("/<uuid:id>")
@reaches("roster_upload")
@member(Permission.ROSTERS)
def look(id: UUID) -> Response:
    """What is new, changed, the same and refused, before anything is saved."""
    upload = _mine(id)
    return pages.page("rosters/look.html", **_context(upload, SaveForm(formdata=None)))


def _context(upload: RosterUpload, form_: SaveForm) -> dict[str, Any]:
    content = staging.opened(db.session, _store(), upload)
    at = min(max(request.args.get("trang", 1, type=int), 1), 1000)
    problems = content.problems[(at - 1) * PROBLEMS_PAGE : at * PROBLEMS_PAGE]
    more = len(content.problems) > at * PROBLEMS_PAGE
    return {
        "upload": upload,
        "form": form_,
        "found": actions.difference(db.session, upload.organisation_id, upload.title, content),
        "read": len(content.rows) + content.refused,
        "refused": content.refused,
        "good": len(content.rows),
        "ignored": listed(content.ignored) if content.ignored else "",
        "problems": problems,
        "count": len(content.problems),
        "following": url_for(".look", id=upload.id, trang=at + 1) if more else None,
        "previous": url_for(".look", id=upload.id, trang=at - 1) if at > 1 else None,
    }


@bp.get("/<uuid:id>/loi.csv")
@reaches("roster_upload")
@member(Permission.ROSTERS)
def problems_file(id: UUID) -> Response:
    """Every problem with line, column and words."""
    content = staging.opened(db.session, _store(), _mine(id))
    return download(csv_bytes([("dong", "cot", "loi"), *map(_cells, content.problems)]), "loi-danh-sach.csv")


def _cells(problem: Problem) -> tuple[str, str, str]:
    return str(problem.line), problem.column, say(problem.label)


@bp.post("/<uuid:id>/luu")
@reaches("roster_upload")
@member(Permission.ROSTERS)
def save(id: UUID) -> Response:
    """Take the good rows into the roster."""
    form_ = SaveForm()
    with reading(db.engine()) as session:
        kept = queries.upload_of(session, organisations.me().organisation_id, id) or abort(404)
        content = staging.opened(session, _store(), kept)
    upload = _mine(id)
    try:
        roster, found = actions.save(
            db.session, upload, content, drop_gone=bool(form_.drop_gone.data), by=organisations.me().by, at=now()
        )
    except Refused as refusal:
        form_.refuse(refusal)
        db.abandon()
        return pages.refused("rosters/look.html", **_context(_mine(id), form_))
    words = _(
        "Đã lưu danh sách: %(new)d người mới, %(changed)d thay đổi, %(same)d giữ nguyên.",
        new=found.new,
        changed=found.changed,
        same=found.same,
    )
    return pages.after_post(words, url_for("rosters.show", id=roster.id))


@bp.post("/<uuid:id>/bo")
@reaches("roster_upload")
@member(Permission.ROSTERS)
def give_up(id: UUID) -> Response:
    """Save nothing of it."""
    actions.discard(db.session, _mine(id))
    return pages.after_post(_("Đã bỏ tệp này. Danh sách không thay đổi."), url_for(".form"))
