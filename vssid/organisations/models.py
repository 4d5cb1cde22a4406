"""Organisations (tổ chức) that file for their people, and those who work for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, folded_text, index_of_some


def _unique_of_some(name: str, column: str, where: str) -> Index:
    return Index(name, column, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Organisation(Base):
    """An employer, school, agent or health facility, verified by an officer of the agency in charge of it."""

    __tablename__ = "organisations"
    __table_args__ = (
        # Who has ended keeps no code: it may register again.
        _unique_of_some("uq_organisations_ma_don_vi", "ma_don_vi", "ma_don_vi <> '' AND status <> 'ended'"),
        _unique_of_some("uq_organisations_facility_code", "facility_code", "facility_code <> '' AND status <> 'ended'"),
        index_of_some("ix_organisations_ma_don_vi", "ma_don_vi", "ma_don_vi <> ''"),
        Index("ix_organisations_agency", "agency_code", "name_folded", "id"),
        CheckConstraint("kind in ('don_vi', 'truong_hoc', 'dai_ly', 'co_so_kcb')", name="kind"),
        CheckConstraint("portal in ('cong', 'ivan')", name="portal"),
        CheckConstraint("status in ('active', 'ended')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(folded_text(200))
    # Unit code (mã đơn vị), '' where the agency has given none.
    ma_don_vi: Mapped[str] = mapped_column(String(20), default="")
    tax_code: Mapped[str] = mapped_column(String(14), default="")
    # Of a health facility its MA_CSKCB; '' for others.
    facility_code: Mapped[str] = mapped_column(String(5), default="")
    address_line: Mapped[str] = mapped_column(String(200))
    ward_code: Mapped[str] = mapped_column(String(5))
    province_code: Mapped[str] = mapped_column(String(2))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    portal: Mapped[str] = mapped_column(String(10))
    ivan_provider: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(10), default="active")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(300), default="")


class Member(Base):
    """Who works for an organisation (người của tổ chức): phone and password, and a code by SMS at every sign-in."""

    __tablename__ = "organisation_members"
    __table_args__ = (
        # Who has left keeps no number: the same person may come back, here or elsewhere.
        _unique_of_some("uq_organisation_members_phone", "phone", "status <> 'ended'"),
        Index("ix_organisation_members_organisation_id", "organisation_id", "created_at"),
        CheckConstraint("role in ('quan_ly', 'nhap_lieu')", name="role"),
        CheckConstraint("status in ('new', 'active', 'ended')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    full_name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2), default="vi")
    role: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="new")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
