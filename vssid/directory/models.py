"""Reference tables: places, agencies, health facilities, dated parameters."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import SHOWN_TO_ALL, Base, folded_text


class AdminUnit(Base):
    """A province, district or ward (đơn vị hành chính) of one numbering system: codes are reused between systems.

    `folded` is its own name as it is compared; `words` that name and those of all units above it, each between blanks.
    """

    __tablename__ = "admin_units"
    __table_args__ = (
        Index("ix_admin_units_parent", "system", "parent_code", "folded"),
        Index("ix_admin_units_name", "system", "level", "folded"),
        CheckConstraint("level in ('province', 'district', 'ward')", name="level"),
    )

    system: Mapped[str] = mapped_column(String(4), primary_key=True)
    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str] = mapped_column(String(5), default="")
    name: Mapped[str] = mapped_column(String(80))
    full_name: Mapped[str] = mapped_column(String(100))
    folded: Mapped[str] = mapped_column(folded_text(80))
    words: Mapped[str] = mapped_column(folded_text(250))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Succession(Base):
    """What an old ward (or an old district without wards) went into on 1/7/2025: several rows when it was split."""

    __tablename__ = "unit_successions"

    old_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    new_code: Mapped[str] = mapped_column(String(5), primary_key=True)


class Agency(Base):
    """A social insurance agency (cơ quan BHXH): three digits for a province, five below it."""

    __tablename__ = "agencies"
    __table_args__ = (
        Index("ix_agencies_parent_code", "parent_code", "code"),
        Index("ix_agencies_folded", "folded"),
        SHOWN_TO_ALL,
    )

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_code: Mapped[str] = mapped_column(String(5), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    folded: Mapped[str] = mapped_column(folded_text(200))
    # Where it stands, read from its address at import: lets the nearest be suggested.
    ward_code: Mapped[str] = mapped_column(String(5), default="")


class Facility(Base):
    """A health facility (cơ sở khám bệnh, chữa bệnh); `code` is MA_CSKCB: old province prefix and three signs."""

    __tablename__ = "facilities"
    __table_args__ = (
        Index("ix_facilities_folded", "folded"),
        Index("ix_facilities_province", "province_code", "folded"),
        SHOWN_TO_ALL,
    )

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    province_code: Mapped[str] = mapped_column(String(2), default="")
    care_level: Mapped[str] = mapped_column(String(60), default="")
    bhyt_contract: Mapped[bool] = mapped_column(default=True)
    issues_sick_leave: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    folded: Mapped[str] = mapped_column(folded_text(300))


class Employer(Base):
    """An employer that takes part (đơn vị tham gia); `months_late` is how long it has not paid, None where nobody says."""

    __tablename__ = "employers"
    __table_args__ = SHOWN_TO_ALL

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300), default="")
    agency_code: Mapped[str] = mapped_column(String(5), default="")
    status: Mapped[str] = mapped_column(String(60), default="")
    months_late: Mapped[int | None]


class CollectionPoint(Base):
    """Where voluntary contributions are paid: a collection point (điểm thu) or an agent (đại lý thu)."""

    __tablename__ = "collection_points"
    __table_args__ = (CheckConstraint("kind in ('diem_thu', 'dai_ly', '')", name="kind"), SHOWN_TO_ALL)

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    province_code: Mapped[str] = mapped_column(String(2), default="")
    ward_code: Mapped[str] = mapped_column(String(5), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")


class Parameter(Base):
    """A number or text of the law that holds between two days, with its source."""

    __tablename__ = "parameters"
    __table_args__ = SHOWN_TO_ALL

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    value: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))


class Icd10Code(Base):
    """A disease (ICD-10). `code` is how codes are matched: no dot, no † or *; `printed` is how books have it."""

    __tablename__ = "icd10_codes"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    printed: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")


class ReferenceLoad(Base):
    """Which version of a shipped list is in the tables, so that an upgrade loads only what changed."""

    __tablename__ = "reference_loads"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
