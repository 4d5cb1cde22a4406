"""What people have asked for about their own data: copies of it, and requests with their legal clocks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_WAITING = text("state = 'waiting'")
_OPEN = text("status IN ('new', 'acknowledged')")


class DataExport(Base):
    """A copy of everything held about a person: asked for, made by whoever leases it, destroyed after a day."""

    __tablename__ = "data_exports"
    __table_args__ = (
        # One at a time.
        Index("ix_data_exports_waiting", "person_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_data_exports_person_id", "person_id", "requested_at"),
        Index("ix_data_exports_due", "state", "requested_at"),
        CheckConstraint("state in ('waiting', 'done', 'failed')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    # Of the reader, for what explains the files.
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    attempts: Mapped[int]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    requested_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class DataRequest(Base):
    """One wish about one's data (or one's child's), from the asking to the answer. Its two clocks are days in Vietnam."""

    __tablename__ = "data_requests"
    __table_args__ = (
        # One open wish of a kind a person, and one a row that is disputed.
        Index(
            "ix_data_requests_open",
            "person_id",
            "kind",
            "row_key",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_data_requests_person_id", "person_id"),
        Index("ix_data_requests_account_id", "account_id", "asked_at"),
        Index("ix_data_requests_queue", "agency_code", "status", "done_by"),
        CheckConstraint(
            "kind in ('sua', 'xoa', 'han_che', 'phan_doi', 'khieu_nai_xem', 'khieu_nai_dong')", name="kind"
        ),
        CheckConstraint("status in ('new', 'acknowledged', 'done', 'refused', 'taken_back')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    # Who asked: the person's own account, or their guardian's.
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    # The agency that registered the person; None belongs to the province.
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    kind: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    # The row that is disputed, as `RowKind/id`; the fund that is to be checked.
    row_key: Mapped[str] = mapped_column(String(60), default="")
    # The look that is complained about: its line in the audit, and the officer who then does not answer.
    look_id: Mapped[int | None] = mapped_column(BigInteger)
    look_officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    status: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answer_by: Mapped[date] = mapped_column(Date)
    done_by: Mapped[date] = mapped_column(Date)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    extended_at: Mapped[datetime | None]
    extended_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    extended_why: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
