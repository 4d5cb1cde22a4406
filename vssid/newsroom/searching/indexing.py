"""The words of each text, kept beside it for search."""

from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from vssid.kernel.markup import from_markdown, plain
from vssid.newsroom.models import Article, ArticleText, ArticleWords
from vssid.newsroom.rules import Kind
from vssid.newsroom.searching.rules import heads_of, index_words


def keep(db: Session, kind: Kind, id: UUID, texts: dict[str, ArticleText]) -> None:
    """Make the words of an article anew from all that its readers see."""
    db.execute(delete(ArticleWords).where(ArticleWords.article_id == id))
    db.add_all(_words(kind, text) for text in texts.values())
    db.flush()


def bring_up(db: Session) -> int:
    """Index what is not yet: texts of a version that did not search. Returns how many texts."""
    known = exists().where(
        ArticleWords.article_id == ArticleText.article_id, ArticleWords.language == ArticleText.language
    )
    missing = select(Article.kind, ArticleText).join(ArticleText, ArticleText.article_id == Article.id).where(~known)
    rows = [_words(Kind(kind), text) for kind, text in db.execute(missing.order_by(Article.created_at, Article.id))]
    db.add_all(rows)
    db.flush()
    return len(rows)


def _words(kind: Kind, text: ArticleText) -> ArticleWords:
    body = plain(from_markdown(text.body))
    return ArticleWords(
        article_id=text.article_id, language=text.language, heads=heads_of(text.title, text.lead),
        words=index_words(kind, text.title, text.lead, body),
    )  # fmt: skip
