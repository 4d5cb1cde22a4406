"""Visits (lần khám chữa bệnh) and the lines of their costs, as hospitals have sent them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base
from vssid.kernel.exact import Exact

_MONEY = Exact(15, 2)


class Visit(Base):
    """One HOSO: a visit or a stay. Codes are those of QĐ 130/4750/3176; money is đồng with two places."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("facility_code", "link_code"),
        Index("ix_visits_person", "person_id", "year", "admitted_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    facility_code: Mapped[str] = mapped_column(String(5))
    link_code: Mapped[str] = mapped_column(String(100))  # MA_LK
    year: Mapped[int]  # of admission, in Viet Nam: the page's filter
    sensitive: Mapped[bool]  # HIV by its codes or words: behind an extra step
    visit_kind: Mapped[str] = mapped_column(String(2), default="")  # MA_LOAI_KCB
    reason: Mapped[str] = mapped_column(Text, default="")  # LY_DO_VV
    admitted_at: Mapped[datetime]
    discharged_at: Mapped[datetime]
    department_code: Mapped[str] = mapped_column(String(50), default="")
    main_diagnosis_code: Mapped[str] = mapped_column(String(20))
    main_diagnosis: Mapped[str] = mapped_column(Text, default="")
    other_codes: Mapped[str] = mapped_column(String(400), default="")  # joined by ;
    result: Mapped[str] = mapped_column(String(1), default="")  # KET_QUA_DTRI
    discharge_kind: Mapped[str] = mapped_column(String(1), default="")  # MA_LOAI_RV
    patient_object: Mapped[str] = mapped_column(String(10), default="")  # MA_DOITUONG_KCB
    total_hospital: Mapped[Decimal] = mapped_column(_MONEY)
    total_insurance: Mapped[Decimal] = mapped_column(_MONEY)
    paid_by_fund: Mapped[Decimal] = mapped_column(_MONEY)
    copay: Mapped[Decimal] = mapped_column(_MONEY)
    paid_by_patient: Mapped[Decimal] = mapped_column(_MONEY)
    other_sources: Mapped[Decimal] = mapped_column(_MONEY)
    paid_at: Mapped[datetime | None]
    settled_year: Mapped[int | None]
    settled_month: Mapped[int | None]
    content_digest: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class VisitLine(Base):
    """One cost of a visit: a drug, a service, or a material."""

    __tablename__ = "visit_lines"
    __table_args__ = (
        UniqueConstraint("visit_id", "ordinal"),
        CheckConstraint("part in ('thuoc', 'dich_vu', 'vat_tu')", name="part"),
        {"info": {"follows": "visits"}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    ordinal: Mapped[int]
    part: Mapped[str] = mapped_column(String(10))
    group_code: Mapped[str] = mapped_column(String(2), default="")  # MA_NHOM
    code: Mapped[str] = mapped_column(String(255), default="")
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(50), default="")
    quantity: Mapped[Decimal] = mapped_column(Exact(16, 3))
    price: Mapped[Decimal] = mapped_column(Exact(16, 3))
    rate: Mapped[int | None]  # TYLE_TT_BH, percent
    level: Mapped[int | None]  # MUC_HUONG, percent
    amount: Mapped[Decimal] = mapped_column(_MONEY)  # THANH_TIEN_BV
    insured: Mapped[Decimal] = mapped_column(_MONEY)  # THANH_TIEN_BH
    paid_by_fund: Mapped[Decimal] = mapped_column(_MONEY)
    copay: Mapped[Decimal] = mapped_column(_MONEY)
    paid_by_patient: Mapped[Decimal] = mapped_column(_MONEY)
    other_sources: Mapped[Decimal] = mapped_column(_MONEY)
