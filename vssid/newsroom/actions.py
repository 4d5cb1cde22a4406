"""What editors do with an article: write, publish now or later, take back; each act is one version more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.newsroom.models import Article, ArticleDraft, ArticlePicture, ArticleText, ArticleWords
from vssid.newsroom.rules import (
    DRAFTS_KEPT,
    OFFICIAL,
    WITHDRAWN_KEPT,
    EditedMeanwhile,
    Kind,
    Origin,
    State,
    Tag,
    Topic,
    Written,
    check_moments,
    check_pins,
    check_ready,
    check_title,
    slug_of,
)
from vssid.newsroom.searching import indexing
from vssid.officers import Officer

GONE = N_("Bài này không còn nữa.")
NO_VIDEO = N_("Hãy thêm địa chỉ video hoặc tải tệp video lên trước khi đăng.")
FORGOTTEN_AT_ONCE = 50
_WITHOUT_BODY = frozenset({Kind.VIDEO, Kind.DOCUMENT})


def make(db: Session, kind: Kind, topic: Topic, video_url: str, written: Written, *, by: Officer, at: datetime) -> UUID:
    """Begin an article with its Vietnamese draft; returns its id."""
    check_title(OFFICIAL, written)
    id = uuid4()
    article = Article(
        id=id, kind=kind, slug=f"nhap-{id.hex}", topic=topic, video_url=video_url, created_at=at, changed_at=at,
        changed_by=by.id, version=1,
    )  # fmt: skip
    db.add(article)
    db.flush()
    _keep_draft(db, article, OFFICIAL, written, by, at)
    _note(db, Tag.MADE, id, by, at)
    return id


def save(
    db: Session, id: UUID, version: int, language: str, written: Written, topic: Topic, video_url: str,
    *, by: Officer, at: datetime,
) -> Article:  # fmt: skip
    """Keep what was typed in one language as a draft; readers see it after the next `publish`. Raises EditedMeanwhile."""
    article = changed(db, id, by, at, version)
    check_title(language, written)
    if article.state == State.PUBLISHED:
        article.next_topic, article.next_video_url = topic, video_url
        article.touched = article.touched or (article.origin == Origin.SHIPPED and topic != article.topic)
    else:
        article.topic, article.video_url = topic, video_url
    _keep_draft(db, article, language, written, by, at)
    _note(db, Tag.SAVED, id, by, at, language=language)
    return article


def changed(db: Session, id: UUID, by: Officer, at: datetime, version: int | None = None) -> Article:
    """The article, one version further. Raises Refused when it is gone, EditedMeanwhile when it is not that version."""
    article = db.get(Article, id)
    if article is None:
        raise Refused(GONE)
    if version is not None and article.version != version:
        raise EditedMeanwhile
    article.version += 1
    article.changed_at, article.changed_by = at, by.id
    return article


def _keep_draft(db: Session, article: Article, language: str, written: Written, by: Officer, at: datetime) -> None:
    """A draft where it says something else than what readers see. An emptied translation is one, too, if there was one."""
    live, draft = db.get(ArticleText, (article.id, language)), db.get(ArticleDraft, (article.id, language))
    same = written == written_of(live) if live is not None else not written
    if same:
        if draft is not None:
            db.delete(draft)
        return
    if draft is None:
        draft = ArticleDraft(article_id=article.id, language=language)
        db.add(draft)
    draft.title, draft.lead, draft.body = written.title, written.lead, written.body
    draft.saved_at, draft.saved_by = at, by.id
    article.touched = article.origin == Origin.SHIPPED


def written_of(row: ArticleText | ArticleDraft) -> Written:
    """What a row says."""
    return Written(row.title, row.lead, row.body)


def publish(
    db: Session, id: UUID, version: int, *, publish_at: datetime | None, expires_at: datetime | None, pinned: bool,
    by: Officer, at: datetime,
) -> Article:  # fmt: skip
    """Let everybody read the drafts, from `publish_at` on; if that is None from now on, or since when they could already."""
    article = changed(db, id, by, at, version)
    drafts = {draft.language: draft for draft in db.scalars(select(ArticleDraft).where(ArticleDraft.article_id == id))}
    texts = {text.language: text for text in db.scalars(select(ArticleText).where(ArticleText.article_id == id))}
    written = {language: written_of(texts[language]) for language in texts}
    written |= {language: written_of(draft) for language, draft in drafts.items()}
    if article.next_topic is not None and article.next_video_url is not None:
        article.topic, article.video_url = article.next_topic, article.next_video_url
        article.next_topic = article.next_video_url = None
    _check(article, written)
    before = article.publish_at if article.state == State.PUBLISHED else None
    begins = publish_at or min(before or at, at)
    check_moments(begins, expires_at, at)
    if pinned and not article.pinned:
        check_pins(_pinned(db, Kind(article.kind), at))
    if article.publish_at is None:
        article.slug = slug_of(written[OFFICIAL].title, id)
    article.state, article.publish_at, article.expires_at = State.PUBLISHED, begins, expires_at
    article.pinned, article.withdrawn_because, article.original_changed = pinned, "", False
    set_texts(db, id, {language: written[language] for language in drafts}, texts, at)
    for draft in drafts.values():
        db.delete(draft)
    _note(db, Tag.PUBLISHED, id, by, at)
    return article


def _check(article: Article, written: dict[str, Written]) -> None:
    kind = Kind(article.kind)
    official = written.get(OFFICIAL, Written())
    for language, text in {OFFICIAL: official, **written}.items():
        if language == OFFICIAL or text:
            check_ready(language, text, needs_body=kind not in _WITHOUT_BODY)
    if kind is Kind.VIDEO and not article.video_url and article.video_file_id is None:
        raise Refused(NO_VIDEO)


def _pinned(db: Session, kind: Kind, at: datetime) -> int:
    ends = or_(Article.expires_at.is_(None), Article.expires_at > at)
    query = select(func.count()).where(Article.kind == kind, Article.state == State.PUBLISHED, Article.pinned, ends)
    return db.scalar(query) or 0


def set_texts(db: Session, id: UUID, written: dict[str, Written], texts: dict[str, ArticleText], at: datetime) -> None:
    """What readers see in these languages from now on; an empty text takes the language away. `texts` are those there are."""
    for language, new in written.items():
        text = texts.get(language)
        if not new:
            if text is not None:
                db.delete(texts.pop(language))
            continue
        if text is None:
            text = texts[language] = ArticleText(article_id=id, language=language)
            db.add(text)
        text.title, text.lead, text.body, text.changed_at = new.title, new.lead, new.body, at
    for language in written.keys() & texts.keys() - {OFFICIAL}:
        # Whoever translates has today's Vietnamese text before them.
        texts[language].source_changed_at = texts[OFFICIAL].changed_at
    db.flush()
    indexing.keep(db, Kind(db.get_one(Article, id).kind), id, texts)


def withdraw(db: Session, id: UUID, version: int, reason: str, *, by: Officer, at: datetime) -> Article:
    """Let nobody read it any more. Raises Refused unless it was published."""
    article = changed(db, id, by, at, version)
    if article.state != State.PUBLISHED:
        raise Refused(N_("Bài này chưa đăng hoặc đã gỡ."))
    article.state, article.withdrawn_because, article.pinned = State.WITHDRAWN, reason, False
    # The software would bring it back otherwise.
    article.touched = article.origin == Origin.SHIPPED
    _note(db, Tag.WITHDRAWN, id, by, at)
    return article


def drop_draft(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Destroy an article that nobody ever published, with its pictures and files."""
    article = db.get(Article, id)
    if article is None:
        raise Refused(GONE)
    if article.state != State.DRAFT:
        raise Refused(N_("Chỉ xoá được bài chưa từng đăng. Bài đã đăng thì gỡ."))
    destroy(db, [article])
    _note(db, Tag.DELETED, id, by, at)


