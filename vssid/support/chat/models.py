"""Chats, what was said in them, and which officers have their desk open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_TOPICS = "'the', 'qua_trinh', 'che_do', 'ho_so', 'thai_do', 'ung_dung', 'doanh_nghiep', 'khac'"


class Chat(Base):
    """One chat: of an account, or of a browser that holds the key whose digest is `key_digest`.

    `nonce` came with the form, so that a double press starts one. `messages` is the number of the last message,
    `version` grows with every other change. `silent_since` is when an officer last wrote without being answered.
    `feedback_id` is the letter that it became, until that is dropped. `receipt` is the sealed secret half of the letter that it became, for who has no account.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index("ix_chats_queue", "status", "opened_at", "id"),
        Index("ix_chats_account_id", "account_id", "opened_at", "id"),
        Index("ix_chats_person_id", "person_id"),
        Index("ix_chats_officer_id", "officer_id", "status"),
        Index("ix_chats_taken_at", "taken_at"),
        Index("ix_chats_ended_at", "ended_at"),
        Index("ix_chats_feedback_id", "feedback_id"),
        CheckConstraint("status in ('waiting', 'open', 'ended', 'letter')", name="status"),
        CheckConstraint(f"topic in ({_TOPICS})", name="topic"),
        CheckConstraint("ended_by in ('citizen', 'officer', 'silence', '')", name="ended_by"),
        CheckConstraint("messages between 0 and 200", name="messages"),
        CheckConstraint("(account_id is null) <> (key_digest is null)", name="whose"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nonce: Mapped[UUID] = mapped_column(unique=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    key_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    topic: Mapped[str] = mapped_column(String(20))
    contact: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2))
    shows_name: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    opened_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    said_at: Mapped[datetime]
    silent_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(10), default="")
    feedback_id: Mapped[UUID | None] = mapped_column(ForeignKey("feedback.id", ondelete="SET NULL"))
    receipt: Mapped[bytes | None] = mapped_column(LargeBinary)
    useful: Mapped[bool | None]
    messages: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)


class ChatMessage(Base):
    """One thing said; `text` is sealed. Numbers of a chat begin with 1 and have no gap."""

    __tablename__ = "chat_messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "number"),
        UniqueConstraint("chat_id", "nonce"),
        CheckConstraint("side in ('citizen', 'officer')", name="side"),
        CheckConstraint("number between 1 and 200", name="number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    chat_id: Mapped[UUID] = mapped_column(ForeignKey("chats.id"))
    number: Mapped[int]
    nonce: Mapped[UUID]
    side: Mapped[str] = mapped_column(String(10))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class ChatDesk(Base):
    """An officer's desk for chats, and when it was last seen open."""

    __tablename__ = "chat_desks"
    __table_args__ = (Index("ix_chat_desks_seen_at", "seen_at"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    seen_at: Mapped[datetime]
