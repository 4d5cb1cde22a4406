"""Articles of every kind (tin tức, video, chính sách, hướng dẫn, văn bản, câu hỏi, trang): one table, their texts and pictures beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import SHOWN_TO_ALL, Base

_COVER = text("is_cover")


class Article(Base):
    """One article. `slug` never changes once it was published; `version` grows with each change at the desk.

    `shipped_key` names the text of the software that it came from, `shipped_digest` its content as it was taken over;
    `touched` says that an editor has changed it since, `original_changed` that the software then brought another one.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_shown", "kind", "state", "pinned", "publish_at", "id"),
        Index("ix_articles_topic", "kind", "topic", "state", "pinned", "publish_at", "id"),
        Index("ix_articles_changed_at", "changed_at", "id"),
        Index("ix_articles_kind", "kind", "changed_at", "id"),
        Index("ix_articles_state", "state", "changed_at"),
        Index("ix_articles_origin", "origin", "pinned", "publish_at", "id"),
        Index("ix_articles_changed_by", "changed_by"),
        Index("ix_articles_video_file_id", "video_file_id"),
        Index("ix_articles_attachment_id", "attachment_id"),
        CheckConstraint("kind in ('news', 'video', 'policy', 'guide', 'document', 'faq', 'page')", name="kind"),
        CheckConstraint("origin in ('desk', 'shipped', 'feed')", name="origin"),
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint("state = 'draft' or publish_at is not null", name="published"),
        CheckConstraint("expires_at is null or expires_at > publish_at", name="moments"),
        SHOWN_TO_ALL,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    topic: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(8), default="desk")
    source_name: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    shipped_key: Mapped[str | None] = mapped_column(String(100), unique=True)
    shipped_digest: Mapped[str] = mapped_column(String(64), default="")
    touched: Mapped[bool] = mapped_column(default=False)
    original_changed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    publish_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    pinned: Mapped[bool] = mapped_column(default=False)
    withdrawn_because: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    version: Mapped[int] = mapped_column(default=1)
    video_url: Mapped[str] = mapped_column(String(500), default="")
    # What an editor has chosen since it was published; readers get it with the next publishing.
    next_topic: Mapped[str | None] = mapped_column(String(20))
    next_video_url: Mapped[str | None] = mapped_column(String(500))
    video_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    attachment_name: Mapped[str] = mapped_column(String(120), default="")


class ArticleText(Base):
    """What readers of a language see.

    `source_changed_at` is when the Vietnamese text was changed from which this one was translated; None for that one.
    """

    __tablename__ = "article_texts"
    __table_args__ = (CheckConstraint("language in ('vi', 'en', 'ko', 'zh', 'ja')", name="language"), SHOWN_TO_ALL)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    lead: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    source_changed_at: Mapped[datetime | None]


class ArticleWords(Base):
    """The words of a text as search compares them, each between blanks: of title and lead, parted by a stroke; of all, once.

    SQLite searches them by FTS5, kept by triggers; PostgreSQL by an index of pg_trgm. Both ask the same question.
    """

    __tablename__ = "article_words"
    __table_args__ = (
        UniqueConstraint("article_id", "language"),
        {"sqlite_autoincrement": True, **SHOWN_TO_ALL},
    )

    # The newest come first, so that a search that finds too many stops early.
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"))
    language: Mapped[str] = mapped_column(String(2))
    heads: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class ArticleDraft(Base):
    """What an editor has written and not published yet; it takes the place of the text when the article is published."""

    __tablename__ = "article_drafts"
    __table_args__ = (
        CheckConstraint("language in ('vi', 'en', 'ko', 'zh', 'ja')", name="language"),
        Index("ix_article_drafts_saved_by", "saved_by"),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    lead: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))


class ArticlePicture(Base):
    """A picture of an article in two widths; `width` and `height` are those of the larger one, in pixels."""

    __tablename__ = "article_pictures"
    __table_args__ = (
        UniqueConstraint("large_id"),
        UniqueConstraint("small_id"),
        Index("ix_article_pictures_article_id", "article_id", "added_at"),
        Index("uq_article_pictures_cover", "article_id", unique=True, sqlite_where=_COVER, postgresql_where=_COVER),
        Index("ix_article_pictures_added_by", "added_by"),
        SHOWN_TO_ALL,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id"))
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int]
    height: Mapped[int]
    large_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    small_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    is_cover: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
