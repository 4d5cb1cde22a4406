"""“Không phải tôi”: an account that its owner froze lets nobody in for a day, and comes back through recovery alone."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vssid.accounts import codes, sessions
from vssid.accounts.models import Account, FreezeCode
from vssid.accounts.rules import FREEZE_CODE_LIFE, FREEZE_DIGITS, FREEZE_HOURS, Tag, plain_code
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.crypto import Keyring


def new_code(db: Session, keyring: Keyring, account_id: UUID, at: datetime) -> str:
    """A code for a notice, to be typed at /huy without a name. It freezes once, within its days."""
    code = str(secrets.randbelow(10**FREEZE_DIGITS)).zfill(FREEZE_DIGITS)
    digest = _digest(keyring, code)
    db.add(
        FreezeCode(id=uuid4(), account_id=account_id, digest=digest, created_at=at, expires_at=at + FREEZE_CODE_LIFE)
    )
    return code


def _digest(keyring: Keyring, code: str) -> bytes:
    return keyring.digest("freeze", code)


def by_code(db: Session, keyring: Keyring, typed: str, at: datetime) -> Account | None:
    """The account that a code of a notice can freeze, or None."""
    query = select(Account).join(FreezeCode, FreezeCode.account_id == Account.id)
    digest = _digest(keyring, plain_code(typed))
    return db.scalar(query.where(FreezeCode.digest == digest, FreezeCode.expires_at > at, Account.status == "active"))


def freeze(db: Session, account: Account, *, by: By, at: datetime) -> None:
    """End all sessions, devices and codes; nobody signs in before the day is over or the password was set anew."""
    account.frozen_until = at + timedelta(hours=FREEZE_HOURS)
    sessions.end_everywhere(db, account.id, at, "frozen")
    codes.end_all(db, account.id, at)
    db.execute(delete(FreezeCode).where(FreezeCode.account_id == account.id))
    audit.record(db, Tag.FROZEN, by, ("account", account.id), at)


def purge(db: Session, at: datetime) -> None:
    """Drop codes that have run out."""
    db.execute(delete(FreezeCode).where(FreezeCode.expires_at < at))
