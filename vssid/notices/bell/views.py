"""/thong-bao: the list, one opened, all marked as read. Looking at it changes nothing."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from vssid import accounts
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Label
from vssid.notifications import inbox
from vssid.notifications.inbox import MOST_COUNTED, Topic
from vssid.web import db, guards, pages
from vssid.web.guards import citizen, reaches
from vssid.web.i18n import say

bp = Blueprint("bell", __name__, url_prefix="/thong-bao")
PAGE = "notices/bell.html"
SENDER = "VssID: "  # how an SMS begins, where nothing else says who writes
LONGEST_KEY = 80


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring


def in_the_frame() -> Markup:
    """The bell of the citizen's top bar with its count: one indexed query a page."""
    me = guards.actor_of(ActorKind.CITIZEN)
    count = inbox.unread(db.session, me.id) if me else 0
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    return Markup(render_template("parts/bell.html", count=count, shown=shown))  # noqa: S704 - our own template


@bp.get("")
@citizen
def show() -> Response:
    """Newest first, 20 a page, of one topic if one is chosen."""
    topic = _topic(pages.query_text("muc", 20))
    after = _key(pages.query_text("sau", LONGEST_KEY))
    page = inbox.page(db.session, _keyring(), accounts.me().id, topic, after)
    following = _spelt(*page.following) if page.following else None
    tabs = [(_("Tất cả"), url_for(".show"), topic is None)]
    tabs += [(say(one.label), url_for(".show", muc=one.value), one is topic) for one in Topic]
    return pages.page(
        PAGE,
        rows=[(one, _said(one.words)) for one in page.rows],
        tabs=tabs,
        earlier=after is not None,
        unread=inbox.unread(db.session, accounts.me().id),
        following=url_for(".show", muc=topic, sau=following) if following else None,
        active="tai-khoan",
    )


def _said(words: Label) -> str:
    return say(words).removeprefix(SENDER)


def _topic(text: str) -> Topic | None:
    return Topic(text) if text in list(Topic) else None


def _spelt(at: datetime, id: UUID) -> str:
    return f"{at:%Y%m%dT%H%M%S.%f}_{id}"


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, id = text.partition("_")
    try:
        return datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%f%z"), UUID(id)
    except ValueError:
        return None


@bp.post("/<uuid:id>/mo")
@reaches("inbox_item")
@citizen
def open_one(id: UUID) -> Response:
    """Mark one as read and go where it leads."""
    href = inbox.mark_read(db.session, accounts.me().id, id, now()) or abort(404)
    return pages.after_post(None, href)


@bp.post("/da-doc")
@citizen
def mark_all() -> Response:
    """Mark all as read."""
    inbox.mark_all(db.session, accounts.me().id, now())
    return pages.after_post(_("Đã đánh dấu đã đọc tất cả."), url_for(".show"))
