"""Feeds: added by an editor, tried, switched on; their items become articles."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.fetching import Fetched
from vssid.kernel.labels import N_, Refused
from vssid.newsroom.actions import destroy, set_texts
from vssid.newsroom.feeds.models import Feed, FeedItem
from vssid.newsroom.feeds.rules import (
    KEPT,
    LEASE,
    REMEMBERED,
    SAMPLED,
    SEEN_AGAIN,
    Item,
    State,
    Tag,
    digest,
    host_of,
    next_due,
)
from vssid.newsroom.models import Article, ArticleText
from vssid.newsroom.rules import OFFICIAL, Kind, Origin, Topic, Written, slug_of
from vssid.newsroom.rules import State as Shown
from vssid.officers import Officer

DROPPED_AT_ONCE = 100
GONE = N_("Nguồn này không còn nữa.")
MOST_FEEDS = 40


def add(db: Session, url: str, name: str, kind: Kind, topic: Topic, *, by: Officer, at: datetime) -> UUID:
    """A feed that is tried first. Raises Refused for one that is there, or one too many."""
    if db.scalar(select(Feed.id).where(Feed.url == url)) is not None:
        raise Refused(N_("Nguồn này đã có trong danh sách."), "url")
    if len(db.scalars(select(Feed.id).limit(MOST_FEEDS)).all()) == MOST_FEEDS:
        raise Refused(N_("Đã có %(most)s nguồn. Hãy xoá bớt nguồn không dùng.", most=MOST_FEEDS), "url")
    feed = Feed(
        id=uuid4(), url=url, name=name or host_of(url), kind=kind, topic=topic, state=State.NEW, due_at=at,
        added_by=by.id, added_at=at,
    )  # fmt: skip
    db.add(feed)
    db.flush()
    _note(db, Tag.ADDED, feed.id, by, at)
    return feed.id


def switch_on(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Bring its items in from now on. Raises Refused unless it could be read or was paused."""
    feed = _found(db, id)
    if feed.state == State.TRIED and feed.problem:
        raise Refused(N_("Chưa đọc được nguồn này. Hãy thử lại, hoặc xoá và thêm địa chỉ đúng."))
    if feed.state in (State.TRIED, State.PAUSED):
        feed.state, feed.due_at, feed.etag, feed.last_modified = State.ACTIVE, at, "", ""
        _note(db, Tag.SWITCHED_ON, id, by, at)


