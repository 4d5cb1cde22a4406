"""SmartOTP: an authenticator app on the owner's phone, in place of a code by message. Each step is accepted once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from vssid.accounts.models import SmartOtp
from vssid.accounts.rules import plain_code
from vssid.kernel import totp
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading

SET_UP_LIFE = timedelta(minutes=15)


def begin(db: Session, keyring: Keyring, account_id: UUID, at: datetime) -> bool:
    """Make a secret that waits for its first code, in place of one that waits; False while a confirmed one counts."""
    if is_set(db, account_id):
        return False
    drop(db, account_id)
    sealed = keyring.seal_text(totp.new_secret(), _place(account_id))
    db.add(SmartOtp(account_id=account_id, sealed=sealed, last_step=0, created_at=at, confirmed_at=None))
    return True


def _place(account_id: UUID) -> str:
    return f"smart-otp {account_id}"


def waiting_secret(db: Session, keyring: Keyring, account_id: UUID, at: datetime) -> str | None:
    """The secret of a set-up of the last quarter of an hour that no code has confirmed; a confirmed one is never shown."""
    query = select(SmartOtp).where(SmartOtp.account_id == account_id, SmartOtp.confirmed_at.is_(None))
    row = db.scalar(query.where(SmartOtp.created_at > at - SET_UP_LIFE))
    return keyring.open_text(row.sealed, _place(account_id)) if row else None


def is_set(db: Session, account_id: UUID) -> bool:
    """Whether the account's app counts."""
    query = select(SmartOtp.account_id).where(SmartOtp.account_id == account_id, SmartOtp.confirmed_at.is_not(None))
    return db.scalar(query) is not None


def compare(
    engine: Engine, keyring: Keyring, account_id: UUID, typed: str, at: datetime, *, waiting: bool = False
) -> int | None:
    """The step of a right code, else None; `waiting` asks the app that is being set up. The caller has counted the try."""
    with reading(engine) as db:
        row = db.get(SmartOtp, account_id)
    if row is None or (row.confirmed_at is None) is not waiting:
        return None
    if waiting and row.created_at <= at - SET_UP_LIFE:
        return None
    secret = keyring.open_text(row.sealed, _place(account_id))
    return totp.matching_step(secret, plain_code(typed), int(at.timestamp()))


def use(db: Session, account_id: UUID, step: int) -> bool:
    """Accept a step within the act's transaction; False for every request but the first, and for earlier steps."""
    done = db.execute(
        update(SmartOtp)
        .where(SmartOtp.account_id == account_id, SmartOtp.confirmed_at.is_not(None), SmartOtp.last_step < step)
        .values(last_step=step)
        .returning(SmartOtp.account_id)
    )
    return done.first() is not None


def confirm(db: Session, account_id: UUID, step: int, at: datetime) -> bool:
    """The first right code proves that the app has the secret: from now on it counts. False if one was first."""
    done = db.execute(
        update(SmartOtp)
        .where(SmartOtp.account_id == account_id, SmartOtp.confirmed_at.is_(None))
        .values(last_step=step, confirmed_at=at)
        .returning(SmartOtp.account_id)
    )
    return done.first() is not None


def drop(db: Session, account_id: UUID) -> bool:
    """The app counts no more; False if there was none."""
    gone = db.execute(delete(SmartOtp).where(SmartOtp.account_id == account_id).returning(SmartOtp.account_id))
    return gone.first() is not None
