"""Credentials, one-time codes, devices, sessions, consents. Persons live upstairs; an account knows their id only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
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
    # When a code that was sent there came back; an address from a paper form may be somebody else's.
    email_proven_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="vi")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    # Until then nobody signs in: its owner saw somebody else there.
    frozen_until: Mapped[datetime | None]
    # Whether a code by message may let a new device in; off only while two passkeys can.
    sms_sign_in: Mapped[bool] = mapped_column(default=True)
    # Câu riêng, sealed: what every message to its owner begins with, so that a swindler's is known by its absence.
    own_phrase: Mapped[bytes | None] = mapped_column(LargeBinary(100))
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


class SmartOtp(Base):
    """The secret of an account's authenticator app; counts once a code has confirmed it, and takes each step once."""

    __tablename__ = "smart_otps"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(120))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Passkey(Base):
    """A key pair that a phone, computer or security key keeps for one citizen's account or one officer (WebAuthn)."""

    __tablename__ = "passkeys"
    __table_args__ = (
        Index("ix_passkeys_subject", "subject_kind", "subject_id"),
        CheckConstraint("subject_kind in ('citizen', 'officer')", name="subject_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(100))
    backed_up: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Challenge(Base):
    """A question put to one browser, answered once within minutes: a passkey's challenge, the second proof of a new device."""

    __tablename__ = "challenges"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    browser: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
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
    # When the person behind it last proved who they are; of an officer, None once they were away for a while.
    proven_at: Mapped[datetime | None]
    # The neighbourhood of the address it was opened from, '' where that is of no interest.
    network: Mapped[str] = mapped_column(String(50), default="", server_default="")
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


class FreezeCode(Base):
    """A code that stands in a notice: whoever types it at /huy freezes the account that the notice was about."""

    __tablename__ = "freeze_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class NoticeChoice(Base):
    """How an account wants to hear of one kind of event, where that is not the default."""

    __tablename__ = "notice_choices"
    __table_args__ = (CheckConstraint("channel in ('none', 'sms', 'email')", name="channel"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
