"""What is read of a hospital's file, and what comes of one HOSO."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from vssid.kernel.labels import Label

MOST_PROBLEMS = 20  # that are named of one HOSO: it is refused by the first
Record = dict[str, str]  # what elements say; those that say nothing are left out


@dataclass(frozen=True)
class Shape:
    """What is read of a file: its outermost element, and the kinds of parts (LOAIHOSO) with the fields of their records.

    `named`: a record is an element of this name, and belongs to this kind. `whole`: the document of such a part is one
    record whatever its elements are called; where a field comes again under another parent, or an element with fields in
    it comes again at the same depth, the next record begins.
    `other_names` are other names of kinds.
    """

    root: str
    named: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    whole_fields: frozenset[str] = frozenset()
    other_names: Mapping[str, str] = field(default_factory=dict)

    @functools.cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of parts that are read."""
        return self.whole.union(self.named.values())

    def kind(self, written: str) -> str:
        """The kind that LOAIHOSO names."""
        name = written.upper().replace(" ", "")
        return self.other_names.get(name, name)


@dataclass
class Hoso:
    """One HOSO of a file: its number in the file from 1, the line on which it begins, its records by kind of part.

    `problems` are (element, words) of what could not be read; then the records are incomplete. `size` is in signs.
    """

    number: int
    line: int
    facility: str
    records: dict[str, list[Record]] = field(default_factory=dict)
    problems: list[tuple[str, Label]] = field(default_factory=list)
    size: int = 0

    def wrong(self, element: str, words: Label) -> None:
        """Note what could not be read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((element, words))

    def of(self, kind: str) -> list[Record]:
        """The records of a kind of part."""
        return self.records.get(kind, [])
