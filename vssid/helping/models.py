"""Loans of one task to a helper."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_OPEN = text("status IN ('offered', 'active')")


class Loan(Base):
    """One task of an account (việc nhờ giúp), lent to whoever has its code, from the code to the end.

    `expires_at` is the end of the offer, and once it has begun that of the work. The helper is who they say they are: the
    owner, who gave them the code, is told the name and the number.
    """

    __tablename__ = "loans"
    __table_args__ = (
        Index("ix_loans_open", "account_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_loans_account_id", "account_id", "offered_at"),
        Index("ix_loans_due", "status", "expires_at"),
        CheckConstraint("task in ('the_bhyt', 'dia_chi', 'cho_con')", name="task"),
        CheckConstraint("status in ('offered', 'active', 'ended')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    task: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    helper_name: Mapped[str] = mapped_column(String(100), default="")
    helper_phone: Mapped[str] = mapped_column(String(16), default="")
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(10))
