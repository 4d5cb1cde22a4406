"""Reads of trusted relatives: whom one has named, who has named oneself, and whose word counts now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account
from vssid.accounts.relatives.models import TrustedRelative
from vssid.accounts.relatives.rules import MOST, Status

MOST_SHOWN = 20
_LIVE = (Status.ASKED, Status.ACCEPTED)


def named_by(db: Session, account_id: UUID) -> list[TrustedRelative]:
    """Whom an account has named, the first first."""
    query = select(TrustedRelative).where(TrustedRelative.account_id == account_id, TrustedRelative.status.in_(_LIVE))
    return list(db.scalars(query.order_by(TrustedRelative.asked_at).limit(MOST)))


def how_many(db: Session, account_id: UUID) -> int:
    """How many an account has named."""
    mine = TrustedRelative.account_id == account_id
    return db.scalar(select(func.count()).where(mine, TrustedRelative.status.in_(_LIVE))) or 0


def naming(db: Session, relative_id: UUID) -> list[tuple[TrustedRelative, Account]]:
    """Who has named this account, with their accounts."""
    query = (
        select(TrustedRelative, Account)
        .join(Account, Account.id == TrustedRelative.account_id)
        .where(TrustedRelative.relative_id == relative_id, TrustedRelative.status.in_(_LIVE))
    )
    return [(row[0], row[1]) for row in db.execute(query.order_by(TrustedRelative.asked_at).limit(MOST_SHOWN))]


def counting(db: Session, account_id: UUID, at: datetime) -> list[Account]:
    """The accounts of the relatives whose word counts now."""
    query = (
        select(Account)
        .join(TrustedRelative, TrustedRelative.relative_id == Account.id)
        .where(TrustedRelative.account_id == account_id, TrustedRelative.status == Status.ACCEPTED)
        .where(TrustedRelative.counts_from <= at, Account.status == "active")
    )
    return list(db.scalars(query.limit(MOST)))


def counts(db: Session, account_id: UUID, relative_id: UUID, at: datetime) -> bool:
    """Whether one account may vouch for the other now."""
    return any(relative.id == relative_id for relative in counting(db, account_id, at))


def of(db: Session, id: UUID, account_id: UUID) -> TrustedRelative | None:
    """A naming in which this account is one of the two; others do not exist."""
    found = db.scalar(select(TrustedRelative).where(TrustedRelative.id == id))
    return found if found is not None and account_id in (found.account_id, found.relative_id) else None
