"""News, video, policies, guides, documents, questions and Giới thiệu: one table of articles, read by everybody. Door."""

from datetime import timedelta

from flask import Flask

from vssid.kernel.clock import now
from vssid.newsroom import desk, feeds, views
from vssid.newsroom.actions import forget_old
from vssid.newsroom.queries import Entry, PublishedText, addresses, latest, published_texts, texts_state
from vssid.newsroom.rules import Kind, Topic, words_of
from vssid.newsroom.searching import Found, find
from vssid.newsroom.searching import bring_up as bring_up_words
from vssid.newsroom.searching.rules import LONGEST as LONGEST_SEARCH
from vssid.newsroom.shipped import load_shipped
from vssid.web import copies

__all__ = [
    "JOBS", "LONGEST_SEARCH", "MAKERS", "Entry", "Found", "Kind", "PublishedText", "Topic", "bring_up_words", "find", "init_app",
    "latest", "load_shipped", "published_texts", "texts_state", "words_of",
]  # fmt: skip

# Of so many articles copies lie ready for the day on which the database is away.
COPIED = 200
JOBS = (("newsroom.articles", timedelta(hours=1), forget_old), *feeds.JOBS)
MAKERS = feeds.MAKERS


def init_app(app: Flask) -> None:
    """Open the windows and the desk."""
    app.register_blueprint(views.bp)
    copies.register(app, lambda db: addresses(db, now(), COPIED))
    desk.init_app(app)
    feeds.init_app(app)
