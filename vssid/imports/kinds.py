"""The kinds of tables that can be taken over: composed here from the doors of the rooms that own the tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from vssid.card import importer as cards
from vssid.directory import importer as directory
from vssid.kernel.rows import Cells, Counts, Data, Found, Sheet, Staged
from vssid.records import importer as participants
from vssid.records import intake

Reader = Callable[[Session, date, date], Callable[[Cells], Data]]


@dataclass(frozen=True)
class Kind:
    """How one kind is read, compared and taken over. `reader` gets the session, `as_of` and today."""

    name: str
    sheet: Sheet
    reader: Reader
    clashes: Callable[[Session, Staged], Iterator[Found]]
    difference: Callable[[Session, Staged], Counts]
    take: Callable[[Session, Staged], None]

    def key(self, data: Data) -> str:
        """The natural key of a parsed row as one text; empty parts when a cell was refused."""
        return "|".join(str(data[name]) for name in self.sheet.key)


def _take_participants(db: Session, staged: Staged) -> None:
    intake.take(db, staged)
    if "merged_into" in staged.names:
        cards.follow_mergers(db)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "participants",
            participants.PARTICIPANTS,
            participants.reader,
            intake.clashes,
            intake.difference,
            _take_participants,
        ),
        Kind("cards", cards.CARDS, cards.reader, cards.clashes, cards.difference, cards.take),
        Kind(
            "agencies",
            directory.AGENCIES,
            directory.agency_reader,
            directory.check_agencies,
            directory.agency_difference,
            directory.take_agencies,
        ),
        Kind(
            "facilities",
            directory.FACILITIES,
            directory.facility_reader,
            directory.check_facilities,
            directory.facility_difference,
            directory.take_facilities,
        ),
    )
}
