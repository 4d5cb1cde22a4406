"""Papers (giấy tờ khám chữa bệnh) that hospitals have issued and sent."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class Paper(Base):
    """One paper of TT 56/2017; `number` is that by which its hospital knows it, or the MA_LK of the treatment."""

    __tablename__ = "medical_papers"
    __table_args__ = (
        UniqueConstraint("facility_code", "kind", "number"),
        Index("ix_medical_papers_person", "person_id", "year", "dated_on", "id"),
        CheckConstraint("kind in ('ct03', 'ct04', 'ct05', 'ct06', 'ct07')", name="kind"),
        CheckConstraint("number_kind in ('so_seri', 'so_ct', 'so', 'so_luu_tru', 'ma_lk')", name="number_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    facility_code: Mapped[str] = mapped_column(String(5))
    link_code: Mapped[str] = mapped_column(String(100), default="")  # MA_LK
    number: Mapped[str] = mapped_column(String(420))
    number_kind: Mapped[str] = mapped_column(String(10))
    issued_on: Mapped[date | None] = mapped_column(Date)
    dated_on: Mapped[date] = mapped_column(Date)  # issued, else the day of what it tells of: the order of the list
    year: Mapped[int]  # of `dated_on`: the page's filter
    sensitive: Mapped[bool]  # HIV by any word or code, or of a visit that is: behind an extra step
    diagnosis: Mapped[str] = mapped_column(Text, default="")
    from_date: Mapped[date | None] = mapped_column(Date)
    to_date: Mapped[date | None] = mapped_column(Date)
    days: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # whatever else is shown, by the names of rules.SHOWN
    sources: Mapped[dict[str, Any]] = mapped_column(JSON)  # by rules.Source: what each delivery said
    content_digest: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]
