"""Trò chuyện của tôi: the chats of who is signed in, while they go on and afterwards."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.kernel.clock import now
from vssid.kernel.labels import Refused
from vssid.support import feedback
from vssid.support.chat import actions, queries, window
from vssid.support.chat.rules import ACTIVE, Status
from vssid.support.chat.window import Window
from vssid.web import db, pages
from vssid.web.guards import citizen, reaches

bp = Blueprint("chat_own", __name__, url_prefix="/ho-tro/tro-chuyen")
LONGEST_KEY = 80


@bp.get("/cua-toi")
@citizen
def index() -> Response:
    """Newest first."""
    rows = queries.newest_of(db.session, accounts.me().id, _key(pages.query_text("sau", LONGEST_KEY)))
    last = rows[queries.CHATS_A_PAGE - 1] if len(rows) > queries.CHATS_A_PAGE else None
    following = url_for(".index", sau=f"{last.opened_at.isoformat()}_{last.id}") if last else None
    shown = [(one, feedback.Category(one.topic).label, Status(one.status)) for one in rows[: queries.CHATS_A_PAGE]]
    return pages.page(
        "support/chat_own.html", rows=shown, following=following, earlier="sau" in request.args, active="ho-tro"
    )


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, id = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(id)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _window(id: UUID) -> Window:
    me = accounts.me()
    return Window(
        lambda session: queries.of_account(session, id, me.id), url_for("chat_own.show", id=id), me.by, by_account=True
    )


@bp.get("/<uuid:id>")
@reaches("chat")
@citizen
def show(id: UUID) -> Response:
    """The chat, and what is new in it."""
    return window.show(_window(id))


@bp.post("/<uuid:id>/gui")
@reaches("chat")
@citizen
def say(id: UUID) -> Response:
    """Send a message."""
    return window.say(_window(id))


@bp.post("/<uuid:id>/ket-thuc")
@reaches("chat")
@citizen
def end(id: UUID) -> Response:
    """Kết thúc."""
    return window.end(_window(id))


@bp.post("/<uuid:id>/danh-gia")
@reaches("chat")
@citizen
def rate(id: UUID) -> Response:
    """Hữu ích, or not."""
    return window.rate(_window(id))


@bp.post("/<uuid:id>/hien-ten")
@reaches("chat")
@citizen
def show_name(id: UUID) -> Response:
    """The officer may see name and mã số from now on."""
    mine = _window(id)
    chat = mine.chat()
    actions.show_name(db.session, chat.id, by=mine.by, at=now())
    return pages.after_post(_("Cán bộ trả lời bạn xem được họ tên và mã số BHXH."), mine.here)


@bp.post("/<uuid:id>/phan-anh")
@reaches("chat")
@citizen
def to_letter(id: UUID) -> Response:
    """All that was said becomes a letter of the account."""
    mine = _window(id)
    chat = mine.chat()
    try:
        if chat.status in ACTIVE:
            feedback.brakes.count(str(accounts.me().id), by_work=True)
        made, _secret = actions.to_letter(db.session, accounts.house().keyring, id, by=mine.by, at=now())
        return pages.after_post(None, url_for("feedback_own.show", id=made.feedback_id, moi=1))
    except Refused as refusal:
        return window.refused(mine, refusal)
