"""The notice board (bảng tin)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import SHOWN_TO_ALL, Base
from vssid.notices.columns import InFiveLanguages


class BoardItem(InFiveLanguages, Base):
    """One notice. `version` tells two editors apart."""

    __tablename__ = "board_items"
    __table_args__ = (
        Index("ix_board_items_ends_at", "ends_at", "id"),
        CheckConstraint("severity in ('thong-tin', 'quan-trong', 'khan')", name="severity"),
        CheckConstraint("place in ('moi-noi', 'cong', 'dan', 'can-bo')", name="place"),
        CheckConstraint("words_vi <> ''", name="words"),
        CheckConstraint("href = '' or (href like '/%' and href not like '//%')", name="href"),
        CheckConstraint("begins_at <= ends_at", name="span"),
        SHOWN_TO_ALL,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    severity: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(10))
    href: Mapped[str] = mapped_column(String(200))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
