"""The issuer's keys, and every document that left the house under one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class IssuerKey(Base):
    """One Ed25519 key pair (khoá của đơn vị phát hành). The newest that is not retired signs; all but revoked ones are believed."""

    __tablename__ = "issuer_keys"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary(128))
    since: Mapped[date] = mapped_column(Date)
    retired_on: Mapped[date | None] = mapped_column(Date)
    revoked_on: Mapped[date | None] = mapped_column(Date)


class IssuedDocument(Base):
    """One document with a code (giấy có mã xác minh): what it told, of whom, and how often somebody has checked it."""

    __tablename__ = "issued_documents"
    __table_args__ = (
        Index("ix_issued_documents_person_id", "person_id", "issued_at", "id"),
        Index("ix_issued_documents_last_day", "last_day"),
        CheckConstraint("kind in ('qua_trinh', 'so_kham', 'giay_to')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(32))
    # [[Vietnamese label, value], …] as printed.
    facts: Mapped[list[Any]] = mapped_column(JSON)
    issued_at: Mapped[datetime]
    issued_on: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    # Printed while this house held invented persons: it proves nothing, also when it holds real ones later.
    specimen: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
