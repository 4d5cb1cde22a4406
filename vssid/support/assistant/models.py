"""Questions to which the assistant had no answer, for who writes them: what was asked, never by whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class AssistantQuestion(Base):
    """One question, however often it was asked. `text` is masked; `digest` is that of its folded words."""

    __tablename__ = "assistant_questions"
    __table_args__ = (
        Index("ix_assistant_questions_queue", "state", "times", "id"),
        Index("ix_assistant_questions_times", "times", "last_at"),
        Index("ix_assistant_questions_last_at", "last_at"),
        Index("ix_assistant_questions_article_id", "article_id"),
        CheckConstraint("state in ('open', 'answered', 'ignored')", name="state"),
        CheckConstraint("language in ('vi', 'en', 'ko', 'zh', 'ja')", name="language"),
        CheckConstraint("times > 0", name="times"),
        CheckConstraint("last_at >= first_at", name="moments"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    text: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(2))
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
