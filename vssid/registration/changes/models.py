"""Changes of accounts: form 01 for the purposes “điều chỉnh thông tin” and “ngừng sử dụng”."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_PENDING = text("status IN ('second', 'waiting')")


class ChangeRequest(Base):
    """One change as form 01 says it, from the asking to its end.

    `item` is what changes. `phone`, `email`, the address and `contact_name` are as they are to be afterwards.
    """

    __tablename__ = "change_requests"
    __table_args__ = (
        # One change at a time waits for its hour or for a second officer.
        Index(
            "ix_change_requests_pending", "account_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING
        ),
        Index("ix_change_requests_account_id", "account_id", "asked_at"),
        Index("ix_change_requests_queue", "agency_code", "status", "asked_at"),
        Index("ix_change_requests_due", "status", "effective_at"),
        Index("ix_change_requests_asked", "status", "asked_at"),
        Index("ix_change_requests_person_id", "person_id", "item", "status"),
        CheckConstraint("item in ('phone', 'email', 'address', 'stop')", name="item"),
        CheckConstraint("channel in ('online', 'counter')", name="channel"),
        CheckConstraint("status in ('asked', 'second', 'waiting', 'done', 'cancelled', 'refused')", name="status"),
        CheckConstraint("confirmed_by is null or confirmed_by <> asked_by", name="two_officers"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    item: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    # Nobody can read a code on the old phone, or in the old mailbox.
    lost: Mapped[bool]
    # Which codes prove it, in the order in which they are asked for: values of accounts.Purpose, by commas.
    proofs: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(254))
    province_code: Mapped[str] = mapped_column(String(2))
    ward_code: Mapped[str] = mapped_column(String(5))
    address_line: Mapped[str] = mapped_column(String(300))
    address_given: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str] = mapped_column(String(100))
    # The agency that registered the account; '' cannot be, None where the account came about without a declaration.
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    id_shown: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    effective_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Of the code for /huy, while it can still be used.
    cancel_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
