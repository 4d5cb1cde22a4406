"""Cards that somebody keeps outside the house: on a phone, or on paper. Each has a handle by which its strips can be revoked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some


class KeptCard(Base):
    """One card on one phone (thẻ giữ trên máy) or on one sheet of paper; `handle` stands in each of its strips."""

    __tablename__ = "kept_cards"
    __table_args__ = (
        Index("ix_kept_cards_person_id", "person_id", "created_at"),
        Index("ix_kept_cards_last_day", "last_day"),
        index_of_some("ix_kept_cards_revoked", "last_day", "ended_at IS NOT NULL"),
        index_of_some("ix_kept_cards_account_id", "account_id", "ended_at IS NULL"),
        CheckConstraint("kind in ('phone', 'paper')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    handle: Mapped[bytes] = mapped_column(LargeBinary(6), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    # The version of the card that the strips tell of.
    card_id: Mapped[UUID]
    # Who keeps it: the person's own account, or a guardian's. None on paper that the agency printed.
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    # No foreign key: an account that begins anew forgets its devices, and the strips end with them.
    device_id: Mapped[UUID | None]
    # Of the secret with which the phone asks for further strips.
    secret_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    last_day: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(12), default="")
