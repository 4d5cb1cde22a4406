"""Trusted relatives: one account names another, which accepts; it counts only some days later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_NAMED = text("status <> 'ended'")


class TrustedRelative(Base):
    """One naming. Whoever does not exist is kept like anybody else who has not answered: nobody learns who has an account."""

    __tablename__ = "trusted_relatives"
    __table_args__ = (
        Index(
            "ix_trusted_relatives_pair",
            "account_id",
            "relative_id",
            unique=True,
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
        Index("ix_trusted_relatives_account_id", "account_id", "status", "asked_at"),
        Index("ix_trusted_relatives_relative_id", "relative_id", "status", "asked_at"),
        Index("ix_trusted_relatives_asked", "status", "asked_at"),
        Index("ix_trusted_relatives_ended_at", "ended_at"),
        CheckConstraint("status in ('asked', 'accepted', 'ended')", name="status"),
        CheckConstraint("relative_id is null or relative_id <> account_id", name="another"),
        CheckConstraint(
            "status <> 'accepted' or (relative_id is not null and counts_from is not null)", name="accepted"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    # None where mã số and phone fit no active adult account.
    relative_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    # The mã số as it was typed, masked: all that the owner is shown before the relative has accepted.
    typed: Mapped[str] = mapped_column(String(20))
    # So that the same number is refused a second time, whoever it belongs to.
    typed_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    counts_from: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
