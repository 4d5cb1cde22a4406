"""Asking feeds, in `flask work`: one after the other, outside any transaction; pictures after the articles that they belong to."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from vssid.kernel import images
from vssid.kernel.db import unit
from vssid.kernel.fetching import Fetched, NotFetched, fetch
from vssid.kernel.images import Sizes
from vssid.kernel.labels import Busy
from vssid.kernel.workshop import Workshop
from vssid.newsroom import media
from vssid.newsroom.feeds import actions
from vssid.newsroom.feeds.actions import Pictured
from vssid.newsroom.feeds.rules import FEED_TYPES, LARGEST_FEED, LARGEST_PICTURE, PICTURE_TYPES, Item
from vssid.newsroom.models import Article
from vssid.newsroom.rules import WIDTHS
from vssid.web.db import db as request_db

READING_SECONDS, PICTURE_SECONDS = 20, 20
ITEMS = "vssid.newsroom.feeds.parsing:items"
Fetch = Callable[..., Fetched]


def make_next(app: Flask, at: datetime, fetch: Fetch = fetch) -> bool:
    """Ask the feed that is due; True when there was one. `fetch` is another one only where a test has a server of its own."""
    with app.app_context():
        engine = request_db.engine
        with unit(engine) as db:
            feed = actions.lease(db, at)
            asked = (feed.id, feed.url, feed.etag, feed.last_modified) if feed is not None else None
        if asked is None:
            return False
        id, url, etag, last_modified = asked
        try:
            fetched = fetch(url, limit=LARGEST_FEED, types=FEED_TYPES, etag=etag, last_modified=last_modified)
            items = _read(app, fetched)
        except NotFetched as reason:
            with unit(engine) as db:
                if reason.reason == "unchanged":
                    actions.unchanged(db, id, at)
                else:
                    actions.failed(db, id, reason.reason, at)
            return True
        with unit(engine) as db:
            pictures = actions.take_in(db, id, fetched, items, at)
        for wanted in pictures:
            _picture(app, wanted, at, fetch)
        return True


def _read(app: Flask, fetched: Fetched) -> list[Item]:
    """The items, read by a child process. Raises NotFetched; a feed that ends the child is broken."""
    workshop: Workshop = app.extensions["workshop"]
    try:
        found: list[Item] | str = workshop.run_named(READING_SECONDS, ITEMS, fetched.content, fetched.url)
    except Exception:
        # Busy: it ended the child. Anything else: a parser stumbled over what a stranger wrote.
        raise NotFetched("broken") from None
    if isinstance(found, str):
        raise NotFetched(found)
    return found


def _picture(app: Flask, wanted: Pictured, at: datetime, fetch: Fetch) -> None:
    """Give an article the picture that its feed names, as one of ours. Without it, it is an article all the same."""
    workshop: Workshop = app.extensions["workshop"]
    small, large = WIDTHS
    try:
        found = fetch(wanted.address, limit=LARGEST_PICTURE, types=PICTURE_TYPES)
        sizes = workshop.run(PICTURE_SECONDS, images.of_page, found.content, large, small)
    except (NotFetched, Busy):
        return
    if not isinstance(sizes, Sizes):
        return
    with unit(request_db.engine) as db:
        if db.get(Article, wanted.article_id) is not None:
            media.put_picture(db, wanted.article_id, sizes, wanted.alt, wanted.added_by, at, cover=True)
