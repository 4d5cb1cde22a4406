"""Backup codes: ten on a printed sheet, each of which works once where a code by message cannot come.

Hashing takes a fifth of a second for ten: they are made before the unit of work begins, and stored in it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from vssid.accounts.codes import NOBODY
from vssid.accounts.models import Account, BackupCode
from vssid.accounts.passwords import slow_digest
from vssid.accounts.rules import (
    BACKUP_CODES,
    BACKUP_DIGITS,
    CODE_TRIES_A_DAY,
    DAY,
    Tag,
    is_backup_code,
    plain_code,
)
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.crypto import same
from vssid.kernel.db import reading
from vssid.kernel.limits import Limiter

SALT_BYTES = 16


@dataclass(frozen=True)
class Batch:
    """Ten fresh codes, to be printed once, and what is kept of them."""

    codes: tuple[str, ...]
    salt: bytes
    digests: tuple[bytes, ...]


def fresh() -> Batch:
    """Make ten codes. Slow on purpose: never call it with a transaction open."""
    salt = secrets.token_bytes(SALT_BYTES)
    codes = tuple(str(secrets.randbelow(10**BACKUP_DIGITS)).zfill(BACKUP_DIGITS) for _code in range(BACKUP_CODES))
    return Batch(codes, salt, tuple(slow_digest(code, salt) for code in codes))


def drop(db: Session, account_id: UUID) -> None:
    """The codes on every sheet of the account are void."""
    db.execute(delete(BackupCode).where(BackupCode.account_id == account_id))


def keep(db: Session, account: Account, batch: Batch, at: datetime) -> None:
    """The codes of before are void; these ten hold."""
    drop(db, account.id)
    db.add_all(
        BackupCode(id=uuid4(), account_id=account.id, salt=batch.salt, digest=digest, created_at=at)
        for digest in batch.digests
    )


def left(db: Session, account_id: UUID) -> int | None:
    """How many codes can still be used; None where the account never had any."""
    made, used = db.execute(
        select(func.count(), func.count(BackupCode.used_at)).where(BackupCode.account_id == account_id)
    ).one()
    return made - used if made else None


def attempt(engine: Engine, limiter: Limiter, account_id: UUID, typed: str, at: datetime) -> UUID | None:
    """Count one try and compare; the code's id if it is right and unused, else None. `use` uses it up in the act."""
    if not is_backup_code(typed):
        return None
    with reading(engine) as db:
        kept = list(db.scalars(select(BackupCode).where(BackupCode.account_id == account_id).limit(BACKUP_CODES)))
    # Where there is none to find, it costs the owner no try: they would be shut out of all other codes for a day.
    there = any(code.used_at is None for code in kept)
    counted = limiter.allow("code-try", str(account_id if there else NOBODY), CODE_TRIES_A_DAY, DAY, at)
    # An account without codes, or one that has had enough, costs the same time.
    digest = slow_digest(plain_code(typed), kept[0].salt if kept else bytes(SALT_BYTES))
    if not counted:
        return None
    return next((code.id for code in kept if code.used_at is None and same(code.digest, digest)), None)


def use(db: Session, id: UUID, account_id: UUID, at: datetime) -> bool:
    """Use the code up within the act's transaction; False for every request but the first."""
    done = db.execute(
        update(BackupCode)
        .where(BackupCode.id == id, BackupCode.account_id == account_id, BackupCode.used_at.is_(None))
        .values(used_at=at)
        .returning(BackupCode.id)
    )
    if done.first() is None:
        return False
    by = By(ActorKind.CITIZEN, account_id)
    audit.record(db, Tag.BACKUP_CODE_USED, by, ("account", account_id), at)
    return True
