"""Wishes for an officer's access."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_ASKED = text("status = 'asked'")


class Grant(Base):
    """What one administrator wants for the officer `code`: role, agency and address as they are to be."""

    __tablename__ = "officer_grants"
    __table_args__ = (
        Index("ix_officer_grants_status", "status", "asked_at"),
        Index("ix_officer_grants_asked", "code", unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED),
        CheckConstraint("kind in ('add', 'change', 'renew')", name="kind"),
        CheckConstraint("status in ('asked', 'done', 'cancelled')", name="status"),
        CheckConstraint("status <> 'done' or decided_by <> asked_by", name="two_officers"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    ma_so_bhxh: Mapped[str | None] = mapped_column(String(10))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
