"""Finding entries: by code, by the beginning of their name, then by words in any order, with slips, in name and address.

The cheapest way that fills a page is the last one taken. Words are asked for where they are rare; of what is found in
that way at most MOST_CANDIDATES are looked at, and `ranking` says which come first, whatever the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, column, literal_column, or_, select, table
from sqlalchemy.orm import Session

from vssid.directory.listings.models import Listing, ListingState, ListingWord
from vssid.directory.listings.ranking import Question, order
from vssid.directory.listings.rules import (
    Asked,
    Kind,
    asked_code,
    asked_key,
    asked_words,
    bare_of,
    mark_of,
    marked_words,
    meant,
    slips_allowed,
    splits,
)

PAGE = 10
MOST_CANDIDATES = 200
MOST_PLACES = 60
# Beyond this many entries a word tells little, if there are others to ask for.
COMMON = 20_000
MOST_ASKED_FOR = 4
MOST_SLIPS_LOOKED_AT = 2_000
MOST_ALIKE = 40
# Of SQLite alone; its hidden column bears the table's name.
_FTS = table("listing_fts", column("rowid"), column("listing_fts"))
_COLUMNS = (Listing.id, Listing.code, Listing.name, Listing.folded, Listing.bare, Listing.words)


class Hit(NamedTuple):
    """One entry that was found."""

    id: int
    code: str
    name: str
    folded: str
    bare: str
    words: str


@dataclass(frozen=True)
class Page:
    """The codes of some entries, whether there are more, and words that were taken for others: (typed, taken for).

    `partial` says that even the best entry lacks some word that was typed.
    """

    codes: Sequence[str]
    more: bool
    instead: tuple[tuple[str, str], ...] = ()
    partial: bool = False


@dataclass(frozen=True)
class _Word:
    """A word typed: the words of the list that may be meant, whether as a beginning, in how many entries they stand."""

    typed: str
    choices: tuple[str, ...]
    begins: bool
    times: int


def state(db: Session, kind: Kind) -> ListingState | None:
    """How a list stands; None when nothing was ever imported for it."""
    return db.get(ListingState, kind)


def find(db: Session, asked: Asked, today: date, page: int = 0) -> Page:
    """The entries of one page (PAGE each, from 0), best first; without words those of the places by name, without either none."""
    key = asked_key(asked.text)
    if not key and not (asked.provinces or asked.wards):
        return Page([], False)
    if (code := asked_code(asked.text)) and (found := _begun(db, [*_holding(asked, today), Listing.code == code], 1)):
        return Page([row.code for row in found], False)
    first = min(page, MOST_CANDIDATES // PAGE) * PAGE
    bare = bare_of(key)
    named = [Listing.bare >= bare, Listing.bare < bare + "{"] if bare else []
    begun = _begun(db, [*_holding(asked, today), *named], first + PAGE + 1)
    if len(begun) > first + PAGE or not key:
        return Page([row.code for row in begun[first : first + PAGE]], len(begun) > first + PAGE)
    words = _words(db, asked.kind, key)
    held = {row.code for row in begun}
    others = [hit for hit in _by_words(db, asked, today, words) if hit.code not in held]
    if not (begun or others):
        words, others = _by_all_but_one(db, asked, today, words)
    question = Question(key, bare, tuple((word.typed, word.choices) for word in words), marked_words(asked.text))
    # A page full of names that begin as typed has been shown in their order: what follows must not turn it round.
    few = _rows(db, [Listing.kind == asked.kind, Listing.code.in_(held)], PAGE) if 0 < len(begun) <= PAGE else []
    ranked = sorted([*few, *others], key=lambda hit: order(question, hit))
    codes = [*([] if few else [row.code for row in begun]), *(hit.code for hit in ranked)]
    instead = _taken_for(words, ranked[:1])
    known = {typed for typed, _taken in instead}
    partial = any(not _has(hit, word) for hit in ranked[:1] for word in words if word.typed not in known)
    return Page(codes[first : first + PAGE], len(codes) > first + PAGE, instead, partial)


def _begun(db: Session, where: Sequence[ColumnElement[bool]], most: int) -> Sequence[Any]:
    """Codes in the order of names: of these the index alone tells."""
    # A number that is bound as a parameter doubles SQLite's time for the whole statement.
    limit: ColumnElement[int] = literal_column(str(int(most)))
    query = select(Listing.code).where(*where).order_by(Listing.bare, Listing.code).limit(limit)
    return db.connection().execute(query).all()


def _has(hit: Hit, word: _Word) -> bool:
    return (f" {word.typed}" if word.begins else f" {word.typed} ") in hit.words


def _taken_for(words: Sequence[_Word], best: Sequence[Hit]) -> tuple[tuple[str, str], ...]:
    """Words typed that the best entry has otherwise: (typed, taken for)."""
    pairs = []
    for word in words:
        there = [one for hit in best for one in word.choices if f" {one}" in hit.words]
        if there and word.typed not in there[0]:
            pairs.append((word.typed, there[0]))
    return tuple(pairs)


def _holding(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    where = [Listing.kind == asked.kind, Listing.until >= today]
    places = []
    if asked.provinces:
        places.append(Listing.province_code.in_(asked.provinces[:MOST_PLACES]))
    if asked.wards:
        places.append(Listing.ward_code.in_(asked.wards[:MOST_PLACES]))
    return [*where, or_(*places)] if places else where


def _rows(db: Session, where: Sequence[ColumnElement[bool]], most: int) -> list[Hit]:
    rows = db.connection().execute(select(*_COLUMNS).where(*where).order_by(Listing.id).limit(most))
    return [Hit(*row) for row in rows]


# --- words ------------------------------------------------------------------------------------------------------------


def _words(db: Session, kind: Kind, key: str) -> Sequence[_Word]:
    """What each word typed stands for in this list; the last one may be a beginning."""
    typed = asked_words(key)
    counted = select(ListingWord.word, ListingWord.times).where(ListingWord.kind == kind, ListingWord.word.in_(typed))
    known: dict[str, int] = dict(db.execute(counted).all())
    found: list[_Word] = []
    for nth, word in enumerate(typed):
        if nth == len(typed) - 1 and (times := _beginning(db, kind, word)):
            found.append(_Word(word, (word,), True, times))
        elif word in known:
            found.append(_Word(word, (word,), False, known[word]))
        else:
            found += _unknown(db, kind, word)
    return found


def _unknown(db: Session, kind: Kind, word: str) -> list[_Word]:
    """A word that no entry has: one with a slip, or two that were written as one, whichever is the commoner."""
    near = _near(db, kind, word)
    choices = tuple(meant(word, near.items()))
    pairs = splits(word)
    counted = select(ListingWord.word, ListingWord.times).where(
        ListingWord.kind == kind, ListingWord.word.in_({part for pair in pairs for part in pair})
    )
    known: dict[str, int] = dict(db.execute(counted).all()) if pairs else {}
    halves = max(((min(known.get(part, 0) for part in pair), pair) for pair in pairs), default=(0, ()))
    if halves[0] and halves[0] >= max((near[choice] for choice in choices), default=0):
        return [_Word(part, (part,), False, known[part]) for part in halves[1]]
    return [_Word(word, choices, False, sum(near[choice] for choice in choices))]


def _by_all_but_one(
    db: Session, asked: Asked, today: date, words: Sequence[_Word]
) -> tuple[Sequence[_Word], list[Hit]]:
    """A slip can make another word of the list: one word after the other, the rarest first, may be any that is alike."""
    for doubtful in sorted(words, key=lambda word: (word.times, word.typed)):
        near = _near(db, asked.kind, doubtful.typed, at_least=1)
        choices = tuple(
            dict.fromkeys([*doubtful.choices, *meant(doubtful.typed, near.items(), most=MOST_ALIKE, at_least=1)])
        )
        tried = [_Word(word.typed, choices, False, 0) if word is doubtful else word for word in words]
        if all(word.choices for word in tried) and (found := _by_words(db, asked, today, tried)):
            return tried, found
    return words, []


def _beginning(db: Session, kind: Kind, word: str) -> int:
    """In how many entries at most words stand that begin so, counted up to what is common."""
    begins = ListingWord.kind == kind, ListingWord.word >= word, ListingWord.word < word + "{"
    return sum(db.scalars(select(ListingWord.times).where(*begins).order_by(ListingWord.word).limit(MOST_CANDIDATES)))


def _near(db: Session, kind: Kind, word: str, at_least: int = 0) -> dict[str, int]:
    """Words of about this length that begin or end alike: among them is what a slip was meant to be."""
    allowed = max(slips_allowed(word), at_least)
    if not allowed or word.isdigit():
        return {}
    lengths = ListingWord.length.between(len(word) - allowed, len(word) + allowed)
    alike = or_(ListingWord.word.startswith(word[:1]), ListingWord.word.endswith(word[-2:]))
    query = select(ListingWord.word, ListingWord.times).where(ListingWord.kind == kind, lengths, alike)
    return dict(
        db.execute(query.order_by(ListingWord.times.desc(), ListingWord.word).limit(MOST_SLIPS_LOOKED_AT)).all()
    )


def _by_words(db: Session, asked: Asked, today: date, words: Sequence[_Word]) -> list[Hit]:
    """Candidates that have the rarest words typed, in the order of their numbers."""
    wanted = sorted((word for word in words if word.choices), key=lambda word: (word.times, word.typed))
    # Half of what was typed must mean something here.
    if 2 * len(wanted) < len(words) or not wanted:
        return []
    rare = [word for word in wanted if word.times <= COMMON][:MOST_ASKED_FOR] or wanted[:MOST_ASKED_FOR]
    if db.get_bind().dialect.name == "postgresql":
        return _rows(db, [*_holding(asked, today), *map(_like, rare)], MOST_CANDIDATES)
    query = (
        select(*_COLUMNS)
        .join(_FTS, _FTS.c.rowid == Listing.id)
        .where(_FTS.c.listing_fts.op("MATCH")(_match(asked, rare)))
    )
    rows = db.connection().execute(query.where(*_holding(asked, today)).order_by(_FTS.c.rowid).limit(MOST_CANDIDATES))
    return [Hit(*row) for row in rows]


def _like(word: _Word) -> ColumnElement[bool]:
    return or_(*(Listing.words.contains(f" {one}" if word.begins else f" {one} ") for one in word.choices))


def _match(asked: Asked, words: Sequence[_Word]) -> str:
    """The same for FTS5; it is told of the list and of the places as well, so that it need not bring what is not wanted."""
    places = [
        *(f"zp{code}" for code in asked.provinces[:MOST_PLACES]),
        *(f"zw{code}" for code in asked.wards[:MOST_PLACES]),
    ]
    groups = [[mark_of(asked.kind)], *([places] if places else [])]
    groups += [[f"{one}*" if word.begins else one for one in word.choices] for word in words]
    return " AND ".join(f"({' OR '.join(group)})" for group in groups)
