"""The print of a paper: our own plain sheet of what the hospital has sent, in Vietnamese, with a code to check it."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from vssid import attesting
from vssid.attesting import Document, Fact, Statement
from vssid.kernel.clock import VIETNAM, now
from vssid.kernel.labels import N_
from vssid.records import queries as register
from vssid.records.models import Person
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import PaperKind
from vssid.records.papers.showing import Line, lines, number_line
from vssid.records.rules import IdKind, PartialDate
from vssid.web import pages


@dataclass(frozen=True)
class Sheet:
    """All that a print needs, read before the transaction ends."""

    person: Person
    ma_so: str
    paper: Paper
    facility: str
    lines: list[Line]
    disputed: bool


def sheet(db: Session, paper: Paper, facility: str | None, *, disputed: bool) -> Sheet:
    """Read what the print of a paper needs."""
    person = db.get_one(Person, paper.person_id)
    ma_so = register.identifiers(db, paper.person_id).get(IdKind.MA_SO_BHXH, "")
    return Sheet(person, ma_so, paper, facility or paper.facility_code, lines(paper, printed=True), disputed)


def html(sheet: Sheet) -> str:
    """The finished HTML. Its code is noted in a transaction of its own."""
    paper = sheet.paper
    label, number = number_line(paper)
    return pages.paper(
        "papers/pdf.html",
        title=str(PaperKind(paper.kind).label),
        name=sheet.person.full_name,
        birth=PartialDate.parse(sheet.person.birth_date).vn(),
        ma_so=sheet.ma_so,
        facility=sheet.facility,
        facility_code=paper.facility_code,
        number_label=label,
        number=number,
        issued=f"{paper.issued_on:%d/%m/%Y}" if paper.issued_on else "",
        lines=sheet.lines,
        disputed=sheet.disputed,
        updated=f"{paper.updated_at.astimezone(VIETNAM):%d/%m/%Y}",
        printed_at=f"{now().astimezone(VIETNAM):%H:%M %d/%m/%Y}",
        stamp=attesting.stamp(statement(sheet)),
    )


def statement(sheet: Sheet) -> Statement:
    """What whoever checks the print is shown: no word of health, which they hold in their hands already."""
    paper = sheet.paper
    label, number = number_line(paper)
    kind = PaperKind(paper.kind).label
    days = {"from": paper.from_date, "to": paper.to_date, "issued": paper.issued_on}
    spoken = {name: f"{day:%d/%m/%Y}" if day else "" for name, day in days.items()}
    facts = [
        Fact(N_("Loại chứng từ"), str(kind)),
        Fact(N_("Họ và tên"), sheet.person.full_name),
        Fact(label, number),
        Fact(N_("Cơ sở khám chữa bệnh"), sheet.facility),
        Fact(N_("Ngày cấp"), spoken["issued"]),
        Fact(N_("Nghỉ từ ngày"), spoken["from"]),
        Fact(N_("Nghỉ đến ngày"), spoken["to"]),
        Fact(N_("Số ngày nghỉ"), str(paper.days or "")),
        Fact(N_("Khiếu nại"), "Chủ giấy đang khiếu nại" if sheet.disputed else ""),
    ]
    content = json.dumps([str(paper.id), *([str(one.label), one.value] for one in sheet.lines)], ensure_ascii=False)
    return Statement(Document.PAPER, paper.person_id, [one for one in facts if one.value], content)
