"""Taking papers over from staged HOSO, a batch at a time: whose they are, what they change, and the change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Changed, table_of
from vssid.records.hospital.matching import Waiting, numbers_of, person_of, persons
from vssid.records.hospital.values import digest
from vssid.records.models import Person
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import Source, combined, tells_of_hiv
from vssid.records.visits.models import Visit

_PAPERS = table_of(Paper)
_COLUMNS = ("diagnosis", "from_date", "to_date", "days")
Key = tuple[str, str, str]


class Owned(NamedTuple):
    """One staged HOSO and the person of each of its papers."""

    waiting: Waiting
    persons: Sequence[UUID]


@dataclass
class Judged:
    """What a batch would change, by HOSO (`new`, `changed`, `same`) and in papers.

    `rows` are the papers that there are, `lines` the numbers of the HOSO that bring one.
    """

    new: list[Waiting] = field(default_factory=list)
    changed: list[Waiting] = field(default_factory=list)
    same: list[Waiting] = field(default_factory=list)
    refused: list[tuple[Waiting, str, Label]] = field(default_factory=list)
    papers: list[tuple[Mapping[str, Any], UUID]] = field(default_factory=list)
    rows: dict[Key, Row[Any]] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)


def owners(db: Session, batch: Sequence[Waiting]) -> tuple[list[Owned], list[tuple[Waiting, str, Label]]]:
    """The person of each paper by the numbers on it, in one statement; HOSO with a paper of nobody, or of two, apart."""
    known = persons(db, chain.from_iterable(_numbers(paper) for one in batch for paper in one.data["attached"]))
    owned, refused = [], []
    for one in batch:
        found = [person_of(_numbers(paper), known) for paper in one.data["attached"]]
        wrong = [(one, *person) for person in found if not isinstance(person, UUID)]
        if wrong:
            refused.append(wrong[0])
        else:
            owned.append(Owned(one, [person for person in found if isinstance(person, UUID)]))
    return owned, refused


def _numbers(paper: Mapping[str, Any]) -> list[tuple[str, str]]:
    return numbers_of(paper["people"], paper["papers"])


def _key(paper: Mapping[str, Any]) -> Key:
    return paper["facility"], paper["kind"], paper["number"]


def judge(db: Session, batch: Iterable[Owned]) -> Judged:
    """Compare the papers of a batch with those that there are, in one statement; in none when it has no papers."""
    batch = [one for one in batch if one.waiting.data.get("attached")]
    judged = Judged()
    if not batch:
        return judged
    keys = [_key(paper) for one in batch for paper in one.waiting.data["attached"]]
    known = (Paper.facility_code, Paper.kind, Paper.number)
    query = select(*known, Paper.id, Paper.person_id, Paper.link_code, Paper.sources)
    judged.rows = {(row[0], row[1], row[2]): row for row in db.execute(query.where(tuple_(*known).in_(keys)))}
    for waiting, persons_ in batch:
        papers = list(zip(waiting.data["attached"], persons_, strict=True))
        strange = next((paper for paper, person in papers if _is_anothers(paper, person, judged.rows)), None)
        if strange is not None:
            words = N_("Số %(number)s đã có trên giấy cùng loại của người khác.", number=strange["number"])
            judged.refused.append((waiting, strange["kind"].upper(), words))
            continue
        fresh = [(paper, person) for paper, person in papers if not _is_known(paper, person, judged.rows)]
        there = any(_key(paper) in judged.rows for paper, _person in papers)
        judged.papers += fresh
        judged.lines |= {_key(paper): waiting.line for paper, _person in fresh}
        (judged.same if not fresh else judged.changed if there else judged.new).append(waiting)
    return judged


def _is_anothers(paper: Mapping[str, Any], person: UUID, rows: Mapping[Key, Row[Any]]) -> bool:
    """Whether somebody else has a paper with this number.

    Only the same treatment may name another person than before, and only while no document has named the first one too.
    """
    row = rows.get(_key(paper))
    if row is None or row.person_id == person:
        return False
    return not paper["link"] or row.link_code != paper["link"] or Source.DOCUMENT in row.sources


def _said_before(row: Row[Any] | None, person: UUID) -> Mapping[str, Any]:
    """What was said of a paper so far; nothing of it holds when it turns out to be somebody else's."""
    sources: Mapping[str, Any] = row.sources if row is not None and row.person_id == person else {}
    return sources


def _is_known(paper: Mapping[str, Any], person: UUID, rows: Mapping[Key, Row[Any]]) -> bool:
    row = rows.get(_key(paper))
    return row is not None and row.person_id == person and row.sources.get(paper["source"]) == _content(paper)


