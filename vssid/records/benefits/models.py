"""Benefits that were decided (thông tin hưởng), and adjustments of pensions (phiếu điều chỉnh lương hưu)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class Benefit(Base):
    """One benefit of one person: a payment, or for monthly kinds what a decision gives each month. Whole đồng.

    `from_date` is ISO, or '' where the file names none: it belongs to the key, and a NULL would be unlike every other NULL.
    """

    __tablename__ = "benefits"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "decision_number", "from_date"),
        CheckConstraint(
            "kind in ('mot_lan', 'om_dau', 'thai_san', 'duong_suc', 'tnld_bnn', 'huu_tri', 'tu_tuat',"
            " 'tro_cap_hang_thang', 'that_nghiep')",
            name="kind",
        ),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(20))
    decision_number: Mapped[str] = mapped_column(String(60), default="")
    decision_date: Mapped[date | None] = mapped_column(Date)
    from_date: Mapped[str] = mapped_column(String(10), default="")
    to_date: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[int] = mapped_column(BigInteger)
    payer: Mapped[str] = mapped_column(String(300), default="")
    account_number: Mapped[str] = mapped_column(String(40), default="")  # pages show its last four signs
    bank: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PensionAdjustment(Base):
    """A pension that went from one amount to another, in đồng a month, from a day on."""

    __tablename__ = "pension_adjustments"
    __table_args__ = (
        UniqueConstraint("person_id", "effective_from", "decision_number"),
        CheckConstraint("old_amount > 0", name="old_amount"),
        CheckConstraint("new_amount > 0", name="new_amount"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    decision_number: Mapped[str] = mapped_column(String(60))
    effective_from: Mapped[date] = mapped_column(Date)
    old_amount: Mapped[int] = mapped_column(BigInteger)
    new_amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]
