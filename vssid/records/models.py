"""Persons (người tham gia), the numbers that name them, and who may act for whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, folded_text, index_of_some


class Person(Base):
    """One participant as the register knows them. `birth_date` is ISO, possibly only a year or a month."""

    __tablename__ = "persons"
    __table_args__ = (
        Index("ix_persons_name", "name_folded", "birth_date"),
        Index("ix_persons_household_code", "household_code"),
        index_of_some("ix_persons_merged_into_id", "merged_into_id", "merged_into_id IS NOT NULL"),
        index_of_some("ix_persons_portrait_file_id", "portrait_file_id", "portrait_file_id IS NOT NULL"),
        CheckConstraint("sex in ('M', 'F')", name="sex"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(folded_text(100))
    birth_date: Mapped[str] = mapped_column(String(10))
    sex: Mapped[str] = mapped_column(String(1))
    phone: Mapped[str] = mapped_column(String(16), default="", index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    unit_system: Mapped[str] = mapped_column(String(4), default="")
    province_code: Mapped[str] = mapped_column(String(2), default="")
    ward_code: Mapped[str] = mapped_column(String(5), default="", index=True)
    household_code: Mapped[str] = mapped_column(String(20), default="")
    household_relation: Mapped[str] = mapped_column(String(40), default="")
    nationality: Mapped[str] = mapped_column(String(3), default="VN")
    died_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    portrait_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PersonIdentifier(Base):
    """A number that names a person: mã số BHXH, CCCD, CMND or passport; dated, since cards are replaced."""

    __tablename__ = "person_identifiers"
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        Index("ix_person_identifiers_person_id", "person_id", "kind"),
        CheckConstraint("kind in ('ma_so_bhxh', 'cccd', 'cmnd', 'passport')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Guardianship(Base):
    """A guardian (người giám hộ) acts for a child between two days."""

    __tablename__ = "guardianships"
    __table_args__ = (UniqueConstraint("child_id", "guardian_id", "valid_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(20))
