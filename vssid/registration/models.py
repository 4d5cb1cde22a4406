"""Drafts of visitors, declarations (tờ khai) and their photos."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, folded_text, index_of_some

# What officers took down at the counter and have not decided: a handful, read in order.
_AT_COUNTER = "counter_by IS NOT NULL AND decided_at IS NULL"


class Draft(Base):
    """What a visitor has filled in so far, sealed, under a hashed cookie, for seven days."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Declaration(Base):
    """A registration for electronic transactions (form 01), from sending to its end."""

    __tablename__ = "declarations"
    __table_args__ = (
        Index("ix_declarations_queue", "agency_code", "status", "lapses_on", "id"),
        Index("ix_declarations_lapse", "status", "lapses_on"),
        Index("ix_declarations_sent", "agency_code", "sent_at", "id"),
        Index("ix_declarations_ma_so_bhxh", "ma_so_bhxh", "sent_at"),
        Index("ix_declarations_phone", "phone", "sent_at"),
        Index("ix_declarations_id_number", "id_number"),
        Index("ix_declarations_decided", "decided_by", "decided_at"),
        Index("ix_declarations_paper", "paper_by", "paper_at"),
        Index("ix_declarations_name", "name_folded", "birth_date"),
        Index("ix_declarations_guardian_number", "guardian_number"),
        Index("ix_declarations_unit_code", "unit_code"),
        index_of_some("ix_declarations_organisation_id", "organisation_id", "organisation_id IS NOT NULL"),
        index_of_some("ix_declarations_guardian_person_id", "guardian_person_id", "guardian_person_id IS NOT NULL"),
        index_of_some("ix_declarations_merged_into_id", "merged_into_id", "merged_into_id IS NOT NULL"),
        index_of_some("ix_declarations_counter_by", "counter_by", "counter_by IS NOT NULL"),
        Index(
            "ix_declarations_at_counter",
            "counter_by",
            "sent_at",
            sqlite_where=text(_AT_COUNTER),
            postgresql_where=text(_AT_COUNTER),
        ),
        index_of_some("ix_declarations_photos_due", "decided_at", "photos_removed_at IS NULL"),
        CheckConstraint(
            "status in ('waiting', 'received', 'returned', 'approved', 'rejected', 'withdrawn', 'lapsed', 'merged')",
            name="status",
        ),
        CheckConstraint("kind in ('ca-nhan', 'tre-em', 'to-chuc')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(12), default="ca-nhan")
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    ma_so_bhxh: Mapped[str] = mapped_column(String(10))
    # A person's, at most 100 signs, or an organisation's.
    full_name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(folded_text(200))
    # ISO, possibly partial; nobody types it: the register's, else the scanned card's, else ''.
    birth_date: Mapped[str] = mapped_column(String(10), default="")
    # '' for a child: who has a CCCD registers as an adult. Of an organisation the number is its tax code, of no kind.
    id_kind: Mapped[str] = mapped_column(String(12))
    id_number: Mapped[str] = mapped_column(String(20))
    unit_system: Mapped[str] = mapped_column(String(4))
    province_code: Mapped[str] = mapped_column(String(2))
    ward_code: Mapped[str] = mapped_column(String(5))
    address_line: Mapped[str] = mapped_column(String(200))
    # The old address as it was chosen, where the ward was found by it.
    address_given: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(16))
    # A child's guardian. `phone` is then typed, or of the guardian's account and shown to nobody in full.
    guardian_ma_so: Mapped[str] = mapped_column(String(10), default="")
    guardian_id_kind: Mapped[str] = mapped_column(String(12), default="")
    guardian_number: Mapped[str] = mapped_column(String(20), default="")
    guardian_relation: Mapped[str] = mapped_column(String(16), default="")
    guardian_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    phone_of_account: Mapped[bool] = mapped_column(default=False)
    own_account: Mapped[bool] = mapped_column(default=True)
    # An organisation's kind and unit code (mã đơn vị), and through whom it files when not on the portal.
    organisation_kind: Mapped[str] = mapped_column(String(12), default="")
    unit_code: Mapped[str] = mapped_column(String(20), default="")
    # Of a health facility its MA_CSKCB.
    facility_code: Mapped[str] = mapped_column(String(5), default="")
    ivan_provider: Mapped[str] = mapped_column(String(100), default="")
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    # What the QR codes of cards said, as JSON by kind of card; goes with the photos.
    scans: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), default="")
    wants_form_by_email: Mapped[bool]
    wants_reminders: Mapped[bool]
    terms_version: Mapped[str] = mapped_column(String(20))
    portal: Mapped[str] = mapped_column(String(10))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    hand_in: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    sent_at: Mapped[datetime]
    lapses_on: Mapped[date] = mapped_column(Date)
    reminders_sent: Mapped[int] = mapped_column(SmallInteger, default=0)
    # While items are returned to the citizen the days do not count.
    paused_on: Mapped[date | None] = mapped_column(Date)
    paper_at: Mapped[datetime | None]
    paper_channel: Mapped[str | None] = mapped_column(String(20))
    paper_id_shown: Mapped[str | None] = mapped_column(String(20))
    paper_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    # The officer who took it down at the counter (đăng ký tại quầy).
    counter_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    photos_removed_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("declarations.id"))


