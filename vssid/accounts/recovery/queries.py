"""Reads of requests for recovery: by the code that names one, of one's own account, of an officer's agencies."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.recovery.rules import PENDING, Status
from vssid.kernel.crypto import Keyring

MOST_PENDING = 100


def code_digest(keyring: Keyring, code: str) -> bytes:
    """What is kept of a mã yêu cầu."""
    return keyring.digest("recovery", code)


def by_code(db: Session, keyring: Keyring, code: str) -> tuple[RecoveryRequest, Account | None] | None:
    """The request that a mã yêu cầu names, and the account it is for, if it is for one; in one statement."""
    query = (
        select(RecoveryRequest, Account)
        .outerjoin(Account, Account.id == RecoveryRequest.account_id)
        .where(RecoveryRequest.code_digest == code_digest(keyring, code))
    )
    row = db.execute(query).first()
    return (row[0], row[1]) if row else None


def asked(db: Session, keyring: Keyring, code: str, at: datetime) -> tuple[RecoveryRequest, Account | None] | None:
    """Such a request that nobody has confirmed yet, while it can be."""
    found = by_code(db, keyring, code)
    return found if found and found[0].status == Status.ASKED and found[0].expires_at > at else None


def by_id(db: Session, id: UUID) -> RecoveryRequest | None:
    """One request; the caller has made sure that its reader may see it."""
    return db.get(RecoveryRequest, id)


def waiting_of(db: Session, account_id: UUID) -> RecoveryRequest | None:
    """The one request of an account that waits for its hour."""
    # In the words of the index that lets one wait at a time.
    waits = RecoveryRequest.effective_at.is_not(None), RecoveryRequest.ended_at.is_(None)
    return db.scalar(select(RecoveryRequest).where(RecoveryRequest.account_id == account_id, *waits))


def by_stop_digest(db: Session, digest: bytes) -> RecoveryRequest | None:
    """The request that a code for /huy stops."""
    return db.scalar(select(RecoveryRequest).where(RecoveryRequest.stop_digest == digest))


def pending(db: Session, agencies: Sequence[str]) -> list[RecoveryRequest]:
    """What officers of these agencies began and is not over, oldest first."""
    mine = RecoveryRequest.agency_code.in_(agencies)
    query = select(RecoveryRequest).where(mine, RecoveryRequest.status.in_(PENDING))
    return list(db.scalars(query.order_by(RecoveryRequest.created_at).limit(MOST_PENDING)))


def second_count(db: Session, agencies: Sequence[str]) -> int:
    """How many requests wait for a second officer of these agencies."""
    mine = RecoveryRequest.agency_code.in_(agencies)
    query = select(func.count()).where(mine, RecoveryRequest.status == Status.SECOND)
    return db.scalar(query) or 0
