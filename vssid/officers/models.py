"""Staff of the agencies (cán bộ)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base


class Officer(Base):
    """An officer: one role, one agency, password and TOTP; nobody else ever knew the password."""

    __tablename__ = "officers"
    __table_args__ = (
        CheckConstraint("role in ('duyet_ho_so', 'giam_sat', 'bien_tap', 'quan_tri', 'kiem_toan')", name="role"),
        CheckConstraint("status in ('new', 'active', 'ended')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str] = mapped_column(ForeignKey("agencies.code"), index=True)
    # The officer's own mã số BHXH, if known: nobody opens their own or their family's files.
    ma_so_bhxh: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="new")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary(120))
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
