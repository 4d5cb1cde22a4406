"""Reads of issued documents for whoever may see them listed and take their codes back."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from vssid.attesting.models import IssuedDocument

DOCUMENTS_A_PAGE = 20


class Reader(NamedTuple):
    """An account, its owner, and the children for whom they act today."""

    account_id: UUID
    person_id: UUID
    children: Collection[UUID]


def _seen_by(reader: Reader) -> ColumnElement[bool]:
    """One's own documents, whoever has printed them; a child's that one has printed, while one acts for the child."""
    mine = IssuedDocument.person_id == reader.person_id
    printed = IssuedDocument.account_id == reader.account_id
    return and_(IssuedDocument.person_id.in_([reader.person_id, *reader.children]), or_(mine, printed))


def page(db: Session, reader: Reader, after: UUID | None) -> tuple[list[IssuedDocument], UUID | None]:
    """What a reader sees, newest first, behind `after`; and the key behind which the next page begins."""
    query = select(IssuedDocument).where(_seen_by(reader))
    if after is not None and (last := one(db, reader, after)) is not None:
        query = query.where(tuple_(IssuedDocument.issued_at, IssuedDocument.id) < (last.issued_at, last.id))
    newest = query.order_by(IssuedDocument.issued_at.desc(), IssuedDocument.id.desc())
    rows = list(db.scalars(newest.limit(DOCUMENTS_A_PAGE + 1)))
    shown = rows[:DOCUMENTS_A_PAGE]
    return shown, shown[-1].id if len(rows) > DOCUMENTS_A_PAGE else None


def one(db: Session, reader: Reader, id: UUID) -> IssuedDocument | None:
    """One document that this reader sees; others do not exist."""
    return db.scalar(select(IssuedDocument).where(IssuedDocument.id == id, _seen_by(reader)))
