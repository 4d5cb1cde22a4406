"""Which of the entries found comes first: one function for both databases. Pure."""

from dataclasses import dataclass
from typing import Any

from vssid.kernel.text import spelt

Spelling = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Question:
    """What was typed as it is compared: the whole, without common beginnings, and its words with what each may stand for.

    The last word may be the beginning of one. `marked` are the words as typed where they have marks.
    """

    key: str
    bare: str
    words: tuple[tuple[str, tuple[str, ...]], ...]
    marked: tuple[Spelling, ...] = ()


def order(question: Question, entry: Any) -> tuple[Any, ...]:
    """What to sort by, best first. `entry` has code, name, folded, bare and words."""
    name, spelling = f" {entry.folded} ", spelt(entry.name) if question.marked else []
    missing = slipped = in_address = 0
    for nth, (typed, choices) in enumerate(question.words):
        last = nth == len(question.words) - 1
        there = [one for one in choices if _has(entry.words, one, last)]
        missing += not there
        slipped += bool(there) and typed not in there
        in_address += bool(there) and not any(_has(name, one, last) for one in there)
    return (
        missing,
        slipped,
        entry.folded != question.key,
        entry.bare != question.bare,
        sum(word not in spelling for word in question.marked),
        f" {question.key}" not in name,
        in_address,
        f" {question.bare}" not in name,
        not entry.bare.startswith(question.bare),
        len(entry.folded),
        entry.folded,
        entry.code,
    )


def _has(text: str, word: str, may_begin: bool) -> bool:
    return f" {word} " in text or (may_begin and f" {word}" in text)
