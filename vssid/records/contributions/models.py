"""Contributions as files tell them: one row a person, fund, kind, first month and employer."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base
from vssid.kernel.exact import Exact


class Contribution(Base):
    """A period in which somebody was insured with one employer. Months are dates of their first day.

    `employer_key` is the employer's code, or the folded name where there is none (of a long one the beginning and a
    digest).
    """

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("person_id", "fund", "kind", "from_month", "employer_key"),
        CheckConstraint("fund in ('BHXH', 'BHTN', 'TNLD', 'BHYT')", name="fund"),
        CheckConstraint("kind in ('bat_buoc', 'tu_nguyen')", name="kind"),
        CheckConstraint("status in ('da_dong', 'cham_dong', 'no_dong')", name="status"),
        CheckConstraint("from_month <= to_month", name="months"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    fund: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(10), default="bat_buoc")
    from_month: Mapped[date] = mapped_column(Date)
    to_month: Mapped[date] = mapped_column(Date)
    employer_code: Mapped[str] = mapped_column(String(20), default="")
    employer_name: Mapped[str] = mapped_column(String(200))
    employer_key: Mapped[str] = mapped_column(String(60))
    job: Mapped[str] = mapped_column(String(200), default="")
    workplace: Mapped[str] = mapped_column(String(300), default="")
    salary: Mapped[Decimal | None] = mapped_column(Exact(14, 2))
    coefficient: Mapped[Decimal | None] = mapped_column(Exact(7, 3))
    currency: Mapped[str] = mapped_column(String(3), default="VND")
    status: Mapped[str] = mapped_column(String(10), default="da_dong")
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]
