"""The health insurance card (thẻ BHYT) as append-only versions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class Card(Base):
    """One version of one card: a correction or a withdrawal (thu hồi) adds a version, nothing is overwritten."""

    __tablename__ = "cards"
    __table_args__ = (
        UniqueConstraint("person_id", "valid_from", "version"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("status in ('hieu_luc', 'thu_hoi')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    version: Mapped[int]
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(15))  # as printed: 15 signs (old form) or the 10 digits
    level: Mapped[int]
    object_code: Mapped[str] = mapped_column(String(2), default="")
    valid_to: Mapped[date | None] = mapped_column(Date)
    facility_code: Mapped[str] = mapped_column(String(5))
    five_years_from: Mapped[date | None] = mapped_column(Date)
    area_code: Mapped[str] = mapped_column(String(2), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    issued_by: Mapped[str] = mapped_column(String(200), default="")
    signatory: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(10), default="hieu_luc")
    recorded_at: Mapped[datetime]
