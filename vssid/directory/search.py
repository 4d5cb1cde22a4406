"""Searching places by the names of today and by those of before 1/7/2025."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.directory.models import AdminUnit, Succession
from vssid.directory.queries import MOST_RESULTS, old_lines, places, successors
from vssid.directory.rules import (
    LONGEST_SEARCH,
    OF_BEFORE,
    OLD_SYSTEM,
    SYSTEM,
    Hit,
    Level,
    Place,
    old_choice,
    old_label,
    place_needles,
    search_key,
    spelt_out,
    words_of,
)
from vssid.kernel.text import one_line

_Today, _Below = aliased(AdminUnit), aliased(AdminUnit)
_IS_OLD = AdminUnit.system == OLD_SYSTEM


def search_wards(
    db: Session, text: str, province_code: str | None = None, limit: int = 20, *, home: str = ""
) -> list[Hit]:
    """Places whose names hold the words typed, marks or not, in any order, best first; names above them may be typed too.

    Of equally good names those in the province `home` come first, then those of today, or of before where OF_BEFORE is
    typed. An old ward brings all wards that it went into: which of several, the asker must say. `province_code` keeps to a
    province of today. Nothing typed finds nothing.
    """
    needles = place_needles(text)
    return _found(db, text, _matching(needles, province_code, home), limit) if needles else []


def named_place(db: Session, text: str, home: str = "") -> Hit | None:
    """The place of which this is the whole name, with or without names above it; of several that in the province `home`."""
    needles = place_needles(text)
    if not needles:
        return None
    whole = _matching(needles, None, home).where(_rank(needles) == 0)
    return next(iter(_found(db, text, whole, 1)), None)


def _found(db: Session, text: str, query: Any, limit: int) -> list[Hit]:
    most = min(limit, MOST_RESULTS)
    rows = db.execute(query.limit(2 * most)).all()
    spelt, marked = spelt_out(text), one_line(text[:LONGEST_SEARCH]).casefold()
    unwanted = SYSTEM if OF_BEFORE in text else OLD_SYSTEM

    def nearness(row: Row[Any]) -> tuple[Any, ...]:
        as_written = row.name.casefold() in marked
        unlike = search_key(row.full_name) not in spelt
        return (row.rank, row.far, row.system == unwanted, not as_written, unlike)

    return _hits(db, sorted(rows, key=nearness))[:most]


def _matching(needles: list[str], province_code: str | None, home: str) -> Any:
    own_words = {word for needle in needles for word in words_of(needle)}
    rank = _rank(needles).label("rank")
    far = (case((or_(_within(home), _holds_of(home)), 0), else_=1) if home else literal(0)).label("far")
    unit = (AdminUnit.system, AdminUnit.code, AdminUnit.name, AdminUnit.full_name, AdminUnit.folded)
    query = select(*unit, rank, far).where(
        or_(_IS_OLD, and_(AdminUnit.system == SYSTEM, AdminUnit.level == Level.WARD, AdminUnit.valid_to.is_(None))),
        or_(*(and_(*(_holds(word) for word in words_of(needle))) for needle in needles)),
        # A word of the names above alone would bring all that lies below: one word must be of the unit itself.
        or_(*(AdminUnit.folded.contains(word, autoescape=True) for word in sorted(own_words))),
    )
    if province_code:
        query = query.where(_within(province_code))
    # "district", "province" and "ward" sort as is wanted: a town is meant more often than a village of its name.
    return query.order_by(
        rank, far, _IS_OLD, AdminUnit.level, func.length(AdminUnit.folded), AdminUnit.folded, AdminUnit.code
    )


def _within(province_code: str) -> ColumnElement[bool]:
    """Whether a unit, or some of an old one, lies in this province of today."""
    return or_(and_(AdminUnit.system == SYSTEM, AdminUnit.parent_code == province_code), _went_into(province_code))


def _holds(word: str) -> ColumnElement[bool]:
    """Whether `word` occurs in the names; a number only as a whole one."""
    if word.isdigit():
        return or_(*(AdminUnit.words.contains(f"{before}{word} ") for before in (" ", "phuong", "quan")))
    return AdminUnit.words.contains(f" {word} " if word[-1].isdigit() else word, autoescape=True)


def _rank(needles: list[str]) -> ColumnElement[int]:
    """0 named from its own name upwards as typed, 1 its whole name was typed among others, then as `queries.rank` does."""
    own, words = AdminUnit.folded, AdminUnit.words
    steps: list[tuple[Any, int]] = []
    for needle in needles:
        begun = (words.contains(" " + word, autoescape=True) for word in words_of(needle))
        steps += [
            (and_(words.startswith(f" {needle} ", autoescape=True), func.length(own) <= len(needle)), 0),
            (literal(f" {needle} ").contains(" " + own + " "), 1),
            (own.startswith(needle, autoescape=True), 2),
            (own.contains(" " + needle, autoescape=True), 3),
            (and_(*begun), 4),
            (own.contains(needle, autoescape=True), 5),
        ]
    return case(*sorted(steps, key=lambda step: step[1]), else_=6)


def _went_into(province_code: str) -> ColumnElement[bool]:
    """Whether some of an old ward lies in this province of today."""
    today = and_(_Today.system == SYSTEM, _Today.code == Succession.new_code, _Today.valid_to.is_(None))
    return and_(
        _IS_OLD, exists().where(Succession.old_code == AdminUnit.code, today, _Today.parent_code == province_code)
    )


def _holds_of(province_code: str) -> ColumnElement[bool]:
    """Whether some ward of an old district lies in this province of today."""
    today = and_(_Today.system == SYSTEM, _Today.code == Succession.new_code, _Today.valid_to.is_(None))
    of_it = and_(_Below.system == OLD_SYSTEM, _Below.parent_code == AdminUnit.code, Succession.old_code == _Below.code)
    return and_(_IS_OLD, exists().where(of_it, today, _Today.parent_code == province_code))


def _hits(db: Session, rows: list[Row[Any]]) -> list[Hit]:
    old = [row.code for row in rows if row.system == OLD_SYSTEM]
    today = places(db, [row.code for row in rows if row.system == SYSTEM])
    lines, after = old_lines(db, old), successors(db, old)
    kept = {(row.code, row.folded) for row in rows if row.system == SYSTEM}
    hits = []
    for row in rows:
        if row.system == SYSTEM:
            hits.append(Hit(row.code, today[row.code].label, (today[row.code],)))
        elif not _says_nothing_new(row.folded, after.get(row.code, []), kept):
            now = tuple(after.get(row.code, []))
            names = [unit.full_name for unit in lines[row.code]]
            hits.append(Hit(old_choice(row.code), old_label(names), now))
    return hits


def _says_nothing_new(folded: str, now: list[Place], found: set[tuple[str, str]]) -> bool:
    """Whether an old ward went whole into a ward of the same name that was found as well."""
    return len(now) == 1 and (now[0].code, folded) in found
