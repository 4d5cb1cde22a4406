"""Articles as editors find them, with drafts and withdrawn ones."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from vssid.kernel.audit import AuditEntry
from vssid.newsroom.actions import written_of
from vssid.newsroom.models import Article, ArticleDraft, ArticlePicture, ArticleText
from vssid.newsroom.queries import pictures
from vssid.newsroom.rules import OFFICIAL, TONGUES, Kind, Standing, State, Tag, Written
from vssid.officers.models import Officer as Officers

SHOWN = 50
LATELY = 20
_OWN_TAGS = [str(tag) for tag in Tag]


class Wanted(NamedTuple):
    """What an editor looks for; None is no matter. `missing` is a language into which it is not translated."""

    kind: Kind | None = None
    standing: Standing | None = None
    missing: str | None = None


class Row(NamedTuple):
    """One line of the list."""

    article: Article
    title: str
    languages: list[str]
    unpublished: bool


class Desk(NamedTuple):
    """All that is known of one article. `behind` are translations that are older than the Vietnamese text."""

    article: Article
    texts: dict[str, ArticleText]
    drafts: dict[str, ArticleDraft]
    pictures: list[ArticlePicture]

    def written(self, language: str) -> Written:
        """What an editor goes on writing: the draft, or what readers see."""
        row = self.drafts.get(language) or self.texts.get(language)
        return written_of(row) if row is not None else Written()

    @property
    def behind(self) -> set[str]:
        """Translations of an older Vietnamese text, by what readers see."""
        official = self.texts.get(OFFICIAL)
        if official is None:
            return set()
        return {
            code for code, text in self.texts.items()
            if code != OFFICIAL and (text.source_changed_at or text.changed_at) < official.changed_at
        }  # fmt: skip


def listing(
    db: Session, wanted: Wanted, after: tuple[datetime, UUID] | None, at: datetime
) -> tuple[list[Row], str | None]:
    """Articles that were changed last first, paged by key; and the key of the next page."""
    text, draft = aliased(ArticleText), aliased(ArticleDraft)
    key = tuple_(Article.changed_at, Article.id)
    query = (
        select(Article, draft.title, text.title)
        .outerjoin(text, (text.article_id == Article.id) & (text.language == OFFICIAL))
        .outerjoin(draft, (draft.article_id == Article.id) & (draft.language == OFFICIAL))
        .where(*_conditions(wanted, at), *([key < after] if after else []))
        .order_by(Article.changed_at.desc(), Article.id.desc())
        .limit(SHOWN + 1)
    )
    found = list(db.execute(query))
    shown = found[:SHOWN]
    languages, drafted = _languages(db, [row[0].id for row in shown])
    rows = [
        Row(article, new or live or "", languages.get(article.id, []), article.id in drafted)
        for article, new, live in shown
    ]
    last = shown[-1][0] if len(found) > SHOWN else None
    return rows, f"{last.changed_at.isoformat()}_{last.id}" if last else None


def _conditions(wanted: Wanted, at: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(Article.kind == wanted.kind)
    if wanted.standing is not None:
        conditions.append(_stands(wanted.standing, at))
    if wanted.missing is not None:
        for model in (ArticleText, ArticleDraft):
            conditions.append(~exists().where(model.article_id == Article.id, model.language == wanted.missing))
    return conditions


def _stands(how: Standing, at: datetime) -> ColumnElement[bool]:
    if how is Standing.DRAFT:
        return Article.state == State.DRAFT
    if how is Standing.WITHDRAWN:
        return Article.state == State.WITHDRAWN
    published = Article.state == State.PUBLISHED
    if how is Standing.SCHEDULED:
        return and_(published, Article.publish_at > at)
    ended = and_(Article.expires_at.is_not(None), Article.expires_at <= at)
    if how is Standing.EXPIRED:
        return and_(published, Article.publish_at <= at, ended)
    return and_(published, Article.publish_at <= at, or_(Article.expires_at.is_(None), Article.expires_at > at))


def _languages(db: Session, ids: list[UUID]) -> tuple[dict[UUID, list[str]], set[UUID]]:
    found: dict[UUID, set[str]] = {}
    for id, language in db.execute(
        select(ArticleText.article_id, ArticleText.language).where(ArticleText.article_id.in_(ids))
    ):
        found.setdefault(id, set()).add(language)
    drafts = list(
        db.execute(select(ArticleDraft.article_id, ArticleDraft.language).where(ArticleDraft.article_id.in_(ids)))
    )
    for id, language in drafts:
        found.setdefault(id, set()).add(language)
    return {id: [code for code in TONGUES if code in codes] for id, codes in found.items()}, {row[0] for row in drafts}


def one(db: Session, id: UUID) -> Desk | None:
    """One article, or None."""
    article = db.get(Article, id)
    if article is None:
        return None
    texts = db.scalars(select(ArticleText).where(ArticleText.article_id == id))
    drafts = db.scalars(select(ArticleDraft).where(ArticleDraft.article_id == id))
    return Desk(
        article, {text.language: text for text in texts}, {draft.language: draft for draft in drafts}, pictures(db, id)
    )


def history(db: Session, id: UUID) -> list[tuple[datetime, Tag, str]]:
    """What was done with an article of late and by which officer ('' by the software), newest first."""
    query: Any = (
        select(AuditEntry.at, AuditEntry.tag, Officers.code)
        .outerjoin(Officers, Officers.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_kind == "article", AuditEntry.subject_id == id)
        .order_by(AuditEntry.id.desc())
        .limit(LATELY)
    )
    return [(at, Tag(tag), code or "") for at, tag, code in db.execute(query) if tag in _OWN_TAGS]
