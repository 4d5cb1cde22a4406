"""What readers may see of the articles at a moment: in their language, or in Vietnamese where there is no translation."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from vssid.kernel.files import StoredFile
from vssid.kernel.markup import from_markdown, plain
from vssid.newsroom.models import Article, ArticlePicture, ArticleText
from vssid.newsroom.rules import OFFICIAL, Kind, Standing, State, Topic, standing

SHOWN = 20
# Where a list goes on: whether the last entry was pinned, when it was published, its id.
Key = tuple[bool, datetime, UUID]


@dataclass(frozen=True)
class Entry:
    """An article as lists show it. `language` is that of the words, which is not the reader's where nobody translated."""

    id: UUID
    kind: Kind
    topic: Topic
    address: str
    title: str
    lead: str
    language: str
    publish_at: datetime
    changed_at: datetime
    pinned: bool
    source_name: str
    cover: tuple[UUID, str, int, int] | None

    @property
    def key(self) -> Key:
        """Its place in the list."""
        return self.pinned, self.publish_at, self.id


class Reading(NamedTuple):
    """One article with the text that its reader gets and all its pictures."""

    article: Article
    text: ArticleText
    pictures: list[ArticlePicture]


@dataclass(frozen=True)
class PublishedText:
    """A current text for who looks through all of them: `body` without any markup.

    `source` is the body as it was written, in Markdown.
    """

    id: UUID
    kind: Kind
    topic: Topic
    address: str
    language: str
    title: str
    lead: str
    body: str
    changed_at: datetime
    source: str


def current(at: datetime) -> ColumnElement[bool]:
    """Published, begun and not ended at `at`."""
    ends = or_(Article.expires_at.is_(None), Article.expires_at > at)
    return (Article.state == State.PUBLISHED) & (Article.publish_at <= at) & ends


def entries(
    db: Session,
    kind: Kind,
    language: str,
    at: datetime,
    n: int,
    *,
    topic: Topic | None = None,
    after: Key | None = None,
) -> list[Entry]:
    """At most `n` current articles of a kind, pinned ones first, then the newest; those that follow `after`."""
    own, official = aliased(ArticleText), aliased(ArticleText)
    cover = aliased(ArticlePicture)
    key = tuple_(Article.pinned, Article.publish_at, Article.id)
    query = (
        select(
            Article, own.title, own.lead, official.title, official.lead, cover.id, cover.alt, cover.width, cover.height
        )
        .join(official, (official.article_id == Article.id) & (official.language == OFFICIAL))
        .outerjoin(own, (own.article_id == Article.id) & (own.language == language))
        .outerjoin(cover, (cover.article_id == Article.id) & cover.is_cover)
        .where(Article.kind == kind, current(at))
    )
    if topic is not None:
        query = query.where(Article.topic == topic)
    if after is not None:
        query = query.where(key < after)
    query = query.order_by(Article.pinned.desc(), Article.publish_at.desc(), Article.id.desc()).limit(n)
    return [_entry(row, language) for row in db.execute(query)]


def _entry(row: Any, language: str) -> Entry:
    article: Article = row[0]
    title, lead, spoken = (row[1], row[2], language) if row[1] else (row[3], row[4], OFFICIAL)
    kind = Kind(article.kind)
    return Entry(
        article.id, kind, Topic(article.topic), kind.address(article.slug), title, lead, spoken,
        article.publish_at or article.created_at, article.changed_at, article.pinned, article.source_name,
        (row[5], row[6], row[7], row[8]) if row[5] else None,
    )  # fmt: skip


def addresses(db: Session, at: datetime, n: int) -> list[str]:
    """Where the `n` current articles stand that changed last."""
    query = select(Article.kind, Article.slug).where(current(at)).order_by(Article.changed_at.desc()).limit(n)
    return [Kind(kind).address(slug) for kind, slug in db.execute(query)]


def latest(db: Session, kind: Kind, language: str, n: int, at: datetime) -> list[Entry]:
    """The `n` articles of a kind that stand first in its list."""
    return entries(db, kind, language, at, n)


