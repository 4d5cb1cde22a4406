"""Who did what to whom, when: append-only rows that commit with the act, linked into a hash chain afterwards.

Rows hold ids, never values: a name or number here would survive its own deletion. The chain is made by one sealer
(`seal`, run every few seconds by `flask work`), because linking inside each transaction would make them all wait.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, Select, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from vssid.kernel.db import Base
from vssid.kernel.rows import table_of

_Serial = BigInteger().with_variant(Integer, "sqlite")
_GENESIS = bytes(32)
SEAL_BATCH = 5_000
# A transaction may commit after later ids were sealed, but not this many later; bounds what a sealing looks at.
LATE_COMMITS = 20_000


class ActorKind(StrEnum):
    """Who can act."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    MEMBER = "member"
    HELPER = "helper"
    VISITOR = "visitor"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True)
class By:
    """The author of an act: what kind, and the id of the row that stands for them (None for visitors and the system)."""

    kind: ActorKind
    id: UUID | None = None


SYSTEM = By(ActorKind.SYSTEM)
OPERATOR = By(ActorKind.OPERATOR)
VISITOR = By(ActorKind.VISITOR)


class AuditEntry(Base):
    """One act or one reading of a citizen's data."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "id"),
        Index("ix_audit_entries_actor", "actor_kind", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(_Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON)


class AuditSeal(Base):
    """One link of the chain: the digest of the link before and of one entry."""

    __tablename__ = "audit_seals"

    seq: Mapped[int] = mapped_column(_Serial, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


# Built once: every act ends with it.
_NOTE = insert(table_of(AuditEntry))


def record(
    db: Session, tag: StrEnum, by: By, subject: tuple[str, UUID | None], at: datetime, **detail: str | int
) -> None:
    """Add one row to the caller's transaction. `detail` takes ids, codes and counts only."""
    record_each(db, tag, by, [subject], at, **detail)


def record_each(
    db: Session, tag: StrEnum, by: By, subjects: Iterable[tuple[str, UUID | None]], at: datetime, **detail: str | int
) -> None:
    """The same act about several, in one statement."""
    rows = [
        {
            "at": at, "tag": str(tag), "actor_kind": by.kind, "actor_id": by.id,
            "subject_kind": kind, "subject_id": id, "detail": detail,
        }
        for kind, id in subjects
    ]  # fmt: skip
    if rows:
        db.connection().execute(_NOTE, rows)


def _link(before: bytes, entry: AuditEntry) -> bytes:
    content = [
        entry.id,
        entry.at.isoformat(),
        entry.tag,
        entry.actor_kind,
        str(entry.actor_id),
        entry.subject_kind,
        str(entry.subject_id),
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def _unsealed(last_sealed: int) -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.seq.is_(None), AuditEntry.id > last_sealed - LATE_COMMITS)
        .order_by(AuditEntry.id)
        .limit(SEAL_BATCH)
    )


def seal(db: Session) -> int:
    """Link the entries that are not in the chain yet; returns how many. Meant for one sealer at a time."""
    last = db.scalar(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1))
    seq, before = (last.seq, last.digest) if last else (0, _GENESIS)
    count = 0
    for entry in db.scalars(_unsealed(last.entry_id if last else 0)):
        seq, before, count = seq + 1, _link(before, entry), count + 1
        db.add(AuditSeal(seq=seq, entry_id=entry.id, digest=before))
    db.flush()
    return count


def broken_link(db: Session) -> int | None:
    """The first `seq` at which the chain does not hold (an entry changed, removed or inserted), or None."""
    before = _GENESIS
    query = select(AuditSeal, AuditEntry).outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
    links = db.execute(query.order_by(AuditSeal.seq)).yield_per(1000)
    for expected, (link, entry) in enumerate(links, start=1):
        if entry is None or link.seq != expected or link.digest != _link(before, entry):
            return expected
        before = link.digest
    return None


def length(db: Session) -> int:
    """How many entries there are."""
    return db.scalar(select(func.count()).select_from(AuditEntry)) or 0
