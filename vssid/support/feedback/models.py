"""Letters of people (phản ánh, kiến nghị), what was said about them, their files, and what was published of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import SHOWN_TO_ALL, Base

_CATEGORIES = "'the', 'qua_trinh', 'che_do', 'ho_so', 'thai_do', 'ung_dung', 'doanh_nghiep', 'khac'"


class Feedback(Base):
    """One letter. `agency_code` None is the province's own; `account_id` and `person_id` None are somebody without an account.

    `secret_digest` is keyed: with the code it opens the letter without an account. `words` are what it is compared by.
    `closed_at` is when it was answered or put aside as spam.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_queue", "agency_code", "status", "due_on", "id"),
        Index("ix_feedback_account_id", "account_id", "sent_at", "id"),
        Index("ix_feedback_person_id", "person_id"),
        Index("ix_feedback_category", "category", "sent_at"),
        Index("ix_feedback_closed_at", "status", "closed_at"),
        CheckConstraint("status in ('new', 'taken', 'asked', 'answered', 'spam')", name="status"),
        CheckConstraint(f"category in ({_CATEGORIES})", name="category"),
        CheckConstraint("reply_to in ('sms', 'email', '')", name="reply_to"),
        CheckConstraint("reopened between 0 and 2", name="reopened"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    category: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(150))
    words: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(16), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    reply_to: Mapped[str] = mapped_column(String(10), default="")
    language: Mapped[str] = mapped_column(String(2))
    may_publish: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10), default="new")
    sent_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)


class FeedbackMessage(Base):
    """One thing said: by the writer, by the agency to them, or between officers (`rules.INNER`)."""

    __tablename__ = "feedback_messages"
    __table_args__ = (
        Index("ix_feedback_messages_feedback_id", "feedback_id", "at"),
        CheckConstraint("kind in ('words', 'more', 'reopen', 'question', 'answer', 'note', 'move')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))


class FeedbackFile(Base):
    """One file: what arrived (`name`, `size` in bytes, SHA-256 in hex) and the cleaned copy that is kept."""

    __tablename__ = "feedback_files"
    __table_args__ = (
        Index("ix_feedback_files_feedback_id", "feedback_id", "position"),
        Index("ix_feedback_files_file_id", "file_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    feedback_id: Mapped[UUID] = mapped_column(ForeignKey("feedback.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))


class PublishedAnswer(Base):
    """A question and its answer as an officer rewrote them, without persons. It outlives the letter that it came from."""

    __tablename__ = "published_answers"
    __table_args__ = (
        Index("ix_published_answers_shown", "withdrawn_at", "published_at", "id"),
        Index("ix_published_answers_category", "withdrawn_at", "category", "published_at", "id"),
        Index("ix_published_answers_feedback_id", "feedback_id"),
        CheckConstraint(f"category in ({_CATEGORIES})", name="category"),
        SHOWN_TO_ALL,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    feedback_id: Mapped[UUID | None] = mapped_column(ForeignKey("feedback.id"))
    category: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    subject: Mapped[str] = mapped_column(String(150))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
