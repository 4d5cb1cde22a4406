"""Credentials, one-time codes, devices, sessions, consents. Persons live upstairs; an account knows their id only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vssid.kernel.db import Base, index_of_some


class Account(Base):
    """A citizen's sign-in (tài khoản). The phone is proven by activation and belongs to one adult account.

    A child's account has no phone of its own: its codes go to its guardian's, `contact_phone` where the guardian has no
    account; it ends on `guarded_until`, the day on which the child is of age.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        index_of_some("ix_accounts_guardian_id", "guardian_id", "guardian_id IS NOT NULL"),
        index_of_some("ix_accounts_guarded_until", "guarded_until", "guarded_until IS NOT NULL"),
        index_of_some("ix_accounts_contact_phone", "contact_phone", "contact_phone IS NOT NULL"),
        CheckConstraint("status in ('new', 'active', 'closed')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), unique=True)
    status: Mapped[str] = mapped_column(String(10), default="new")
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    phone_proven_at: Mapped[datetime | None]
    contact_phone: Mapped[str | None] = mapped_column(String(16))
    guardian_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    guarded_until: Mapped[date | None] = mapped_column(Date)
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    # The newest terms that the account accepted; the proof is in `consents`.
    terms_version: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]


class LoginName(Base):
    """A number that a citizen may type to sign in: mã số BHXH or CCCD."""

    __tablename__ = "login_names"

    value: Mapped[str] = mapped_column(String(20), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class OneTimeCode(Base):
    """A short code sent out of band, bound to one purpose and subject; works once."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_subject", "purpose", "subject_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[UUID]
    bound_to: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class BackupCode(Base):
    """A printed code that works once in place of one by message. The ten of an account share a salt: one hash finds it."""

    __tablename__ = "backup_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """A browser that an account trusts, known by a long-lived cookie; a family may share one browser."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("token_digest", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginSession(Base):
    """One signed-in browser of a citizen, an officer or a member of an organisation; ending the row ends it in every worker."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_subject", "subject_kind", "subject_id", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))


class Consent(Base):
    """Who agreed to which purpose in which version of the text, when. Append-only; withdrawal is a row too."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_subject", "subject_kind", "subject_id", "purpose", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(30))
    version: Mapped[str] = mapped_column(String(20))
    text_digest: Mapped[str] = mapped_column(String(64))
    given: Mapped[bool]
    at: Mapped[datetime]