def _content(paper: Mapping[str, Any]) -> dict[str, Any]:
    """What one delivery says of a paper, as it is kept."""
    dates = {"issued": paper["issued"], "dated": paper["dated"], "number_kind": paper["number_kind"]}
    return {**paper["said"], **dates, "sensitive": paper["sensitive"]}


def changes(db: Session, judged: Judged) -> list[Changed]:
    """Of papers that would change: days as (held, new), in one statement. What a paper says of health stays unseen."""
    columns = ("issued_on", "from_date", "to_date", "days", "number_kind")
    known = [(one, person, judged.rows[_key(one)]) for one, person in judged.papers if _key(one) in judged.rows]
    query = select(Paper.id, *(getattr(Paper, name) for name in columns))
    ids = [row.id for _paper, _person, row in known]
    held = {row.id: row for row in db.execute(query.where(Paper.id.in_(ids)))} if ids else {}
    found = []
    for paper, person, row in known:
        old, new = held[row.id], _values(paper, _said_before(row, person))
        cells = {name: (str(getattr(old, name)), str(new[name])) for name in columns if getattr(old, name) != new[name]}
        found.append(Changed(judged.lines[_key(paper)], "|".join(_key(paper)), cells))
    return found


def take(db: Session, judged: Judged, at: datetime) -> None:
    """Write new papers and change known ones; a paper keeps its id, so that disputes stay."""
    if not judged.papers:
        return
    visits = _visits(db, [paper for paper, _person in judged.papers])
    new = []
    for paper, person in judged.papers:
        row = judged.rows.get(_key(paper))
        values = {"person_id": person, "updated_at": at, **_values(paper, _said_before(row, person))}
        visit = visits.get((paper["facility"], paper["link"], person))
        if visit is not None or (row is not None and row.person_id != person):
            values["visit_id"] = visit
        if row is None:
            new.append({"id": uuid4(), "visit_id": None, "recorded_at": at, **values})
        else:
            # A document does not say MA_LK: what the part has said stays.
            kept = {**values, "link_code": paper["link"] or row.link_code}
            db.execute(update(_PAPERS).where(Paper.id == row.id).values(**kept))
    if new:
        db.execute(insert(_PAPERS), new)


def _visits(db: Session, papers: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, UUID], UUID]:
    """The visits to which papers belong, by facility, MA_LK and person."""
    pairs = {(paper["facility"], paper["link"]) for paper in papers if paper["link"]}
    if not pairs:
        return {}
    query = select(Visit.facility_code, Visit.link_code, Visit.person_id, Visit.id)
    found = db.execute(query.where(tuple_(Visit.facility_code, Visit.link_code).in_(sorted(pairs))))
    return {(facility, link, person): id for facility, link, person, id in found}


def _values(paper: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a paper by this delivery and those of the other source that there were."""
    sources = {**before, paper["source"]: _content(paper)}
    said = combined(sources)
    issued, dated = (date.fromisoformat(said[name]) if said.get(name) else None for name in ("issued", "dated"))
    shown = {name: value for name, value in said.items() if name not in ("issued", "dated", "number_kind", "sensitive")}
    first, last = (date.fromisoformat(shown[name]) if name in shown else None for name in ("from_date", "to_date"))
    filed = issued or dated
    if filed is None:
        raise ValueError("a paper without any day was staged")
    return {
        "kind": paper["kind"], "facility_code": paper["facility"], "link_code": paper["link"], "number": paper["number"],
        "number_kind": said["number_kind"], "issued_on": issued, "dated_on": filed, "year": filed.year,
        "sensitive": any(one["sensitive"] for one in sources.values()) or tells_of_hiv(shown),
        "diagnosis": shown.get("diagnosis", ""), "from_date": first, "to_date": last, "days": shown.get("days"),
        "details": {name: value for name, value in shown.items() if name not in _COLUMNS}, "sources": sources,
        "content_digest": digest(sources),
    }  # fmt: skip


def hide_with(db: Session, visits: Sequence[UUID]) -> None:
    """Papers of visits that turn out to be sensitive are so too, also those that this delivery does not have."""
    if visits:
        db.execute(update(_PAPERS).where(Paper.visit_id.in_(visits), Paper.sensitive.is_(False)).values(sensitive=True))


def follow_mergers(db: Session) -> None:
    """Papers of merged persons become those of the one who answers for them."""
    merged, person = aliased(Person), aliased(Person)
    survivor = select(person.merged_into_id).where(person.id == Paper.person_id).correlate(Paper).scalar_subquery()
    among = Paper.person_id.in_(select(merged.id).where(merged.merged_into_id.is_not(None)))
    db.execute(update(_PAPERS).where(among).values(person_id=survivor))
