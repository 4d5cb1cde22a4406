"""Checks of cards at the counters of health facilities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class CardCheck(Base):
    """One check of one card (lần kiểm tra thẻ) by a member of a facility, and whether the patient was checked in.

    `told` says whether the counter was shown what the register says. Without it `person_id` is whom the code or number
    would have named, for that person to see; the counter does not learn of it.
    """

    __tablename__ = "card_checks"
    __table_args__ = (
        Index("ix_card_checks_person_id", "person_id", "at", "id"),
        Index("ix_card_checks_organisation_id", "organisation_id", "at", "id"),
        Index("ix_card_checks_member_id", "member_id"),
        Index("ix_card_checks_at", "at"),
        CheckConstraint("how in ('strip', 'spoken', 'number')", name="how"),
        CheckConstraint("purpose in ('kham', 'cap_cuu', 'noi_tru', 'khac', '')", name="purpose"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    # Of the card that was shown to the counter, '' where none was.
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    facility_code: Mapped[str] = mapped_column(String(5))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_members.id"))
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(12))
    told: Mapped[bool]
    # Which kept card's code it was. No foreign key: kept cards are forgotten sooner.
    kept_id: Mapped[UUID | None]
    checked_in_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(String(10), default="")
