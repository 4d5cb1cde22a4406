"""A roster on the screen: classes with their counts, who is missing, the list of the missing as a file."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from vssid import organisations
from vssid.kernel import audit
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.tables import csv_bytes
from vssid.organisations import Permission
from vssid.records import PartialDate
from vssid.rosters import actions, queries
from vssid.rosters.models import Roster
from vssid.rosters.queries import Key, Shown
from vssid.rosters.rules import SHEET, Tag, class_key
from vssid.web import db, pages
from vssid.web.guards import member, reaches
from vssid.web.i18n import say

bp = Blueprint("rosters", __name__, url_prefix="/to-chuc/danh-sach")


def download(body: bytes, name: str, media: str = "text/csv") -> Response:
    """A file to keep; nothing of it stays in caches."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype=media, headers=headers)


@bp.get("")
@member(Permission.ROSTERS)
def list_all() -> Response:
    """The organisation's rosters."""
    return pages.page("rosters/list.html", lines=queries.lines(db.session, organisations.me().organisation_id))


@bp.get("/<uuid:id>")
@reaches("roster")
@member(Permission.ROSTERS)
def show(id: UUID) -> Response:
    """Classes with what is missing, and the rows of one of them or of all; that it was looked at is noted."""
    roster = _mine(id)
    _note(Tag.VIEWED, roster)
    return pages.page("rosters/show.html", **_context(roster))


def _mine(id: UUID) -> Roster:
    return queries.roster_of(db.session, organisations.me().organisation_id, id) or abort(404)


def _note(tag: Tag, roster: Roster) -> None:
    with unit(db.engine()) as session:
        audit.record(session, tag, organisations.me().by, ("roster", roster.id), now())


def _chosen() -> tuple[str | None, bool]:
    """The class in the address, as it is told apart from others, and whether only the missing are wanted."""
    named = class_key(pages.query_text("lop", 200)) if "lop" in request.args else None
    return named, request.args.get("thieu") == "1"


def _context(roster: Roster) -> dict[str, Any]:
    chosen, missing_only = _chosen()
    shown, last = queries.page(db.session, roster.id, chosen, missing_only, _key(pages.query_text("sau", 300)))
    address: dict[str, Any] = {"id": roster.id, "lop": chosen, "thieu": 1 if missing_only else None}
    following = url_for(".show", **address, sau=f"{last[1]}_{last[2]}_{last[0]}") if last else None
    counted = queries.classes(db.session, roster.id)
    return {
        "roster": roster,
        "classes": counted,
        "people": sum(one.people for one in counted),
        "missing": sum(one.missing for one in counted),
        "chosen": chosen,
        "missing_only": missing_only,
        "rows": [_shown(one) for one in shown],
        "following": following,
        "may_delete": Permission.MANAGE in organisations.me().permissions,
    }


def _key(text: str) -> Key | None:
    line, _sep, rest = text.partition("_")
    id, _sep, class_ = rest.partition("_")
    try:
        return class_, int(line[:9]), UUID(id)
    except ValueError:
        return None


def _shown(one: Shown) -> dict[str, Any]:
    return {"row": one.row, "state": one.state, "birth": PartialDate.parse(one.row.birth_date).vn()}


@bp.get("/<uuid:id>/con-thieu.csv")
@reaches("roster")
@member(Permission.ROSTERS)
def missing_file(id: UUID) -> Response:
    """Who is missing, in the columns of a roster and with the state."""
    roster = _mine(id)
    _note(Tag.EXPORTED, roster)
    table = [(*SHEET.columns, "tinh_trang")]
    for row, state in queries.missing(db.session, roster.id, _chosen()[0]):
        birth = PartialDate.parse(row.birth_date).vn()
        table.append((row.ma_so_bhxh, row.full_name, birth, row.class_name, row.guardian_ma_so, say(state.label)))
    return download(csv_bytes(table), "con-thieu.csv")


@bp.post("/<uuid:id>/xoa")
@reaches("roster")
@member(Permission.MANAGE)
def delete(id: UUID) -> Response:
    """Destroy a roster; what its people have sent stays."""
    roster = _mine(id)
    actions.remove(db.session, roster, by=organisations.me().by, at=now())
    return pages.after_post(_("Đã xoá danh sách %(title)s.", title=roster.title), url_for(".list_all"))
