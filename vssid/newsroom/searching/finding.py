"""Finding articles: all words in title and lead, then anywhere; with slips mended; then without one of the words.

Of each way at most a quarter of MOST_CANDIDATES is looked at, the newest first; `rules.order` says which come first,
whatever the database.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, or_, select, table, union_all
from sqlalchemy.orm import Session, aliased

from vssid.newsroom.models import Article, ArticleText, ArticleWords
from vssid.newsroom.queries import current
from vssid.newsroom.rules import OFFICIAL, Kind
from vssid.newsroom.searching.rules import (
    ANSWERING,
    TELLING,
    Candidate,
    Question,
    Word,
    mark_of,
    mended,
    order,
    question_of,
    taken_for,
)

PAGE = 20
MOST_CANDIDATES = 200
MOST_HEADS = 5_000
# Where fewer have all words, texts that lack one of them are shown, too: a whole question has words that no text has.
FEW = 5
# Of SQLite alone; its hidden column bears the table's name.
_FTS = table("article_fts", column("rowid"), column("article_fts"))


@dataclass(frozen=True)
class Hit:
    """An article that was found, in the reader's language or in Vietnamese."""

    kind: Kind
    address: str
    title: str
    lead: str
    language: str
    publish_at: datetime
    source_name: str


@dataclass(frozen=True)
class Found:
    """One page of hits, whether there are more, of which kinds all are, and words that were taken for others: (typed, taken for)."""

    hits: Sequence[Hit] = ()
    more: bool = False
    kinds: frozenset[Kind] = frozenset()
    instead: tuple[tuple[str, str], ...] = ()


def find(db: Session, text: str, language: str, at: datetime, *, kind: Kind | None = None, page: int = 0) -> Found:
    """What current articles say to `text`, one page (PAGE each, from 0), best first. Nothing is found without words."""
    question = question_of(text)
    if not question.words:
        return Found()
    rows = _candidates(db, question, language, at, kind)
    if not rows and (meant := mended(question, _vocabulary(db, language, at))) != question:
        question = meant
        rows = _candidates(db, question, language, at, kind)
    if len(rows) < FEW:
        rows = [*rows, *_candidates(db, question, language, at, kind, without=1)]
    ranked = _ranked(question, rows, language)
    shown = ranked[page * PAGE : (page + 1) * PAGE]
    instead = taken_for(question, ranked[0].heads) if ranked else ()
    kinds = frozenset(Kind(row.kind) for row in ranked)
    return Found([_hit(row, language) for row in shown], len(ranked) > (page + 1) * PAGE, kinds, instead)


def _ranked(question: Question, rows: Sequence[Any], language: str) -> list[Any]:
    """Each article once, by the language in which it fits best."""
    best: dict[UUID, tuple[Any, Any]] = {}
    for row in rows:
        candidate = Candidate(row.heads, row.title, row.language == language, Kind(row.kind) in ANSWERING)
        key = (*order(question, candidate), -row.publish_at.timestamp(), row.id.hex)
        if row.id not in best or key < best[row.id][0]:
            best[row.id] = key, row
    return [row for _key, row in sorted(best.values(), key=lambda pair: pair[0])]


def _hit(row: Any, language: str) -> Hit:
    """In the reader's language where there is one, also when the words were found in the Vietnamese text."""
    title, lead, spoken = (
        (row.own_title, row.own_lead, language) if row.own_title else (row.title, row.lead, row.language)
    )
    kind = Kind(row.kind)
    return Hit(kind, kind.address(row.slug), title, lead, spoken, row.publish_at, row.source_name)


def _candidates(
    db: Session, question: Question, language: str, at: datetime, kind: Kind | None, *, without: int = 0
) -> Sequence[Any]:
    """Texts that have all words, or all but `without` of them, in one statement."""
    if without and len(question.words) <= without + 1:
        return []
    groups = [list(group) for group in combinations(question.words, len(question.words) - without)]
    numbers = _postgresql_numbers if db.get_bind().dialect.name == "postgresql" else _sqlite_numbers
    kinds = [(kind,)] if kind else [ANSWERING, TELLING]
    each = MOST_CANDIDATES // (2 * len(kinds))
    parts = [
        numbers(groups, wanted, heads).where(_readable(language), current(at)).limit(each)
        for wanted in kinds
        for heads in (True, False)
    ]
    found = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    own = aliased(ArticleText)
    query = (
        select(
            Article.id, Article.kind, Article.slug, Article.publish_at, Article.source_name,
            ArticleWords.language, ArticleWords.heads, ArticleText.title, ArticleText.lead,
            own.title.label("own_title"), own.lead.label("own_lead"),
        )
        .join(ArticleWords, ArticleWords.article_id == Article.id)
        .join(
            ArticleText,
            (ArticleText.article_id == Article.id) & (ArticleText.language == ArticleWords.language),
        )
        .outerjoin(own, (own.article_id == Article.id) & (own.language == language))
        .where(ArticleWords.id.in_(select(found.c.id)))
    )  # fmt: skip
    return db.execute(query).all()


def _sqlite_numbers(groups: Sequence[Sequence[Word]], kinds: Sequence[Kind], heads: bool) -> Select[Any]:
    marks = " OR ".join(mark_of(kind) for kind in kinds)
    wanted = " OR ".join(f"({' AND '.join(_term(word) for word in group)})" for group in groups)
    match = f"({{words}} : ({marks})) AND ({{{'heads' if heads else 'words'}}} : ({wanted}))"
    query = _numbers(_FTS.c.article_fts.op("MATCH")(match)).join(_FTS, _FTS.c.rowid == ArticleWords.id)
    return query.order_by(_FTS.c.rowid.desc())


def _term(word: Word) -> str:
    return "(" + " OR ".join(f'"{one}"{"*" if word.begins else ""}' for one in word.choices) + ")"


def _postgresql_numbers(groups: Sequence[Sequence[Word]], kinds: Sequence[Kind], heads: bool) -> Select[Any]:
    where = ArticleWords.heads if heads else ArticleWords.words
    wanted = or_(*(and_(*(_like(where, word) for word in group)) for group in groups))
    return _numbers(Article.kind.in_(kinds) & wanted).order_by(ArticleWords.id.desc())


def _like(where: Any, word: Word) -> ColumnElement[bool]:
    return or_(*(where.contains(f" {one}" if word.begins else f" {one} ") for one in word.choices))


def _numbers(wanted: ColumnElement[bool]) -> Select[Any]:
    """The texts that are wanted; each database reads the newest first by its own index."""
    return select(ArticleWords.id).join(Article, Article.id == ArticleWords.article_id).where(wanted)


def _readable(language: str) -> ColumnElement[bool]:
    return ArticleWords.language.in_({language, OFFICIAL})


def _vocabulary(db: Session, language: str, at: datetime) -> list[tuple[str, int]]:
    """The words of titles and leads with how often they stand: what a slip was meant to be."""
    query = select(ArticleWords.heads).join(Article, Article.id == ArticleWords.article_id)
    query = query.where(_readable(language), current(at))
    times: Counter[str] = Counter()
    for heads in db.scalars(query.order_by(ArticleWords.id.desc()).limit(MOST_HEADS)):
        times.update(set(heads.split()))
    return list(times.items())