def reading(db: Session, kind: Kind, slug: str, language: str, at: datetime) -> tuple[Standing, Reading | None]:
    """How the article with this slug stands, and what its reader gets when it is current; a draft for one that is not there."""
    article = db.scalar(select(Article).where(Article.slug == slug, Article.kind == kind))
    if article is None:
        return Standing.DRAFT, None
    how = standing(article.state, article.publish_at, article.expires_at, at)
    return how, _reading(db, article, language) if how is Standing.CURRENT else None


def _reading(db: Session, article: Article, language: str) -> Reading | None:
    tongues = {language, OFFICIAL}
    query = select(ArticleText).where(ArticleText.article_id == article.id, ArticleText.language.in_(tongues))
    texts = {text.language: text for text in db.scalars(query)}
    text = texts.get(language) or texts.get(OFFICIAL)
    return Reading(article, text, pictures(db, article.id)) if text else None


def pictures(db: Session, article_id: UUID) -> list[ArticlePicture]:
    """The pictures of an article in the order in which they came."""
    query = select(ArticlePicture).where(ArticlePicture.article_id == article_id)
    return list(db.scalars(query.order_by(ArticlePicture.added_at)))


def picture_file(db: Session, id: UUID, at: datetime, *, small: bool) -> StoredFile | None:
    """The file of a picture in one of its widths."""
    column = ArticlePicture.small_id if small else ArticlePicture.large_id
    query = select(StoredFile).join(ArticlePicture, column == StoredFile.id)
    return db.scalar(
        query.join(Article, Article.id == ArticlePicture.article_id).where(ArticlePicture.id == id, _fetched(at))
    )


def video_file(db: Session, id: UUID, at: datetime) -> StoredFile | None:
    """A file that an article plays."""
    query = select(StoredFile).join(Article, Article.video_file_id == StoredFile.id)
    return db.scalar(query.where(Article.video_file_id == id, _fetched(at)))


def document_file(db: Session, id: UUID, at: datetime) -> tuple[StoredFile, str] | None:
    """A file that hangs on an article, and its name."""
    query = select(StoredFile, Article.attachment_name).join(Article, Article.attachment_id == StoredFile.id)
    found = db.execute(query.where(Article.attachment_id == id, _fetched(at))).first()
    return (found[0], found[1]) if found else None


def _fetched(at: datetime) -> ColumnElement[bool]:
    """Also those of drafts, which editors look at: nobody else knows such an address."""
    ends = or_(Article.expires_at.is_(None), Article.expires_at > at)
    return (Article.state != State.WITHDRAWN) & ends


def published_texts(db: Session, kinds: Collection[Kind], language: str, at: datetime) -> Iterator[PublishedText]:
    """All current texts of these kinds, each in `language`, or in Vietnamese where there is no translation."""
    chosen: dict[UUID, tuple[Article, ArticleText]] = {}
    for article, text in db.execute(_texts(kinds, {language, OFFICIAL}, at)):
        if article.id not in chosen or text.language == language:
            chosen[article.id] = article, text
    return _plain(chosen.values())


def texts_state(db: Session, kinds: Collection[Kind], at: datetime) -> tuple[int, datetime | None]:
    """How many articles of these kinds are current, and when any was changed last: alike as long as their texts are."""
    shown = select(func.count(), func.max(Article.changed_at)).where(Article.kind.in_(kinds), current(at))
    count, newest = db.execute(shown).one()
    return count, newest


def _texts(kinds: Collection[Kind], tongues: set[str], at: datetime) -> Select[Article, ArticleText]:
    query = select(Article, ArticleText).join(ArticleText, ArticleText.article_id == Article.id)
    return query.where(Article.kind.in_(kinds), ArticleText.language.in_(tongues), current(at))


def _plain(chosen: Iterable[tuple[Article, ArticleText]]) -> Iterator[PublishedText]:
    for article, text in chosen:
        kind = Kind(article.kind)
        yield PublishedText(
            article.id, kind, Topic(article.topic), kind.address(article.slug), text.language, text.title, text.lead,
            plain(from_markdown(text.body)), text.changed_at, text.body,
        )  # fmt: skip
