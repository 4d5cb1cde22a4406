"""A run of a file import and the rows that it has staged."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class ImportRun(Base):
    """One file read for one kind: what was found, and whether it was taken over.

    A run from the desk has the file itself, who sent it and how far it has been read; one from the command line has not.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        Index("ix_import_runs_state", "state", "started_at"),
        Index("ix_import_runs_started_at", "started_at"),
        CheckConstraint(
            "state in ('uploaded', 'staging', 'staged', 'agreed', 'done', 'refused', 'abandoned', 'failed',"
            " 'undoing', 'undone')",
            name="state",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    file_digest: Mapped[str] = mapped_column(String(64), index=True)
    as_of: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    read_lines: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    errors_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    total_bytes: Mapped[int] = mapped_column(default=0)
    read_bytes: Mapped[int] = mapped_column(default=0)
    # Columns that nobody knows.
    words: Mapped[str] = mapped_column(Text, default="")
    # A packed label: what the file as a whole was refused for, or why it could not be taken back.
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # The first rows that would change, as [line, key, {name: [before, after]}], while somebody may agree to them.
    sample: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # The first problems as [line, column, packed label], beside the list that can be fetched.
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # When an officer agreed: all rows of a run are written as of that moment, however often it is begun again.
    agreed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]


class StagedRow(Base):
    """One parsed row waiting for the upsert; `key` is the kind's natural key."""

    __tablename__ = "import_rows"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
