"""Reminders of cards that end: who was told, and how far the walk through all accounts has come."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class CardReminder(Base):
    """That an account was told of a card that ends: of the same last day and step nobody is told twice.

    Keyed by the day rather than by the version: a correction that leaves the last day as it was is no news.
    """

    __tablename__ = "card_reminders"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    ends_on: Mapped[date] = mapped_column(Date, primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class CardWatch(Base):
    """One row: how far the daily walk has come."""

    __tablename__ = "card_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    position: Mapped[UUID]  # of the last account's person that was looked at
    done_at: Mapped[datetime | None]
