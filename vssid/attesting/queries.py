"""Reads of issued documents for the account that printed them."""

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from vssid.attesting.models import IssuedDocument

DOCUMENTS_A_PAGE = 20


def page(db: Session, account: UUID, after: UUID | None) -> tuple[list[IssuedDocument], UUID | None]:
    """What an account has printed, newest first, behind `after`; and the key behind which the next page begins."""
    query = select(IssuedDocument).where(IssuedDocument.account_id == account)
    if after is not None and (last := one(db, account, after)) is not None:
        query = query.where(tuple_(IssuedDocument.issued_at, IssuedDocument.id) < (last.issued_at, last.id))
    newest = query.order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
    rows = list(db.scalars(newest.limit(DOCUMENTS_A_PAGE + 1)))
    shown = rows[:DOCUMENTS_A_PAGE]
    return shown, shown[-1].id if len(rows) > DOCUMENTS_A_PAGE else None


def one(db: Session, account: UUID, id: UUID) -> IssuedDocument | None:
    """One document of this account; others do not exist."""
    return db.scalar(select(IssuedDocument).where(IssuedDocument.id == id, IssuedDocument.account_id == account))
