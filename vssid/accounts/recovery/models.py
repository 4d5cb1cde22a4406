"""Requests for recovery: a new password that waits until somebody has confirmed whose it is, and then for its hour."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

# What waits has an hour and no end. Said so, PostgreSQL does not read this index through for every question about status.
_WAITS = text("effective_at IS NOT NULL AND ended_at IS NULL")


class RecoveryRequest(Base):
    """One request (yêu cầu khôi phục). Numbers that nobody has get a row as well: the answer is the same for all."""

    __tablename__ = "recovery_requests"
    __table_args__ = (
        # One at a time waits for its hour; any number may be asked for, so that nobody's replaces the owner's.
        Index("ix_recovery_requests_waiting", "account_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_recovery_requests_account_id", "account_id"),
        Index("ix_recovery_requests_queue", "agency_code", "status", "created_at"),
        Index("ix_recovery_requests_due", "status", "effective_at"),
        Index("ix_recovery_requests_remind", "status", "remind_at"),
        Index("ix_recovery_requests_expires", "status", "expires_at"),
        Index("ix_recovery_requests_ended_at", "ended_at"),
        CheckConstraint(
            "status in ('asked', 'second', 'waiting', 'done', 'cancelled', 'refused', 'expired')", name="status"
        ),
        CheckConstraint("way in ('email', 'relative', 'counter')", name="way"),
        CheckConstraint(
            "confirmed_by is null or (asked_by is not null and confirmed_by <> asked_by)", name="two_officers"
        ),
        CheckConstraint(
            "way <> 'counter' or status <> 'waiting' or confirmed_by is not null", name="counter_needs_two"
        ),
        CheckConstraint(
            "status <> 'waiting' or (account_id is not null and effective_at is not null and ended_at is null)",
            name="waits_for",
        ),
        CheckConstraint("ended_at is null or (password_hash is null and stop_digest is null)", name="ends_clean"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # None where nobody active has that number.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    # Of the mã yêu cầu, which names this request and opens nothing.
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    status: Mapped[str] = mapped_column(String(10))
    way: Mapped[str | None] = mapped_column(String(10))
    # Of the password that the account is to have; gone as soon as the request has ended.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    relative_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    id_shown: Mapped[str] = mapped_column(String(20), default="")
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    effective_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Of the code for /huy, while it can still be used.
    stop_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
