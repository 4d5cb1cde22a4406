"""/can-bo/nhap-lieu: a file is sent, read by itself, shown with what it would change, and taken over on a second word."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.imports import undoing
from vssid.imports.desk import actions, columns, queries
from vssid.imports.desk.forms import SendForm
from vssid.imports.desk.queries import Told
from vssid.imports.kinds import KINDS
from vssid.imports.rules import LARGEST_UPLOAD, UPLOADS_A_DAY, State, Tag
from vssid.imports.ways import named, way_of
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused, unpacked
from vssid.kernel.tables import csv_bytes
from vssid.kernel.text import one_line
from vssid.officers import Permission
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.i18n import moment, say

bp = Blueprint("imports_desk", __name__, url_prefix="/can-bo/nhap-lieu")
IMPORT = Permission.IMPORT
KEY = "imports"
LONGEST_NAME = 200
TOO_OFTEN = N_("Hôm nay bạn đã gửi 50 tệp. Hãy gộp tệp, hoặc gửi tiếp vào ngày mai.")
TOO_LARGE = N_("Tệp lớn hơn 20 MB. Hãy chia nhỏ tệp, hoặc nhập bằng lệnh trên máy chủ.")
EMPTY = N_("Tệp rỗng.")


def _store() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


@bp.get("")
@officer(IMPORT)
def list_runs() -> Response:
    """The form, and the runs of late."""
    return _list(SendForm(formdata=None, data={"as_of": today()}))


def _list(form: SendForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    rows = [_facts(told) for told in queries.newest(db.session)]
    return pages.page("imports/runs.html", status=status, form=form, rows=rows, active=KEY)


def _facts(told: Told) -> dict[str, Any]:
    kind = named(told.run.kind)
    return {"run": told.run, "officer": told.officer, "kind": kind.label if kind else told.run.kind,
            "state": State(told.run.state), "refusal": unpacked(told.run.refusal) if told.run.refusal else None}  # fmt: skip


@bp.post("")
@fresh
@officer(IMPORT)
def send() -> Response:
    """Keep the file; `flask work` reads it."""
    form, me, at = SendForm(), officers.me(), now()
    try:
        if form.validate_on_submit():
            name, body = _sent()
            if not current_app.extensions["limiter"].allow("import-sent", str(me.id), *UPLOADS_A_DAY, at):
                raise Refused(TOO_OFTEN)
            kind, day = form.kind.data, form.as_of.data
            id = actions.send(db.session, _store(), kind, name, body, as_of=day, by=me, at=at)
            return pages.after_post(_("Đã nhận tệp."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _list(form, 422)


def _sent() -> tuple[str, bytes]:
    file = request.files.get("file")
    body = file.read(LARGEST_UPLOAD + 1) if file else b""
    if len(body) > LARGEST_UPLOAD:
        raise Refused(TOO_LARGE, "file")
    if not body:
        raise Refused(EMPTY, "file")
    return one_line(file.filename or "" if file else "")[:LONGEST_NAME], body


@bp.get("/<uuid:id>")
@reaches("import")
@officer(IMPORT)
def show(id: UUID) -> Response:
    """How far it has been read, what it would change, what became of it."""
    told = queries.one(db.session, id) or abort(404)
    facts = _facts(told)
    waits = facts["state"] is State.STAGED and told.run.file_id is not None
    if waits:
        # What the register holds stands beside the file's rows: that somebody saw it is noted, like any look.
        me = officers.me()
        with unit(db.engine()) as session:
            changes = len(told.run.sample)
            audit.record(session, Tag.SHOWN, me.by, ("import_run", id), now(), agency=me.agency_code, changes=changes)
    way = way_of(told.run.kind)
    rows = [(line, columns.row(way.shown(data))) for line, data in queries.first_rows(db.session, id)] if waits else []
    undoable = facts["state"] in undoing.ENDED and undoing.hindrance(db.session, told.run, now()) is None
    shown = {
        **facts, "waits": waits, "rows": rows, "whole": way.whole, "undoable": undoable, "head": columns.head,
        "counted": _counted(way.whole), "absent": _absent(told, facts["state"]), "problems": [(line, column, unpacked(words)) for line, column, words in told.run.problems], "active": KEY,
    }  # fmt: skip
    # Taken over in part: what is noted of it can be taken back, and it must not be said that nothing was.
    if undoable and facts["state"] in (State.FAILED, State.ABANDONED):
        shown["partly"] = True
    return pages.page("imports/run.html", block="progress", **shown)


def _absent(told: Told, state: State) -> int:
    """How many entries of a directory are not in the file: it changes nothing of them."""
    held = queries.held(db.session, told.run.kind) if state in (State.STAGED, State.DONE) else None
    if held is None:
        return 0
    among = ("changed", "same") if state is State.STAGED else ("new", "changed", "same")
    return max(0, held - sum(told.run.counts.get(name, 0) for name in among))


@bp.get("/cot")
@officer(IMPORT)
def list_columns() -> Response:
    """Which columns a table of each kind has."""
    return pages.page("imports/columns.html", kinds=KINDS.values(), active=KEY)


@bp.get("/mau/<kind>.csv")
@officer(IMPORT)
def template(kind: str) -> Response:
    """A file of this kind without rows, to be filled in."""
    sheet = (KINDS.get(kind) or abort(404)).sheet
    headers = {"Content-Disposition": f'attachment; filename="mau-{kind}.csv"'}
    return Response(csv_bytes([sheet.columns]), mimetype="text/csv", headers=headers)


@bp.post("/<uuid:id>/nhap")
@fresh
@reaches("import")
@officer(IMPORT)
def agree(id: UUID) -> Response:
    """Take the rows over."""
    return _moved(id, lambda: actions.agree(db.session, id, by=officers.me(), at=now()), _("Đã đồng ý, đang nhập."))


@bp.post("/<uuid:id>/bo")
@reaches("import")
@officer(IMPORT)
def give_up(id: UUID) -> Response:
    """Take nothing over."""
    return _moved(id, lambda: actions.give_up(db.session, id, by=officers.me(), at=now()), _("Đã bỏ, chưa nhập gì."))


@bp.get("/<uuid:id>/hoan-tac")
@reaches("import")
@officer(IMPORT)
def undo_form(id: UUID) -> Response:
    """How much would be taken back, before it is."""
    told = queries.one(db.session, id) or abort(404)
    if undoing.hindrance(db.session, told.run, now()) is not None:
        abort(404)
    kind = named(told.run.kind)
    personal = kind is None or kind.personal
    return pages.page("imports/undo.html", **_facts(told), personal=personal, active=KEY)


@bp.post("/<uuid:id>/hoan-tac")
@fresh
@reaches("import")
@officer(IMPORT)
def undo(id: UUID) -> Response:
    """Have it taken back."""
    return _moved(id, lambda: actions.undo(db.session, id, by=officers.me(), at=now()), _("Đang hoàn tác."))


def _moved(id: UUID, move: Any, words: str) -> Response:
    try:
        move()
    except Refused as refusal:
        db.abandon()
        if queries.one(db.session, id) is None:
            abort(404)
        return pages.after_post(refusal.label, url_for(".show", id=id))
    return pages.after_post(words, url_for(".show", id=id))


@bp.get("/<uuid:id>/ket-qua.csv")
@reaches("import")
@officer(IMPORT)
def result(id: UUID) -> Response:
    """How a run ended, to be filed: the file with its digest, who sent it, what became of its rows."""
    told = queries.one(db.session, id) or abort(404)
    run, facts = told.run, _facts(told)
    if run.ended_at is None:
        abort(404)
    lines = [
        (_("Loại dữ liệu"), say(facts["kind"])), (_("Tệp"), run.file_name), ("SHA-256", run.file_digest),
        (_("Người gửi"), told.officer or _("Dòng lệnh")), (_("Lúc gửi"), moment(run.started_at)),
        (_("Lúc kết thúc"), moment(run.ended_at)), (_("Tình trạng"), say(facts["state"].label)),
        *((label, str(run.counts.get(name, 0))) for label, name in _counted(way_of(run.kind).whole)),
    ]  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="ket-qua-{run.kind}.csv"', "Cache-Control": "no-store"}
    return Response(csv_bytes(lines), mimetype="text/csv", headers=headers)


def _counted(whole: bool) -> list[tuple[str, str]]:
    """What is counted of a run: rows of a table, or HOSO."""
    return [
        (_("Dòng đã đọc") if whole else _("Hồ sơ đã đọc"), "read"), (_("Mới"), "new"), (_("Thay đổi"), "changed"),
        (_("Như đang có"), "same"), (_("Bị từ chối"), "refused"),
    ]  # fmt: skip


@bp.get("/<uuid:id>/loi.csv")
@reaches("import")
@officer(IMPORT)
def errors(id: UUID) -> Response:
    """Every problem with its row; that it was fetched is noted."""
    told = queries.one(db.session, id) or abort(404)
    if told.run.errors_id is None:
        abort(404)
    body = _store().read(db.session.get_one(StoredFile, told.run.errors_id))
    me = officers.me()
    with unit(db.engine()) as session:
        audit.record(session, Tag.FETCHED, me.by, ("import_run", id), now(), agency=me.agency_code)
    headers = {"Content-Disposition": f'attachment; filename="loi-{told.run.kind}.csv"', "Cache-Control": "no-store"}
    return Response(body, mimetype="text/csv", headers=headers)
