"""Reads about loans."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.helping.models import Loan
from vssid.helping.rules import OPEN, Status

NEWEST = 20


def open_of(db: Session, account_id: UUID) -> Loan | None:
    """The loan of an account whose code can be typed, or that a helper is at."""
    return db.scalar(select(Loan).where(Loan.account_id == account_id, Loan.status.in_(OPEN)))


def of_account(db: Session, account_id: UUID) -> list[Loan]:
    """The newest loans of an account, newest first."""
    query = select(Loan).where(Loan.account_id == account_id).order_by(Loan.offered_at.desc())
    return list(db.scalars(query.limit(NEWEST)))


def one_of(db: Session, account_id: UUID, id: UUID) -> Loan | None:
    """A loan of this account; a stranger's is not found."""
    return db.scalar(select(Loan).where(Loan.id == id, Loan.account_id == account_id))


def offered(db: Session, digest: bytes, at: datetime) -> Loan | None:
    """The loan that a code opens now."""
    query = select(Loan).where(Loan.code_digest == digest, Loan.status == Status.OFFERED, Loan.expires_at > at)
    return db.scalar(query)