def pause(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Ask it no more; its articles stay."""
    feed = _found(db, id)
    if feed.state == State.ACTIVE:
        feed.state = State.PAUSED
        _note(db, Tag.PAUSED, id, by, at)


def try_again(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Ask it now: one that is active at its next turn, another as if it were new."""
    feed = _found(db, id)
    feed.due_at = at
    if feed.state == State.TRIED:
        feed.state = State.NEW
    _note(db, Tag.TRIED_AGAIN, id, by, at)


def remove(db: Session, id: UUID, *, withdraw: bool, by: Officer, at: datetime) -> None:
    """Forget the feed; its articles stay, or are withdrawn."""
    feed = _found(db, id)
    if withdraw:
        brought = select(FeedItem.article_id).where(FeedItem.feed_id == id)
        db.execute(
            update(Article)
            .where(Article.id.in_(brought), Article.state == Shown.PUBLISHED)
            .values(state=Shown.WITHDRAWN, withdrawn_because=feed.name, changed_at=at, pinned=False)
        )
    db.delete(feed)
    _note(db, Tag.REMOVED, id, by, at)


def _found(db: Session, id: UUID) -> Feed:
    feed = db.get(Feed, id)
    if feed is None:
        raise Refused(GONE)
    return feed


def lease(db: Session, at: datetime) -> Feed | None:
    """The feed that is due longest, kept from other workers for a while; None when none is due."""
    due = Feed.state.in_((State.NEW, State.ACTIVE)) & (Feed.due_at <= at)
    feed = db.scalar(select(Feed).where(due).order_by(Feed.due_at).limit(1))
    if feed is not None:
        feed.due_at = at + LEASE
    return feed


def failed(db: Session, id: UUID, reason: str, at: datetime) -> None:
    """Nothing came, for this reason; it is asked again later, and later each time."""
    feed = db.get(Feed, id)
    if feed is None:
        return
    feed.tried_at, feed.problem, feed.failures = at, reason, feed.failures + 1
    feed.due_at = next_due(at, feed.failures)
    if feed.state == State.NEW:
        feed.state, feed.sample = State.TRIED, ""


def unchanged(db: Session, id: UUID, at: datetime) -> None:
    """It said that it has nothing new."""
    feed = db.get(Feed, id)
    if feed is not None:
        _fine(feed, at)


class Pictured(NamedTuple):
    """An article whose picture is still to be fetched: from where, what it shows, and who answers for the feed."""

    article_id: UUID
    address: str
    alt: str
    added_by: UUID


def take_in(db: Session, id: UUID, fetched: Fetched, items: Sequence[Item], at: datetime) -> list[Pictured]:
    """Make articles of the items of a feed, or a sample of one that is only tried; returns those whose pictures are wanted."""
    feed = db.get(Feed, id)
    if feed is None:
        return []
    _fine(feed, at)
    if feed.state == State.NEW:
        feed.state, feed.sample = State.TRIED, "\n".join(item.title for item in items[:SAMPLED])
        return []
    if feed.state != State.ACTIVE:
        return []
    feed.etag, feed.last_modified = fetched.etag, fetched.last_modified
    names, links = [digest(item.guid) for item in items], [digest(item.link) for item in items]
    known = {
        row.digest: row
        for row in db.scalars(select(FeedItem).where(FeedItem.feed_id == id, FeedItem.digest.in_(names)))
    }
    taken = set(db.scalars(select(FeedItem.link).where(FeedItem.link.in_(links))))
    wanted = []
    for item, name, link in zip(items, names, links, strict=True):
        if name in known:
            _renew(db, known[name], item, at)
        elif link not in taken:
            taken.add(link)
            article = _new(db, feed, item, at)
            known[name] = FeedItem(
                feed_id=id, digest=name, link=link, content=item.content, article_id=article, seen_at=at
            )
            db.add(known[name])
            wanted += [Pictured(article, item.picture, item.title, feed.added_by)] if item.picture else []
    db.flush()
    return wanted


def _fine(feed: Feed, at: datetime) -> None:
    feed.tried_at = feed.ok_at = at
    feed.problem, feed.failures, feed.due_at = "", 0, next_due(at, 0)


def _new(db: Session, feed: Feed, item: Item, at: datetime) -> UUID:
    id, published = uuid4(), min(item.published or at, at)
    article = Article(
        id=id, kind=feed.kind, slug=slug_of(item.title, id), topic=feed.topic, origin=Origin.FEED, source_name=feed.name,
        source_url=item.link, state=Shown.PUBLISHED, publish_at=published, created_at=at, changed_at=at,
    )  # fmt: skip
    db.add(article)
    db.flush()
    set_texts(db, id, {OFFICIAL: Written(item.title, item.lead)}, {}, at)
    return id


def _renew(db: Session, known: FeedItem, item: Item, at: datetime) -> None:
    """What the source has changed; an article that editors changed or withdrew stays as they left it."""
    article = db.get(Article, known.article_id) if known.article_id and known.content != item.content else None
    known.content = item.content
    if known.seen_at is None or at - known.seen_at > SEEN_AGAIN:
        known.seen_at = at
    if article is None or article.state != Shown.PUBLISHED or article.changed_by is not None:
        return
    article.changed_at = at
    texts = {
        text.language: text for text in db.scalars(select(ArticleText).where(ArticleText.article_id == article.id))
    }
    set_texts(db, article.id, {OFFICIAL: Written(item.title, item.lead)}, texts, at)


def drop_beyond(db: Session, at: datetime) -> bool:
    """Destroy the oldest articles of feeds beyond KEPT, some at once; True while there are more. Forget what left its feed long ago."""
    gone_from_there = FeedItem.article_id.is_(None) & (FeedItem.seen_at < at - REMEMBERED)
    db.execute(delete(FeedItem).where(gone_from_there))
    of_feeds = select(Article).where(Article.origin == Origin.FEED, Article.pinned.is_(False))
    newest = of_feeds.order_by(Article.publish_at.desc(), Article.id.desc())
    gone = list(db.scalars(newest.offset(KEPT).limit(DROPPED_AT_ONCE)))
    destroy(db, gone)
    return len(gone) == DROPPED_AT_ONCE


def _note(db: Session, tag: Tag, id: UUID, by: Officer, at: datetime) -> None:
    audit.record(db, tag, by.by, ("feed", id), at, agency=by.agency_code)
