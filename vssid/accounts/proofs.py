"""A right code that waits to be used up, whichever way it came: by message, on a sheet from the counter, as backup."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vssid.accounts import backup, codes
from vssid.accounts.models import OneTimeCode
from vssid.accounts.rules import Purpose, is_backup_code
from vssid.kernel.crypto import Keyring
from vssid.kernel.db import reading
from vssid.kernel.limits import Limiter


@dataclass(frozen=True)
class Proof:
    """The id of a right code and what it was issued for; a backup code was issued for nothing in particular."""

    id: UUID
    purpose: Purpose | None


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
    """Count one try and compare, in transactions of their own; None for a wrong code."""
    if is_backup_code(typed):
        id = backup.attempt(engine, limiter, account_id, typed, at)
        return Proof(id, None) if id else None
    id = codes.attempt(engine, limiter, keyring, purposes, account_id, typed, at, bound_to)
    if id is None:
        return None
    with reading(engine) as db:
        return Proof(id, Purpose(db.get_one(OneTimeCode, id).purpose))


def use(db: Session, proof: Proof, account_id: UUID, at: datetime) -> bool:
    """Use the code up within the act's transaction; False for every request but the first."""
    return codes.use(db, proof.id, at) if proof.purpose else backup.use(db, proof.id, account_id, at)
