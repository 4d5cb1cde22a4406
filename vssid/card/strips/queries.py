"""Reads of kept cards: by secret, by handle, what was revoked, and which ones must end."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from vssid.accounts.models import Account, Device, LoginSession
from vssid.card.models import Card
from vssid.card.strips.models import KeptCard
from vssid.kernel.crypto import digest
from vssid.records.models import Person

MOST_OF_PERSON = 20


def by_secret(db: Session, secret: str) -> KeptCard | None:
    """The card that a phone keeps under this secret, ended or not."""
    return db.scalar(select(KeptCard).where(KeptCard.secret_digest == digest(secret)))


def by_handle(db: Session, handle: bytes) -> KeptCard | None:
    """The kept card whose strips carry this handle."""
    return db.scalar(select(KeptCard).where(KeptCard.handle == handle))


def kept_here(db: Session, account_id: UUID, device_id: UUID | None, person_id: UUID) -> KeptCard | None:
    """The card of a person that an account keeps on a device."""
    here = KeptCard.account_id == account_id, KeptCard.ended_at.is_(None), KeptCard.device_id == device_id
    return db.scalar(select(KeptCard).where(*here, KeptCard.person_id == person_id, KeptCard.kind == "phone").limit(1))


def open_of(db: Session, person_id: UUID, today: date) -> Sequence[KeptCard]:
    """Where strips of this person's card may still be shown, newest first."""
    theirs = KeptCard.person_id == person_id, KeptCard.last_day >= today
    return db.scalars(select(KeptCard).where(*theirs).order_by(KeptCard.created_at.desc()).limit(MOST_OF_PERSON)).all()


def revoked(db: Session, today: date) -> list[bytes]:
    """Handles that no verifier believes, sorted: ended ones whose strips have days left."""
    gone = KeptCard.ended_at.is_not(None), KeptCard.last_day >= today
    return sorted(db.scalars(select(KeptCard.handle).where(*gone)))


def device_of(db: Session, session_id: UUID) -> UUID | None:
    """The device to which a session belongs."""
    return db.scalar(select(LoginSession.device_id).where(LoginSession.id == session_id))


def signed_in_since(db: Session, device_id: UUID | None, since: datetime) -> bool:
    """Whether somebody has signed in on a device since a moment."""
    found = LoginSession.device_id == device_id, LoginSession.created_at >= since
    return db.scalar(select(LoginSession.id).where(*found).limit(1)) is not None


def reasons(at: datetime) -> dict[str, ColumnElement[bool]]:
    """Why a kept card ends, as conditions on its row; the first that holds is the reason."""
    told, newest, later = aliased(Card), aliased(Card), aliased(Card)
    is_last = ~exists().where(
        later.person_id == newest.person_id, later.valid_from == newest.valid_from, later.version > newest.version
    )
    names = ("status", "level", "object_code", "area_code", "facility_code", "five_years_from", "number")
    differs = or_(
        *(getattr(newest, name).is_distinct_from(getattr(told, name)) for name in names),
        # A longer life makes no strip wrong.
        and_(newest.valid_to.is_not(None), or_(told.valid_to.is_(None), newest.valid_to < told.valid_to)),
    )
    same_card = newest.person_id == told.person_id, newest.valid_from == told.valid_from
    signed_out = exists().where(
        LoginSession.device_id == KeptCard.device_id,
        LoginSession.subject_kind == "citizen",
        LoginSession.subject_id == KeptCard.account_id,
        LoginSession.end_reason.in_(("sign_out", "wiped")),
        LoginSession.ended_at > KeptCard.created_at,
    )
    return {
        "device": and_(
            KeptCard.kind == "phone", ~exists().where(Device.id == KeptCard.device_id, Device.ended_at.is_(None))
        ),
        "sign_out": signed_out,
        "account": exists().where(
            Account.id == KeptCard.account_id,
            KeptCard.kind == "phone",
            or_(Account.status != "active", Account.frozen_until > at),
        ),
        "person": exists().where(
            Person.id == KeptCard.person_id, or_(Person.died_on.is_not(None), Person.merged_into_id.is_not(None))
        ),
        "card": exists().where(told.id == KeptCard.card_id, *same_card, is_last, newest.id != told.id, differs),
    }
