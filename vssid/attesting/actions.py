"""Issuing a document, checking one, taking one back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from vssid.attesting import keys
from vssid.attesting.models import IssuedDocument
from vssid.attesting.rules import (
    DOMAIN,
    KEPT_DAYS,
    Document,
    Fact,
    Sealed,
    Statement,
    Tag,
    Verdict,
    code_in,
    last_day,
    meaning,
    new_code,
    payload,
    said,
    seal_in,
    taken_apart,
    written,
)
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, By
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import Label
from vssid.kernel.rows import table_of

PURGED_AT_ONCE = 500


@dataclass(frozen=True)
class Issued:
    """A document as it was noted: its code, its seal for the QR code, and until when it can be checked."""

    code: str
    seal: str
    issued_on: date
    last_day: date


def issue(
    db: Session, keyring: Keyring, statement: Statement, *, account: UUID, by: By, specimen: bool, at: datetime
) -> Issued:
    """Note a document and seal it. Printed twice on one day by one account, it keeps its code, unless that was taken back."""
    today, digest = day_of(at), statement.digest
    row = _printed_before(db, statement, account, specimen, today)
    if row is None:
        row = IssuedDocument(
            id=uuid4(), person_id=statement.person_id, account_id=account, kind=statement.kind, code=new_code(),
            digest=digest.hex(), facts=[[str(one.label), one.value] for one in statement.facts], issued_at=at,
            issued_on=today, last_day=last_day(today), specimen=specimen,
        )  # fmt: skip
        db.add(row)
        db.flush()
    number, private = keys.signing(db, keyring, today)
    body = payload(Sealed(number, statement.kind.number, row.code, today, row.last_day, digest, specimen))
    audit.record(db, Tag.ISSUED, by, ("person", statement.person_id), at, kind=statement.kind)
    return Issued(row.code, written(body, private.sign(DOMAIN + body)), today, row.last_day)


def _printed_before(
    db: Session, statement: Statement, account: UUID, specimen: bool, today: date
) -> IssuedDocument | None:
    same = (
        IssuedDocument.person_id == statement.person_id,
        IssuedDocument.account_id == account,
        IssuedDocument.kind == statement.kind,
        IssuedDocument.issued_on == today,
        IssuedDocument.digest == statement.digest.hex(),
        IssuedDocument.specimen.is_(specimen),
        IssuedDocument.withdrawn_at.is_(None),
    )
    return db.scalars(select(IssuedDocument).where(*same).order_by(IssuedDocument.issued_at).limit(1)).first()


@dataclass(frozen=True)
class Found:
    """What a check has found; with a document of ours also what it told."""

    verdict: Verdict
    kind: Document | None = None
    issued_on: date | None = None
    last_day: date | None = None
    facts: tuple[Fact, ...] = ()


def check(db: Session, text: str, *, specimen: bool, at: datetime) -> Found:
    """Look a document up by its typed code or its scanned seal. A document of ours keeps count, and its owner is told."""
    code = code_in(text)
    seal = None if code else seal_in(text)
    if seal is not None:
        sealed = _believed(db, seal)
        if sealed is None:
            return Found(Verdict.ALTERED)
        row = _by_code(db, sealed.code)
        if row is None:
            return Found(Verdict.UNLISTED, issued_on=sealed.issued_on, last_day=sealed.last_day)
        if row.digest != sealed.digest.hex():
            return Found(Verdict.ALTERED)
    elif code is None:
        return Found(Verdict.MISTYPED)
    else:
        row = _by_code(db, code)
        if row is None:
            return Found(Verdict.UNKNOWN)
    row.checks, row.checked_at = row.checks + 1, at
    audit.record(db, Tag.CHECKED, VISITOR, ("person", row.person_id), at, kind=row.kind)
    return _told(row, specimen, day_of(at))


def _believed(db: Session, seal: str) -> Sealed | None:
    """What a seal says, if one of our keys has signed it."""
    try:
        body, signature = taken_apart(seal)
        sealed = said(body)
    except ValueError:
        return None
    return sealed if keys.right(db, sealed.key, signature, DOMAIN + body) else None


def _by_code(db: Session, code: str) -> IssuedDocument | None:
    return db.scalar(select(IssuedDocument).where(IssuedDocument.code == code))


def _told(row: IssuedDocument, specimen: bool, today: date) -> Found:
    if row.withdrawn_at is not None:
        return Found(Verdict.WITHDRAWN, Document(row.kind), row.issued_on, row.last_day)
    facts = tuple(Fact(Label(label), value, meaning(label, value)) for label, value in row.facts)
    verdict = (
        Verdict.EXPIRED if today > row.last_day else Verdict.SPECIMEN if specimen or row.specimen else Verdict.GENUINE
    )
    return Found(verdict, Document(row.kind), row.issued_on, row.last_day, facts)


def withdraw(db: Session, row: IssuedDocument, *, by: By, at: datetime) -> None:
    """Whoever checks it from now on is told not to use it; the second time changes nothing."""
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        audit.record(db, Tag.WITHDRAWN, by, ("person", row.person_id), at, kind=row.kind)


def withdraw_of(db: Session, persons: Select[tuple[UUID]], at: datetime) -> None:
    """What stands on documents of these persons is not so any more: none of theirs holds from now on."""
    holds = IssuedDocument.withdrawn_at.is_(None), IssuedDocument.last_day >= day_of(at)
    db.execute(
        update(table_of(IssuedDocument)).where(*holds, IssuedDocument.person_id.in_(persons)).values(withdrawn_at=at)
    )


def purge(db: Session, at: datetime) -> bool:
    """Forget documents a year after their last day, some hundred at once; True when there may be more."""
    old = IssuedDocument.last_day < day_of(at) - timedelta(days=KEPT_DAYS)
    some = list(
        db.scalars(select(IssuedDocument.id).where(old).order_by(IssuedDocument.last_day).limit(PURGED_AT_ONCE))
    )
    if some:
        db.execute(delete(table_of(IssuedDocument)).where(IssuedDocument.id.in_(some)))
    return len(some) == PURGED_AT_ONCE