class DeclarationPhoto(Base):
    """A portrait or one side of a paper, of a draft and then of its declaration; each with a small preview."""

    __tablename__ = "declaration_photos"
    __table_args__ = (
        UniqueConstraint("draft_id", "side"),
        UniqueConstraint("declaration_id", "side"),
        CheckConstraint(
            "side in ('portrait', 'front', 'back', 'birth_front', 'birth_back', 'licence', 'licence_more')", name="side"
        ),
        CheckConstraint("(draft_id is null) <> (declaration_id is null)", name="owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.id"))
    declaration_id: Mapped[UUID | None] = mapped_column(ForeignKey("declarations.id"))
    side: Mapped[str] = mapped_column(String(12))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    preview_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"), index=True)
    saved_at: Mapped[datetime]


class SignedForm(Base):
    """Form 01 as it was issued to be signed digitally; once it came back validly signed, by whom and when that was checked.

    `said` is a digest of what the form says; `signed_at` is what the signing program wrote. The files go with the photos.
    """

    __tablename__ = "signed_forms"

    declaration_id: Mapped[UUID] = mapped_column(ForeignKey("declarations.id"), primary_key=True)
    issued_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    issued_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(64))
    signed_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    checked_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signer_name: Mapped[str] = mapped_column(String(200), default="")
    issuer_name: Mapped[str] = mapped_column(String(200), default="")
    serial: Mapped[str] = mapped_column(String(64), default="")
    revocation: Mapped[str] = mapped_column(String(10), default="")
    name_marks: Mapped[bool] = mapped_column(default=True)


class PortraitBand(Base):
    """A quarter of a portrait's picture hash: pictures that are nearly the same share at least one quarter.

    The hash is of the whole picture, not of a face; its rows go with the photo.
    """

    __tablename__ = "portrait_bands"

    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    bits: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("declaration_photos.id"), primary_key=True, index=True)


class Correction(Base):
    """One item that an officer has returned with a reason; the rest of the declaration stays accepted."""

    __tablename__ = "declaration_corrections"
    __table_args__ = (Index("ix_declaration_corrections_declaration_id", "declaration_id", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    declaration_id: Mapped[UUID] = mapped_column(ForeignKey("declarations.id"))
    item: Mapped[str] = mapped_column(String(20))
    reason_code: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    with_sample: Mapped[bool]
    before: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    mended_at: Mapped[datetime | None]


class Distinct(Base):
    """Two declarations that look alike and that an officer has found to be of two people; `low` is the smaller id."""

    __tablename__ = "distinct_declarations"

    low_id: Mapped[UUID] = mapped_column(ForeignKey("declarations.id"), primary_key=True)
    high_id: Mapped[UUID] = mapped_column(ForeignKey("declarations.id"), primary_key=True, index=True)
    found_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    found_at: Mapped[datetime]
