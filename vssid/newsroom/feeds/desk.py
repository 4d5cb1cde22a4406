"""/can-bo/nguon-tin: feeds as editors keep them. They are asked by `flask work`, never while somebody waits for a page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import Label, Refused
from vssid.newsroom.feeds import actions
from vssid.newsroom.feeds.forms import FeedForm, RemoveForm
from vssid.newsroom.feeds.models import Feed
from vssid.newsroom.feeds.rules import PROBLEMS, UNREAD, State
from vssid.newsroom.rules import Kind, Topic
from vssid.officers import Permission
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("feeds", __name__, url_prefix="/can-bo/nguon-tin")
EDIT = Permission.CONTENT_EDIT
KEY = "feeds"


@bp.get("")
@officer(EDIT)
def list_feeds() -> Response:
    """All feeds and how they stand."""
    return _list(FeedForm(formdata=None, data={"topic": Topic.OTHER}))


def _list(form: FeedForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    feeds = db.session.scalars(select(Feed).order_by(Feed.added_at, Feed.id).limit(actions.MOST_FEEDS))
    rows = [(feed, State(feed.state), _how(feed), _problem(feed)) for feed in feeds]
    return pages.page("newsroom/feeds.html", status=status, form=form, feeds=rows, active=KEY)


def _how(feed: Feed) -> Label:
    """How it stands, in words: what could not be read waits for a mended address, not for being switched on."""
    state = State(feed.state)
    return UNREAD if state is State.TRIED and feed.problem else state.label


def _problem(feed: Feed) -> Label | None:
    return PROBLEMS.get(feed.problem) if feed.problem else None


@bp.post("")
@fresh
@officer(EDIT)
def add() -> Response:
    """A new one, to be tried."""
    form = FeedForm()
    try:
        if form.validate_on_submit():
            id = actions.add(
                db.session, form.url.data, form.name.data or "", Kind(form.kind.data), Topic(form.topic.data),
                by=officers.me(), at=now(),
            )  # fmt: skip
            return pages.after_post(_("Đã thêm. Nguồn đang được đọc thử."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _list(form, 422)


@bp.get("/<uuid:id>")
@reaches("feed")
@officer(EDIT)
def show(id: UUID) -> Response:
    """One feed: what it would bring, how the last asking went."""
    return _one(id, RemoveForm(formdata=None))


def _one(id: UUID, removing: RemoveForm, status: int = 200) -> Response:
    if status != 200:
        db.abandon()
    feed = db.session.get(Feed, id) or abort(404)
    context: dict[str, Any] = {
        "feed": feed, "state": State(feed.state), "how": _how(feed), "problem": _problem(feed), "kind": Kind(feed.kind),
        "topic": Topic(feed.topic), "sample": feed.sample.splitlines(), "removing": removing, "active": KEY,
    }  # fmt: skip
    return pages.page("newsroom/feed.html", block="state" if status == 200 else "main", status=status, **context)


@bp.post("/<uuid:id>/bat")
@fresh
@reaches("feed")
@officer(EDIT)
def switch_on(id: UUID) -> Response:
    """Bring its items in."""
    return _done(id, actions.switch_on, _("Đã bật. Tin mới hiện sau ít phút."))


@bp.post("/<uuid:id>/ngung")
@reaches("feed")
@officer(EDIT)
def pause(id: UUID) -> Response:
    """Ask it no more."""
    return _done(id, actions.pause, _("Đã tạm ngừng. Các tin đã lấy vẫn hiện."))


@bp.post("/<uuid:id>/thu-lai")
@reaches("feed")
@officer(EDIT)
def try_again(id: UUID) -> Response:
    """Ask it now."""
    return _done(id, actions.try_again, _("Nguồn sẽ được đọc lại ngay."))


def _done(id: UUID, verb: Callable[..., None], words: str) -> Response:
    at: datetime = now()
    try:
        verb(db.session, id, by=officers.me(), at=at)
    except Refused as refusal:
        db.abandon()
        if refusal.label is actions.GONE:
            abort(404)
        return pages.after_post(refusal.label, url_for(".show", id=id))
    return pages.after_post(words, url_for(".show", id=id))


@bp.post("/<uuid:id>/xoa")
@fresh
@reaches("feed")
@officer(EDIT)
def remove(id: UUID) -> Response:
    """Forget it, with or without its articles."""
    form = RemoveForm()
    if db.session.get(Feed, id) is None:
        abort(404)
    if not form.validate_on_submit():
        return _one(id, form, 422)
    actions.remove(db.session, id, withdraw=form.articles.data == "go", by=officers.me(), at=now())
    return pages.after_post(_("Đã xoá nguồn tin."), url_for(".list_feeds"))
