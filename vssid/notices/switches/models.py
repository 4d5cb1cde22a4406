"""Services that are switched off."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import SHOWN_TO_ALL, Base
from vssid.notices.columns import InFiveLanguages


class ServiceStop(InFiveLanguages, Base):
    """One service that rests; the row goes when it works again, the audit keeps what happened."""

    __tablename__ = "service_stops"
    __table_args__ = (
        Index("ix_service_stops_until", "until"),
        CheckConstraint("words_vi <> ''", name="words"),
        CheckConstraint("since < until", name="span"),
        SHOWN_TO_ALL,
    )

    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    version: Mapped[int]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
