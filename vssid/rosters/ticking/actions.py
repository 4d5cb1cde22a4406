"""Nhận tờ khai: a scanned code becomes a received paper. The code is a declaration's, or of a row on a printed sheet."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from vssid import organisations
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import typed_code
from vssid.officers import Officer
from vssid.registration import Declaration, HandIn, Status, actions
from vssid.rosters import queries
from vssid.rosters.models import Roster, RosterRow
from vssid.rosters.rules import ROW_CODE_LENGTH, ROW_CODE_MARK

LAST = 20
# A copy of the ID comes with the form: the school has no originals.
ID_SHOWN = "sao_y"
_WAITS = (Status.WAITING, Status.RETURNED)


@dataclass(frozen=True)
class Outcome:
    """What became of one code, in words; `subject` is what the audit notes when nothing was changed."""

    words: Label
    tone: str
    done: bool = False
    subject: tuple[str, UUID] | None = None


NOT_FOUND = Outcome(N_("Không có tờ khai hay phiếu nào mang mã này. Hãy quét lại."), "bad")
NOT_MINE = Outcome(N_("Tờ khai này thuộc cơ quan BHXH khác. Hãy chuyển bản giấy đến cơ quan đó."), "bad")


def tick(db: Session, text: str, *, by: Officer, at: datetime, today: date) -> Outcome:
    """Note the paper of the declaration that `text` leads to, if it lies with the officer's agencies and is in time."""
    code = typed_code(text)
    bare = code.removeprefix(ROW_CODE_MARK)
    if code != bare or len(bare) == ROW_CODE_LENGTH:
        return _tick_row(db, bare, by, at, today)
    declaration = db.scalar(select(Declaration).where(Declaration.code == code))
    if declaration is None:
        return NOT_FOUND
    return _tick(db, declaration, by, at, today) if declaration.agency_code in by.agencies else NOT_MINE


def _tick_row(db: Session, code: str, by: Officer, at: datetime, today: date) -> Outcome:
    row = db.scalar(select(RosterRow).where(RosterRow.code == code))
    if row is None:
        return NOT_FOUND
    theirs = select(Declaration).join(RosterRow, and_(*queries.matches())).where(RosterRow.id == row.id)
    found = list(db.scalars(theirs.limit(50)))
    mine = [one for one in found if one.agency_code in by.agencies]
    if mine:
        return _tick(db, min(mine, key=_urgency), by, at, today)
    if found or not _of_my_organisations(db, row, by):
        return NOT_MINE
    return Outcome(N_("%(name)s chưa gửi tờ khai.", name=row.full_name), "warn", subject=("roster_row", row.id))


def _urgency(declaration: Declaration) -> tuple[int, float]:
    """Of several declarations of one person the paper is for the one that waits for it, else for the newest."""
    status = Status(declaration.status)
    waits = status in _WAITS and declaration.paper_at is None
    rank = 0 if waits else 1 if status.open or status is Status.APPROVED else 2
    return rank, -declaration.sent_at.timestamp()


def _of_my_organisations(db: Session, row: RosterRow, by: Officer) -> bool:
    roster = db.get_one(Roster, row.roster_id)
    return organisations.in_agencies(db, roster.organisation_id, by) is not None


def _tick(db: Session, declaration: Declaration, by: Officer, at: datetime, today: date) -> Outcome:
    name, subject = declaration.full_name, ("declaration", declaration.id)
    if declaration.paper_at is not None:
        return Outcome(N_("%(name)s: bản giấy đã được nhận trước đó.", name=name), "info", subject=subject)
    if declaration.status == Status.APPROVED:
        return Outcome(N_("%(name)s: tờ khai đã được duyệt.", name=name), "info", subject=subject)
    try:
        actions.receive_paper(db, declaration, HandIn.THROUGH, ID_SHOWN, by=by, at=at, today=today)
    except Refused as refusal:
        words = N_("%(name)s: %(reason)s", name=name, reason=refusal.label)
        return Outcome(words, "bad", subject=subject)
    return Outcome(N_("Đã nhận tờ khai giấy của %(name)s.", name=name), "good", done=True)


def ticked(db: Session, officer_id: UUID, since: datetime) -> list[Declaration]:
    """The papers that came through organisations and that this officer has noted since, the last first."""
    query = select(Declaration).where(Declaration.paper_by == officer_id, Declaration.paper_at >= since)
    through = query.where(Declaration.paper_channel == HandIn.THROUGH)
    return list(db.scalars(through.order_by(Declaration.paper_at.desc()).limit(LAST)))
