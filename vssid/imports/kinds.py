"""The kinds of tables that can be taken over: composed here from the doors of the rooms that own the tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from vssid.card import importer as cards
from vssid.directory import importer as directory
from vssid.directory import lists, payers
from vssid.kernel.db import Base
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Cells, Changed, Counts, Data, Found, Sheet, Staged
from vssid.records import importer as participants
from vssid.records import intake, papers, visits
from vssid.records.benefits import importer as benefits
from vssid.records.contributions import importer as contributions

Reader = Callable[[Session, date, date], Callable[[Cells], Data]]


@dataclass(frozen=True)
class Named:
    """What a run calls its kind, and what people call it. `personal` is about people: other kinds may be shown to everybody."""

    name: str
    label: Label
    personal: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Kind(Named):
    """How one kind is read, compared and taken over. `reader` gets the session, `as_of` and today.

    `changes` are the first rows that would change. `within` compares the rows of the file, `clashes` compares them with
    the register and is asked again before `take`.
    """

    sheet: Sheet
    reader: Reader
    within: Callable[[Session, Staged], Iterator[Found]]
    clashes: Callable[[Session, Staged], Iterator[Found]]
    difference: Callable[[Session, Staged], Counts]
    changes: Callable[[Session, Staged, int], list[Changed]]
    take: Callable[[Session, Staged], None]

    def key(self, data: Data) -> str:
        """The natural key of a parsed row as one text; empty parts when a cell was refused."""
        return "|".join(str(data[name]) for name in self.sheet.key)


def _take_participants(db: Session, staged: Staged) -> None:
    intake.take(db, staged)
    if "merged_into" in staged.names:
        cards.follow_mergers(db)
        contributions.follow_mergers(db)
        visits.follow_mergers(db)
        papers.follow_mergers(db)
        benefits.follow_mergers(db)


_KINDS = (
    Kind(
        "participants",
        N_("Người tham gia"),
        participants.PARTICIPANTS,
        participants.reader,
        within=intake.clashes_within,
        clashes=intake.clashes,
        difference=intake.difference,
        changes=intake.changes,
        take=_take_participants,
    ),
    Kind(
        "cards",
        N_("Thẻ BHYT"),
        cards.CARDS,
        cards.reader,
        within=cards.clashes_within,
        clashes=cards.clashes,
        difference=cards.difference,
        changes=cards.changes,
        take=cards.take,
    ),
    Kind(
        "contributions",
        N_("Quá trình tham gia"),
        contributions.CONTRIBUTIONS,
        contributions.reader,
        within=contributions.clashes_within,
        clashes=contributions.clashes,
        difference=contributions.difference,
        changes=contributions.changes,
        take=contributions.take,
    ),
    Kind(
        "agencies",
        N_("Cơ quan BHXH"),
        directory.AGENCIES,
        directory.agency_reader,
        within=directory.no_clashes,
        clashes=directory.check_agencies,
        difference=directory.agency_difference,
        changes=directory.agency_changes,
        take=directory.take_agencies,
        personal=False,
    ),
    Kind(
        "facilities",
        N_("Danh mục cơ sở khám chữa bệnh"),
        directory.FACILITIES,
        directory.facility_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=directory.facility_difference,
        changes=directory.facility_changes,
        take=directory.take_facilities,
        personal=False,
    ),
    Kind(
        "employers",
        N_("Đơn vị tham gia BHXH"),
        payers.EMPLOYERS,
        payers.employer_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=payers.employer_difference,
        changes=payers.employer_changes,
        take=payers.take_employers,
        personal=False,
    ),
    Kind(
        "collection-points",
        N_("Điểm thu, đại lý thu"),
        payers.POINTS,
        payers.point_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=payers.point_difference,
        changes=payers.point_changes,
        take=payers.take_points,
        personal=False,
    ),
    Kind(
        "benefits",
        N_("Thông tin hưởng"),
        benefits.BENEFITS,
        benefits.benefit_reader,
        within=benefits.benefit_clashes_within,
        clashes=benefits.clashes,
        difference=benefits.benefit_difference,
        changes=benefits.benefit_changes,
        take=benefits.take_benefits,
    ),
    Kind(
        "pension-adjustments",
        N_("Phiếu điều chỉnh lương hưu"),
        benefits.ADJUSTMENTS,
        benefits.adjustment_reader,
        within=benefits.adjustment_clashes_within,
        clashes=benefits.clashes,
        difference=benefits.adjustment_difference,
        changes=benefits.adjustment_changes,
        take=benefits.take_adjustments,
    ),
    Kind(
        "icd10",
        N_("Mã bệnh ICD-10"),
        lists.ICD10,
        lists.icd10_reader,
        within=directory.no_clashes,
        clashes=directory.no_clashes,
        difference=lists.icd10_difference,
        changes=lists.icd10_changes,
        take=lists.take_icd10,
        personal=False,
    ),
    Kind(
        "parameters",
        N_("Tham số theo ngày"),
        lists.PARAMETERS,
        lists.parameter_reader,
        within=directory.no_clashes,
        clashes=lists.check_periods,
        difference=lists.parameter_difference,
        changes=lists.parameter_changes,
        take=lists.take_parameters,
        personal=False,
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
_HOSPITALS = {"visits", "visit_lines", "medical_papers"}
_WRITTEN = {
    "persons", "person_identifiers", "guardianships", "cards", "contributions", "benefits", "pension_adjustments", "agencies",
    "facilities", "employers", "collection_points", "icd10_codes", "parameters", *_HOSPITALS,
}  # fmt: skip
# All that an import may write, parents before children: what it does there can be taken back.
TABLES = [table for table in Base.metadata.sorted_tables if table.name in _WRITTEN]
HOSPITAL_TABLES = [table for table in TABLES if table.name in _HOSPITALS]
CLAIMS = Named("claims-xml", N_("Hồ sơ khám chữa bệnh (XML)"))
PAPERS = Named("papers-xml", N_("Giấy tờ khám chữa bệnh (XML)"))
