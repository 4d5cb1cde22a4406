"""Wishes for files with many declarations, and what became of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class DeclarationExport(Base):
    """The declarations of `agencies` (codes, a comma between them) that were sent from `first` to `last`, both included.

    `agency_code` is the agency of whoever asked; `status` is '' for all. `rows` is known once the file was made.
    """

    __tablename__ = "declaration_exports"
    __table_args__ = (
        Index("ix_declaration_exports_agency", "agency_code", "state", "asked_at"),
        Index("ix_declaration_exports_asked_by", "asked_by", "asked_at"),
        Index("ix_declaration_exports_state", "state", "asked_at"),
        Index("ix_declaration_exports_made", "state", "done_at"),
        Index("ix_declaration_exports_asked_at", "asked_at"),
        CheckConstraint(
            "state in ('asked', 'agreed', 'declined', 'withdrawn', 'made', 'failed', 'gone')", name="state"
        ),
        CheckConstraint("decided_by <> asked_by", name="two_officers"),
        CheckConstraint("state not in ('agreed', 'made', 'gone') or decided_by is not null", name="agreed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    agencies: Mapped[str] = mapped_column(Text)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    rows: Mapped[int | None]
    done_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
