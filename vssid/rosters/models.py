"""Rosters (danh sách) of organisations, their rows, and files that were looked at and not saved yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, folded_text


class Roster(Base):
    """One list of an organisation, for one school year or less; a later upload under its title updates it."""

    __tablename__ = "rosters"
    __table_args__ = (UniqueConstraint("organisation_id", "title_folded"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str] = mapped_column(String(100))
    title_folded: Mapped[str] = mapped_column(folded_text(100))
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]


class RosterRow(Base):
    """One person of a roster, as the organisation wrote it; nothing here comes from the register."""

    __tablename__ = "roster_rows"
    __table_args__ = (
        UniqueConstraint("roster_id", "ma_so_bhxh"),
        # A person asks who has them on a list.
        Index("ix_roster_rows_ma_so_bhxh", "ma_so_bhxh"),
        Index("ix_roster_rows_order", "roster_id", "class_key", "line", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("rosters.id"))
    # Where it stood in the file: lists keep the order that teachers know.
    line: Mapped[int]
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    full_name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(folded_text(100))
    birth_date: Mapped[str] = mapped_column(String(10))
    class_name: Mapped[str] = mapped_column(String(40), default="")
    class_key: Mapped[str] = mapped_column(folded_text(200), default="")
    guardian_ma_so: Mapped[str] = mapped_column(String(10), default="")
    # What the QR code on the printed sheet holds.
    code: Mapped[str] = mapped_column(String(10), unique=True)


class RosterPrint(Base):
    """The sheets of a roster: asked for, made by whoever leases it, kept for a week."""

    __tablename__ = "roster_prints"
    __table_args__ = (
        Index("ix_roster_prints_roster_id", "roster_id", "requested_at"),
        Index("ix_roster_prints_due", "state", "requested_at"),
        CheckConstraint("state in ('waiting', 'done', 'failed')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    roster_id: Mapped[UUID] = mapped_column(ForeignKey("rosters.id"))
    state: Mapped[str] = mapped_column(String(10))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    people: Mapped[int]
    attempts: Mapped[int]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    requested_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class RosterUpload(Base):
    """A file that was checked: its rows and problems wait, encrypted, for a day until they are saved or given up."""

    __tablename__ = "roster_uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
