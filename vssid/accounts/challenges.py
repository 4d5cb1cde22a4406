"""Questions put to one browser before it is let in: random, short-lived, answered once even by fifty parallel requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts.models import Challenge
from vssid.kernel.crypto import digest
from vssid.kernel.db import unit

KEEP_ENDED = timedelta(days=1)


class Ask(StrEnum):
    """What an answer is for; one for one act opens no other."""

    NEW_DEVICE = "new_device"
    PASSKEY_ADD = "passkey_add"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_PROOF = "passkey_proof"


@dataclass(frozen=True)
class Asked:
    """A question that stood open for this browser; `tries_left` after this try."""

    id: UUID
    subject_id: UUID | None
    tries_left: int


def put(
    db: Session,
    secret: str,
    ask: Ask,
    subject: tuple[str, UUID | None],
    browser: str,
    at: datetime,
    life: timedelta,
    tries: int = 1,
) -> None:
    """Keep the digest of a random `secret` of 128 bits or more; `subject` is a kind of person and, if known, whose id."""
    db.add(
        Challenge(
            id=uuid4(),
            purpose=ask,
            subject_kind=subject[0],
            subject_id=subject[1],
            digest=digest(secret),
            browser=digest(browser),
            tries_left=tries,
            created_at=at,
            expires_at=at + life,
        )
    )


def take_try(engine: Engine, secret: str, ask: Ask, kind: str, browser: str, at: datetime) -> Asked | None:
    """Count one try, in a transaction of its own; None when nothing stands open for this browser.

    A question of one try is used up by this, right or wrong. One of several is used up by `use`, within the act.
    """
    with unit(engine) as db:
        row = db.execute(
            update(Challenge)
            .where(Challenge.digest == digest(secret), Challenge.used_at.is_(None), Challenge.expires_at > at)
            .where(Challenge.purpose == ask, Challenge.subject_kind == kind, Challenge.browser == digest(browser))
            .where(Challenge.tries_left > 0)
            .values(tries_left=Challenge.tries_left - 1)
            .returning(Challenge.id, Challenge.subject_id, Challenge.tries_left)
        ).first()
    return Asked(row.id, row.subject_id, row.tries_left) if row else None


def standing(db: Session, secret: str, ask: Ask, kind: str, browser: str, at: datetime) -> Asked | None:
    """The question as it stands open for this browser; counts nothing."""
    row = db.scalar(
        select(Challenge)
        .where(Challenge.digest == digest(secret), Challenge.used_at.is_(None), Challenge.expires_at > at)
        .where(Challenge.purpose == ask, Challenge.subject_kind == kind, Challenge.browser == digest(browser))
        .where(Challenge.tries_left > 0)
    )
    return Asked(row.id, row.subject_id, row.tries_left) if row else None


def use(db: Session, id: UUID, at: datetime) -> bool:
    """Use the question up within the act's transaction; False for every request but the first."""
    done = db.execute(
        update(Challenge)
        .where(Challenge.id == id, Challenge.used_at.is_(None))
        .values(used_at=at)
        .returning(Challenge.id)
    )
    return done.first() is not None


def purge(db: Session, at: datetime) -> None:
    """Drop questions that ended a day ago."""
    db.execute(delete(Challenge).where(Challenge.expires_at < at - KEEP_ENDED))