def destroy(db: Session, articles: Iterable[Article]) -> None:
    """Take articles away for good, with all that belongs to them."""
    gone = list(articles)
    ids = [article.id for article in gone]
    pictures = list(db.scalars(select(ArticlePicture).where(ArticlePicture.article_id.in_(ids))))
    files = [id for picture in pictures for id in (picture.large_id, picture.small_id)]
    files += [id for article in gone for id in (article.video_file_id, article.attachment_id) if id is not None]
    for model in (ArticlePicture, ArticleDraft, ArticleWords, ArticleText):
        db.execute(delete(model).where(model.article_id.in_(ids)))
    db.execute(delete(Article).where(Article.id.in_(ids)))
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))


def forget_old(db: Session, at: datetime) -> bool:
    """Destroy drafts of a year ago and what was withdrawn two years ago, some at once; True while there may be more."""
    old = or_(
        (Article.state == State.DRAFT) & (Article.changed_at < at - DRAFTS_KEPT),
        (Article.state == State.WITHDRAWN) & (Article.changed_at < at - WITHDRAWN_KEPT),
    )
    # A withdrawn text of the software is remembered, or the next start would bring it back.
    query = select(Article).where(old, Article.origin != Origin.SHIPPED).limit(FORGOTTEN_AT_ONCE)
    found = list(db.scalars(query))
    destroy(db, found)
    return len(found) == FORGOTTEN_AT_ONCE


def _note(db: Session, tag: Tag, id: UUID, by: Officer, at: datetime, **detail: str | int) -> None:
    audit.record(db, tag, by.by, ("article", id), at, agency=by.agency_code, **detail)
