"""Contributions as files tell them: one row a person, fund, kind, first month and employer."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some
from vssid.kernel.exact import Exact

WATCHED = "fund = 'BHXH' AND kind = 'bat_buoc'"


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
        # Up to which month the register reaches, of the fund whose payers are watched.
        index_of_some("ix_contributions_to_month", "to_month", WATCHED),
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


class EmployerNotice(Base):
    """That somebody was told of months which an employer has not paid: of the same months nobody is told twice."""

    __tablename__ = "employer_notices"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    employer_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    first_month: Mapped[date] = mapped_column(Date, primary_key=True)
    last_month: Mapped[date] = mapped_column(Date)  # as far as it has come since
    told_at: Mapped[datetime]


class EmployerWatch(Base):
    """One row: how far the walk through all accounts has come, and when the next one is wanted."""

    __tablename__ = "employer_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    horizon: Mapped[date] = mapped_column(Date)
    position: Mapped[UUID]  # of the last person who was looked at
    done_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # when contributions were imported last
