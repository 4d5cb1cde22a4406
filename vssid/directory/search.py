"""Searching places by the names of today and by those of before 1/7/2025."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.directory.models import AdminUnit, Succession
from vssid.directory.queries import MOST_RESULTS, old_lines, places, successors
from vssid.directory.rules import (
    LONGEST_SEARCH,
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

_Today = aliased(AdminUnit)
_IS_OLD = AdminUnit.system == OLD_SYSTEM


def search_wards(db: Session, text: str, province_code: str | None = None, limit: int = 20) -> list[Hit]:
    """Places whose names hold the words typed, marks or not, in any order, best first; names above them may be typed too.

    Of equally good names those of today come first. An old ward brings all wards that it went into: which of several,
    the asker must say. `province_code` keeps to a province of today. Nothing typed finds nothing.
    """
    needles = place_needles(text)
    if not needles:
        return []
    most = min(limit, MOST_RESULTS)
    rows = db.execute(_matching(needles, province_code).limit(2 * most)).all()
    spelt, marked = spelt_out(text), one_line(text[:LONGEST_SEARCH]).casefold()

    def nearness(row: Row[Any]) -> tuple[Any, ...]:
        as_written = row.name.casefold() in marked
        return (row.rank, row.system == OLD_SYSTEM, not as_written, search_key(row.full_name) not in spelt)

    return _hits(db, sorted(rows, key=nearness))[:most]


def _matching(needles: list[str], province_code: str | None) -> Any:
    own_words = {word for needle in needles for word in words_of(needle)}
    rank = _rank(needles).label("rank")
    unit = (AdminUnit.system, AdminUnit.code, AdminUnit.name, AdminUnit.full_name, AdminUnit.folded)
    query = select(*unit, rank).where(
        or_(_IS_OLD, and_(AdminUnit.system == SYSTEM, AdminUnit.level == Level.WARD, AdminUnit.valid_to.is_(None))),
        or_(*(and_(*(_holds(word) for word in words_of(needle))) for needle in needles)),
        # A word of the names above alone would bring all that lies below: one word must be of the unit itself.
        or_(*(AdminUnit.folded.contains(word, autoescape=True) for word in sorted(own_words))),
    )
    if province_code:
        within = and_(AdminUnit.system == SYSTEM, AdminUnit.parent_code == province_code)
        query = query.where(or_(within, _went_into(province_code)))
    # "district", "province" and "ward" sort as is wanted: a town is meant more often than a village of its name.
    return query.order_by(
        rank, _IS_OLD, AdminUnit.level, func.length(AdminUnit.folded), AdminUnit.folded, AdminUnit.code
    )


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
