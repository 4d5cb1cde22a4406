"""The outbox: messages that commit with their cause and leave later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some

_SAID = text("text_digest IS NOT NULL")


class OutboxMessage(Base):
    """One SMS or e-mail. Address, subject and text are sealed, and blanked once delivered."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "channel", text("(expires_at IS NULL)"), "due_at"),  # as messages are claimed
        index_of_some("ix_outbox_lease", "lease", "lease IS NOT NULL"),
        Index("ix_outbox_about", "about_kind", "about_id", "created_at"),
        Index("ix_outbox_said", "text_digest", "sent_at", sqlite_where=_SAID, postgresql_where=_SAID),
        index_of_some("ix_outbox_said_until", "created_at", "text_digest IS NOT NULL"),
        CheckConstraint("channel in ('sms', 'email')", name="channel"),
        CheckConstraint("state in ('waiting', 'sent', 'failed', 'dropped')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON {to, subject, text}; None once delivered
    # Of what it said, so that whoever shows the words learns whether they are ours; forgotten after 90 days.
    text_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    attachment: Mapped[str | None] = mapped_column(String(40))  # name of a registered maker, given about_id
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # a code that has run out is not worth sending
    leased_until: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(80))
