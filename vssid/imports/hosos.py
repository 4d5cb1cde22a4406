"""Kinds of hospital files whose unit is the HOSO: how one is read, and what a batch of them would change and changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from vssid import accounts
from vssid.imports import kinds
from vssid.imports.kinds import Named
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Changed, Counts, Data
from vssid.records.hospital.matching import Waiting
from vssid.records.hospital.shapes import Hoso, Shape
from vssid.records.hospital.values import LONGEST_LINK, Claim, digest
from vssid.records.papers import fields as paper_fields
from vssid.records.papers import intake as papers
from vssid.records.papers.intake import Owned
from vssid.records.papers.rules import weight
from vssid.records.visits import fields, intake, notices
from vssid.records.visits.intake import Judged


@dataclass(frozen=True)
class Verdict:
    """What a batch would change, in HOSO; those that are refused with an element and words; the change itself."""

    counts: Counts
    refused: Sequence[tuple[Waiting, str, Label]]
    take: Callable[[Session, datetime], None]


@dataclass(frozen=True)
class HosoKind(Named):
    """One kind of hospital files: `columns` name a refused HOSO, `weight` is how many rows a staged one would make, long
    ones counted for several.

    `changes` are the rows that a batch would change; `shown` is what an officer sees of a staged HOSO.
    """

    shape: Shape
    columns: tuple[str, str]
    claim: Callable[[Hoso, date], Claim]
    weight: Callable[[Mapping[str, Any]], int]
    judge: Callable[[Session, Sequence[Waiting]], Verdict]
    changes: Callable[[Session, Sequence[Waiting]], list[Changed]]
    shown: Callable[[Data], Data]


def contents(claim: Claim) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """What a HOSO holds that may come once in a run: key, digest, and the paper if it is one."""
    papers_ = claim.data.get("attached", [])
    if "lines" in claim.data:
        yield claim.key, digest({"visit": claim.data["digest"], "papers": papers_}), None
    for one in papers_:
        yield f"{one['facility']}|{one['kind']}|{one['number']}", digest(one), one


def _claim(hoso: Hoso, today: date) -> Claim:
    """A visit with its papers: whole, or with problems."""
    claim = fields.claim_of(hoso, today)
    if hoso.of("XML1"):
        claim.link = claim.link or hoso.of("XML1")[0].get("MA_LK", "")[:LONGEST_LINK]
        claim.problems += paper_fields.parts_of(hoso, claim, today)
    return claim


def _judge_claims(db: Session, batch: Sequence[Waiting]) -> Verdict:
    found = intake.judge(db, batch)
    attached = papers.judge(db, _owned(found))
    refused = {one.line for one, _column, _words in attached.refused}
    visits = replace(
        found,
        new=[one for one in found.new if one[0].line not in refused],
        changed=[one for one in found.changed if one[0].line not in refused],
    )
    same = {one.line for one, _person in found.same} - refused
    # A visit that is known and as it was, with a paper that is not, is a HOSO that has changed.
    more = {one.line for one in (*attached.new, *attached.changed)} & same
    counts = Counts(len(visits.new), len(visits.changed) + len(more), len(same) - len(more))

    def take(db: Session, at: datetime) -> None:
        notices.tell(db, accounts.house, visits, at)
        intake.take(db, visits, at)
        papers.take(db, attached, at)
        papers.hide_with(db, [visit for one, _person, visit in visits.changed if one.data["sensitive"]])

    return Verdict(counts, [*found.refused, *attached.refused], take)


def _owned(found: Judged) -> Iterator[Owned]:
    """Visits with the person of their papers."""
    changed = [(one, who) for one, who, _visit in found.changed]
    for one, who in (*found.new, *changed, *found.same):
        yield Owned(one, [who] * len(one.data.get("attached", [])))


def _changes_of_claims(db: Session, batch: Sequence[Waiting]) -> list[Changed]:
    found = intake.judge(db, batch)
    return [*intake.changes(db, found), *papers.changes(db, papers.judge(db, _owned(found)))]


def _judge_papers(db: Session, batch: Sequence[Waiting]) -> Verdict:
    owned, strange = papers.owners(db, batch)
    found = papers.judge(db, owned)
    counts = Counts(len(found.new), len(found.changed), len(found.same))
    return Verdict(counts, [*strange, *found.refused], lambda db, at: papers.take(db, found, at))


def _changes_of_papers(db: Session, batch: Sequence[Waiting]) -> list[Changed]:
    owned, _strange = papers.owners(db, batch)
    return papers.changes(db, papers.judge(db, owned))


# What an officer sees of a staged HOSO: no diagnosis, nobody's name.
_PLACE = ((N_("Tệp"), "source"), (N_("Hồ sơ thứ"), "number"))
_OF_VISIT = (
    *_PLACE, (N_("Mã cơ sở KCB"), "facility"), (N_("Mã lượt khám"), "link"), (N_("Ngày vào"), "admitted"),
    (N_("Ngày ra"), "discharged"), (N_("Tổng chi phí"), "hospital"), (N_("Quỹ BHYT trả"), "fund"),
)  # fmt: skip


def _shown_visit(data: Data) -> Data:
    return {label: data[name] for label, name in _OF_VISIT}


def _shown_papers(data: Data) -> Data:
    facilities = {one["facility"] for one in data["attached"]}
    names = ", ".join(f"{one['kind'].upper()} {one['number']} ({one['dated']})" for one in data["attached"])
    place: Data = {label: data[name] for label, name in _PLACE}
    return {**place, N_("Mã cơ sở KCB"): ", ".join(sorted(facilities)), N_("Giấy tờ"): names}


CLAIMS = HosoKind(
    kinds.CLAIMS.name,
    kinds.CLAIMS.label,
    replace(fields.SHAPE, whole=paper_fields.PARTS.whole, whole_fields=paper_fields.PARTS.whole_fields),
    ("tep", "ma_lk"),
    _claim,
    lambda data: len(data["lines"]) + weight(data.get("attached", [])),
    _judge_claims,
    _changes_of_claims,
    _shown_visit,
)
PAPERS = HosoKind(
    kinds.PAPERS.name,
    kinds.PAPERS.label,
    paper_fields.DOCUMENTS,
    ("tep", "so_giay"),
    paper_fields.document_claim,
    lambda data: weight(data["attached"]),
    _judge_papers,
    _changes_of_papers,
    _shown_papers,
)
HOSO_KINDS = {kind.name: kind for kind in (CLAIMS, PAPERS)}
REPEATED_HOSO = N_("Trong lần nhập này đã có hồ sơ khác của cơ sở này mang cùng MA_LK.")
REPEATED_PAPER = N_("Trong lần nhập này đã có giấy khác cùng loại của cơ sở này mang cùng số.")
