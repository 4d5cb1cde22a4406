"""What look-ups search: a row an entry, the words that occur, and how fresh each list is.

The words are searched by what each database is good at: FTS5 over `listings.words` on SQLite, kept by triggers; an index
of pg_trgm on PostgreSQL. Both ask the same question, which words an entry has, and give the same answer.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.directory.listings.rules import LONGEST_WORDS
from vssid.kernel.db import SHOWN_TO_ALL, Base, folded_text


class Listing(Base):
    """One entry of one list. Everything here is made from the table that owns it, and made anew when that changes."""

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        # All that the beginning of a name asks for.
        Index("ix_listings_bare", "kind", "bare", "code", "until"),
        # Words that are common in one list may lie far behind the entries of another.
        Index("ix_listings_kind", "kind", "id"),
        CheckConstraint("kind in ('co-quan', 'kham', 'nghi', 'don-vi', 'diem-thu')", name="kind"),
        {"sqlite_autoincrement": True, **SHOWN_TO_ALL},
    )

    # Candidates come in this order, so that a search that finds too many stops early.
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300))
    # The name as it is compared, and the same without what many names begin with (công ty, bệnh viện).
    folded: Mapped[str] = mapped_column(folded_text(400))
    bare: Mapped[str] = mapped_column(folded_text(400))
    # Every word of name and address between blanks, and marks of the list, province and ward.
    words: Mapped[str] = mapped_column(folded_text(LONGEST_WORDS))
    province_code: Mapped[str] = mapped_column(String(2))
    ward_code: Mapped[str] = mapped_column(String(5))
    # Its last day. NULL beside days would make each search by a beginning two conditions instead of one.
    until: Mapped[date] = mapped_column(Date, server_default="9999-12-31")


class ListingWord(Base):
    """A word that occurs in a list, and in how many entries: which words to search by, and what a slip was meant to be."""

    __tablename__ = "listing_words"
    __table_args__ = (Index("ix_listing_words_length", "kind", "length", "word"),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    word: Mapped[str] = mapped_column(folded_text(40), primary_key=True)
    length: Mapped[int]
    times: Mapped[int]


class ListingState(Base):
    """How a list stands: `stale` from an import until its entries are made anew, `changed_at` for “cập nhật ngày”."""

    __tablename__ = "listing_states"
    __table_args__ = SHOWN_TO_ALL

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    stale: Mapped[bool]
    entries: Mapped[int]
    changed_at: Mapped[datetime | None]
