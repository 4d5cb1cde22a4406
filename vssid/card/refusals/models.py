"""Reports that a facility would not take the card (thẻ bị từ chối)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class CardRefusal(Base):
    """One report. `facility_code` is '' where the person typed a name; `agency_code` None for who was never registered
    here: the province's own agency answers those.
    """

    __tablename__ = "card_refusals"
    __table_args__ = (
        Index("ix_card_refusals_queue", "agency_code", "status", "due_on", "id"),
        Index("ix_card_refusals_account_id", "account_id", "sent_at"),
        Index("ix_card_refusals_person_id", "person_id"),
        Index("ix_card_refusals_due_on", "due_on"),
        CheckConstraint("status in ('new', 'answered')", name="status"),
        CheckConstraint(
            "said in ('doi_the_giay', 'khong_quet_duoc', 'noi_khong_hop_le', 'giu_giay_to', 'khac')", name="said"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    agency_code: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    facility_code: Mapped[str] = mapped_column(String(5), default="")
    facility_name: Mapped[str] = mapped_column(String(300))
    happened_on: Mapped[date] = mapped_column(Date)
    said: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default="new")
    sent_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
