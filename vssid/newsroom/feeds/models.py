"""Nguồn tin: feeds of other sites, and which of their items became which article."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class Feed(Base):
    """One feed. `state` is new (to be tried), tried (an editor decides), active or paused; `problem` is why nothing came.

    `sample` are the titles of its newest items, one a line, as an editor sees them before it is switched on.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        Index("ix_feeds_due", "state", "due_at"),
        Index("ix_feeds_added_by", "added_by"),
        CheckConstraint("state in ('new', 'tried', 'active', 'paused')", name="state"),
        CheckConstraint("kind in ('news', 'video')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    ok_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(20), default="")
    failures: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str] = mapped_column(String(300), default="")
    last_modified: Mapped[str] = mapped_column(String(300), default="")
    sample: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    added_at: Mapped[datetime]


class FeedItem(Base):
    """One item that was seen, by the digest of its name within the feed; without an article it is not wanted any more.

    `link` is the digest of where it leads: what two feeds bring is one article. `content` that of what it said. `seen_at`
    is the day, more or less, on which it stood in the feed last; None for what was taken in by a version that did not note it.
    """

    __tablename__ = "feed_items"
    __table_args__ = (Index("ix_feed_items_article_id", "article_id"), Index("ix_feed_items_seen_at", "seen_at"))

    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    link: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str] = mapped_column(String(64))
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime | None]
