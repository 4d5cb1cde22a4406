"""A right code that waits to be used up, whichever way it came: by message, on paper, as backup, from an app."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vssid.accounts import backup, codes, smart_otp
from vssid.accounts.models import OneTimeCode
from vssid.accounts.rules import SMART_OTP_PROVES, Purpose, is_backup_code
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading
from vssid.kernel.limits import Limiter


class Kind(StrEnum):
    """How a proof came."""

    CODE = "code"
    PAPER = "paper"
    BACKUP = "backup"
    SMART_OTP = "smart_otp"


@dataclass(frozen=True)
class Proof:
    """The id of a right code and what it was issued for; a backup code was issued for nothing in particular.

    That of an app has the account's id, and the `step` whose code it is.
    """

    id: UUID
    purpose: Purpose | None
    step: int | None = None

    @property
    def kind(self) -> Kind:
        """How it came."""
        if self.step is not None:
            return Kind.SMART_OTP
        if self.purpose is None:
            return Kind.BACKUP
        return Kind.PAPER if self.purpose is Purpose.ACTIVATION_ON_PAPER else Kind.CODE


def attempt(
    engine: Engine,
    limiter: Limiter,
    keyring: Keyring,
    purposes: tuple[Purpose, ...],
    account_id: UUID,
    typed: str,
    at: datetime,
    bound_to: str = "",
) -> Proof | None:
    """Count one try and compare, in transactions of their own; None for a wrong code.

    A code that came by message is looked for first, then one of the account's app where that proves such a thing.
    """
    if is_backup_code(typed):
        id = backup.attempt(engine, limiter, account_id, typed, at)
        return Proof(id, None) if id else None
    if SMART_OTP_PROVES.isdisjoint(purposes):
        counted = codes.may_try_one(engine, limiter, purposes, account_id, at)
    else:
        counted = codes.may_try(limiter, account_id, at)
    # Compared in any case: that an account has had enough must not show in the time.
    id = codes.compare(engine, keyring, purposes, account_id, typed, at, bound_to)
    if not counted:
        return None
    if id is None:
        return _of_app(engine, keyring, purposes, account_id, typed, at)
    with reading(engine) as db:
        return Proof(id, Purpose(db.get_one(OneTimeCode, id).purpose))


def _of_app(
    engine: Engine, keyring: Keyring, purposes: tuple[Purpose, ...], account_id: UUID, typed: str, at: datetime
) -> Proof | None:
    purpose = next((one for one in purposes if one in SMART_OTP_PROVES), None)
    if purpose is None:
        return None
    step = smart_otp.compare(engine, keyring, account_id, typed, at)
    return None if step is None else Proof(account_id, purpose, step)


def use(db: Session, proof: Proof, account_id: UUID, at: datetime) -> bool:
    """Use the code up within the act's transaction; False for every request but the first."""
    if proof.step is not None:
        return proof.id == account_id and smart_otp.use(db, account_id, proof.step)
    return codes.use(db, proof.id, at) if proof.purpose else backup.use(db, proof.id, account_id, at)
