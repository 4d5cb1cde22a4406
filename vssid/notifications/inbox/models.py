"""What the bell shows: one row for each thing that an account was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some


class InboxItem(Base):
    """One message. `sealed` is a packed label (kernel.labels): source words and values, so that any language can say it."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        Index("ix_inbox_items_account", "account_id", "at", "id"),
        Index("ix_inbox_items_topic", "account_id", "topic", "at", "id"),
        Index("ix_inbox_items_expires_at", "expires_at"),
        index_of_some("ix_inbox_items_unread", "account_id", "read_at IS NULL"),
        CheckConstraint("topic in ('tai-khoan', 'the', 'kham', 'dong', 'du-lieu')", name="topic"),
        CheckConstraint("href like '/%' and href not like '//%'", name="href"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    href: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
