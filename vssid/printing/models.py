"""Batches of paper cards (thẻ giấy theo lô): what was wanted, for whom, and the pieces in which it is made."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base

_OPEN = text("state IN ('asked', 'agreed', 'made')")


class CardBatch(Base):
    """The cards of a roster or of a ward; `name` is the organisation's or the ward's, `detail` the roster's title.

    `agency_code` is the agency in charge of them: whose officers see the batch. `part` of `parts` where a list
    was too long: all parts come from one wish and share their `series_id`.
    """

    __tablename__ = "card_batches"
    __table_args__ = (
        Index("ix_card_batches_agency", "agency_code", "state", "asked_at"),
        Index("ix_card_batches_asked_by", "asked_by", "asked_at"),
        Index("ix_card_batches_state", "state", "asked_at"),
        Index("ix_card_batches_asked_at", "asked_at", "id"),
        Index("ix_card_batches_series_id", "series_id", "part"),
        # The same list is not printed twice at the same time.
        Index("uq_card_batches_open", "list_key", "part", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("kind in ('roster', 'ward')", name="kind"),
        CheckConstraint(
            "state in ('asked', 'agreed', 'declined', 'withdrawn', 'stopped', 'made', 'failed', 'gone', 'revoked')",
            name="state",
        ),
        CheckConstraint("decided_by <> asked_by", name="two_officers"),
        CheckConstraint("state not in ('agreed', 'made', 'gone', 'revoked') or decided_by is not null", name="agreed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[date | None] = mapped_column(Date)
    without_account: Mapped[bool] = mapped_column(default=False)
    # What was chosen, whoever chose it.
    list_key: Mapped[str] = mapped_column(String(60))
    series_id: Mapped[UUID]
    part: Mapped[int] = mapped_column(default=1)
    parts: Mapped[int] = mapped_column(default=1)
    cards: Mapped[int]
    printed: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")
    # When the names went, and the strips that nobody has.
    cleared_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)


class CardBatchItem(Base):
    """One person of a batch in the order in which cards are handed out; `outcome` is '' until their turn comes."""

    __tablename__ = "card_batch_items"
    __table_args__ = (UniqueConstraint("person_id", "batch_id"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("card_batches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Of the register; None for a number that nobody has, or that stands on the list twice.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    group_name: Mapped[str] = mapped_column(String(300), default="")
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    full_name: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    # The strip of this person in this batch: whoever takes over a piece keeps it, and by it the batch is revoked when its
    # file and names have gone long since. No key: strips are forgotten by themselves.
    kept_id: Mapped[UUID | None]


class CardBatchPiece(Base):
    """Cards that are made at once: the positions `first` to `last`, and the pages once they are made."""

    __tablename__ = "card_batch_pieces"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("card_batches.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[int]
    last: Mapped[int]
    made_at: Mapped[datetime | None]
    # None also where nobody of them had a card any more.
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
