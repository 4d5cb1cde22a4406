"""/can-bo/bang-tin: what stands, what will and what did; written, changed and taken down."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Label, Refused
from vssid.notices.board import actions, queries
from vssid.notices.board.forms import ItemForm
from vssid.notices.board.rules import Known, Place, Severity
from vssid.officers import Permission
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("board_desk", __name__, url_prefix="/can-bo/bang-tin")
MANAGE = Permission.NOTICES_MANAGE
KEY = "board"
LONGEST_KEY = 80
USUAL = timedelta(days=1)


@bp.get("")
@officer(MANAGE)
def list_items() -> Response:
    """What has not ended, then what has."""
    at = now()
    after = _key(pages.query_text("sau", LONGEST_KEY))
    past = queries.past(db.session, at, after)
    following = f"{past.following[0].isoformat()}_{past.following[1]}" if past.following else None
    return pages.page(
        "notices/board.html",
        standing=[(one, one.item.stands(at)) for one in queries.to_come(db.session, at)] if after is None else [],
        past=past.rows,
        earlier=after is not None,
        following=url_for(".list_items", sau=following) if following else None,
        active=KEY,
    )


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, id = text.partition("_")
    try:
        # A plus sign in an address is a blank.
        key = datetime.fromisoformat(moment.replace(" ", "+")), UUID(id)
    except ValueError:
        return None
    return key if key[0].tzinfo is not None else None


@bp.get("/moi")
@officer(MANAGE)
def new() -> Response:
    """An empty notice: from now on, for a day."""
    at = now()
    usual = {"severity": Severity.INFO, "place": Place.EVERYWHERE, "begins_at": at, "ends_at": at + USUAL}
    return _form(ItemForm(formdata=None, data=usual))


def _form(form: ItemForm, known: Known | None = None, status: int = 200) -> Response:
    shown: dict[str, Any] = {"form": form, "known": known, "active": KEY}
    if status == 200:
        return pages.page("notices/board_item.html", **shown)
    return pages.refused("notices/board_item.html", status=status, **shown)


@bp.post("/moi")
@fresh
@officer(MANAGE)
def put() -> Response:
    """Put it up."""
    form = ItemForm()
    try:
        if form.validate_on_submit():
            actions.put(db.session, form.item, by=officers.me(), at=now())
            return _done(_("Đã đăng. Mọi máy thấy trong vòng 10 giây."))
    except Refused as refusal:
        form.refuse(refusal)
    return _form(form, None, 422)


def _done(words: str | Label) -> Response:
    answer = pages.after_post(words, url_for(".list_items"))
    current_app.extensions["board.items"].forget()
    return answer


@bp.get("/<uuid:id>")
@reaches("board_item")
@officer(MANAGE)
def show(id: UUID) -> Response:
    """One notice, to be changed or taken down while it has not ended."""
    known = queries.one(db.session, id) or abort(404)
    return _form(_filled(known), known if known.item.ends_at > now() else None)


def _filled(known: Known) -> ItemForm:
    item = known.item
    facts = {
        "severity": item.severity, "place": item.place, "href": item.href, "begins_at": item.begins_at,
        "ends_at": item.ends_at, "version": known.version,
    }  # fmt: skip
    return ItemForm(formdata=None, data={**facts, **item.words.columns})


@bp.post("/<uuid:id>")
@fresh
@reaches("board_item")
@officer(MANAGE)
def change(id: UUID) -> Response:
    """Keep what was changed, unless somebody else was faster: then theirs is shown."""
    with reading(db.engine()) as session:
        known = queries.one(session, id) or abort(404)
    form = ItemForm()
    try:
        if form.validate_on_submit():
            actions.change(db.session, id, form.version.data or 0, form.item, by=officers.me(), at=now())
            return _done(_("Đã lưu. Mọi máy thấy trong vòng 10 giây."))
    except Refused as refusal:
        return _refused(id, form, refusal)
    return _form(form, known, 422)


def _refused(id: UUID, form: ItemForm, refusal: Refused) -> Response:
    db.abandon()
    known = queries.one(db.session, id) or abort(404)
    if not refusal.field:
        form = _filled(known)
    form.refuse(refusal)
    return _form(form, known, 422)


@bp.post("/<uuid:id>/go")
@fresh
@reaches("board_item")
@officer(MANAGE)
def take_down(id: UUID) -> Response:
    """End it now."""
    with reading(db.engine()) as session:
        known = queries.one(session, id) or abort(404)
    form = ItemForm()
    try:
        actions.take_down(db.session, id, form.version.data or 0, by=officers.me(), at=now())
    except Refused as refusal:
        return _refused(known.id, form, refusal)
    return _done(_("Đã gỡ. Mọi máy thấy trong vòng 10 giây."))
