"""Reads of the audit for the person whom its rows are about: the page by its key, officers and agencies by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.orm import Session

from vssid import attesting
from vssid.accounts.recovery import rules as recovery
from vssid.card.refusals import rules as refusals
from vssid.directory.models import Agency
from vssid.kernel.audit import ActorKind, AuditEntry
from vssid.kernel.labels import N_, Label
from vssid.lookups import rules as lookups
from vssid.officers.models import Officer
from vssid.printing import rules as printing
from vssid.privacy import about
from vssid.privacy import rules as privacy
from vssid.privacy.rules import LOOKS_A_PAGE
from vssid.records.papers import rules as papers
from vssid.records.visits import rules as visits
from vssid.registration import Side, Status
from vssid.registration import rules as registration
from vssid.registration.changes import rules as changes
from vssid.rosters import rules as rosters
from vssid.support.chat import rules as chat
from vssid.support.feedback import rules as feedback
from vssid.verifying import facility

# Every look or act of staff that a person is told of, with its sentence. A room that notes new ones adds its own.
SENTENCES: dict[str, Label] = {
    str(tag): words
    for seen in (
        registration.SEEN,
        changes.SEEN,
        recovery.SEEN,
        rosters.SEEN,
        printing.SEEN,
        privacy.SEEN,
        lookups.SEEN,
        attesting.SEEN,
        visits.SEEN,
        papers.SEEN,
        refusals.SEEN,
        feedback.SEEN,
        chat.SEEN,
        facility.SEEN,
    )
    for tag, words in seen.items()
}
_STAFF = (ActorKind.OFFICER, ActorKind.OPERATOR)
SOMEBODY = N_("Người dùng trang tra cứu mã số")
# Who it was, where nobody has to say: whoever looks a number up, whoever holds a document in their hands.
_BY_ANYBODY = {
    **{str(tag): SOMEBODY for tag in lookups.SEEN},
    **{str(tag): N_("Người cầm giấy") for tag in attesting.SEEN},
    **{str(tag): N_("Cơ sở khám chữa bệnh") for tag in facility.SEEN},
}
# What is only noted when a guardian looks, through their own account or through the child's that they use.
_BY_GUARDIANS = {str(tag): N_("Người giám hộ") for seen in (visits.SEEN, papers.SEEN) for tag in seen}
OPERATOR_NAME = N_("Người vận hành hệ thống")


@dataclass(frozen=True)
class Look:
    """One line: what was done, when, by whom, of which agency, and where the declaration stood (why it was open)."""

    id: int
    at: datetime
    what: Label
    detail: Label | None
    why: Label | None
    who: Label | str
    code: str
    office: str
    officer_id: UUID | None


@dataclass(frozen=True)
class Page:
    """At most 25 looks, newest first, and the key of the next page."""

    rows: list[Look]
    next_key: int | None


def page(db: Session, person_id: UUID, before: int | None) -> Page:
    """Who looked at a person, before a key. The first lines of each subject come from the index; those are merged."""
    known = about.known(db, person_id)
    parts = [
        select(AuditEntry.id)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == id, _told(known.accounts))
        .where(*([AuditEntry.id < before] if before is not None else []))
        .order_by(AuditEntry.id.desc())
        .limit(LOOKS_A_PAGE + 1)
        .subquery()
        for kind, id in known.subjects
    ]
    firsts = union_all(*(select(part) for part in parts)).order_by(AuditEntry.id.desc()).limit(LOOKS_A_PAGE + 1)
    newest = firsts.subquery()
    query = select(AuditEntry).join(newest, newest.c.id == AuditEntry.id).order_by(AuditEntry.id.desc())
    entries = list(db.scalars(query))
    shown = entries[:LOOKS_A_PAGE]
    return Page(_spoken(db, shown), shown[-1].id if len(entries) > LOOKS_A_PAGE else None)


def one(db: Session, person_id: UUID, id: int) -> Look | None:
    """One look at this person; looks at others do not exist."""
    known = about.known(db, person_id)
    entry = db.scalar(select(AuditEntry).where(AuditEntry.id == id, _told(known.accounts)))
    if entry is None or (entry.subject_kind, entry.subject_id) not in known.subjects:
        return None
    return _spoken(db, [entry])[0]


def _told(own: tuple[UUID, ...]) -> ColumnElement[bool]:
    """Acts of staff, looks of guardians, and look-ups of the mã số by anybody but the person's own account."""
    theirs = or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id.notin_(own))
    return or_(
        and_(AuditEntry.actor_kind.in_(_STAFF), AuditEntry.tag.in_(list(SENTENCES))),
        and_(AuditEntry.actor_kind == ActorKind.CITIZEN, AuditEntry.tag.in_(list(_BY_GUARDIANS))),
        and_(AuditEntry.tag.in_(list(_BY_ANYBODY)), theirs),
    )


def _spoken(db: Session, entries: list[AuditEntry]) -> list[Look]:
    officers = _officers(db, (entry.actor_id for entry in entries if entry.actor_kind == ActorKind.OFFICER))
    codes = {_agency(entry, officers) for entry in entries}
    agencies = {one.code: one.name for one in db.scalars(select(Agency).where(Agency.code.in_(codes)))} if codes else {}
    return [_look(entry, officers, agencies) for entry in entries]


def _officers(db: Session, ids: Iterable[UUID | None]) -> dict[UUID, Officer]:
    wanted = {id for id in ids if id is not None}
    if not wanted:
        return {}
    return {officer.id: officer for officer in db.scalars(select(Officer).where(Officer.id.in_(wanted)))}


def _agency(entry: AuditEntry, officers: dict[UUID, Officer]) -> str:
    """The agency for which it was done; older lines do not say, then the officer's own."""
    officer = officers.get(entry.actor_id) if entry.actor_id else None
    return str(entry.detail.get("agency") or (officer.agency_code if officer else ""))


def _look(entry: AuditEntry, officers: dict[UUID, Officer], agencies: dict[str, str]) -> Look:
    officer = officers.get(entry.actor_id) if entry.actor_id else None
    who: Label | str = officer.name if officer else {**_BY_ANYBODY, **_BY_GUARDIANS}.get(entry.tag, OPERATOR_NAME)
    side, status = entry.detail.get("side"), entry.detail.get("status")
    return Look(
        id=entry.id,
        at=entry.at,
        what=SENTENCES[entry.tag],
        detail=Side(side).label if side in list(Side) else None,
        why=N_("Khi đó tờ khai: %(state)s", state=Status(status).label) if status in list(Status) else None,
        who=who,
        code=officer.code if officer else "",
        office=agencies.get(_agency(entry, officers), ""),
        officer_id=officer.id if officer else None,
    )
