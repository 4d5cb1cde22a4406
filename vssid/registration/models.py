"""Drafts of visitors, declarations (tờ khai) and their photos."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some


class Draft(Base):
    """What a visitor has filled in so far, sealed, under a hashed cookie, for seven days."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Declaration(Base):
    """A registration for electronic transactions (form 01), from sending to its end."""

    __tablename__ = "declarations"
    __table_args__ = (
        Index("ix_declarations_queue", "agency_code", "status", "lapses_on", "id"),
        Index("ix_declarations_lapse", "status", "lapses_on"),
        Index("ix_declarations_ma_so_bhxh", "ma_so_bhxh", "sent_at"),
        Index("ix_declarations_phone", "phone", "sent_at"),
        Index("ix_declarations_id_number", "id_number"),
        Index("ix_declarations_decided", "decided_by", "decided_at"),
        index_of_some("ix_declarations_photos_due", "decided_at", "photos_removed_at IS NULL"),
        CheckConstraint(
            "status in ('waiting', 'received', 'approved', 'rejected', 'withdrawn', 'lapsed')", name="status"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    full_name: Mapped[str] = mapped_column(String(100))
    id_kind: Mapped[str] = mapped_column(String(12))
    id_number: Mapped[str] = mapped_column(String(20))
    unit_system: Mapped[str] = mapped_column(String(4))
    province_code: Mapped[str] = mapped_column(String(2))
    ward_code: Mapped[str] = mapped_column(String(5))
    address_line: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(16))
    contact_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), default="")
    wants_form_by_email: Mapped[bool]
    wants_reminders: Mapped[bool]
    terms_version: Mapped[str] = mapped_column(String(20))
    portal: Mapped[str] = mapped_column(String(10))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    hand_in: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    sent_at: Mapped[datetime]
    lapses_on: Mapped[date] = mapped_column(Date)
    reminded_at: Mapped[datetime | None]
    paper_at: Mapped[datetime | None]
    paper_channel: Mapped[str | None] = mapped_column(String(20))
    paper_id_shown: Mapped[str | None] = mapped_column(String(20))
    paper_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    photos_removed_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)


class DeclarationPhoto(Base):
    """A portrait or one side of the ID, of a draft and then of its declaration; each with a small preview."""

    __tablename__ = "declaration_photos"
    __table_args__ = (
        UniqueConstraint("draft_id", "side"),
        UniqueConstraint("declaration_id", "side"),
        CheckConstraint("side in ('portrait', 'front', 'back')", name="side"),
        CheckConstraint("(draft_id is null) <> (declaration_id is null)", name="owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.id"))
    declaration_id: Mapped[UUID | None] = mapped_column(ForeignKey("declarations.id"))
    side: Mapped[str] = mapped_column(String(10))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    preview_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    saved_at: Mapped[datetime]
