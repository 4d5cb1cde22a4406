"""The kinds of tables that can be taken over: composed here from the doors of the rooms that own the tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from vssid.card import importer as cards
from vssid.directory import importer as directory
from vssid.directory import lists
from vssid.kernel.rows import Cells, Counts, Data, Found, Sheet, Staged
from vssid.records import importer as participants
from vssid.records import intake
from vssid.records.benefits import importer as benefits

Reader = Callable[[Session, date, date], Callable[[Cells], Data]]


@dataclass(frozen=True)
class Kind:
    """How one kind is read, compared and taken over. `reader` gets the session, `as_of` and today.

    `within` compares the rows of the file, `clashes` compares them with the register and is asked again before `take`.
    """

    name: str
    sheet: Sheet
    reader: Reader
    within: Callable[[Session, Staged], Iterator[Found]]
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
        benefits.follow_mergers(db)


_KINDS = (
    Kind(
        "participants",
        participants.PARTICIPANTS,
        participants.reader,
        within=intake.clashes_within,
        clashes=intake.clashes,
        difference=intake.difference,
        take=_take_participants,
    ),
    Kind(
        "cards",
        cards.CARDS,
        cards.reader,
        within=cards.clashes_within,
        clashes=cards.clashes,
        difference=cards.difference,
        take=cards.take,
    ),
    Kind(
        "agencies",
        directory.AGENCIES,
        directory.agency_reader,
        within=directory.no_clashes,
        clashes=directory.check_agencies,
        difference=directory.agency_difference,
        take=directory.take_agencies,
    ),
    Kind(
        "facilities",
        directory.FACILITIES,
        directory.facility_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=directory.facility_difference,
        take=directory.take_facilities,
    ),
    Kind(
        "benefits",
        benefits.BENEFITS,
        benefits.benefit_reader,
        within=benefits.benefit_clashes_within,
        clashes=benefits.clashes,
        difference=benefits.benefit_difference,
        take=benefits.take_benefits,
    ),
    Kind(
        "pension-adjustments",
        benefits.ADJUSTMENTS,
        benefits.adjustment_reader,
        within=benefits.adjustment_clashes_within,
        clashes=benefits.clashes,
        difference=benefits.adjustment_difference,
        take=benefits.take_adjustments,
    ),
    Kind(
        "icd10",
        lists.ICD10,
        lists.icd10_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=lists.icd10_difference,
        take=lists.take_icd10,
    ),
    Kind(
        "parameters",
        lists.PARAMETERS,
        lists.parameter_reader,
        within=directory.no_clashes,
        clashes=lists.check_periods,
        difference=lists.parameter_difference,
        take=lists.take_parameters,
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
