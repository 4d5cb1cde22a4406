"""A run of `claims-xml` or `papers-xml`: stage each HOSO, compare it with the register, take it over. The unit is the HOSO.

Each HOSO is taken whole or refused with its reasons; the others do not mind. So taking over goes batch by batch, each in a
short transaction with its own line in the audit: a run that is killed leaves whole HOSO, and the next one goes on.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, delete, insert, select, update

from vssid.imports import sources
from vssid.imports.actions import Job, Progress, clear, conclude, open_run
from vssid.imports.hosos import CLAIMS, REPEATED_HOSO, REPEATED_PAPER, HosoKind, Verdict, contents
from vssid.imports.kinds import HOSPITAL_TABLES
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.problems import ErrorsFile
from vssid.imports.rules import State, Tag
from vssid.imports.sources import Source
from vssid.kernel import audit, undo
from vssid.kernel.audit import By
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import Changed, Counts, Data, count_again, table_of
from vssid.kernel.tables import Problem
from vssid.kernel.xml import Broken
from vssid.records.hospital import reading as files
from vssid.records.hospital.matching import Waiting
from vssid.records.hospital.shapes import Hoso
from vssid.records.hospital.values import LONGEST_LINK, Claim

# A batch ends with as many HOSO or as much weight: a stay in hospital has hundreds of lines, and papers may be long.
BATCH, BATCH_WEIGHT = 400, 4_000
HEADER = ("ho_so", "cot", "gia_tri", "loi")
_ROWS, _RUNS = table_of(StagedRow), table_of(ImportRun)


@dataclass
class ClaimsRun(Job):
    """One run of hospital files. `delivered` has the digest of each visit and paper by its key, both shortened."""

    kind: HosoKind
    delivered: dict[bytes, bytes] = field(default_factory=dict)
    repeated: int = 0

    def recall(self, staged: Data, kept: int) -> bool:
        """What is neither refused nor staged stood in the files twice."""
        self.repeated = self.tally.read - self.tally.refused - kept
        return self.repeated >= 0

    def count(self, verdicts: Iterable[Verdict]) -> None:
        """Put what batches would change into the tally."""
        new = changed = same = 0
        for one in (verdict.counts for verdict in verdicts):
            new, changed, same = new + one.new, changed + one.changed, same + one.same
        self.tally.difference = Counts(new, changed, same + self.repeated)


def begin(engine: Engine, path: Path, *, as_of: date, at: datetime, kind: HosoKind = CLAIMS) -> ClaimsRun:
    """Note that hospital files are being read."""
    run = ClaimsRun(uuid4(), kind, path, as_of, at)
    open_run(engine, run, sources.digest(path))
    return run


def errors_file(path: Path) -> ErrorsFile:
    """Where the refused HOSO of a file or folder go."""
    whole = Path(os.path.abspath(path))  # "." has no name of its own
    return ErrorsFile(whole.with_name(whole.name + ".errors.csv"), HEADER, "hồ sơ")


def stage(engine: Engine, run: ClaimsRun, errors: ErrorsFile, *, today: date, progress: Progress) -> None:
    """Read every file and stage the good HOSO in batches; the others go to `errors`. Raises Refused if there is nothing.

    `progress` is told how many bytes were read.
    """
    errors.set_columns([*run.kind.columns])
    batch: list[Data] = []
    weight = 0
    for source in sources.sources(run.path, progress):
        if run.title and source.name == run.path.name:
            source.name = run.title
        for row in _good(run, errors, source, today):
            batch.append(row)
            weight += run.kind.weight(row["data"])
            if len(batch) >= BATCH or weight >= BATCH_WEIGHT:
                _write(engine, batch)
                batch, weight = [], 0
    _write(engine, batch)
    with unit(engine) as db:
        count_again(db, StagedRow)
    if run.tally.read == 0:
        raise Refused(N_("Không có hồ sơ nào: không có tệp .xml, hoặc tệp không có HOSO."))


def _write(engine: Engine, batch: list[Data]) -> None:
    if batch:
        with unit(engine) as db:
            db.execute(insert(_ROWS), batch)


def _good(run: ClaimsRun, errors: ErrorsFile, source: Source, today: date) -> Iterator[Data]:
    """The HOSO of one file that are ready to be staged."""
    number = 0
    try:
        for hoso in files.read(source.pieces, run.kind.shape):
            number = hoso.number
            run.tally.read += 1
            claim = _claim(run, hoso, today)
            if claim.problems:
                _refuse(run, errors, source.name, hoso.number, claim.link, claim.problems)
            elif not _repeated(run, errors, source.name, hoso.number, claim):
                place = {"source": source.name, "number": hoso.number}
                yield {"run_id": run.id, "line": run.tally.read, "key": claim.key, "data": claim.data | place}
    except (Broken, Refused) as wrong:
        # What came before the break is whole and stays; the break counts as one HOSO that could not be read.
        run.tally.read += 1
        _refuse(run, errors, source.name, number + 1, "", [("", wrong.label)])


def _claim(run: ClaimsRun, hoso: Hoso, today: date) -> Claim:
    if not hoso.problems:
        return run.kind.claim(hoso, today)
    link = next((one.get("MA_LK", "") for one in hoso.of("XML1")), "")
    return Claim(link=link[:LONGEST_LINK], problems=hoso.problems)


def _repeated(run: ClaimsRun, errors: ErrorsFile, name: str, number: int, claim: Claim) -> bool:
    """Whether this run has brought all of a HOSO before: the same again is the same, another one contradicts it.

    Papers that it has brought with another HOSO are left out.
    """
    fresh: dict[bytes, bytes] = {}
    papers = []
    for key, content, paper in contents(claim):
        # Shortened for the memory: of a million keys two are alike once in 10^26.
        short, said = hashlib.blake2b(key.encode(), digest_size=16).digest(), bytes.fromhex(content)[:12]
        if run.delivered.get(short, said) != said:
            column, words = ("MA_LK", REPEATED_HOSO) if paper is None else (paper["kind"].upper(), REPEATED_PAPER)
            _refuse(run, errors, name, number, claim.link, [(column, words)])
            return True
        if short not in run.delivered:
            fresh[short] = said
            papers += [] if paper is None else [paper]
    if not fresh:
        run.repeated += 1
        return True
    run.delivered |= fresh
    if "attached" in claim.data:
        claim.data["attached"] = papers
    return False


def _refuse(
    run: ClaimsRun, errors: ErrorsFile, name: str, number: int, link: str, problems: list[tuple[str, Label]]
) -> None:
    run.tally.refused += 1
    errors.add((Problem(number, column, label) for column, label in problems), [name, link])


def examine(engine: Engine, run: ClaimsRun, errors: ErrorsFile) -> None:
    """Compare what is staged with the register: HOSO of nobody, or of two persons, are refused; the rest is counted."""

    def judged() -> Iterator[Verdict]:
        for batch in _staged(engine, run):
            with reading(engine) as db:
                found = run.kind.judge(db, batch)
            _refuse_judged(engine, run, errors, found)
            yield found

    run.count(judged())
    with unit(engine) as db:
        db.execute(update(_RUNS).where(ImportRun.id == run.id).values(state=State.STAGED, read_lines=run.tally.read))


def _refuse_judged(engine: Engine, run: ClaimsRun, errors: ErrorsFile, judged: Verdict) -> None:
    for one, column, words in judged.refused:
        _refuse(run, errors, one.data["source"], one.data["number"], one.data["link"], [(column, words)])
    gone = [one.line for one, _column, _words in judged.refused]
    if gone:
        with unit(engine) as db:
            db.execute(delete(_ROWS).where(StagedRow.run_id == run.id, StagedRow.line.in_(gone)))


def _staged(engine: Engine, run: ClaimsRun) -> Iterator[list[Waiting]]:
    """What is staged, in batches that fit into the memory however many lines a HOSO has, and however long its papers are."""
    last = 0
    while batch := _next_batch(engine, run, last):
        yield batch
        last = batch[-1].line


def _next_batch(engine: Engine, run: ClaimsRun, last: int) -> list[Waiting]:
    query = select(StagedRow.line, StagedRow.data).where(StagedRow.run_id == run.id, StagedRow.line > last)
    batch, weight = list[Waiting](), 0
    with reading(engine) as db:
        # One by one: how long a row is shows when it is there.
        for line, data in db.execute(query.order_by(StagedRow.line).execution_options(yield_per=1)):
            batch.append(Waiting(line, data))
            weight += run.kind.weight(data)
            if len(batch) >= BATCH or weight >= BATCH_WEIGHT:
                break
    return batch


def first_changes(engine: Engine, run: ClaimsRun, most: int) -> list[Changed]:
    """The first HOSO that would change what is held, as it is and as it would be."""
    found: list[Changed] = []
    for batch in _staged(engine, run):
        with reading(engine) as db:
            found += run.kind.changes(db, batch)
        if len(found) >= most:
            break
    return found[:most]


def take_over(engine: Engine, run: ClaimsRun, errors: ErrorsFile, by: By) -> None:
    """Take over all that is staged, batch by batch; what has become nobody's since `examine` is refused."""

    def taken() -> Iterator[Verdict]:
        for batch in _staged(engine, run):
            with unit(engine) as db:
                found = run.kind.judge(db, batch)
                with undo.noting(db, run.id, HOSPITAL_TABLES):
                    found.take(db, run.at)
                counts = {"new": found.counts.new, "changed": found.counts.changed}
                if any(counts.values()):
                    audit.record(db, Tag.BATCH, by, ("import_run", run.id), run.at, kind=run.kind.name, **counts)
            _refuse_judged(engine, run, errors, found)
            yield found

    run.count(taken())
    with unit(engine) as db:
        conclude(db, run, State.DONE, Tag.APPLIED, by)
    clear(engine, run)
